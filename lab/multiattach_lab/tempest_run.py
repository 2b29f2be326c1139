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

"""Run Tempest on a lab."""

import collections
import dataclasses
import itertools
import os
import pathlib
import re
import signal
import subprocess
import sys
import textwrap

from stestr.repository import abstract
from stestr.repository import file
import subunit
import testtools

from multiattach_lab import errors

REGEX = '^multiattach_tempest_plugin'
# Where a stream says why; the last where it is cut off itself.
_WORDS = ('traceback', 'reason', 'Parser Error')
# What the plugin logs of each wait.
_WAIT = re.compile(r'Waited ([\d.]+) s for (.+)')
_IDS = re.compile(r' ?\b(req-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12},?')


class _Enough(Exception):
    """What the tests have shown so far is all that was asked."""


def run(lab, check, arguments, configuration='tempest.conf', output=None):
    """Run tests.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param check: called about every second; what it raises ends the tests,
        such as LabError when a service of the lab has ended
    :param arguments: more arguments for ``tempest run``
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :param output: open file that takes what Tempest prints; None: everybody
        sees it
    :returns: exit code of ``tempest run``
    """
    folder = _folder(lab)
    folder.mkdir(exist_ok=True)
    # Tempest writes it once, with the path of the Tempest of that day.
    (folder / '.stestr.conf').unlink(missing_ok=True)
    process = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / 'tempest', 'run',
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


def _folder(lab):
    return lab.state / 'tempest'


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one test.

    :ivar test: its name, without attributes
    :ivar status: 'success', 'fail', 'skip', 'xfail', 'uxsuccess' or, of a
        test whose process ended before it did, 'inprogress'
    :ivar seconds: how long it took (float), 0 if nobody knows
    :ivar words: the failure's message or the reason of a skip (str); of an
        'xfail' all its lines
    """
    test: str
    status: str
    seconds: float
    words: str


def results(lab, check, arguments, configuration='tempest.conf',
            enough=lambda _found: False):
    """Run tests quietly.

    :param lab: as for :func:`run`
    :param check: as for :func:`run`
    :param arguments: as for :func:`run`
    :param configuration: as for :func:`run`
    :param enough: called with the tests that have ended so far (list of
        :class:`Result`); whether the others need not run
    :returns: list of :class:`Result`
    """
    stream = lab.state / 'tempest.subunit'

    def watch():
        check()
        if enough(_ended(stream)):
            raise _Enough

    with open(stream, 'wb') as output:
        try:
            run(lab, watch, ['--subunit', *arguments], configuration, output)
        except _Enough:
            return _ended(stream)
    return read(stream)


def _ended(stream):
    """Return the results of tests in a stream that is still written."""
    return [result for result in read(stream)
            if result.status != 'inprogress'
            and result.test != 'subunit.parser']


def read(stream):
    """Read the results in a subunit stream.

    :param stream: pathlib.Path
    :returns: list of :class:`Result`
    """
    with open(stream, 'rb') as source:
        return [_result(case) for case in _cases(source)]


def _cases(source):
    """Return what testtools makes of each test in a subunit stream."""
    found = []
    collector = testtools.StreamToDict(found.append)
    collector.startTestRun()
    subunit.ByteStreamToStreamResult(
        source, non_subunit_name='output').run(collector)
    collector.stopTestRun()
    return [case for case in found if case['status'] != 'exists']


def _name(case):
    return case['id'].partition('[')[0]


def _seconds(case):
    begin, end = case['timestamps']
    return (end - begin).total_seconds() if begin and end else 0.0


def _result(case):
    details = case['details']
    text = next((details[name].as_text() for name in _WORDS
                 if name in details), '')
    lines = _message(text)
    # A gap is told by all the records that it changes, others in short.
    words = '\n'.join(lines) if case['status'] == 'xfail' else (
        textwrap.shorten(' '.join(lines), 400, placeholder=' ...',
                         break_on_hyphens=False))
    return Result(_name(case), case['status'], _seconds(case), words)


def _message(text):
    """Return what follows the last frame of a traceback (list of lines)."""
    lines = text.splitlines()
    frames = [number for number, line in enumerate(lines)
              if line.startswith('  File ')]
    rest = lines[frames[-1] + 1:] if frames else lines
    # First come the lines of the source, further in than the exception.
    message = itertools.dropwhile(lambda line: line.startswith('    '), rest)
    return [line.strip() for line in message if line.strip()]


def slowest(lab, number):
    """Find the slowest tests of the last run.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param int number: how many to find
    :returns: list of (test, seconds, {what it waited for: seconds}), the
        slowest first, and of its waits the longest
    :raises LabError: if no tests were run
    """
    try:
        last = file.RepositoryFactory().open(
            str(_folder(lab))).get_latest_run()
    except (abstract.RepositoryNotFound, KeyError):
        raise errors.LabError(
            f'No tests were run in {lab.state}: run some first.') from None
    cases = sorted(_cases(last.get_subunit_stream()), key=_seconds)
    return [(_name(case), _seconds(case), _waits(case))
            for case in cases[:-number - 1:-1]]


def _waits(case):
    waits = collections.Counter()
    for detail in case['details'].values():
        for seconds, what in _WAIT.findall(detail.as_text()):
            # The same wait for another volume or server is the same.
            waits[_IDS.sub('', what).strip()] += float(seconds)
    return dict(waits.most_common())
