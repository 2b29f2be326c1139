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

"""The same tests many times over: false alarms, what is left, time."""

import contextlib
import dataclasses
import datetime
from importlib import metadata
import json
import os
import sys
import time

from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import leftovers
from multiattach_lab import outcomes
from multiattach_lab import processes
from multiattach_lab import progress
from multiattach_lab import tempest_run
from multiattach_tempest_plugin.verify import streams

NEGATIVE = rf'{tempest_run.REGEX}\.tests\.api\.test_\w+_negative\.'


@dataclasses.dataclass(frozen=True)
class Condition:
    """What the tests have to bear.

    :ivar kind: name of the kind of cloud
    :ivar busy: whether something else keeps each core busy
    """
    kind: str = kinds.DEFAULT
    busy: bool = False


CONDITIONS = {'quiet': Condition(), 'busy': Condition(busy=True),
              'slow': Condition(kind='slow')}


@dataclasses.dataclass
class Row:
    """What became of the same tests, run again and again.

    :ivar condition: name of one of :data:`CONDITIONS`
    :ivar tests: 'negative' or 'all'
    :ivar release: name of the release
    :ivar day: day of the last run (YYYY-MM-DD)
    :ivar tempest: version of Tempest
    :ivar cores: how many the machine has
    :ivar seconds: how long each run took (list of int)
    :ivar load: how many processes wanted a core, on average over the minute
        before the end of each run (list of int); all there are, not ours alone
    :ivar passed: how many tests passed in each run (list of int)
    :ivar alarms: [number of the run, test, words] of what failed, as nothing
        is wrong with the cloud
    :ivar left: [number of the run, words] of what tests left behind
    """
    condition: str
    tests: str
    release: str
    day: str
    tempest: str
    cores: int
    seconds: list = dataclasses.field(default_factory=list)
    load: list = dataclasses.field(default_factory=list)
    passed: list = dataclasses.field(default_factory=list)
    alarms: list = dataclasses.field(default_factory=list)
    left: list = dataclasses.field(default_factory=list)

    def continues(self, earlier):
        """Whether the same tests ran on the same before (bool).

        :param earlier: :class:`Row`, or None
        """
        return earlier is not None and (
            (self.release, self.tempest, self.cores)
            == (earlier.release, earlier.tempest, earlier.cores))

    def add(self, seconds, found, left):
        """Add a run.

        :param float seconds: how long it took
        :param found: list of :class:`multiattach_lab.streams.Result`
        :param str left: what is left behind, or ''
        """
        sorted_ = outcomes.Outcomes.of(found)
        self.seconds.append(round(seconds))
        self.load.append(round(os.getloadavg()[0]))
        self.passed.append(len(sorted_.passed))
        number = len(self.seconds)
        failed = sorted_.failed or (
            {'': problem} if (problem := streams.problem(found)) else {})
        self.alarms += [[number, test, words]
                        for test, words in failed.items()]
        if left:
            self.left.append([number, left])


def run(lab, release, conditions, runs, path, configuration, add):
    """Run tests again and again, and write what became of them.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param release: name of a release
    :param conditions: names of :data:`CONDITIONS`
    :param runs: {'negative': how often, 'all': how often}
    :param path: pathlib.Path of the JSON; other rows stay in it
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :param add: whether to add to the runs that are there, if release, Tempest
        and cores are the same
    :returns: exit code: 0 without a false alarm, and nothing left behind
    :raises LabError: if the lab does not start, or one of its services ends
    """
    code = 0
    rows = read(path)
    for name in conditions:
        condition = CONDITIONS[name]
        with lab.started(release, condition.kind) as cloud, _load(
                lab, os.cpu_count() if condition.busy else 0):
            for tests, number in runs.items():
                row = Row(name, tests, release,
                          datetime.date.today().isoformat(),
                          metadata.version('tempest'), os.cpu_count())
                earlier = rows.get((name, tests))
                if add and row.continues(earlier):
                    row = dataclasses.replace(earlier, day=row.day)
                for _ in range(number):
                    _run_once(lab, cloud, row, configuration)
                    rows[name, tests] = row
                    write(path, rows)
                code |= bool(row.alarms or row.left)
    return int(code)


def _run_once(lab, cloud, row, configuration):
    regex = NEGATIVE if row.tests == 'negative' else tempest_run.REGEX
    before = cloud.records()
    begin = time.monotonic()
    found = tempest_run.results(
        lab, cloud.check, ['--regex', regex], configuration)
    seconds = time.monotonic() - begin
    row.add(seconds, found, leftovers.left(
        before, cloud.records(), cloud.kind))
    progress.Progress().note(
        f'{row.condition}, {row.tests}, run {len(row.seconds)}: {seconds:.0f} '
        f's, {row.passed[-1]} passed; {len(row.alarms)} false alarms, '
        f'{len(row.left)} runs that left something, so far')


@contextlib.contextmanager
def _load(lab, cores):
    """Keep so many cores busy for as long as the context lasts."""
    started = [processes.start(
        [sys.executable, '-c', 'while True: pass'],
        lab.state / 'logs' / f'load-{number}.log', {})
        for number in range(cores)]
    try:
        yield
    finally:
        for process in started:
            processes.kill(process)


def read(path):
    """Return earlier results ({(condition, tests): :class:`Row`}).

    :param path: pathlib.Path of the JSON; it need not be there
    :raises LabError: if it is something else
    """
    if not path.exists():
        return {}
    try:
        rows = [Row(**each) for each in json.loads(path.read_text())]
    except (TypeError, ValueError):
        raise errors.LabError(
            f'{path} has no results of "stability": name another file with '
            '--output.') from None
    return {(row.condition, row.tests): row for row in rows}


def write(path, rows):
    """Write results, without ids.

    :param path: pathlib.Path of the JSON
    :param rows: {(condition, tests): :class:`Row`}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(
        [outcomes.mask(dataclasses.asdict(row)) for row in rows.values()],
        indent=1) + '\n')
