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

import itertools
import types

import action_table
import actions
import testtools

PATH = 'a.test_b.CTest.test_d'


def run(cloud='2026.2', **values):
    return types.SimpleNamespace(**{
        'cloud': cloud, 'passed': [], 'skipped': {}, 'gaps': {},
        'failed': {}, **values})


def cells():
    """Yield each action with each of its cells."""
    for action in itertools.chain(*action_table.GROUPS.values()):
        for state, held in action.held.items():
            yield action.name, state, (*held.tests, *held.alone)


class ActionTableTest(testtools.TestCase):
    """The table is about the tests that there are."""

    def test_every_test_is_named_or_about_something_else(self):
        named = {test for *_, tests in cells() for test in tests}
        self.assertEqual(set(actions.paths()),
                         named | set(action_table.ELSEWHERE))
        self.assertEqual(set(), named & set(action_table.ELSEWHERE))

    def test_no_two_tests_have_the_same_name(self):
        self.assertEqual(
            len(actions.paths()), sum(1 for _ in actions.known.tests_of(
                actions.known.load())))

    def test_no_cell_is_empty_or_names_a_test_twice(self):
        self.assertEqual([], [
            (action, state) for action, state, tests in cells()
            if not tests or len(set(tests)) < len(tests)])

    def test_states_are_known(self):
        self.assertEqual(set(action_table.ALL_STATES),
                         {state for _, state, _ in cells()})


class OutcomeTest(testtools.TestCase):

    def test_each_outcome(self):
        for word, values in (
                ('passed', {'passed': [PATH]}),
                ('known gap', {'gaps': {PATH: 'x'}}),
                ('skipped', {'skipped': {PATH: 'x'}}),
                ('failed', {'failed': {PATH: 'x'}})):
            self.assertEqual(word, actions.outcome(PATH, [run(**values)]))

    def test_class_that_was_skipped_as_a_whole(self):
        self.assertEqual('skipped', actions.outcome(PATH, [
            run(skipped={'setUpClass (a.test_b.CTest)': 'x'})]))

    def test_test_that_no_run_had(self):
        self.assertEqual('not recorded', actions.outcome(
            PATH, [run(passed=['a.test_b.CTest.test_e'])]))

    def test_later_rows_have_what_earlier_ones_lack(self):
        later = run(gaps={PATH: 'x'})
        self.assertEqual('known gap', actions.outcome(PATH, [run(), later]))
        self.assertEqual('passed', actions.outcome(
            PATH, [run(passed=[PATH]), later]))


class JoinTest(testtools.TestCase):

    def test_only_the_two_releases_count(self):
        rows = [run('2026.2', passed=[PATH]),
                run('2026.2-clusters', failed={PATH: 'x'}),
                run('2025.1', failed={PATH: 'x'})]
        self.assertEqual({'test_d': ('passed', 'not recorded')},
                         actions.join({'test_d': PATH}, rows))

    def test_what_is_the_same_is_said_once(self):
        self.assertEqual('passed', actions.by_release(['passed', 'passed']))
        self.assertEqual(
            '2026.2: passed; 2024.1-unfixed: skipped',
            actions.by_release(['passed', 'skipped']))


class CellTest(testtools.TestCase):

    outcomes = {'test_a': ('passed', 'passed'),
                'test_b': ('known gap', 'skipped')}

    def test_no_test_holds_it(self):
        self.assertEqual('not tried', actions.cell(None, self.outcomes))

    def test_tests_of_a_cell_are_counted(self):
        self.assertEqual(
            '**refused**\n\n2026.2: 1 passed, 1 known gap\n\n'
            '2024.1-unfixed: 1 passed, 1 skipped',
            actions.cell(action_table.held(
                'refused; and more', 'test_a', 'test_b'), self.outcomes))

    def test_tests_with_several_servers_count(self):
        self.assertEqual('**refused**\n\npassed', actions.cell(
            action_table.held('refused', 'test_a', alone=('test_b',)),
            self.outcomes))

    def test_gaps_are_counted(self):
        self.assertEqual('2 known gaps, 1 passed', actions.counted(
            ['known gap', 'known gap', 'passed']))

    def test_one_server_is_said(self):
        self.assertEqual(
            '**allowed** (one server)\n\npassed', actions.cell(
                action_table.held('allowed', alone=('test_a',)),
                self.outcomes))

    def test_states_without_a_test_are_named(self):
        entry = actions._entry(action_table.Action('extend', {
            action_table.SHARED: action_table.held('allowed', 'test_a')}),
            self.outcomes)
        self.assertIn('Shared: allowed (1 test)', entry)
        self.assertIn('* ``test_a``: passed', entry)
        self.assertIn('Not tried: shared, reset to available; being '
                      'migrated; after a refused migration.', entry)

    def test_reason_is_given_where_nothing_was_tried(self):
        self.assertEqual(
            'Evacuate\n    Not tried: all four states. It is late.',
            actions._entry(action_table.Action('evacuate', {}, 'It is late.'),
                           self.outcomes))
