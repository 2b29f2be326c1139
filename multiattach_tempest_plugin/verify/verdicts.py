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

"""The verdict on each claim, and on the run as a whole."""

import dataclasses
import datetime
import json
import re

from multiattach_tempest_plugin.verify import claims
from multiattach_tempest_plugin.verify import secrets
from multiattach_tempest_plugin.verify import steps
from multiattach_tempest_plugin.verify import streams

PASS = 'pass'
FAIL = 'fail'
UNKNOWN = 'unknown'
GAP = 'known gap'
# About what Nova or Cinder of another age does.
ELSEWHERE = 'does not apply'
VERDICTS = (FAIL, UNKNOWN, PASS, GAP, ELSEWHERE)

# Options that say what the services are, and not what a tester wants.
_AGE = re.compile(
    r'\[multiattach\] (direct_swap|attachments_of_other_projects) = ')
_NOT_RUN = 'It is not in this run: it was not chosen, or the run ended early.'
_OTHERS = 'Tests that are not in the installed plugin'
# Whose tests are reported.
PACKAGE = 'multiattach_tempest_plugin.'


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one claim.

    :ivar test: name of its test
    :ivar claim: what is claimed
    :ivar steps: how that is proven (list of str)
    :ivar group: title of its group
    :ivar verdict: one of :data:`VERDICTS`
    :ivar reason: why it is not proven, '' if it is
    :ivar seconds: how long the test took (float)
    :ivar waits: {what: seconds} it waited for, the longest first
    :ivar requests: of a failure, as :func:`steps.requests` makes them
    :ivar changes: of a failure, as :func:`steps.changes` makes them
    :ivar log: of a failure (list of str)
    """
    test: str
    claim: str
    steps: list
    group: str
    verdict: str = UNKNOWN
    reason: str = _NOT_RUN
    seconds: float = 0.0
    waits: dict = dataclasses.field(default_factory=dict)
    requests: list = dataclasses.field(default_factory=list)
    changes: list = dataclasses.field(default_factory=list)
    log: list = dataclasses.field(default_factory=list)

    @property
    def name(self):
        """The class and the method (str)."""
        return '.'.join(self.test.split('.')[-2:])


@dataclasses.dataclass(frozen=True)
class Report:
    """What a run proves.

    :ivar rows: list of :class:`Row`
    :ivar problems: what went wrong beside the tests (list of str)
    :ivar broken: why the stream cannot be read to its end, '' if it can
    :ivar cloud: {name: str} as the tests saw it
    :ivar begin: ISO 8601 time of the first test (str), '' without one
    :ivar seconds: from the first test to the end of the last one
    :ivar required: names of the tests that must pass (list), None for all
    :ivar left: entries of the journal, as :func:`leftovers.read` finds them
    :ivar commands: what removes them (list of str)
    """
    rows: list
    problems: list
    broken: str
    cloud: dict
    begin: str
    seconds: float
    required: list | None = None
    left: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)

    def of(self, verdict):
        """Return the rows with a verdict (list)."""
        return [row for row in self.rows if row.verdict == verdict]

    @property
    def groups(self):
        """The rows of each group ({title: list}), in the groups' order.

        What needs a reader comes first: failures, then what is unknown.
        """
        found = {}
        for row in self.rows:
            found.setdefault(row.group, []).append(row)
        for rows in found.values():
            rows.sort(key=lambda row: VERDICTS.index(row.verdict))
        return found

    @property
    def missing(self):
        """The rows that must be proven, did not fail, and are not (list)."""
        if self.required is None:
            return self.of(UNKNOWN)
        return [row for row in self.rows if row.test in self.required
                and row.verdict not in (PASS, FAIL)]

    @property
    def code(self):
        """The exit code: 0 all proven, 1 a failure, 2 anything unknown."""
        if self.of(FAIL) or self.problems:
            return 1
        return 2 if self.missing or self.broken or not self.of(PASS) else 0

    @property
    def verdict(self):
        """The whole run in a word: PASS, FAIL or UNKNOWN."""
        return {0: PASS, 1: FAIL, 2: UNKNOWN}[self.code]

    @property
    def sentence(self):
        """The whole run in a line (str)."""
        failed, total = len(self.of(FAIL)), len(self.rows)
        if failed:
            head = f'FAILED: {_claims(failed, "does", "do")} not hold'
        elif self.problems:
            head = 'FAILED: a class could not be set up or cleaned up'
        elif not self.of(PASS):
            head = 'UNKNOWN: this run proves nothing'
        elif self.code:
            missing = _claims(len(self.missing), 'is', 'are')
            head = (f'UNKNOWN: {missing} not proven'
                    if self.missing else 'UNKNOWN: the results break off')
        else:
            head = ('PROVEN: all that is required' if
                    self.required is not None else
                    'PROVEN: all that applies to this cloud')
        counts = ', '.join(f'{len(self.of(each))} {word}' for each, word in (
            (PASS, 'proven'), (FAIL, 'failed'), (UNKNOWN, 'unknown'),
            (GAP, 'known gaps'), (ELSEWHERE, 'not for this cloud'))
            if self.of(each))
        return f'{head}. Of {total} claims: {counts}.'


def _claims(number, one, many):
    """Begin a sentence about so many claims (str).

    :param str one: its verb if it is one claim
    :param str many: its verb otherwise
    """
    return f'1 claim {one}' if number == 1 else f'{number} claims {many}'


def judge(results, plan, required=None, left=(), commands=()):
    """Judge each claim by the results of a run, and hide secrets.

    :param results: list of :class:`streams.Result`
    :param plan: list of :class:`claims.Claim` that could have been proven
    :param required: regular expressions of tests that must pass; None for
        all that apply
    :param left: as for :class:`Report`
    :param commands: as for :class:`Report`
    :returns: :class:`Report`
    """
    ours = [result for result in results if PACKAGE in result.test]
    by_test = {result.test: result for result in ours}
    rows = [_row(claim, by_test) for claim in plan]
    known = {claim.test for claim in plan}
    rows += [_row(claims.Claim(result.test, result.test, [], _OTHERS),
                  by_test)
             for result in ours if result.test not in known
             and not streams.CLASS.fullmatch(result.test)]
    timed = [result for result in ours if result.begin]
    begin = min((result.begin for result in timed), default=None)
    end = max((result.begin + datetime.timedelta(seconds=result.seconds)
               for result in timed), default=None)
    report = Report(
        rows=rows,
        problems=[f'{result.test}: {result.words}' for result in ours
                  if streams.CLASS.fullmatch(result.test)
                  and result.status == 'fail'],
        broken=next((result.words for result in results
                     if result.test == streams.BROKEN), ''),
        cloud=steps.facts(ours),
        begin=begin.isoformat(timespec='seconds') if begin else '',
        seconds=round((end - begin).total_seconds(), 1) if begin else 0.0,
        required=None if required is None else [
            row.test for row in rows
            if any(re.search(each, row.test) for each in required)],
        left=list(left), commands=list(commands))
    return load(secrets.mask(dataclasses.asdict(report)))


def load(content):
    """Return the :class:`Report` of what JSON holds of one (dict)."""
    return Report(**{**content, 'rows': [Row(**row)
                                         for row in content['rows']]})


def dump(report):
    """Return a report as JSON (str)."""
    return json.dumps(
        {'verdict': report.verdict, 'sentence': report.sentence,
         **dataclasses.asdict(report)}, indent=1) + '\n'


def _row(claim, by_test):
    row = Row(**vars(claim))
    result = by_test.get(claim.test)
    if not result:
        kind = claim.test.rpartition('.')[0]
        result = by_test.get(f'setUpClass ({kind})')
        if not result:
            return row
        if result.status == 'fail':
            return dataclasses.replace(
                row, reason=f'Its class could not be set up: {result.words}')
    row = dataclasses.replace(
        row, verdict=_verdict(claim, result), seconds=result.seconds,
        reason='' if result.status == 'success' else result.words,
        waits={what: round(seconds, 1) for what, seconds
               in steps.waits(result).most_common()})
    if row.verdict != FAIL:
        return row
    return dataclasses.replace(
        row, requests=steps.requests(result), changes=steps.changes(result),
        log=steps.log(result))


def _verdict(claim, result):
    if result.status == 'success':
        return PASS
    if result.status == 'xfail':
        return GAP
    if result.status == 'skip':
        if claim.group == claims.GAPS:
            return GAP
        return ELSEWHERE if _AGE.search(result.words) else UNKNOWN
    return UNKNOWN if result.status == 'unknown' else FAIL
