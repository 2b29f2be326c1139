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
import time
import uuid

import fixtures
from oslotest import base
import psutil
from stestr.repository import file
import subunit
import testtools
from testtools import content

from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import tempest_conf
from multiattach_lab import tempest_run


class Sample(testtools.TestCase):
    """What can become of a test; run for its stream alone."""

    def passes(self):
        pass

    def fails(self):
        """Say it in several lines, as a comparison of two states does."""
        self.fail('the volume changed:\n  status\n    before  in-use\n'
                  '    after   error')

    def breaks(self):
        try:
            {}['first']
        except KeyError:
            raise ValueError('the second') from None

    def skips(self):
        self.skipTest('Set [multiattach] servers to 3.')

    def xfails(self):
        self.expectFailure('bug 1', self.assertEqual, [1] * 60, [2])

    def succeeds_unexpectedly(self):
        self.expectFailure('bug 1', self.assertEqual, 1, 1)

    def talks(self):
        self.fail('word ' * 200)

    def waits(self):
        """Take half a second, and log waits as the plugin does."""
        for seconds, what in ((0.5, f'volume {uuid.uuid4()} to settle'),
                              (2.0, f'servers {uuid.uuid4()}, {uuid.uuid4()} '
                                    'to be ACTIVE'),
                              (2.5, f'volume {uuid.uuid4()} to settle')):
            self.addDetail(what, content.text_content(
                f'INFO Waited {seconds:.1f} s for {what}'))
        time.sleep(0.5)


def runs(pid):
    """Whether a process runs; one that nobody waits for does not (bool)."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class ReadTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.stream = folder / 'any.subunit'

    def write(self, *names):
        """Really run samples, and write down what becomes of them."""
        with open(self.stream, 'wb') as output:
            result = testtools.ExtendedToStreamDecorator(
                subunit.StreamResultToBytes(output))
            result.startTestRun()
            for name in names:
                Sample(name).run(result)
            result.stopTestRun()

    def read(self, name):
        self.write(name)
        [found] = tempest_run.read(self.stream)
        self.assertTrue(found.test.endswith(f'.Sample.{name}'), found.test)
        self.assertGreaterEqual(found.seconds, 0)
        return found.status, found.words

    def test_success(self):
        """A green test is a success, of which there is nothing to say."""
        self.assertEqual(('success', ''), self.read('passes'))

    def test_failure_is_told_without_its_traceback(self):
        """All words of a failure are kept, and nothing of the source."""
        status, words = self.read('fails')
        self.assertEqual('fail', status)
        self.assertTrue(words.endswith(
            'AssertionError: the volume changed: status before in-use '
            'after error'), words)
        self.assertNotIn('File', words)
        self.assertNotIn('self.fail', words)

    def test_last_exception_counts(self):
        """What ended a test is told, and not what led there."""
        self.assertEqual(
            ('fail', 'ValueError: the second'), self.read('breaks'))

    def test_skip_is_told_with_its_reason(self):
        """A skip says which option and value would run the test."""
        self.assertEqual(('skip', 'Set [multiattach] servers to 3.'),
                         self.read('skips'))

    def test_expected_failure(self):
        """A failure that was expected is told apart, line by line."""
        status, words = self.read('xfails')
        self.assertEqual('xfail', status)
        self.assertEqual('actual    = [2]', words.splitlines()[-1])

    def test_unexpected_success(self):
        """A success that was not expected is told apart from others."""
        self.assertEqual(
            'uxsuccess', self.read('succeeds_unexpectedly')[0])

    def test_long_failure_is_cut_with_a_mark(self):
        """No failure fills more than a few lines, and the cut is shown."""
        _status, words = self.read('talks')
        self.assertLessEqual(len(words), 400)
        self.assertTrue(words.endswith('word ...'), words)

    def test_every_test_counts_once(self):
        """A list of tests, printed before they run, adds no result."""
        with open(self.stream, 'wb') as output:
            subunit.StreamResultToBytes(output).status(
                test_id='a.b.test_c', test_status='exists')
        listed = self.stream.read_bytes()
        self.write('passes', 'skips')
        self.stream.write_bytes(listed + self.stream.read_bytes())
        self.assertEqual(
            ['success', 'skip'],
            [found.status for found in tempest_run.read(self.stream)])

    def test_test_that_never_ended_is_no_success(self):
        """A test whose process was killed is told as still running."""
        with open(self.stream, 'wb') as output:
            subunit.StreamResultToBytes(output).status(
                test_id='a.b.test_c', test_status='inprogress')
        [found] = tempest_run.read(self.stream)
        self.assertEqual('inprogress', found.status)

    def test_stream_that_breaks_off_is_a_failure(self):
        """Half a packet at the end of a stream is told as what it is."""
        self.write('passes')
        self.stream.write_bytes(self.stream.read_bytes()[:-5])
        statuses = {found.test: (found.status, found.words)
                    for found in tempest_run.read(self.stream)}
        status, words = statuses.pop('subunit.parser')
        self.assertEqual('fail', status)
        self.assertNotEqual('', words)
        self.assertEqual(
            ['inprogress'], [status for status, _words in statuses.values()])

    def test_attributes_are_no_part_of_a_name(self):
        """A test is named as Tempest's options for choosing tests want it."""
        with open(self.stream, 'wb') as output:
            stream = subunit.StreamResultToBytes(output)
            stream.status(test_id='a.b.test_c[id-1,negative]',
                          test_status='success')
        [found] = tempest_run.read(self.stream)
        self.assertEqual('a.b.test_c', found.test)


class SlowestTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(folder / 'state')
        (self.lab.state / 'tempest').mkdir(parents=True)

    def record(self, *names):
        """Run samples, and let stestr keep what becomes of them."""
        kept = file.RepositoryFactory().initialise(
            str(self.lab.state / 'tempest')).get_inserter()
        result = testtools.ExtendedToStreamDecorator(kept)
        result.startTestRun()
        for name in names:
            Sample(name).run(result)
        result.stopTestRun()

    def test_slowest_come_first_with_their_waits(self):
        """Waits for the same, of whatever volume or server, are one."""
        self.record('passes', 'waits', 'skips')
        [(test, seconds, waits), (_other, less, none)] = tempest_run.slowest(
            self.lab, 2)
        self.assertTrue(test.endswith('.Sample.waits'), test)
        self.assertGreaterEqual(seconds, 0.5)
        self.assertEqual([('volume to settle', 3.0),
                          ('servers to be ACTIVE', 2.0)], list(waits.items()))
        self.assertLess(less, seconds)
        self.assertEqual({}, none)

    def test_lab_without_a_run(self):
        """Who asks before any test was run is told so, in one sentence."""
        error = self.assertRaises(
            errors.LabError, tempest_run.slowest, self.lab, 10)
        self.assertEqual(
            f'No tests were run in {self.lab.state}: run some first.',
            str(error))


class RunTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(folder / 'state')
        self.lab.state.mkdir()
        self.program = folder / 'tempest'
        self.useFixture(fixtures.MonkeyPatch(
            'sys.executable', str(folder / 'python')))

    def install(self, script):
        """Put a program where Tempest is installed."""
        self.program.write_text(f'#!/bin/sh\n{script}\n')
        self.program.chmod(0o755)

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
        self.install('test -e .stestr.conf && exit 1; touch .stestr.conf')
        for _ in range(2):
            self.assertEqual(
                0, tempest_run.run(self.lab, lambda: None, []))

    def test_tests_end_when_they_have_told_enough(self):
        """What is not needed any more is ended, with all its processes.

        1. Run tests of which one passes, and the next one goes on for ever
           in a process of its own.
        2. Say that the first is enough: its result alone is returned, and
           the other process is gone.
        """
        passed = self.lab.state / 'passed.subunit'
        with open(passed, 'wb') as output:
            stream = subunit.StreamResultToBytes(output)
            stream.status(test_id='a.b.test_c', test_status='success')
            stream.status(test_id='a.b.test_d', test_status='inprogress')
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
        """Of tests that nobody ended, one without an end has failed."""
        begun = self.lab.state / 'begun.subunit'
        with open(begun, 'wb') as output:
            subunit.StreamResultToBytes(output).status(
                test_id='a.b.test_c', test_status='inprogress')
        self.install(f'cat {begun}')
        [found] = tempest_run.results(
            self.lab, lambda: None, [])
        self.assertEqual('inprogress', found.status)
