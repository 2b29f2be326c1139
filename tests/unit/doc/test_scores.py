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

import scores
import testtools


def run(cloud='2026.2', **values):
    return types.SimpleNamespace(**{
        'cloud': cloud, 'passed': [], 'skipped': {}, 'gaps': {},
        'failed': {}, 'error': '', **values})


class OutcomeTest(testtools.TestCase):

    def test_what_is_none_is_left_out(self):
        self.assertEqual('2 passed, 1 known gaps', scores.outcome(
            run(passed=['a', 'b'], gaps={'c': ''})))

    def test_failures_and_error_are_named(self):
        self.assertEqual('1 failed. No test was run.', scores.outcome(
            run(failed={'a': ''}, error='No test was run.')))


class CommonTest(testtools.TestCase):

    def test_releases_with_the_same_reason_share_a_row(self):
        runs = [run('2023.1', skipped={'a.B.test_c': 'x', 'setUp (a.D)': 'y'}),
                run('2023.2', skipped={'a.B.test_c': 'z', 'setUp (a.D)': 'y'})]
        self.assertEqual(
            [('``test_c``', 'x', '2023.1'), ('``D``', 'y', 'all'),
             ('``test_c``', 'z', '2023.2')],
            scores.common(runs, lambda row: row.skipped.items()))


class VerdictTest(testtools.TestCase):

    fault = types.SimpleNamespace(unseen='Nobody looks.')

    def row(self, verdict, catches, green='a.B.test_d'):
        return types.SimpleNamespace(
            verdict=verdict, catches=catches, green=green)

    def test_fault_that_was_not_drilled(self):
        self.assertEqual('not drilled', scores.verdict(None, self.fault))

    def test_missed_fault(self):
        self.assertEqual(
            'missed', scores.verdict(self.row('missed', {}), self.fault))

    def test_unseen_fault_has_its_reason(self):
        self.assertEqual('unseen: Nobody looks.', scores.verdict(
            self.row('unseen', {}), self.fault))

    def test_caught_fault_folds_the_failures(self):
        row = self.row('caught', {'a.B.test_c': 'x.Error: *wrong*'})
        self.assertEqual(
            '.. details:: caught by 1 test\n\n'
            '   ``test_c``: \\*wrong\\*',
            scores.verdict(row, self.fault))

    def test_fault_that_spares_no_test_says_so(self):
        row = self.row('caught', {'a.B.c': 'x', 'a.B.d': 'y'}, green='')
        self.assertIn('caught by 2 tests, and no test passed',
                      scores.verdict(row, self.fault))
