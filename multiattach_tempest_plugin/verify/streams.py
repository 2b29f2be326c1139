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

"""What became of the tests of a run, read from its subunit stream."""

import dataclasses
import datetime
import io
import itertools
import re
import textwrap

import subunit
import testtools

# What stands in a stream for what a test did not say itself.
_WORDS = ('traceback', 'reason', 'Parser Error')
# A test in these statuses was planned and has not ended.
_UNENDED = ('exists', 'inprogress')
# A class that is skipped or fails is reported once, instead of its tests.
CLASS = re.compile(r'(setUpClass|tearDownClass) \((.+)\)')
# What subunit reports where a stream breaks off.
BROKEN = 'subunit.parser'
# What version 1 makes of a test whose end is missing.
_LOST = 'lost connection during '
# Every packet of version 2 begins with it; version 1 is text.
_SIGNATURE = b'\xb3'


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one test.

    :ivar test: its name, without attributes
    :ivar status: 'success', 'fail', 'skip', 'xfail', 'uxsuccess' or, of a
        test that was planned and did not report, 'unknown'
    :ivar seconds: how long it took (float), 0 if nobody knows
    :ivar words: the failure's message or the reason of a skip (str); of an
        'xfail' all its lines
    :ivar details: {name: text} of all that the test attached
    :ivar begin: when it began (datetime), None if nobody knows
    """
    test: str
    status: str
    seconds: float
    words: str
    details: dict = dataclasses.field(
        default_factory=dict, compare=False, repr=False)
    begin: datetime.datetime | None = dataclasses.field(
        default=None, compare=False)


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
    return parse(path.read_bytes())


def parse(content):
    """Return the results in a subunit stream (list of :class:`Result`).

    :param bytes content: of version 1 or 2; it may break off anywhere
    """
    found = _cases(content)
    reported = [_result(case) for case in found
                if case['status'] not in _UNENDED]
    names = {result.test for result in reported}
    classes = {match[2] for match in map(CLASS.fullmatch, names)
               if match and match[1] == 'setUpClass'}
    # Each worker first lists its tests.
    planned = dict.fromkeys(
        _name(case) for case in found if case['status'] in _UNENDED)
    return reported + [
        Result(test, 'unknown', 0.0, 'It was planned and did not report.')
        for test in planned
        if test not in names and test.rpartition('.')[0] not in classes]


def _cases(content):
    """Return what testtools makes of each test (list of dict).

    A test is also in it as planned ('exists').
    """
    found = []
    result = testtools.StreamToDict(found.append)
    source = io.BytesIO(content)
    if content.startswith(_SIGNATURE) or not content:
        run = subunit.ByteStreamToStreamResult(
            source, non_subunit_name='output').run
    else:
        result = testtools.ExtendedToStreamDecorator(result)
        run = subunit.ProtocolTestCase(
            source, passthrough=subunit.DiscardStream()).run
    result.startTestRun()
    try:
        run(result)
    except ValueError as error:
        # A time of version 1 that breaks off.
        result.status(test_id=BROKEN, test_status='fail', eof=True,
                      file_name=_WORDS[-1], mime_type='text/plain',
                      file_bytes=str(error).encode())
    result.stopTestRun()
    return found


def _name(case):
    return case['id'].partition('[')[0]


def _seconds(case):
    begin, end = case['timestamps']
    return (end - begin).total_seconds() if begin and end else 0.0


def _result(case):
    # Not as text: half a detail has lost its type.
    details = {detail: b''.join(content.iter_bytes()).decode(errors='replace')
               for detail, content in case['details'].items()}
    text = next((details[detail] for detail in _WORDS if detail in details),
                '')
    lines = _message(text)
    # A gap shows all the records that it changes, others a few words.
    words = '\n'.join(lines) if case['status'] == 'xfail' else (
        textwrap.shorten(' '.join(lines), 1000, placeholder=' ...',
                         break_on_hyphens=False))
    if _LOST in words:
        return Result(_name(case), 'unknown', 0.0, 'It had begun, and did not '
                      'report its end.', begin=case['timestamps'][0])
    return Result(_name(case), case['status'], _seconds(case), words, details,
                  case['timestamps'][0])


def _message(text):
    """Return what follows the last frame of a traceback (list of lines)."""
    lines = text.splitlines()
    frames = [number for number, line in enumerate(lines)
              if line.startswith('  File ')]
    rest = lines[frames[-1] + 1:] if frames else lines
    # First come the lines of the source, further in than the exception.
    message = itertools.dropwhile(lambda line: line.startswith('    '), rest)
    return [line.strip() for line in message if line.strip()]
