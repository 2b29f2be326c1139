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

import dataclasses
import re

import fixtures
from oslotest import base

from lab.tests.unit.drills import caught
from lab.tests.unit.drills import Cloud
from lab.tests.unit.drills import FaultsFixture
from lab.tests.unit.drills import FLOW
from lab.tests.unit.drills import GREEN
from lab.tests.unit.drills import OTHERWISE
from lab.tests.unit.drills import RED
from lab.tests.unit.drills import SKIPPED
from lab.tests.unit.drills import sort
from lab.tests.unit.drills import SWAP
from lab.tests.unit.drills import UNSEEN
from multiattach_lab import drill
from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import scoreboard


class SelectTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(FaultsFixture())

    def test_all_that_fit_are_chosen(self):
        """Nobody has to name the faults."""
        self.assertEqual(['a_swap', 'b_cinder', 'c_unseen'],
                         list(drill.select('2026.2')))

    def test_faults_of_other_releases_are_left_out(self):
        """A fault that does not fit the release is not put into it."""
        self.assertEqual(['b_cinder', 'c_unseen'],
                         list(drill.select('2024.1-unfixed')))

    def test_service_alone(self):
        """The faults of one service can be drilled alone."""
        self.assertEqual(['a_swap', 'c_unseen'],
                         list(drill.select('2026.2', service='nova')))

    def test_named_alone(self):
        """Faults that are named are drilled, and no other."""
        self.assertEqual({'c_unseen': UNSEEN},
                         drill.select('2026.2', ['c_unseen']))

    def test_unknown_fault_is_refused(self):
        """A mistyped fault is named, with the way to the right one."""
        error = self.assertRaises(
            errors.LabError, drill.select, '2026.2', ['a_swap', 'a_swop'])
        self.assertIn('"a_swop"', str(error))
        self.assertIn('--list', str(error))

    def test_named_fault_that_does_not_fit_is_refused(self):
        """Whoever names a fault of another release learns which it fits."""
        error = self.assertRaises(
            errors.LabError, drill.select, '2024.1-unfixed', ['a_swap'])
        self.assertIn('2026.2', str(error))

    def test_faults_for_guests_alone(self):
        """Guests drill what only they show, and what is named."""
        self.assertEqual(['d_guest'],
                         list(drill.select('2026.2', guests=True)))
        self.assertEqual(
            ['a_swap', 'd_guest'],
            list(drill.select('2026.2', ['a_swap', 'd_guest'], guests=True)))

    def test_fault_that_only_guests_show_is_refused_without(self):
        """Who names it learns which option brings guests."""
        error = self.assertRaises(
            errors.LabError, drill.select, '2026.2', ['d_guest'])
        self.assertIn('--guests', str(error))

    def test_choice_of_nothing_is_refused(self):
        """A drill of no fault at all would pass: it is not begun."""
        error = self.assertRaises(
            errors.LabError, drill.select, '2026.2', ['a_swap'], 'cinder')
        self.assertIn('cinder', str(error))


class SampleTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(FaultsFixture())
        self.chosen = drill.select('2026.2')
        self.board = scoreboard.Scoreboard(rows={
            'a_swap': caught('a_swap'), 'b_cinder': caught('b_cinder'),
            'c_unseen': scoreboard.Row('c_unseen', {}, FLOW)})

    def names(self, number, day):
        return list(drill.sample(self.chosen, self.board, number, day))

    def test_another_one_each_day(self):
        """Day by day each fault that was caught before has its turn."""
        days = [self.names(1, day) for day in (0, 1, 2)]
        self.assertEqual([['a_swap'], ['b_cinder'], ['a_swap']], days)

    def test_no_fault_twice_a_day(self):
        """Who asks for more faults than there are gets each one once."""
        self.assertEqual({'a_swap', 'b_cinder'}, set(self.names(3, 5)))
        self.assertEqual(2, len(self.names(3, 5)))

    def test_nothing_caught_before_is_refused(self):
        """Without earlier results nobody knows what has to be caught."""
        self.board.rows = {}
        error = self.assertRaises(errors.LabError, self.names, 2, 0)
        self.assertIn('--sample', str(error))


