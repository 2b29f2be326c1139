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

import datetime
import pathlib

import fixtures
from oslotest import base
import subunit
import testtools

from multiattach_tempest_plugin.verify import streams


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


def write(path, *events):
    """Write a subunit stream of (test, status)."""
    with open(path, 'wb') as output:
        stream = subunit.StreamResultToBytes(output)
        for test, status in events:
            stream.status(test_id=test, test_status=status,
                          timestamp=datetime.datetime.now(datetime.UTC))


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
        [found] = streams.read(self.stream)
        self.assertTrue(found.test.endswith(f'.Sample.{name}'), found.test)
        self.assertGreaterEqual(found.seconds, 0)
        return found.status, found.words

    def test_success(self):
        """A green test is a success, of which there is nothing to say."""
        self.assertEqual(('success', ''), self.read('passes'))

    def test_failure_is_reported_without_its_traceback(self):
        """All words of a failure are reported, and nothing of the source."""
        status, words = self.read('fails')
        self.assertEqual('fail', status)
        self.assertTrue(words.endswith(
            'AssertionError: the volume changed: status before in-use '
            'after error'), words)
        self.assertNotIn('File', words)
        self.assertNotIn('self.fail', words)

    def test_last_exception_counts(self):
        """What ended a test is reported, and not what led there."""
        self.assertEqual(
            ('fail', 'ValueError: the second'), self.read('breaks'))

    def test_skip_is_reported_with_its_reason(self):
        """A skip says which option and value would run the test."""
        self.assertEqual(('skip', 'Set [multiattach] servers to 3.'),
                         self.read('skips'))

    def test_expected_failure(self):
        """A failure that was expected is reported as such, line by line."""
        status, words = self.read('xfails')
        self.assertEqual('xfail', status)
        self.assertEqual('actual    = [2]', words.splitlines()[-1])

    def test_unexpected_success(self):
        """A success that was not expected is reported as such."""
        self.assertEqual(
            'uxsuccess', self.read('succeeds_unexpectedly')[0])

    def test_long_failure_is_cut_with_a_mark(self):
        """No failure fills more than a few lines, and the cut is shown."""
        _status, words = self.read('talks')
        self.assertLessEqual(len(words), 1000)
        self.assertTrue(words.endswith('word ...'), words)

    def found(self, *events):
        """Return the statuses of a stream of (test, status)."""
        write(self.stream, *events)
        return {result.test: result.status
                for result in streams.read(self.stream)}

    def test_every_test_counts_once(self):
        """A test that was planned, begun and ended has one result."""
        self.assertEqual({'a.b.test_c': 'success'}, self.found(
            ('a.b.test_c[id-1]', 'exists'),
            ('a.b.test_c[id-1]', 'inprogress'),
            ('a.b.test_c[id-1]', 'success')))

    def test_planned_test_that_does_not_report_is_unknown(self):
        """The tests of a killed worker are unknown, begun or not."""
        self.assertEqual(
            {'a.b.test_c': 'success', 'a.b.test_d': 'unknown',
             'a.b.test_e': 'unknown'},
            self.found(
                ('a.b.test_c', 'exists'), ('a.b.test_d', 'exists'),
                ('a.b.test_e', 'exists'), ('a.b.test_c', 'success'),
                ('a.b.test_d', 'inprogress')))

    def test_class_reports_for_its_tests(self):
        """Tests of a class that is skipped or fails are no unknown ones.

        Those of other classes are, also where the name begins alike.
        """
        for status in ('skip', 'fail'):
            self.assertEqual(
                {'setUpClass (a.b)': status, 'a.b2.test_d': 'unknown',
                 'a.test_e': 'unknown'},
                self.found(
                    ('a.b.test_c', 'exists'), ('a.b2.test_d', 'exists'),
                    ('a.test_e', 'exists'), ('setUpClass (a.b)', status)))

    def test_class_that_fails_in_the_end_reports_for_no_test(self):
        """A clean-up that fails does not stand for tests without a result."""
        self.assertEqual('unknown', self.found(
            ('a.b.test_c', 'exists'),
            ('tearDownClass (a.b)', 'fail'))['a.b.test_c'])

    def test_stream_that_breaks_off_is_a_failure(self):
        """Half a packet at the end of a stream is reported as such."""
        self.write('passes')
        self.stream.write_bytes(self.stream.read_bytes()[:-5])
        statuses = {found.test: (found.status, found.words)
                    for found in streams.read(self.stream)}
        status, words = statuses.pop('subunit.parser')
        self.assertEqual('fail', status)
        self.assertNotEqual('', words)
        self.assertEqual(
            ['unknown'], [status for status, _words in statuses.values()])

    def test_attributes_are_no_part_of_a_name(self):
        """A test is named as Tempest's options for choosing tests want it."""
        self.assertEqual({'a.b.test_c': 'success'}, self.found(
            ('a.b.test_c[id-1,negative]', 'success')))


class ProblemTest(base.BaseTestCase):

    def problem(self, *statuses):
        return streams.problem([
            streams.Result(f'a.b.test_{number}', status, 1.0,
                               f'Set [multiattach] servers to {number}.')
            for number, status in enumerate(statuses)])

    def test_one_test_that_ran_is_enough(self):
        """What failed, or a known gap, is a result as well as a success."""
        for status in ('success', 'fail', 'xfail', 'uxsuccess'):
            self.assertEqual('', self.problem('skip', status), status)

    def test_run_without_a_test_shows_nothing(self):
        """A run whose arguments select no test is reported."""
        self.assertIn('No test was run', self.problem())

    def test_run_of_skips_names_the_options(self):
        """Where everything is skipped, all options are named, each once."""
        self.assertEqual(
            'All tests were skipped: Set [multiattach] servers to 0.; '
            'Set [multiattach] servers to 1.', self.problem('skip', 'skip'))
        skip = streams.Result('a.b.test_c', 'skip', 1.0, 'Set it.')
        self.assertEqual('All tests were skipped: Set it.',
                         streams.problem([skip, skip]))

    def test_unknown_tests_are_named(self):
        """One test without a result is a problem, however others ended."""
        self.assertEqual(
            '2 planned tests did not report: a.b.test_1, a.b.test_2.',
            self.problem('success', 'unknown', 'unknown', 'fail'))
