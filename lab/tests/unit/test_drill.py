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
import pathlib
import re
import threading
import time

import fixtures
from oslotest import base

from multiattach_lab import drill
from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import lab
from multiattach_lab import progress
from multiattach_lab import scoreboard
from multiattach_lab import tempest_run

NOVA = faults.Fault('bug 1', 'It swaps.', (), expected='accepted|tak(en)',
                    since='2026.2', part='nova-api')
CINDER = faults.Fault('bug 2', 'It forgets.', (), expected='accepted',
                      part='cinder-volume')
UNSEEN = faults.Fault('bug 3', 'A log line is missing.', (),
                      unseen='Only the log says it.', part='nova-compute')
SWAP = 'multiattach_tempest_plugin.tests.api.test_swap.SwapTest.test_swap'
FLOW = 'multiattach_tempest_plugin.tests.scenario.test_flow.F.test_flow'
GREEN = tempest_run.Result(FLOW, 'success', 1.5, '')
RED = tempest_run.Result(SWAP, 'fail', 2.5, 'AssertionError: accepted')
SWAPPED = tempest_run.Result(SWAP, 'success', 1.5, '')
OTHERWISE = tempest_run.Result(
    f'{SWAP}_late', 'fail', 2.5, 'Waited 20 s for a volume.')
SKIPPED = tempest_run.Result(FLOW, 'skip', 0.0, 'Set [a] b to c.')


def caught(name, green=FLOW):
    return scoreboard.Row(name, {SWAP: RED.words}, green)


def outcomes(*found):
    return tempest_run.Outcomes.of(found)


class Cloud:
    """The part of a cloud that a drill turns on and off."""

    def __init__(self):
        self.progress = progress.Progress()
        self.log = []
        self.before_fault = lambda: None

    def renew(self, faults):
        self.log.append(faults)
        if faults:
            self.before_fault()

    def check(self):
        pass

    def pids(self):
        return {'nova': len(self.log)}


class Drill(drill.Drill):
    """A drill whose tests have run already, one list or error a run."""

    def __init__(self, state, *found, rows=None, board=None):
        self.cloud = Cloud()
        self.board = board or scoreboard.Scoreboard(rows=rows or {})
        super().__init__(state, self.cloud, 'all', self.board)
        self._found = list(found)
        self.asked = []

    def _run(self, tests=(), enough=None):
        self.asked.append(list(tests))
        found = self._found.pop(0)
        if isinstance(found, Exception):
            raise found
        return outcomes(*found)


class FaultsFixture(fixtures.Fixture):
    """Three faults instead of those that come with the lab."""

    faults = {'a_swap': NOVA, 'b_cinder': CINDER, 'c_unseen': UNSEEN}

    def _setUp(self):
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.faults.names', lambda: sorted(self.faults)))
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.faults.load', self.faults.__getitem__))


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
        """Whoever names a fault of another release is told which it fits."""
        error = self.assertRaises(
            errors.LabError, drill.select, '2024.1-unfixed', ['a_swap'])
        self.assertIn('2026.2', str(error))

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


class VerdictTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(FaultsFixture())
        self.lab = lab.Lab(self.useFixture(fixtures.TempDir()).path)

    def drill(self, *found, **options):
        return Drill(self.lab, *found, **options)

    def test_red_test_catches(self):
        """A fault is caught by the tests that are red, in their words."""
        row = self.drill([GREEN, RED]).fault('a_swap')
        self.assertEqual('caught', row.verdict)
        self.assertEqual({SWAP: 'AssertionError: accepted'}, row.catches)
        self.assertEqual(FLOW, row.green)

    def test_fault_that_no_test_sees_is_missed(self):
        """Green and skipped tests catch nothing."""
        row = self.drill([GREEN, SKIPPED]).fault('a_swap')
        self.assertEqual(('missed', {}), (row.verdict, row.catches))

    def test_fault_that_no_test_tried_is_not_missed(self):
        """A run of nothing says nothing of a fault."""
        error = self.assertRaises(
            errors.LabError, self.drill([SKIPPED]).fault, 'a_swap')
        self.assertIn('a_swap', str(error))

    def test_fault_that_nothing_shows_is_unseen(self):
        """What cannot be seen from outside is not called missed."""
        self.assertEqual(
            'unseen', self.drill([GREEN]).fault('c_unseen').verdict)

    def test_unseen_fault_that_is_seen_is_caught(self):
        """A red test is a catch, even where none was thought possible."""
        self.assertEqual(
            'caught', self.drill([GREEN, RED]).fault('c_unseen').verdict)

    def test_unfinished_test_catches(self):
        """A test that a fault keeps from ending sees it, but not as expected.
        """
        hung = tempest_run.Result(SWAP, 'inprogress', 0.0, '')
        self.assertEqual(scoreboard.CAUGHT_OTHERWISE,
                         self.drill([GREEN, hung]).fault('a_swap').verdict)

    def test_fault_that_breaks_every_test_has_a_remark(self):
        """A fault that breaks every test says little about one of them."""
        row = self.drill([RED, SKIPPED], [RED]).fault('a_swap')
        self.assertIn('no test of 1 passed', row.remark)
        self.assertEqual('', caught('a_swap').remark)

    def test_red_test_in_other_words_catches_for_another_reason(self):
        """A failure that nobody expects from the fault is named as such."""
        row = self.drill([GREEN, OTHERWISE]).fault('a_swap')
        self.assertEqual(scoreboard.CAUGHT_OTHERWISE, row.verdict)

    def test_one_red_test_in_expected_words_is_enough(self):
        """Other failures beside the expected one do not count against it."""
        row = self.drill([OTHERWISE, RED, GREEN]).fault('a_swap')
        self.assertEqual('caught', row.verdict)

    def test_tests_of_others_have_words_of_their_own(self):
        """What upstream's tests say of a fault is not expected to fit."""
        theirs = dataclasses.replace(OTHERWISE, test='tempest.api.test_swap')
        self.assertEqual(
            'caught', self.drill([GREEN, theirs]).fault('a_swap').verdict)

    def test_known_catch_is_tried_first(self):
        """Tests that detected a fault before are run alone."""
        quick = self.drill([GREEN, RED], rows={'a_swap': caught('a_swap')})
        self.assertEqual('caught', quick.fault('a_swap').verdict)
        self.assertEqual([[SWAP, FLOW]], quick.asked)

    def test_all_run_where_known_catch_has_other_words_now(self):
        """What fails for another reason may hide that nothing sees a fault."""
        thorough = self.drill(
            [GREEN, OTHERWISE], [GREEN, OTHERWISE, RED], rows={
                'a_swap': scoreboard.Row(
                    'a_swap', {OTHERWISE.test: 'accepted'}, FLOW)})
        self.assertEqual('caught', thorough.fault('a_swap').verdict)
        self.assertEqual([[OTHERWISE.test, FLOW], []], thorough.asked)

    def test_all_run_where_known_catch_is_none_now(self):
        """A fault is not missed as long as one test has not tried."""
        thorough = self.drill([GREEN], [GREEN, RED],
                              rows={'a_swap': caught('a_swap')})
        self.assertEqual({SWAP: RED.words},
                         thorough.fault('a_swap').catches)
        self.assertEqual([[SWAP, FLOW], []], thorough.asked)

    def test_known_catches_alone_do_not_tell_what_is_spared(self):
        """A green test is looked for among all where none is known."""
        rows = {'a_swap': caught('a_swap', green='')}
        spared = self.drill([RED], [RED, GREEN], rows=rows)
        self.assertEqual(FLOW, spared.fault('a_swap').green)
        self.assertEqual([[SWAP, ''], []], spared.asked)

    def test_many_known_catches_tell_that_nothing_is_spared(self):
        """Not all tests have to run for a fault that breaks everything."""
        found = [dataclasses.replace(RED, test=f'{SWAP}_{number}')
                 for number in range(5)]
        row = scoreboard.Row(
            'a_swap', {result.test: result.words for result in found}, '')
        broken = self.drill(found, rows={'a_swap': row})
        self.assertEqual('', broken.fault('a_swap').green)
        self.assertEqual(1, len(broken.asked))

    def test_missed_fault_is_tried_with_all(self):
        """What no test has seen has no test to begin with."""
        again = self.drill([GREEN, RED], rows={
            'a_swap': scoreboard.Row('a_swap', {}, FLOW)})
        again.fault('a_swap')
        self.assertEqual([[]], again.asked)

    def test_each_fault_has_a_fresh_cloud_to_itself(self):
        """Neither a fault nor what it left behind reaches the next one."""
        running = self.drill([GREEN], [GREEN, RED], [GREEN])
        for name in ('a_swap', 'b_cinder'):
            running.fault(name)
        running.control()
        self.assertEqual([{'nova': ['a_swap']}, {'cinder': ['b_cinder']}, {}],
                         running.cloud.log)

    def test_lab_tells_its_fault(self):
        """Whoever looks at the lab meanwhile sees that it is faulty.

        1. Drill a fault: the lab is recorded with it, and with the
           process that has it.
        2. Heal: no fault is recorded, and the process of now is.
        """
        running = self.drill([GREEN], [GREEN])
        running.fault('a_swap')
        self.assertEqual('a_swap', self.lab.facts()['fault'])
        faulty = self.lab.facts()['services']
        running.control()
        self.assertEqual('', self.lab.facts()['fault'])
        self.assertNotEqual(faulty, self.lab.facts()['services'])

    def test_red_control_run_ends_the_drill(self):
        """Tests that are red without a fault prove nothing with one."""
        error = self.assertRaises(
            errors.LabError, self.drill([GREEN, RED]).control)
        self.assertIn(SWAP, str(error))
        self.assertIn('accepted', str(error))

    def test_empty_control_run_ends_the_drill(self):
        """Tests that do not run see no fault."""
        self.assertRaises(errors.LabError, self.drill([SKIPPED]).control)
        self.assertRaises(errors.LabError, self.drill([]).control)


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
        return outcomes(*self.found.pop(0))

    def drill(self, *found, rows=None, control=(), all_tests=False):
        self.found = list(found)
        return drill.Drill(
            lab.Lab(self.useFixture(fixtures.TempDir()).path), Cloud(),
            'every test',
            scoreboard.Scoreboard(outcomes(*control), rows or {}), all_tests)

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
        self.assertEqual([None, None], others)
        many = [dataclasses.replace(OTHERWISE, test=f'{SWAP}_{number}')
                for number in range(5)]
        for found, conclusive in (
                ([RED, GREEN], True), (many, True), (many[1:], False),
                ([OTHERWISE, GREEN], False), ([RED], False),
                ([GREEN, SKIPPED], False)):
            self.assertEqual(conclusive, stop(outcomes(*found)), found)

    def test_all_tests_run_to_their_end_on_request(self):
        """Who asks for every test that sees a fault gets them all."""
        self.drill([GREEN, RED], rows={'a_swap': caught('a_swap')},
                   all_tests=True).fault('a_swap')
        self.assertEqual([['--regex', 'every test']], self.arguments)
        self.assertEqual([None], self.stops)


class RunTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(FaultsFixture())
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(folder)
        self.path = folder / 'drill' / '2026.2.json'

    def run_drill(self, *found, names=None, resume=False, leave_out_red=False,
                  rows=None):
        self.drill = Drill(self.lab, *found, rows=rows)
        return self.run_drills([self.drill], names, resume, leave_out_red)

    def run_drills(self, drills, names, *options):
        return drill.run(drills, drills[0].board,
                         drill.select('2026.2', names), self.path, *options)

    def test_control_runs_before_and_after(self):
        """A drill tells by its exit code whether every fault was caught."""
        self.assertEqual(0, self.run_drill(
            [GREEN], [GREEN, RED], [GREEN], names=['a_swap']))
        self.assertEqual([{}, {'nova': ['a_swap']}, {}], self.drill.cloud.log)
        self.assertEqual(1, self.run_drill(
            [GREEN], [GREEN], [GREEN], names=['a_swap']))

    def test_faults_that_nothing_shows_come_first(self):
        """All tests run to say so, and no lab should wait for that one."""
        self.run_drill([GREEN], [GREEN], [GREEN, RED], [GREEN],
                       names=['a_swap', 'c_unseen'])
        self.assertEqual(
            [{}, {'nova': ['c_unseen']}, {'nova': ['a_swap']}, {}],
            self.drill.cloud.log)

    def test_labs_drill_side_by_side(self):
        """Each lab takes the next fault, and one does the control runs.

        1. Drill two faults in two labs, each of which waits in its fault
           until the other has one too.
        2. Both are caught; the first lab alone ran without a fault.
        """
        both = threading.Barrier(2, timeout=30)
        first = Drill(self.lab, [GREEN], [GREEN, RED], [GREEN])
        second = Drill(self.other_lab(), [GREEN, RED], board=first.board)
        for each in first, second:
            each.cloud.before_fault = both.wait
        self.assertEqual(0, self.run_drills(
            [first, second], ['a_swap', 'b_cinder']))
        self.assertEqual({'a_swap', 'b_cinder'},
                         set(scoreboard.read(self.path).rows))
        self.assertEqual(([{}, {}], []), tuple(
            [each for each in running.cloud.log if not each]
            for running in (first, second)))

    def test_error_in_one_lab_ends_the_others(self):
        """A drill that cannot go on does not wait for what others do.

        1. Drill three faults in two labs; one lab fails at its first fault
           while the other looks after its own again and again.
        2. The drill tells of the fault, and the third was not begun.
        """
        board = scoreboard.Scoreboard()
        failing = Drill(self.lab, [GREEN], errors.LabError('Nova ended.'),
                        board=board)

        class Busy(Drill):
            def _run(self, tests=(), enough=None):
                while True:
                    self._check()
                    time.sleep(0.01)

        both = threading.Barrier(2, timeout=30)
        busy = Busy(self.other_lab(), board=board)
        for each in failing, busy:
            each.cloud.before_fault = both.wait
        error = self.assertRaises(
            errors.LabError, self.run_drills, [failing, busy],
            ['a_swap', 'b_cinder', 'c_unseen'])
        self.assertIn('With the fault', str(error))
        self.assertIn('Nova ended.', str(error))
        self.assertEqual(2, sum(
            bool(each) for each in failing.cloud.log + busy.cloud.log))

    def other_lab(self):
        return lab.Lab(self.useFixture(fixtures.TempDir()).path)

    def test_red_control_run_at_the_end_fails(self):
        """Tests that have become red prove nothing, even in hindsight."""
        self.assertRaises(errors.LabError, self.run_drill, [GREEN],
                          [GREEN, RED], [GREEN, RED], names=['a_swap'])

    def test_results_are_written_with_the_control_run(self):
        """Whoever reads the results learns what ran without a fault."""
        self.run_drill([GREEN, SKIPPED], [GREEN, RED], [GREEN],
                       names=['a_swap'])
        board = scoreboard.read(self.path)
        self.assertEqual(outcomes(GREEN, SKIPPED), board.control)
        self.assertEqual({SWAP: RED.words}, board.rows['a_swap'].catches)

    def test_results_of_other_faults_stay(self):
        """To drill one fault again loses no result of another."""
        self.run_drill([GREEN], [GREEN, RED], [GREEN], names=['a_swap'],
                       rows={'b_cinder': caught('b_cinder')})
        self.assertEqual({'a_swap', 'b_cinder'},
                         set(scoreboard.read(self.path).rows))

    def test_resumed_drill_runs_the_others(self):
        """What was drilled before is not drilled again, and counts."""
        self.assertEqual(1, self.run_drill(
            [GREEN], [GREEN, RED], [GREEN], names=['a_swap', 'b_cinder'],
            resume=True, rows={
                'b_cinder': scoreboard.Row('b_cinder', {}, FLOW)}))
        self.assertEqual([{}, {'nova': ['a_swap']}, {}], self.drill.cloud.log)

    def test_resumed_drill_of_nothing_looks_at_the_tests(self):
        """Where no fault is left the runs without one are still made."""
        self.run_drill([SWAPPED, SKIPPED], [GREEN], names=['b_cinder'],
                       resume=True, rows={'b_cinder': caught('b_cinder')})
        self.assertEqual([{}, {}], self.drill.cloud.log)
        self.assertEqual(outcomes(SWAPPED, SKIPPED),
                         scoreboard.read(self.path).control)

    def test_catches_of_tests_that_are_gone_do_not_count(self):
        """What nobody can run again is drilled anew, also when resumed.

        1. Resume with a fault that a test has caught which is still there,
           and with one that a test has caught which is not.
        2. The latter alone is drilled.
        """
        gone = scoreboard.Row('a_swap', {SWAP + '_of_old': ''}, FLOW)
        self.run_drill(
            [GREEN, SKIPPED, SWAPPED], [GREEN, RED], [GREEN],
            names=['a_swap', 'b_cinder'], resume=True,
            rows={'a_swap': gone, 'b_cinder': caught('b_cinder')})
        self.assertEqual([{}, {'nova': ['a_swap']}, {}], self.drill.cloud.log)
        self.assertEqual({SWAP: RED.words},
                         scoreboard.read(self.path).rows['a_swap'].catches)

    def test_tests_of_others_may_be_red(self):
        """Red tests of others are left out, and written down as such."""
        self.assertEqual(0, self.run_drill(
            [GREEN, RED], [GREEN, RED], [GREEN], names=['a_swap'],
            leave_out_red=True))
        self.assertEqual({SWAP: RED.words},
                         scoreboard.read(self.path).control.failed)

    def test_sample_looks_at_what_it_needs(self):
        """A sample is shown to the tests that caught it, and not written.

        1. Check one fault: the tests that know it run without a fault, then
           with it.
        2. Check it with tests that are all green now: the exit code tells.
        """
        rows = {'a_swap': caught('a_swap'), 'b_cinder': caught('b_cinder')}
        for found, code in ((RED, 0), (GREEN, 1)):
            running = Drill(self.lab, [GREEN], [GREEN, found], [GREEN],
                            rows=rows)
            self.assertEqual(code, drill.check(
                [running], running.board, {'a_swap': NOVA}))
            self.assertEqual({SWAP, FLOW}, set(running.asked[0]))
        self.assertFalse(self.path.exists())
