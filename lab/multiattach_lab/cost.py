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

"""Measure what tests cost: ours beside upstream's, and with more servers."""

import configparser
import dataclasses
import datetime
from importlib import metadata
import json
import os

from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import outcomes
from multiattach_lab import progress
from multiattach_lab import tempest_run
from multiattach_lab import timing

TEMPEST, CINDER, OURS = 'Tempest', 'cinder-tempest-plugin', 'this plugin'
# What is tested, by whom, and which tests these are; first those that are
# missing where a package is.
SUBJECTS = (
    ('Share', CINDER,
     # The others log in to guests, whatever tempest.conf says.
     r'^cinder_tempest_plugin\.scenario\.test_volume_multiattach\.'
     r'\w+\.test_volume_multiattach_same_host_negative\['),
    ('Share', OURS,
     rf'{tempest_run.REGEX}\.tests\.scenario\.test_shared_volume\.'),
    ('Swap', TEMPEST, r'^tempest\.api\.compute\.admin\.test_volume_swap\.'),
    ('Swap', OURS, rf'{tempest_run.REGEX}\.tests\.api\.test_swap_negative\.'),
    ('Retype', TEMPEST,
     r'^tempest\.api\.volume\.admin\.test_volume_retype\.'),
    ('Retype', OURS,
     rf'{tempest_run.REGEX}\.tests\.api\.test_retype_negative\.'),
)
# What is measured with each number of servers.
SERVERS = (2, 3, 5, 10)
GROWING = (
    ('Refused swap', rf'{tempest_run.REGEX}\.tests\.api\.test_swap_negative\.'
                     r'\w+\.test_swap_of_shared_volume_is_refused\['),
    ('Safe flow', rf'{tempest_run.REGEX}\.tests\.scenario\.test_safe_flow\.'
                  r'SafeFlowTest\.test_shared_volume_migrates\['),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """What some tests cost, with one worker.

    :ivar subject: what they test
    :ivar whose: who maintains them
    :ivar servers: how many servers share a volume, where we say it
    :ivar passed: how many passed, known gaps that failed as expected too
    :ivar skipped: how many were skipped
    :ivar failed: {test: words} of all others
    :ivar seconds: from the first request to the last, those of fixtures too
        (float)
    :ivar requests: how many they made
    :ivar release: name of the release
    :ivar day: day of the run (YYYY-MM-DD)
    :ivar tempest: version of Tempest
    :ivar cores: how many the machine has
    """
    subject: str
    whose: str
    servers: int
    passed: int
    skipped: int
    failed: dict
    seconds: float
    requests: int
    release: str
    day: str
    tempest: str
    cores: int

    @property
    def ran(self):
        """How many were not skipped (int)."""
        return self.passed + len(self.failed)


def run(lab, release, path, configuration):
    """Run the tests, and write what they cost.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param release: name of a release
    :param path: pathlib.Path of the JSON; overwritten
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :returns: exit code: 0 if no test of ours failed
    :raises LabError: if tests are missing, the lab does not start, or one of
        its services ends
    """
    rows = []
    with lab.started(release, kinds.DEFAULT) as cloud:
        for subject, whose, regex in SUBJECTS:
            rows.append(_measure(lab, cloud, subject, whose, regex,
                                 SERVERS[0], configuration))
        for servers in SERVERS:
            name = _with_servers(lab, configuration, servers)
            for subject, regex in GROWING:
                rows.append(_measure(
                    lab, cloud, subject, OURS, regex, servers, name))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(
        [outcomes.mask(dataclasses.asdict(row)) for row in rows],
        indent=1) + '\n')
    return int(any(row.failed for row in rows if row.whose == OURS))


def _measure(lab, cloud, subject, whose, regex, servers, configuration):
    found = tempest_run.results(
        lab, cloud.check, ['--concurrency', '1', '--regex', regex],
        configuration)
    if not found:
        raise errors.LabError(
            f'There are no tests of {whose} that match {regex}: install what '
            'has them, as "tox -e cost" does.')
    sorted_ = outcomes.Outcomes.of(found)
    requests, seconds = timing.span(lab)
    row = Row(subject, whose, servers,
              len(sorted_.passed) + len(sorted_.gaps), len(sorted_.skipped),
              sorted_.failed, seconds, requests, cloud.release.name,
              datetime.date.today().isoformat(), metadata.version('tempest'),
              os.cpu_count())
    progress.Progress().note(
        f'{subject}, {whose}, {servers} servers: {row.passed} passed, '
        f'{len(row.failed)} failed; {seconds:.0f} s, {requests} requests')
    return row


def _with_servers(lab, configuration, servers):
    """Write a configuration with another number; return its name (str)."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(lab.state / configuration)
    parser['multiattach']['servers'] = str(servers)
    name = f'tempest-{servers}-servers.conf'
    with open(lab.state / name, 'w') as file:
        parser.write(file)
    return name


def read(path):
    """Return earlier results (list of :class:`Row`).

    :param path: pathlib.Path of the JSON
    :raises LabError: if it is something else
    """
    try:
        return [Row(**each) for each in json.loads(path.read_text())]
    except (TypeError, ValueError):
        raise errors.LabError(
            f'{path} has no results of "cost": name another file with '
            '--output.') from None
