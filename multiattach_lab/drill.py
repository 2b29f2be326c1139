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

"""The drill: bugs are put into the lab, and the tests have to see them."""

import dataclasses
import json
import re
import time

from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import seed
from multiattach_lab import tempest_run

_GOOD = ('success', 'skip', 'xfail')


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one fault.

    :ivar fault: its name
    :ivar verdict: 'caught', 'missed' or 'unseen' (nothing outside shows it)
    :ivar catches: {test: words of its failure}
    :ivar everything: whether no test at all was green
    :ivar seconds: how long it took (float)
    """
    fault: str
    verdict: str
    catches: dict
    everything: bool
    seconds: float


class Drill:
    """Runs faults one after the other on one cloud."""

    def __init__(self, lab, cloud, arguments, known):
        """Prepare.

        :param lab: :class:`multiattach_lab.lab.Lab`
        :param cloud: its running :class:`multiattach_lab.cloud.Cloud`
        :param arguments: more arguments for ``tempest run``
        :param known: {fault: tests that have caught it before}
        """
        self._lab = lab
        self._cloud = cloud
        self._arguments = arguments
        self._known = known
        self._faulty = None

    def control(self):
        """Run all tests on the healthy cloud.

        :returns: list of :class:`multiattach_lab.tempest_run.Result`
        :raises LabError: if not all of them are green, or none is
        """
        self._heal()
        with self._cloud.progress.step('control run, no fault'):
            found = self._run()
        red = [result for result in found if result.status not in _GOOD]
        if red:
            raise errors.LabError(
                f'The tests are red without a fault: {red[0].test}: '
                f'{red[0].words}')
        if not any(result.status == 'success' for result in found):
            raise errors.LabError('No test has run without a fault.')
        return found

    def fault(self, name):
        """Put a fault in, run the tests.

        :param name: name of the fault
        :returns: :class:`Row`
        :raises LabError: if the service does not start with the fault
        """
        begin = time.monotonic()
        fault = faults.load(name)
        if self._faulty not in (None, fault.service):
            self._heal()
        self._restart(fault.service, name)
        catches, everything = {}, False
        known = self._known.get(name)
        if known:
            catches, _ = self._catches(known)
        if not catches:
            catches, everything = self._catches()
        if self._leftovers():
            self._cloud.stop()
            self._cloud.start()
            self._faulty = None
            self._lab.record(fault='', services=self._cloud.pids(),
                             urls=self._cloud.urls())
        verdict = ('caught' if catches else
                   'unseen' if fault.unseen else 'missed')
        return Row(name, verdict, catches, everything,
                   time.monotonic() - begin)

    def _catches(self, tests=()):
        found = self._run(tests)
        red = {result.test: result.words for result in found
               if result.status not in _GOOD}
        green = [result for result in found if result.status == 'success']
        return red, not green

    def _run(self, tests=()):
        arguments = list(self._arguments)
        if tests:
            names = '|'.join(re.escape(test.rpartition('.')[2])
                             for test in tests)
            arguments += ['--regex', rf'\.({names})(\[|$)']
        return tempest_run.results(
            self._lab, self._cloud.check, arguments)

    def _heal(self):
        if self._faulty:
            self._restart(self._faulty, '')

    def _restart(self, service, fault):
        self._cloud.restart_service(service, fault)
        self._faulty = service if fault else None
        self._lab.record(fault=fault, services=self._cloud.pids())

    def _leftovers(self):
        """Whether servers or volumes of the tests are still there (bool)."""
        admin = seed.connect(self._cloud)
        return any(admin.compute.servers(all_projects=True)) or any(
            admin.block_storage.volumes(all_projects=True))


def select(release, names=None, service=None):
    """Choose faults.

    :param release: name of the release that they have to fit
    :param names: names of faults, or None for all that fit
    :param service: 'nova', 'cinder' or None for both
    :returns: {name: :class:`multiattach_lab.faults.Fault`}, by service, so
        that a service is healed as seldom as can be
    :raises LabError: if there is no such fault, or none that fits
    """
    every = {name: faults.load(name) for name in faults.names()}
    for name in names or ():
        if name not in every:
            raise errors.LabError(
                f'There is no fault "{name}": see "drill --list".')
        if not every[name].fits(release):
            raise errors.LabError(
                f'The fault "{name}" does not fit {release}, but '
                f'{", ".join(every[name].releases)}.')
    chosen = {name: fault for name, fault in every.items()
              if fault.fits(release) and (not names or name in names)
              and service in (None, fault.service)}
    if not chosen:
        raise errors.LabError(
            f'None of these faults of {service or "any service"} fits '
            f'{release}: see "drill --list".')
    return dict(sorted(chosen.items(), key=lambda item: (
        item[1].service, item[0])))


def run(lab, cloud, chosen, output, regex, resume):
    """Drill, print and write the results.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param cloud: its running :class:`multiattach_lab.cloud.Cloud`
    :param chosen: what :func:`select` returned
    :param output: pathlib.Path of the folder for the results
    :param regex: which tests have to see the faults
    :param resume: whether results that are there count
    :returns: exit code: 0 if every fault was caught or cannot be seen
    """
    path = output / f'{cloud.release.name}.json'
    earlier = read(path)
    rows = earlier if resume else {}
    waiting = [name for name in chosen if name not in rows]
    drill = Drill(lab, cloud, ['--regex', regex], {
        name: list(row.catches) for name, row in earlier.items()})
    drill.control()
    begin = time.monotonic()
    for number, name in enumerate(waiting):
        with cloud.progress.step(f'{number + 1}/{len(waiting)} {name}'):
            rows[name] = drill.fault(name)
        left = (time.monotonic() - begin) / (number + 1) * (
            len(waiting) - number - 1)
        cloud.progress.note(_summary(rows[name], left))
        write(path, cloud.release.name, rows)
    drill.control()
    missed = [name for name in chosen if rows[name].verdict == 'missed']
    cloud.progress.note(
        f'{len(chosen) - len(missed)} of {len(chosen)} faults caught or '
        f'explained; missed: {", ".join(missed) or "none"}. See {path}.')
    return 1 if missed else 0


def _summary(row, left):
    tests = ', '.join(test.rpartition('.')[2] for test in row.catches)
    everything = ' (EVERY test is red)' if row.everything else ''
    return f'{row.verdict}{everything} {tests}; {left / 60:.0f} min left'


def read(path):
    """Return the rows of an earlier drill ({fault: :class:`Row`}).

    :param path: pathlib.Path of its JSON; it need not be there
    """
    if not path.exists():
        return {}
    return {row['fault']: Row(**row)
            for row in json.loads(path.read_text())['faults']}


def write(path, release, rows):
    """Write what is known so far, sorted by fault.

    :param path: pathlib.Path of the JSON
    :param release: name of the release
    :param rows: {fault: :class:`Row`}
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({
        'release': release,
        'faults': [dataclasses.asdict(rows[name]) for name in sorted(rows)],
    }, indent=1) + '\n')