class ChoiceOfTestsTest(base.BaseTestCase):
    """What Tempest is asked to run."""

    def setUp(self):
        super().setUp()
        self.useFixture(FaultsFixture())
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.tempest_run.results', self.results))
        self.arguments = []
        self.stops = []
        self.found = []

    def results(self, _lab, _check, arguments, _configuration, enough):
        self.arguments.append(arguments)
        self.stops.append(enough)
        return self.found.pop(0)

    def drill(self, *found, rows=None, control=(), all_tests=False):
        self.found = list(found)
        return drill.Drill(
            lab.Lab(self.useFixture(fixtures.TempDir()).path), Cloud(),
            'every test',
            scoreboard.Scoreboard(sort(*control), rows or {}), all_tests)

    def test_known_catch_is_found_by_its_whole_name(self):
        """Tempest is asked for the tests that are known, and for no other."""
        self.drill([GREEN, RED], rows={
            'a_swap': caught('a_swap', green='')}).fault('a_swap')
        [[_option, regex]] = self.arguments
        self.assertTrue(re.search(regex, SWAP + '[id-1,negative]'))
        self.assertFalse(re.search(regex, SWAP + '_of_other[id-2]'))
        self.assertFalse(re.search(regex, 'other.' + SWAP))
        self.assertFalse(re.search(regex, FLOW + '[id-3]'))

    def test_class_that_was_not_set_up_stands_for_its_tests(self):
        """A failure of a whole class is looked for in the whole class."""
        name = f'setUpClass ({SWAP.rpartition(".")[0]})'
        row = scoreboard.Row('a_swap', {name: 'accepted'}, FLOW)
        self.drill([GREEN, RED], rows={'a_swap': row}).fault('a_swap')
        [[_option, regex]] = self.arguments
        self.assertTrue(re.search(regex, SWAP))
        self.assertTrue(re.search(regex, FLOW + '[id-3]'))
        self.assertFalse(re.search(regex, SWAP.replace('Test.', 'Test2.')))

    def test_unknown_fault_is_shown_to_all(self):
        """All tests try a fault that none has caught."""
        self.drill([GREEN]).fault('a_swap')
        self.assertEqual([['--regex', 'every test']], self.arguments)

    def test_tests_that_are_red_anyway_are_left_out(self):
        """A test that is red without a fault catches none."""
        self.drill([GREEN], control=[GREEN, RED]).fault('a_swap')
        [[_, _, option, regex]] = self.arguments
        self.assertEqual('--exclude-regex', option)
        self.assertTrue(re.search(regex, SWAP + '[id-1]'))
        self.assertFalse(re.search(regex, FLOW))

    def test_tests_end_early_with_a_fault_alone(self):
        """One failed as expected and one passed, or many failed.

        Without a fault all tests run to their end, and so do those that are
        known to detect one.
        """
        running = self.drill([GREEN, RED], [GREEN], [RED, GREEN],
                             rows={'b_cinder': caught('b_cinder')})
        running.fault('a_swap')
        running.control()
        running.fault('b_cinder')
        stop, *others = self.stops
        many = [dataclasses.replace(OTHERWISE, test=f'{SWAP}_{number}')
                for number in range(5)]
        for found, conclusive in (
                ([RED, GREEN], True), (many, True), (many[1:], False),
                ([OTHERWISE, GREEN], False), ([RED], False),
                ([GREEN, SKIPPED], False)):
            self.assertEqual(conclusive, stop(found), found)
            self.assertEqual([False, False],
                             [each(found) for each in others])

    def test_all_tests_run_to_their_end_on_request(self):
        """Who asks for every test that sees a fault gets them all."""
        self.drill([GREEN, RED], rows={'a_swap': caught('a_swap')},
                   all_tests=True).fault('a_swap')
        self.assertEqual([['--regex', 'every test']], self.arguments)
        [stop] = self.stops
        self.assertFalse(stop([RED, GREEN]))
