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

from oslotest import base

from multiattach_lab import outcomes
from multiattach_tempest_plugin.verify import streams


class OutcomesTest(base.BaseTestCase):

    def test_results_are_sorted_by_what_became_of_them(self):
        """Every result is in one place, by its own name, with its words."""
        statuses = ('xfail', 'success', 'fail', 'skip', 'uxsuccess',
                    'inprogress')
        found = outcomes.Outcomes.of(
            streams.Result(f'test_{number}', status, 1.5, f'{number}')
            for number, status in enumerate(statuses))
        self.assertEqual(outcomes.Outcomes(
            ['test_1'], {'test_3': '3'}, {'test_0': '0'},
            {'test_2': '2', 'test_4': '4', 'test_5': '5'}), found)
        self.assertEqual(
            {f'test_{number}' for number in range(6)}, found.tests)


class MaskTest(base.BaseTestCase):

    def test_ids_are_numbered_in_each_text(self):
        """What was one id is one number, and two ids are two."""
        one, other = 'a' * 8 + '-1111' * 3 + '-' + 'b' * 12, 'c' * 32
        self.assertEqual(
            {'seen': ['<id-1> on <id-2>, <id-1>', '<id-1>'], 'seconds': 5},
            outcomes.mask({'seen': [f'{one} on {other}, {one}', other],
                           'seconds': 5}))

    def test_times_and_unique_names_are_masked(self):
        """What differs in each run by itself says nothing of a change."""
        self.assertEqual(
            'tempest-F-type-<unique> at <unique>, 20 s',
            outcomes.mask('tempest-F-type-1236489840 at '
                          '2026-11-24T19:56:16.764348, 20 s'))
