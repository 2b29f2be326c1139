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
import threading
import time

import fixtures
from oslotest import base

from lab.tests.unit.drills import caught
from lab.tests.unit.drills import Drill
from lab.tests.unit.drills import FaultsFixture
from lab.tests.unit.drills import FLOW
from lab.tests.unit.drills import GREEN
from lab.tests.unit.drills import NOVA
from lab.tests.unit.drills import OTHERWISE
from lab.tests.unit.drills import RED
from lab.tests.unit.drills import SKIPPED
from lab.tests.unit.drills import sort
from lab.tests.unit.drills import SWAP
from lab.tests.unit.drills import SWAPPED
from multiattach_lab import drill
from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import scoreboard
from multiattach_tempest_plugin.verify import streams


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

    def test_test_that_did_not_report_is_no_catch(self):
        """A run that lost a test shows nothing of a fault."""
        lost = streams.Result(SWAP, 'unknown', 0.0, '')
        error = self.assertRaises(
            errors.LabError, self.drill([GREEN, lost]).fault, 'a_swap')
        self.assertIn('With the fault a_swap: 1 planned tests did not report',
                      str(error))

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

    def test_known_catches_alone_do_not_show_what_is_spared(self):
        """A green test is looked for among all where none is known."""
        rows = {'a_swap': caught('a_swap', green='')}
        spared = self.drill([RED], [RED, GREEN], rows=rows)
        self.assertEqual(FLOW, spared.fault('a_swap').green)
        self.assertEqual([[SWAP, ''], []], spared.asked)

    def test_many_known_catches_show_that_nothing_is_spared(self):
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
        """The exit code says whether every fault was caught."""
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
        2. The drill reports the fault, and the third was not begun.
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
        self.assertEqual(sort(GREEN, SKIPPED), board.control)
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

    def test_resumed_drill_repeats_what_was_caught_for_another_reason(self):
        """What was seen in other words is shown to the tests once more."""
        self.run_drill(
            [GREEN, SWAPPED], [GREEN, RED], [GREEN], names=['a_swap'],
            resume=True, rows={'a_swap': scoreboard.Row(
                'a_swap', {SWAP: 'Waited 20 s.'}, FLOW)})
        self.assertEqual([{}, {'nova': ['a_swap']}, {}], self.drill.cloud.log)

    def test_resumed_drill_of_nothing_looks_at_the_tests(self):
        """Where no fault is left the runs without one are still made."""
        self.run_drill([SWAPPED, SKIPPED], [GREEN], names=['b_cinder'],
                       resume=True, rows={'b_cinder': caught('b_cinder')})
        self.assertEqual([{}, {}], self.drill.cloud.log)
        self.assertEqual(sort(SWAPPED, SKIPPED),
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
        2. Check it with tests that are all green now: the exit code says so.
        """
        rows = {'a_swap': caught('a_swap'), 'b_cinder': caught('b_cinder')}
        for found, code in ((RED, 0), (GREEN, 1)):
            running = Drill(self.lab, [GREEN], [GREEN, found], [GREEN],
                            rows=rows)
            self.assertEqual(code, drill.check(
                [running], running.board, {'a_swap': NOVA}))
            self.assertEqual({SWAP, FLOW}, set(running.asked[0]))
        self.assertFalse(self.path.exists())
