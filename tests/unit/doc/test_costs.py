#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License. You may obtain
#    a copy of the License at
#
#         http://www.apache.org/licenses/LICENSE-2.0
#
#    Unless required by applicable law or agreed to in writing, software
#    distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
#    WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
#    License for the specific language governing permissions and limitations
#    under the License.


import costs
from oslotest import base

from multiattach_lab import cost


def row(passed, failed):
    return cost.Row('Swap', cost.OURS, 2, passed, 1, failed, 30.0, 600,
                    '2026.2', '2026-11-29', '47.0.0', 2)


class EachTest(base.BaseTestCase):

    def test_tests_that_ran_share_what_they_cost(self):
        self.assertEqual(('10.0', '200'), costs.each(row(2, {'a': 'words'})))

    def test_nothing_ran(self):
        self.assertEqual(('-', '-'), costs.each(row(0, {})))
