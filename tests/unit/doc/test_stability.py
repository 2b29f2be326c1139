# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

import types

import stability
import testtools


class StabilityTest(testtools.TestCase):

    def test_spread_is_that_of_all_runs(self):
        self.assertEqual('8, 10, 31', stability.spread([10, 31, 8]))
        self.assertEqual('7, 7, 7', stability.spread([7]))

    def test_each_event_names_its_run(self):
        row = types.SimpleNamespace(
            condition='busy', tests='all', alarms=[[2, 'a.b', 'x*']],
            left=[[3, 'a volume']])
        self.assertEqual(
            ['Busy, all, run 2: ``a.b``: x\\*', 'Busy, all, run 3: a volume'],
            list(stability._events([row])))
