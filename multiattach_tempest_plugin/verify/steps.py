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

"""How a test went: what it asked, what it waited for, what changed."""

import collections
import datetime
import itertools
import json
import re

# What tests attach to their results: a failed one its requests, each one
# what it knows of the cloud.
REQUESTS = 'multiattach-requests'
CLOUD = 'multiattach-cloud'

_ID = r'(?:req-)?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}'
_IDS = re.compile(rf' ?\b{_ID}\b,?')
# What the plugin logs of each wait.
_WAIT = re.compile(r'Waited ([\d.]+) s for (.+)')
# What the matcher of states says of each difference.
_CHANGE = re.compile(r'(?:\S*MismatchError: )?(.+?): (.+) before, (.+) after')
_SERVICES = {'compute': 'Nova', 'identity': 'Keystone', 'network': 'Neutron',
             'image': 'Glance'}
# The paths of an API name its version first, those of Cinder a project too.
_PREFIX = re.compile(r'^.*?/v[\d.]+(/[0-9a-f]{32}(?=/))?')
_LOG_LINES = 60


def waits(result):
    """Add up what a test waited for.

    :param result: :class:`streams.Result`
    :returns: collections.Counter of seconds
    """
    found = collections.Counter()
    for text in result.details.values():
        for seconds, what in _WAIT.findall(text):
            # The same wait for another volume or server is the same.
            found[_IDS.sub('', what).strip()] += float(seconds)
    return found


def requests(result):
    """Return what a failed test asked, a row each.

    Looks one after the other are one row.

    :param result: :class:`streams.Result`
    :returns: list of dict: time, service, request, status, seconds, id
    """
    asked = _json(result.details.get(REQUESTS), [])
    rows = []
    for looks, group in itertools.groupby(
            asked, lambda each: each['method'] == 'GET'
            and each['status'] < 400):
        several = list(group)
        if looks:
            first = several[0]
            rows.append({
                'time': _clock(first['time']), 'service': '',
                'request': f'{len(several)} look'
                           f'{"s" if len(several) > 1 else ""}',
                'status': '', 'id': '',
                'seconds': round(sum(each['seconds'] for each in several),
                                 3)})
        else:
            rows.extend(map(_row, several))
    return rows


def _row(asked):
    return {'time': _clock(asked['time']),
            'service': _SERVICES.get(asked['service'], 'Cinder'),
            'request': f'{asked["method"]} {_PREFIX.sub("", asked["path"])}',
            'status': asked['status'], 'seconds': asked['seconds'],
            'id': asked['id']}


def _clock(seconds):
    when = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return when.strftime('%H:%M:%S.%f')[:-3]


def changes(result):
    """Return what differs in a state from how it was before.

    :param result: :class:`streams.Result`
    :returns: list of dict: what, before, after
    """
    found = map(_CHANGE.fullmatch,
                result.details.get('traceback', '').splitlines())
    return [dict(zip(('what', 'before', 'after'), match.groups(),
                     strict=True))
            for match in found if match]


def log(result):
    """Return the end of what a test logged (list of str), without requests.

    :param result: :class:`streams.Result`
    """
    lines = [line for name, text in result.details.items()
             if name.startswith('pythonlogging')
             for line in text.splitlines()
             if '[tempest.lib.common.rest_client]' not in line]
    return lines[-_LOG_LINES:]


def facts(results):
    """Return what tests tell of their cloud ({name: str}), if one does.

    :param results: iterable of :class:`streams.Result`
    """
    return next(filter(None, (
        _json(result.details.get(CLOUD), {})
        for result in results)), {})


def _json(text, default):
    """Read a detail, which may be missing, or have been cut off."""
    try:
        return json.loads(text or '')
    except ValueError:
        return default
