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

import contextlib
import datetime
import io
import pathlib
import sys
import time

import fixtures
from oslotest import base
import psutil
import subunit

from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import tempest_conf
from multiattach_lab import tempest_run


def write(path, *events):
    """Write a subunit stream of (test, status)."""
    with open(path, 'wb') as output:
        stream = subunit.StreamResultToBytes(output)
        for test, status in events:
            stream.status(test_id=test, test_status=status,
                          timestamp=datetime.datetime.now(datetime.UTC))


def runs(pid):
    """Whether a process runs; one not waited for does not (bool)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class RunTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(folder / 'state')
        self.lab.state.mkdir()
        self.folder = folder
        # It still shows the results that come from the program below.
        self.install(f'exec {sys.executable} "$@"', 'python')
        self.useFixture(fixtures.MonkeyPatch(
            'sys.executable', str(folder / 'python')))
        self.errors = io.StringIO()

    def install(self, script, name='tempest'):
        """Put a program where Tempest is installed."""
        program = self.folder / name
        program.write_text(f'#!/bin/sh\n{script}\n')
        program.chmod(0o755)

    def run_tests(self, *events, code=0):
        """Run a Tempest that reports this; return the lab's exit code."""
        reported = self.folder / 'reported.subunit'
        write(reported, *events)
        self.install(f'cat {reported}; exit {code}')
        with contextlib.redirect_stderr(self.errors):
            return tempest_run.run(self.lab, lambda: None, [])

    def test_verdict_is_that_of_the_tests(self):
        """One failed test fails the run, a success and a skip do not."""
        planned, passed = ('a.b.test_c', 'exists'), ('a.b.test_c', 'success')
        self.assertEqual(0, self.run_tests(
            planned, passed, ('a.b.test_d', 'skip')))
        for status in ('fail', 'uxsuccess'):
            self.assertEqual(1, self.run_tests(
                planned, passed, ('a.b.test_d', status)), status)
        self.assertEqual('', self.errors.getvalue())

    def test_run_that_shows_nothing_fails(self):
        """Without any result that counts the run fails, and says why."""
        for words, events in (
                ('did not report: a.b.test_d', [
                    ('a.b.test_c', 'exists'), ('a.b.test_d', 'exists'),
                    ('a.b.test_c', 'success')]),
                ('All tests were skipped', [('a.b.test_c', 'skip')]),
                ('No test was run', [])):
            self.assertEqual(1, self.run_tests(*events), words)
            self.assertIn(words, self.errors.getvalue())

    def test_dead_service_ends_the_tests(self):
        """Tests do not go on without the cloud that they run on."""
        self.install('trap "echo ended > ended; exit" TERM\n'
                     'while :; do sleep 0.1; done')

        def check():
            raise errors.LabError('nova ended with exit code 1.')

        error = self.assertRaises(
            errors.LabError, tempest_run.run, self.lab, check, [])
        self.assertIn('nova', str(error))
        self.assertTrue((self.lab.state / 'tempest' / 'ended').exists())

    def test_claims_have_the_time_that_tempest_gives_them(self):
        """The time-out of tests of another kind is none of theirs."""
        self.useFixture(fixtures.EnvironmentVariable('OS_TEST_TIMEOUT', '60'))
        self.install('exit $((OS_TEST_TIMEOUT == 1200 ? 7 : 0))')
        self.assertEqual(7, tempest_run.run(self.lab, lambda: None, []))

    def test_exit_code_and_arguments_are_passed_on(self):
        """Tempest gets our arguments, and its verdict is the lab's."""
        self.install('printf "%s\\n" "$@" > arguments; exit 3')
        self.assertEqual(3, tempest_run.run(
            self.lab, lambda: None, ['--serial'],
            tempest_conf.WITHOUT_NETWORK))
        arguments = (self.lab.state / 'tempest' / 'arguments').read_text()
        self.assertIn('--serial', arguments.splitlines())
        self.assertIn(f'{self.lab.state}/tempest-without-network.conf',
                      arguments.splitlines())

    def test_tempest_of_another_day_leaves_no_path(self):
        """A lab runs the Tempest beside it, also where another one ran.

        Tempest writes .stestr.conf, with the path of its own tests, only
        where there is none.
        """
        self.install('test -e .stestr.conf && exit 99; touch .stestr.conf')
        for _ in range(2):
            self.assertNotEqual(
                99, tempest_run.run(self.lab, lambda: None, []))

    def test_tests_end_when_they_have_shown_enough(self):
        """What is not needed any more is ended, with all its processes.

        1. Run tests of which one passes, and the next one goes on for ever
           in a process of its own.
        2. Say that the first is enough: its result alone is returned, and
           the other process is gone.
        """
        passed = self.lab.state / 'passed.subunit'
        write(passed, ('a.b.test_c', 'success'),
              ('a.b.test_d', 'inprogress'))
        self.install(f'cat {passed}; sleep 600 & echo $! > worker; wait')
        [found] = tempest_run.results(
            self.lab, lambda: None, [], enough=lambda found: [
                result.status for result in found] == ['success'])
        self.assertEqual('a.b.test_c', found.test)
        worker = int((self.lab.state / 'tempest' / 'worker').read_text())
        deadline = time.monotonic() + 10
        while runs(worker):
            self.assertLess(time.monotonic(), deadline)

    def test_tests_that_end_themselves_are_read_whole(self):
        """Of tests that nobody ended, one without an end is unknown."""
        begun = self.lab.state / 'begun.subunit'
        write(begun, ('a.b.test_c', 'inprogress'))
        self.install(f'cat {begun}')
        [found] = tempest_run.results(
            self.lab, lambda: None, [])
        self.assertEqual('unknown', found.status)
