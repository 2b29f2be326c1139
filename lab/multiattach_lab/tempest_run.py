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

"""Run Tempest on a lab, and judge whether the run shows anything."""

import dataclasses
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

import subunit
import testtools
REGEX = '^multiattach_tempest_plugin'
# What stands in a stream for what a test did not say itself.
_WORDS = ('traceback', 'reason', 'Parser Error')
# A test in these statuses was planned and has not ended.
_UNENDED = ('exists', 'inprogress')
# A class that is skipped or fails is reported once, instead of its tests.
_CLASS = re.compile(r'setUpClass \((.+)\)')
# What stestr itself shows a run with. It needs the first import and lacks it.
_VIEWER = ('import subunit.test_results; from stestr import subunit_trace; '
           'subunit_trace.main()')


class _Enough(Exception):
    """What the tests have shown so far is all that was asked."""


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one test.

    :ivar test: its name, without attributes
    :ivar status: 'success', 'fail', 'skip', 'xfail', 'uxsuccess' or, of a
        test that was planned and did not report, 'unknown'
    :ivar seconds: how long it took (float), 0 if nobody knows
    :ivar words: the failure's message or the reason of a skip (str); of an
        'xfail' all its lines
    """
    test: str
    status: str
    seconds: float
    words: str


def run(lab, check, arguments, configuration='tempest.conf'):
    """Run tests, and show how they go.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param check: called about every second; what it raises ends the tests,
        such as LabError when a service of the lab has ended
    :param arguments: more arguments for ``tempest run``
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :returns: exit code: 0 if no test failed and there is no
        :func:`problem`, which is printed
    """
    # In sessions of their own, as Tempest itself: an interrupt from the
    # keyboard ends the tests, and what has run is still shown.
    with subprocess.Popen(
            ['tee', stream(lab)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True) as tee:
        viewer = subprocess.Popen(
            [sys.executable, '-c', _VIEWER],
            stdin=tee.stdout, start_new_session=True)
        try:
            code = _run(lab, check, arguments, configuration, tee.stdin)
        finally:
            tee.stdin.close()
            failed = viewer.wait()
    wrong = problem(read(stream(lab)))
    if wrong:
        print(wrong, file=sys.stderr)
    return code or failed or int(bool(wrong))


def results(lab, check, arguments, configuration='tempest.conf',
            enough=lambda _found: False):
    """Run tests quietly.

    :param lab: as for :func:`run`
    :param check: as for :func:`run`
    :param arguments: as for :func:`run`
    :param configuration: as for :func:`run`
    :param enough: called with the tests that have ended so far (list of
        :class:`Result`); whether the others need not run
    :returns: list of :class:`Result`; of a run that was enough none is
        unknown
    """
    def watch():
        check()
        if enough(_ended(lab)):
            raise _Enough

    with open(stream(lab), 'wb') as output:
        try:
            _run(lab, watch, arguments, configuration, output)
        except _Enough:
            return _ended(lab)
    return read(stream(lab))


def stream(lab):
    """Return the path of the last run's subunit stream (pathlib.Path)."""
    return lab.state / 'tempest.subunit'


def log(lab):
    """Return the path of the log of the last run's Tempest (pathlib.Path)."""
    return lab.state / 'logs' / 'tempest.log'


def _run(lab, check, arguments, configuration, output):
    folder = lab.state / 'tempest'
    folder.mkdir(exist_ok=True)
    # Tempest writes it once, with the path of the Tempest of that day.
    (folder / '.stestr.conf').unlink(missing_ok=True)
    # Tempest would append to it.
    log(lab).unlink(missing_ok=True)
    process = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / 'tempest', 'run', '--subunit',
         '--config-file', lab.state / configuration, '--regex', REGEX,
         *arguments],
        cwd=folder, stdout=output, start_new_session=True)
    try:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                check()
    finally:
        if process.poll() is None:
            # Its workers too, who would go on alone.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _ended(lab):
    """Return the results of tests in a stream that is still written."""
    return [result for result in read(stream(lab))
            if result.status != 'unknown'
            and result.test != 'subunit.parser']


def problem(found):
    """Return why a run shows nothing, or not all (str), '' if it does.

    A run that did not fail has shown something only if every planned test
    reported, and one at least was not skipped.

    :param found: list of :class:`Result`
    """
    unknown = [result.test for result in found if result.status == 'unknown']
    if unknown:
        return (f'{len(unknown)} planned tests did not report: '
                f'{", ".join(unknown)}.')
    if not found:
        return 'No test was run.'
    if all(result.status == 'skip' for result in found):
        # The same reason for many tests is one.
        reasons = dict.fromkeys(result.words for result in found)
        return f'All tests were skipped: {"; ".join(reasons)}'
    return ''


def read(path):
    """Read the results in a subunit stream.

    :param path: pathlib.Path
    :returns: list of :class:`Result`
    """
    found = cases(path)
    reported = [_result(case) for case in found
                if case['status'] not in _UNENDED]
    names = {result.test for result in reported}
    classes = {match[1] for match in map(_CLASS.fullmatch, names) if match}
    # Each worker first lists its tests.
    planned = dict.fromkeys(
        name(case) for case in found if case['status'] in _UNENDED)
    return reported + [
        Result(test, 'unknown', 0.0, 'It was planned and did not report.')
        for test in planned
        if test not in names and test.rpartition('.')[0] not in classes]


def cases(path):
    """Return what testtools makes of each test in a subunit stream.

    :param path: pathlib.Path
    :returns: list of dict; a test is also in it as planned ('exists')
    """
    found = []
    collector = testtools.StreamToDict(found.append)
    collector.startTestRun()
    with open(path, 'rb') as source:
        subunit.ByteStreamToStreamResult(
            source, non_subunit_name='output').run(collector)
    collector.stopTestRun()
    return found


def name(case):
    """Return the name of a test of :func:`cases`, without attributes."""
    return case['id'].partition('[')[0]


def seconds(case):
    """Return how long a test of :func:`cases` took (float)."""
    begin, end = case['timestamps']
    return (end - begin).total_seconds() if begin and end else 0.0


def _result(case):
    details = case['details']
    text = next((details[detail].as_text() for detail in _WORDS
                 if detail in details), '')
    lines = _message(text)
    # A gap shows all the records that it changes, others a few words.
    words = '\n'.join(lines) if case['status'] == 'xfail' else (
        textwrap.shorten(' '.join(lines), 400, placeholder=' ...',
                         break_on_hyphens=False))
    return Result(name(case), case['status'], seconds(case), words)


def _message(text):
    """Return what follows the last frame of a traceback (list of lines)."""
    lines = text.splitlines()
    frames = [number for number, line in enumerate(lines)
              if line.startswith('  File ')]
    rest = lines[frames[-1] + 1:] if frames else lines
    # First come the lines of the source, further in than the exception.
    message = itertools.dropwhile(lambda line: line.startswith('    '), rest)
    return [line.strip() for line in message if line.strip()]
