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

import dataclasses
import pathlib
import subprocess
import types

import fixtures
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import stability
from multiattach_tempest_plugin.verify import streams


def result(test, status, words=''):
    return streams.Result(test, status, 1.0, words)


class RowTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.row = stability.Row('quiet', 'all', '2026.2', '2026-11-28',
                                 '47.0.0', 2)

    def test_good_run_is_no_alarm(self):
        """Neither is a skip, nor a gap that is known."""
        self.row.add(12.4, [result('a', 'success'), result('b', 'skip'),
                            result('c', 'xfail')], '')
        self.assertEqual(([12], [1], [], []), (
            self.row.seconds, self.row.passed, self.row.alarms,
            self.row.left))

    def test_alarm_has_the_number_of_its_run(self):
        self.row.add(1, [result('a', 'success')], '')
        self.row.add(1, [result('a', 'fail', 'words')], 'a volume')
        self.assertEqual([[2, 'a', 'words']], self.row.alarms)
        self.assertEqual([[2, 'a volume']], self.row.left)

    def test_run_that_shows_nothing_is_an_alarm(self):
        """Tests that did not report, or were all skipped, prove nothing."""
        self.row.add(1, [result('a', 'success'), result('b', 'unknown')], '')
        self.row.add(1, [result('a', 'skip', 'why')], '')
        self.row.add(1, [], '')
        self.assertEqual([1, 2, 3], [alarm[0] for alarm in self.row.alarms])

    def test_results_are_kept(self):
        """What was written is read again, and ids are numbered."""
        path = self.folder / 'results' / 'stability.json'
        self.assertEqual({}, stability.read(path))
        self.row.add(1, [result('a', 'fail', 'volume ' + 32 * 'a')], '')
        rows = {('quiet', 'all'): self.row}
        stability.write(path, rows)
        [read] = stability.read(path).values()
        self.assertEqual([[1, 'a', 'volume <id-1>']], read.alarms)
        self.assertEqual(rows.keys(), stability.read(path).keys())

    def test_runs_of_another_release_or_tempest_are_others(self):
        self.assertTrue(self.row.continues(dataclasses.replace(self.row)))
        self.assertFalse(self.row.continues(None))
        for changed in ({'release': '2026.1'}, {'tempest': '46.0.0'},
                        {'cores': 8}):
            self.assertFalse(self.row.continues(
                dataclasses.replace(self.row, **changed)), changed)

    def test_other_files_are_not_overwritten(self):
        path = self.folder / 'releases.json'
        path.write_text('[{"release": "2026.2"}]')
        error = self.assertRaises(errors.LabError, stability.read, path)
        self.assertIn(str(path), str(error))


class LoadTest(base.BaseTestCase):

    def test_load_ends_with_its_context(self):
        """So many processes run inside, and none afterwards.

        1. Enter: there are two processes that work.
        2. Leave: both are gone.
        """
        state = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (state / 'logs').mkdir()
        started = []
        popen = subprocess.Popen
        self.useFixture(fixtures.MonkeyPatch(
            'subprocess.Popen',
            lambda *args, **kwargs: started.append(
                popen(*args, **kwargs)) or started[-1]))
        with stability._load(types.SimpleNamespace(state=state), 2):
            self.assertEqual([None, None],
                             [process.poll() for process in started])
        self.assertNotIn(None, [process.poll() for process in started])


class NegativeTest(base.BaseTestCase):

    def test_expression_finds_refusals_alone(self):
        package = 'multiattach_tempest_plugin.tests'
        self.assertRegex(f'{package}.api.test_swap_negative.X.test_y',
                         stability.NEGATIVE)
        self.assertNotRegex(f'{package}.scenario.test_safe_flow.X.test_y',
                            stability.NEGATIVE)
