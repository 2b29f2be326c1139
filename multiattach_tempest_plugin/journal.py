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

"""What the tests of a class ask of the services, and what that created.

What was created and is not known to be deleted is in a file as long as it
is there, so that a killed worker cannot take the knowledge with it.
"""

import fcntl
import json
import os
import pathlib
from urllib import parse

import fixtures
from oslo_concurrency import lockutils
from oslo_utils import timeutils
from tempest import config
from tempest.lib.common import rest_client

CONF = config.CONF

# The last part of the path that creates a resource, and the key that the
# service puts around it.
KINDS = {
    'servers': 'server', 'snapshots': 'snapshot', 'volumes': 'volume',
    'types': 'volume_type', 'qos-specs': 'qos_specs', 'groups': 'group',
    'group_types': 'group_type', 'volume-transfers': 'transfer',
    'floatingips': 'floatingip', 'routers': 'router',
    'networks': 'network', 'security-groups': 'security_group',
    'os-keypairs': 'keypair', 'users': 'user', 'projects': 'project'}
# They are still there for a while once their deletion is accepted.
_SLOW = ('servers', 'snapshots', 'volumes', 'groups')

ASKED, CREATED, DELETING, GONE = 'asked', 'created', 'deleting', 'gone'


def folder():
    """Return where the files of all workers are (pathlib.Path)."""
    return pathlib.Path(lockutils.get_lock_path(CONF) or '.', 'multiattach')


def _now():
    return timeutils.utcnow_ts(microsecond=True)


class Journal:
    """Writes down each request of Tempest's clients while it is open.

    A line of its file is an entry as JSON; the last one with a number counts.
    The worker holds a lock on the file for as long as it lives.

    :ivar requests: what was answered (list of dict), the oldest first
    :ivar asked: number of requests, those without an answer too
    """

    def __init__(self, owner):
        """Name whose requests are written down.

        :param str owner: name of a test class
        """
        self.owner = owner
        self.requests = []
        self.asked = 0
        self._entries = []
        self._file = None

    def open(self):
        """Begin to write down what is asked."""
        ask = rest_client.RestClient.raw_request
        journal = self

        def raw_request(client, url, method, headers=None, body=None,
                        **options):
            return journal._record(
                ask, client, url, method, headers, body, **options)

        self._patch = fixtures.MonkeyPatch(
            'tempest.lib.common.rest_client.RestClient.raw_request',
            raw_request)
        self._patch.setUp()

    def close(self):
        """Stop that; remove the file if nothing is left."""
        self._patch.cleanUp()
        if self._file:
            if all(entry['state'] == GONE for entry in self._entries):
                os.unlink(self._file.name)
            self._file.close()

    def gone(self, ids):
        """Note that nobody sees resources any more.

        :param ids: UUIDs
        """
        for entry in self._entries:
            if entry['id'] in ids:
                self._write(entry, state=GONE)

    def _record(self, ask, client, url, method, headers, body, **options):
        path = parse.urlsplit(url).path.rstrip('/')
        kind = path.rpartition('/')[2]
        entry = None
        if method == 'POST' and kind in KINDS:
            entry = self._begin(kind, body, client.user)
        begin = _now()
        self.asked += 1
        response, answer = ask(
            client, url, method, headers=headers, body=body, **options)
        self.requests.append({
            'time': begin, 'seconds': round(_now() - begin, 3),
            'service': client.service or 'identity', 'method': method,
            'path': path, 'status': response.status,
            'id': response.get('x-openstack-request-id', '')})
        if entry:
            self._end(entry, response.status, answer)
        else:
            self._look(method, path, body, response.status)
        return response, answer

    def _begin(self, kind, body, user):
        asked = _resource(kind, body)
        entry = {'number': len(self._entries), 'kind': kind, 'id': '',
                 'name': asked.get('name', ''), 'user': user,
                 'owner': self.owner, 'time': _now()}
        self._entries.append(entry)
        # Before the request: the answer to it may never be read.
        self._write(entry, state=ASKED)
        return entry

    def _end(self, entry, status, answer):
        made = _resource(entry['kind'], answer)
        if status < 300:
            # A key pair has no id but its name.
            self._write(entry, state=CREATED,
                        id=made.get('id') or made.get('name', ''))
        elif status < 500:
            self._write(entry, state=GONE)
        # Otherwise it may be what is in front of the service that gave up.

    def _look(self, method, path, body, status):
        # Cinder deletes a group by an action.
        resource = path.removesuffix('/action')
        deletes = method == 'DELETE' or (
            resource != path and json.loads(body or '{}').keys() == {'delete'})
        parent, _, uuid = resource.rpartition('/')
        kind = parent.rpartition('/')[2]
        for entry in self._entries:
            if (entry['kind'], entry['id']) != (kind, uuid):
                continue
            if deletes and status < 300:
                self._write(entry, state=DELETING if kind in _SLOW else GONE)
            # To a stranger too what is there cannot be found.
            elif status == 404 and entry['state'] == DELETING:
                self._write(entry, state=GONE)

    def _write(self, entry, **changes):
        entry.update(changes)
        if self._file is None:
            folder().mkdir(parents=True, exist_ok=True)
            self._file = open(
                folder() / f'{self.owner}-{os.getpid()}.jsonl', 'a')
            fcntl.flock(self._file, fcntl.LOCK_EX)
        self._file.write(json.dumps(entry) + '\n')
        self._file.flush()


def _resource(kind, body):
    """Return what a service's JSON tells of one resource (dict)."""
    try:
        found = json.loads(body or '{}')
    except ValueError:
        return {}
    inner = found.get(KINDS[kind], {}) if isinstance(found, dict) else {}
    return inner if isinstance(inner, dict) else {}


def read(path):
    """Return what is left of a worker, and is not in use any more.

    :param path: pathlib.Path of its file
    :returns: list of entries; None while the worker lives
    """
    with open(path) as source:
        try:
            fcntl.flock(source, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        entries = {}
        for line in source:
            # The last one may have been cut off by what killed the worker.
            if line.endswith('\n'):
                entry = json.loads(line)
                entries[entry['number']] = entry
    return [entry for entry in entries.values() if entry['state'] != GONE]
