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

import fcntl
import json
import pathlib
import signal
import subprocess
import sys

import fixtures
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import lab
from multiattach_lab import releases

HOLDER = """
import fcntl, os, sys, time
lock = open(sys.argv[1] + '/lock', 'w')
fcntl.flock(lock, fcntl.LOCK_EX)
print(os.getpid(), file=lock, flush=True)
print('held', flush=True)
time.sleep(600)
"""


class LabTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(self.folder / 'state')

    def lock(self, **facts):
        """Lock the folder as a running cloud does, and state facts of it."""
        self.lab.state.mkdir()
        self.state_facts(**facts)
        lock = open(self.lab.state / 'lock', 'w')
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX)

    def state_facts(self, **facts):
        (self.lab.state / 'lab.json').write_text(json.dumps(facts))

    def start(self):
        """Try to start a cloud, which must not get beyond the lock."""
        self.addCleanup(signal.signal, signal.SIGTERM,
                        signal.getsignal(signal.SIGTERM))
        with self.lab.started(releases.DEFAULT, kinds.DEFAULT):
            self.fail('A second cloud was started.')

    def test_missing_lab_is_reported_with_how_to_start_one(self):
        """Without a lab, the command that starts one is reported."""
        error = self.assertRaises(errors.LabError, self.lab.running)
        self.assertIn(f'multiattach-lab up --state {self.lab.state}',
                      str(error))

    def test_default_folder_needs_no_option(self):
        """Commands are shown with --state for another folder alone."""
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', str(self.folder)))
        self.assertEqual('', lab.Lab().option)
        self.assertIn(self.folder, lab.Lab().state.parents)
        self.assertEqual(f' --state {self.lab.state}', self.lab.option)

    def test_relative_folder_is_shown_in_full(self):
        """A command that we show works from another folder too."""
        self.assertEqual(f' --state {pathlib.Path.cwd() / "lab"}',
                         lab.Lab('lab').option)

    def test_folder_is_quoted_for_a_shell(self):
        """A command that we show can be pasted, whatever the folder."""
        self.assertEqual(" --state '/tmp/my lab'",
                         lab.Lab('/tmp/my lab').option)

    def test_running_lab_states_its_facts(self):
        """What the process that runs the lab recorded is known to others."""
        self.lock(ready=True, release='2026.2')
        self.assertEqual('2026.2', self.lab.running()['release'])

    def test_starting_lab_is_not_ready(self):
        """A lab that still starts is not reported as none at all."""
        self.lock(ready=False)
        error = self.assertRaises(errors.LabError, self.lab.running)
        self.assertIn('still starting', str(error))

    def test_ended_lab_says_why(self):
        """A lab that ended by itself is reported with the reason."""
        self.lab.state.mkdir()
        self.state_facts(ready=False, failure='nova ended.')
        error = self.assertRaises(errors.LabError, self.lab.running)
        self.assertIn('nova ended.', str(error))

    def test_killed_lab_does_not_run(self):
        """Facts in a folder without a lock are of a lab that was killed."""
        self.lab.state.mkdir()
        self.state_facts(ready=True)
        error = self.assertRaises(errors.LabError, self.lab.running)
        self.assertIn('No lab runs', str(error))

    def test_two_who_look_do_not_see_each_other(self):
        """A command that looks whether a lab runs is not taken for one."""
        self.lab.state.mkdir()
        with open(self.lab.state / 'lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            error = self.assertRaises(errors.LabError, self.lab.running)
            self.assertIn('No lab runs', str(error))
            self.assertRaises(errors.LabError, self.start)

    def test_second_lab_in_a_folder_is_refused(self):
        """One folder has one cloud, and its facts stay as they are."""
        self.lock(ready=True, release='2026.2')
        error = self.assertRaises(errors.LabError, self.start)
        self.assertIn(f'down --state {self.lab.state}', str(error))
        self.assertNotIn('\n', str(error))
        self.assertEqual('2026.2', self.lab.running()['release'])

    def test_unusable_folder_is_reported(self):
        """A file where the folder should be is reported in one sentence."""
        self.lab.state.write_text('')
        for act in (self.start, self.lab.running):
            error = self.assertRaises(errors.LabError, act)
            self.assertIn(str(self.lab.state), str(error))
            self.assertIn('--state', str(error))
            self.assertNotIn('\n', str(error))
        self.assertFalse(self.lab.stop())

    def test_unknown_release_or_kind_is_refused(self):
        """No folder is made for a release or a kind that does not exist."""
        for release, kind in (('2026.3', kinds.DEFAULT),
                              (releases.DEFAULT, 'perfect')):
            self.assertRaises(errors.LabError,
                              self.lab.started(release, kind).__enter__)
        self.assertFalse(self.lab.state.exists())

    def test_nothing_to_stop(self):
        """To stop a lab that does not run is reported, and harms nothing."""
        self.assertFalse(self.lab.stop())

    def test_stop_returns_when_the_lab_is_gone(self):
        """A lab is stopped by a signal to the process that runs it.

        1. Let another process lock the folder.
        2. Stop: the process has ended by a signal, the folder is free.
        """
        self.lab.state.mkdir()
        holder = subprocess.Popen(
            [sys.executable, '-c', HOLDER, self.lab.state],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(holder.stdout.close)
        self.addCleanup(holder.wait)
        self.addCleanup(holder.kill)
        self.assertEqual('held\n', holder.stdout.readline())
        self.assertTrue(self.lab.stop())
        self.assertEqual(-signal.SIGTERM, holder.wait(20))
        self.assertFalse(self.lab.stop())

    def test_failed_start_leaves_nothing(self):
        """A start that fails is reported, and unlocks the folder.

        1. Make the environment impossible: a file lies where it would be.
        2. Start: the failure is raised, written down, and the lock is free.
        """
        cache = self.folder / 'cache'
        cache.write_text('')
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', str(cache)))
        error = self.assertRaises(errors.LabError, self.start)
        self.assertIn(str(cache), str(error))
        stopped = self.assertRaises(errors.LabError, self.lab.running)
        self.assertIn('has stopped', str(stopped))
        self.assertIn(str(error), str(stopped))
