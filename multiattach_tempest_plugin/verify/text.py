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

"""A report as text, for a terminal or a log."""

import collections
import datetime
import textwrap

from multiattach_tempest_plugin.verify import repeats
from multiattach_tempest_plugin.verify import verdicts

_WIDTH = 79
_MARKS = {verdicts.FAIL: 'FAIL', verdicts.UNKNOWN: '?', verdicts.PASS: 'ok',
          verdicts.GAP: 'gap', verdicts.ELSEWHERE: '-'}
_LONGEST = 3


def render(report, changes=None):
    """Return a report as lines of text (str).

    :param report: :class:`verdicts.Report`
    :param changes: what :func:`comparing.changes` returned, or None
    """
    sections = [
        ('', [report.sentence]),
        ('Cloud', _facts(report)),
        *((f'{title} ({sum(row.verdict == verdicts.PASS for row in rows)} '
           f'of {len(rows)} proven)',
           [line for row in rows for line in _claim(row)])
          for title, rows in report.groups.items()),
        ('Failures', _failures(report)),
        ('Not proven, and what would prove it', _unproven(report)),
        ('Left behind', _left(report)),
        ('What changed', changes or []),
        ('Where the waiting went', _waits(report)),
        ('How to repeat it', repeats.commands(report)),
    ]
    return '\n'.join(
        '\n'.join([*([title, '-' * len(title)] if title else []), *lines, ''])
        for title, lines in sections if lines)


def _facts(report):
    lines = [f'{name}: {value}' for name, value in report.cloud.items()]
    if report.begin:
        lines.append(f'run: {report.begin}, {report.seconds:.0f} s')
    return [wrapped for line in lines for wrapped in _wrap(line, '  ')]


def _claim(row):
    head = f'{_MARKS[row.verdict]:>4}  {row.seconds:6.1f} s  '
    return _wrap(row.claim, head, ' ' * len(head))


def _failures(report):
    problems = list(report.problems)
    if report.broken:
        problems.append(f'The results break off: {report.broken}')
    lines = [line for each in problems for line in _wrap(each, '* ', '  ')]
    for row in report.of(verdicts.FAIL):
        lines += [*_wrap(row.claim, '* ', '  '), f'  {row.test}',
                  *_wrap(row.reason, '  ')]
        for change in row.changes:
            lines += [f'  changed  {change["what"]}',
                      *_wrap(change['before'], '    before  ', ' ' * 12),
                      *_wrap(change['after'], '    after   ', ' ' * 12)]
        lines += [
            f'  {each["time"]}  {each["seconds"]:6.2f} s  '
            f'{each["status"] or "":>3}  {each["service"]} {each["request"]} '
            f'{each["id"]}'.rstrip() for each in row.requests]
    return lines


def _unproven(report):
    by_reason = collections.defaultdict(list)
    for row in report.of(verdicts.UNKNOWN):
        by_reason[row.reason].append(row.name)
    return [line for reason, names in by_reason.items() for line in (
        *_wrap(reason, '* ', '  '),
        *(f'    {name}' for name in names))]


def _left(report):
    lines = []
    for entry in report.left:
        when = datetime.datetime.fromtimestamp(
            entry['time'], datetime.UTC).isoformat(timespec='seconds')
        lines.append(f'  {entry["kind"]} {entry["id"] or "(id unknown)"} '
                     f'{entry["name"]}, {entry["state"]} {when}')
    if report.commands:
        lines += ['  An administrator removes that, and nothing else, with:',
                  *report.commands]
    return lines


def _waits(report):
    total = collections.Counter()
    for row in report.rows:
        total.update(row.waits)
    return [f'  {seconds:7.1f} s  {what}'
            for what, seconds in total.most_common(_LONGEST)]


def _wrap(text, first, later=None):
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, break_long_words=False,
        subsequent_indent=first if later is None else later,
        break_on_hyphens=False)
