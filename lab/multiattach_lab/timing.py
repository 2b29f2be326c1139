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

"""Where the time of a lab's last run of tests went."""

import collections
import datetime
import re
from urllib import parse

from multiattach_lab import errors
from multiattach_lab import tempest_run
from multiattach_tempest_plugin.verify import steps
from multiattach_tempest_plugin.verify import streams

_ID = r'(req-)?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}'
# What makes the output fit on one screen.
_WAITS = 3
_KINDS = 10
# What Tempest logs of each request.
_REQUEST = re.compile(r'Request \([^)]*\): \d+ ([A-Z]+) (\S+) ([\d.]+)s')
# When it did, at the beginning of a line.
_MOMENT = re.compile(r'(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) ')
# The paths of Cinder name a project first.
_PREFIX = re.compile(r'/v[\d.]+(/ID(?=/))?')
# What waits and states ask.
_LOOK = re.compile(
    r'GET (cinder /(volumes|attachments|os-quota-sets)|nova /servers)\b')


def print_slowest(lab, number):
    """Print the slowest tests, and what each waited for.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param int number: how many
    :raises LabError: if no tests were run
    """
    path = tempest_run.stream(lab)
    if not path.exists():
        raise errors.LabError(
            f'No tests were run in {lab.state}: run some first.')
    found = sorted(streams.read(path), key=lambda result: result.seconds)
    for result in found[:-number - 1:-1]:
        print(f'{result.seconds:.1f} s  {result.test}')
        waits = steps.waits(result)
        longest = ', '.join(f'{seconds:.1f} s for {what}'
                            for what, seconds in waits.most_common(_WAITS))
        if longest:
            print(f'    {waits.total():.1f} s of waits: {longest}')


def print_requests(lab):
    """Print the most expensive kinds of requests, and the share of looks.

    :param lab: :class:`multiattach_lab.lab.Lab`; its log is made anew with
        each start
    """
    kinds = _requests(lab)
    if not kinds:
        print('\nNo request of that run is in the log.')
        return

    def total(chosen):
        times = [seconds for kind in chosen for seconds in kinds[kind]]
        return len(times), sum(times)

    number, seconds = total(kinds)
    looks, looked = total(filter(_LOOK.match, kinds))
    print(f'\n{number} requests took {seconds:.1f} s; {looks} looks took '
          f'{100 * looked / seconds:.0f} % of that.')
    by_cost = sorted(kinds, key=lambda kind: -sum(kinds[kind]))
    shown, others = by_cost[:_KINDS], by_cost[_KINDS:]
    lines = [(kind, [kind]) for kind in shown]
    if others:
        lines.append((f'{len(others)} other kinds', others))
    for title, chosen in lines:
        number, seconds = total(chosen)
        print(f'{seconds:8.1f} s {number:6}  {title}')


def span(lab):
    """Return how many requests a run made, and how long they took.

    :param lab: :class:`multiattach_lab.lab.Lab`; its log is made anew with
        each start
    :returns: tuple of their number, and of seconds (float) from the end of
        the first to that of the last; of zeros if all tests were skipped
    """
    lines = tempest_run.log(lab).read_text(errors='replace').splitlines()
    moments = [datetime.datetime.fromisoformat(_MOMENT.match(line)[1])
               for line in lines if _REQUEST.search(line)]
    if not moments:
        return 0, 0.0
    return len(moments), (moments[-1] - moments[0]).total_seconds()


def _requests(lab):
    """Return the requests' times ({method, service and path: [seconds]})."""
    kinds = collections.defaultdict(list)
    path = tempest_run.log(lab)
    if not path.exists():
        return kinds
    services = {parse.urlsplit(url).netloc: service
                for service, url in lab.facts().get('urls', {}).items()}
    with open(path, errors='replace') as log:
        for line in log:
            for method, url, seconds in _REQUEST.findall(line):
                kinds[f'{method} {_resource(url, services)}'].append(
                    float(seconds))
    return kinds


def _resource(url, services):
    parts = parse.urlsplit(url)
    path = _PREFIX.sub('', re.sub(_ID, 'ID', parts.path), count=1)
    return f'{services.get(parts.netloc, parts.netloc)} {path}'
