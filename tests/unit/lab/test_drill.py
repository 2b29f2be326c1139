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

import pathlib
import re

import fixtures
from oslotest import base

from multiattach_lab import drill
from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import lab
from multiattach_lab import progress
from multiattach_lab import tempest_run

NOVA = faults.Fault('nova-api', 'bug 1', 'It swaps.', (),
                    releases=('2026.2',))
CINDER = faults.Fault('cinder-volume', 'bug 2', 'It forgets.', ())
UNSEEN = faults.Fault('nova-compute', 'bug 3', 'A log line is missing.', (),
                      unseen='Only the log tells.')
SWAP = 'multiattach_tempest_plugin.tests.api.test_swap.SwapTest.test_swap'
FLOW = 'multiattach_tempest_plugin.tests.scenario.test_flow.F.test_flow'
GREEN = tempest_run.Result(FLOW, 'success', 1.5, '')
RED = tempest_run.Result(SWAP, 'fail', 2.5, 'AssertionError: accepted')
SKIPPED = tempest_run.Result(FLOW, 'skip', 0.0, 'Set [a] b to c.')


class Cloud:
    """The part of a cloud that a drill turns on and off."""

    def __init__(self):
        self.progress = progress.Progress()
        self.log = []

    def restart_service(self, name, fault=''):
        self.log.append((name, fault))

    def start(self):
        self.log.append('start')

    def stop(self):
        self.log.append('stop')

    def check(self):
        pass

    def pids(self):
        return {'nova': len(self.log)}

    def urls(self):
        return {'nova': 'http://127.0.0.1:20005'}


class Drill(drill.Drill):
    """A drill whose tests have run already."""

    def __init__(self, state, *found, known=None, leftovers=False):
        self.cloud = Cloud()
        super().__init__(state, self.cloud, [], known or {})
        self._found = list(found)
        self._left = leftovers
        self.asked = []

    def _run(self, tests=()):
        self.asked.append(list(tests))
        return self._found.pop(0)

    def _leftovers(self):
        return self._left


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

    def test_faults_of_one_service_follow_each_other(self):
        """All that fit are chosen, by service: few restarts to heal one."""
        self.assertEqual(['b_cinder', 'a_swap', 'c_unseen'],
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
        """A mistyped fault is told, with the way to the right one."""
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
        self.assertFalse(row.everything)

    def test_fault_that_no_test_sees_is_missed(self):
        """Green and skipped tests catch nothing."""
        row = self.drill([GREEN, SKIPPED]).fault('a_swap')
        self.assertEqual(('missed', {}), (row.verdict, row.catches))

    def test_fault_that_nothing_shows_is_unseen(self):
        """What cannot be seen from outside is not called missed."""
        self.assertEqual(
            'unseen', self.drill([GREEN]).fault('c_unseen').verdict)

    def test_unseen_fault_that_is_seen_is_caught(self):
        """A red test is a catch, even where none was thought possible."""
        self.assertEqual(
            'caught', self.drill([GREEN, RED]).fault('c_unseen').verdict)

    def test_unfinished_test_catches(self):
        """A test that a fault keeps from ending sees it."""
        hung = tempest_run.Result(SWAP, 'inprogress', 0.0, '')
        self.assertEqual(
            'caught', self.drill([GREEN, hung]).fault('a_swap').verdict)

    def test_red_everywhere_is_told(self):
        """A fault that breaks every test says little about one of them."""
        self.assertTrue(self.drill([RED, SKIPPED]).fault('a_swap').everything)

    def test_known_catch_is_tried_first(self):
        """Tests that saw a fault before are run alone, and all if in vain."""
        quick = self.drill([RED], known={'a_swap': [SWAP]})
        self.assertEqual('caught', quick.fault('a_swap').verdict)
        self.assertEqual([[SWAP]], quick.asked)
        thorough = self.drill([GREEN], [GREEN, RED], known={'a_swap': [FLOW]})
        self.assertEqual({SWAP: RED.words},
                         thorough.fault('a_swap').catches)
        self.assertEqual([[FLOW], []], thorough.asked)

    def test_known_catch_is_found_by_its_name(self):
        """Tempest is asked for the tests that are known, and for no other.

        A class that could not be set up is known under a name that is no
        test's, and spoils nothing.
        """
        asked = []

        def results(_lab, _check, arguments):
            asked.append(arguments[-1])
            return [RED]

        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.tempest_run.results', results))
        drill.Drill(self.lab, Cloud(), ['--regex', 'all'], {})._run(
            [SWAP, 'setUpClass (multiattach_tempest_plugin.tests.F)'])
        [regex] = asked
        self.assertTrue(re.search(regex, SWAP + '[id-1,negative]'))
        self.assertFalse(re.search(regex, SWAP + '_of_other[id-2]'))
        self.assertFalse(re.search(regex, FLOW + '[id-3]'))

    def test_one_fault_at_a_time(self):
        """A service gets rid of its fault before another one gets one.

        1. Drill two faults of Nova: its restart replaces the first.
        2. Drill one of Cinder, then look at the healthy cloud: each faulty
           service was restarted without a fault in between.
        """
        running = self.drill([GREEN], [GREEN], [GREEN], [GREEN])
        for name in ('a_swap', 'c_unseen', 'b_cinder'):
            running.fault(name)
        running.control()
        self.assertEqual(
            [('nova', 'a_swap'), ('nova', 'c_unseen'), ('nova', ''),
             ('cinder', 'b_cinder'), ('cinder', '')], running.cloud.log)

    def test_spoilt_cloud_is_replaced(self):
        """Whatever a fault leaves behind does not reach the next one."""
        running = self.drill([RED], [GREEN], leftovers=True)
        running.fault('a_swap')
        running.control()
        self.assertEqual([('nova', 'a_swap'), 'stop', 'start'],
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


class ResultsTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = folder / 'drill' / '2026.2.json'

    def test_results_are_read_as_they_were_written(self):
        """A drill that is resumed knows what an earlier one found."""
        rows = {
            'b': drill.Row('b', 'missed', {}, False, 61.25),
            'a': drill.Row('a', 'caught', {SWAP: 'got "409" – no'}, True, 2.5),
        }
        drill.write(self.path, '2026.2', rows)
        self.assertEqual(rows, drill.read(self.path))

    def test_no_results_yet(self):
        """The first drill of all begins with nothing."""
        self.assertEqual({}, drill.read(self.path))
