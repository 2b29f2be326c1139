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

"""The matrix: the tests on one cloud after the other."""

import dataclasses
import datetime
from importlib import metadata
import json
import shutil
import time

from rich import box
from rich import table

from multiattach_lab import environment
from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import leftovers
from multiattach_lab import outcomes
from multiattach_lab import progress
from multiattach_lab import releases
from multiattach_lab import tempest_run
from multiattach_tempest_plugin.verify import streams


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one cloud.

    :ivar release: name of its release
    :ivar day: day of the run (YYYY-MM-DD)
    :ivar tempest: version of Tempest that ran the tests
    :ivar versions: {package: version} of the services
    :ivar passed: names of the tests that passed
    :ivar skipped: {test: reason}
    :ivar gaps: {test: words} of tests that are known to fail, and did
    :ivar failed: {test: words} of all others
    :ivar error: why the run is not complete, '' if it is
    :ivar start: seconds until the lab was ready (int)
    :ivar seconds: seconds that the tests took (int)
    :ivar kind: name of the kind of cloud
    """
    release: str
    day: str
    tempest: str
    versions: dict
    passed: list
    skipped: dict
    gaps: dict
    failed: dict
    error: str
    start: int
    seconds: int
    kind: str = kinds.DEFAULT

    @property
    def cloud(self):
        """What the cloud is called in tables and folders (str)."""
        return name(self.release, self.kind)

    @property
    def green(self):
        """Whether a test passed, none failed and the run was complete."""
        return bool(self.passed and not self.failed and not self.error)


def name(release, kind):
    """Return what a cloud is called in tables and folders (str)."""
    return release if kind == kinds.DEFAULT else f'{release}-{kind}'


def run(lab, clouds, path, database_url, arguments, configuration):
    """Run the tests on each cloud, and go on after one that fails.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param clouds: list of tuples of a release's and a kind's name
    :param path: pathlib.Path of the JSON that takes the results; those of
        other clouds stay in it
    :param database_url: SQLAlchemy URL of a server to use, or None
    :param arguments: more arguments for ``tempest run``
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :returns: exit code: 0 if every cloud is green
    :raises LabError: if no cloud can run in the folder
    """
    lab.check_free()
    console = progress.Progress().console
    rows = read(path)
    done = []
    for cloud in clouds:
        console.print(f'{name(*cloud)}, {len(done) + 1} of {len(clouds)}')
        row = _run_one(lab, *cloud, database_url, arguments, configuration)
        if not row.green:
            _print_failures(row, _copy_logs(lab, row.cloud), console)
        rows[row.cloud] = row
        done.append(row)
        write(path, rows)
    console.print(_summary(done))
    return 0 if all(row.green for row in done) else 1


def _copy_logs(lab, name):
    logs = lab.state / f'logs-{name}'
    shutil.rmtree(logs, ignore_errors=True)
    return shutil.copytree(lab.state / 'logs', logs)


def _print_failures(row, logs, console):
    for test, words in row.failed.items():
        console.print(f'    {test}: {words}', style='red', markup=False)
    if row.error:
        console.print(f'    {row.error}', style='red', markup=False)
    console.print(f'    See {logs}')


def _run_one(lab, release, kind, database_url, arguments, configuration):
    found, error = [], ''
    begin = ready = time.monotonic()
    try:
        with lab.started(release, kind, database_url) as cloud:
            ready = time.monotonic()
            before = cloud.records()
            with cloud.progress.step('tests'):
                found = tempest_run.results(
                    lab, cloud.check, arguments, configuration)
            error = streams.problem(found) or leftovers.left(
                before, cloud.records(), cloud.kind)
    except errors.LabError as problem:
        error = str(problem)
    installed = environment.installed(releases.get(release))
    return sort(release, kind, installed['versions'] if installed else {},
                found, error, ready - begin, time.monotonic() - ready)


def sort(release, kind, versions, found, error, start, seconds):
    """Sort the results of a run by what became of the tests.

    :param release: name of the release
    :param kind: name of the kind of cloud
    :param versions: {package: version}
    :param found: list of :class:`Result` of a stream
    :param error: why the run is not complete, or ''
    :param start: seconds until the lab was ready
    :param seconds: seconds that the tests took
    :returns: :class:`Row`
    """
    return Row(
        release=release, kind=kind, day=datetime.date.today().isoformat(),
        tempest=metadata.version('tempest'), versions=versions,
        **vars(outcomes.Outcomes.of(found)), error=error,
        start=round(start), seconds=round(seconds))


def _summary(rows):
    # Eighty columns hold it, as a log has no more.
    shown = table.Table('cloud', 'nova', 'cinder', 'passed', 'skipped',
                        'gaps', 'failed', 'start (s)', 'tests (s)',
                        box=box.SIMPLE, padding=0)
    for each in rows:
        shown.add_row(
            each.cloud, each.versions.get('nova', ''),
            each.versions.get('cinder', ''), str(len(each.passed)),
            str(len(each.skipped)), str(len(each.gaps)),
            'error' if each.error else str(len(each.failed)),
            str(each.start), str(each.seconds),
            style='' if each.green else 'red')
    return shown


def read(path):
    """Return the rows of earlier runs ({cloud: :class:`Row`}).

    :param path: pathlib.Path of the JSON; it need not be there
    """
    if not path.exists():
        return {}
    rows = [Row(**each) for each in json.loads(path.read_text())]
    return {row.cloud: row for row in rows}


def write(path, rows):
    """Write the rows, in the order of releases and kinds, without ids.

    :param path: pathlib.Path of the JSON
    :param rows: {cloud: :class:`Row`}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    clouds = [name(release, kind) for release in releases.RELEASES
              for kind in kinds.KINDS]
    path.write_text(json.dumps(
        [outcomes.mask(dataclasses.asdict(rows[cloud]))
         for cloud in clouds if cloud in rows], indent=1) + '\n')
