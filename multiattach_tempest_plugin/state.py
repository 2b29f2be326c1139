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

"""What Nova and Cinder say about volumes and servers at one moment."""

import dataclasses
from urllib import parse

from oslo_serialization import jsonutils
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common import rest_client
from tempest.lib import exceptions as lib_exc
from tempest.lib.services.volume.v3 import attachments_client
from testtools import matchers

# The first that shows attachment_id and bdm_uuid of an attachment.
NOVA_ATTACHMENT_MICROVERSION = '2.89'
# The first with /attachments; later ones filter a list in the ways only that
# the cloud's configuration names.
CINDER_ATTACHMENT_MICROVERSION = '3.27'
# The first that chooses the mode of a new attachment.
CINDER_ATTACHMENT_MODE_MICROVERSION = '3.54'


class AttachmentsClient(attachments_client.AttachmentsClient):
    """Asks for attachments, and keeps the way to their storage out of logs."""

    @classmethod
    def of(cls, user):
        """Make the client of a user.

        :param user: client manager
        """
        return cls(user.auth_provider,
                   **config.service_client_config('volume'))

    def request(self, method, *args, **kwargs):
        """Send a request with a microversion that has what it asks for."""
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=(
                    CINDER_ATTACHMENT_MODE_MICROVERSION if method == 'POST'
                    else CINDER_ATTACHMENT_MICROVERSION)):
            return super().request(method, *args, **kwargs)

    def create_attachment(self, volume_id, server_id, **options):
        """Reserve a volume for a server, which Nova is not told of.

        :param str volume_id: UUID of the volume
        :param str server_id: UUID of the server; it need not exist
        :param options: mode, as 'ro' for reading only
        :returns: response body with the key 'attachment'
        """
        resp, body = self.post('attachments', jsonutils.dumps(
            {'attachment': {'volume_uuid': volume_id,
                            'instance_uuid': server_id, **options}}))
        self.expected_success(200, resp.status)
        return rest_client.ResponseBody(resp, jsonutils.loads(body))

    def complete_attachment(self, attachment_id):
        """Make a reserved attachment one in use.

        :param str attachment_id: UUID of the attachment
        """
        resp, _body = self.post(f'attachments/{attachment_id}/action',
                                jsonutils.dumps({'os-complete': {}}))
        self.expected_success(204, resp.status)

    def list_attachments(self, **filters):
        """List attachments of the project, the reserved ones too.

        :param filters: what they must have, as volume_id
        :returns: response body with the key 'attachments'
        """
        resp, body = self.get(
            'attachments/detail?' + parse.urlencode(filters))
        self.expected_success(200, resp.status)
        return rest_client.ResponseBody(resp, jsonutils.loads(body))

    def _log_request_full(self, resp, req_headers=None, req_body=None,
                          resp_body=None, extra=None):
        # connection_info holds secrets on some backends.
        super()._log_request_full(
            resp, req_headers, req_body, '<omitted>', extra)


@dataclasses.dataclass(frozen=True)
class CinderAttachment:
    """An attachment as Cinder has it; a reserved one has no device."""

    id: str
    server_id: str | None
    mode: str | None
    status: str
    device: str | None


@dataclasses.dataclass(frozen=True)
class NovaAttachment:
    """An attachment as Nova has it, at microversion 2.89."""

    attachment_id: str
    bdm_uuid: str
    device: str
    tag: str | None
    delete_on_termination: bool

    @classmethod
    def from_api(cls, body):
        """Read an entry of GET /servers/{id}/os-volume_attachments."""
        return cls(attachment_id=body['attachment_id'],
                   bdm_uuid=body['bdm_uuid'],
                   device=body['device'],
                   tag=body['tag'],
                   delete_on_termination=body['delete_on_termination'])


@dataclasses.dataclass(frozen=True)
class Volume:
    """A volume as Cinder shows it to an administrator; size in GiB."""

    id: str
    name: str
    status: str
    size: int
    volume_type: str
    multiattach: bool
    bootable: str
    metadata: dict
    description: str | None
    host: str
    name_id: str | None
    migration_status: str | None
    attachments: dict

    @classmethod
    def from_api(cls, volume, attachments):
        """Read an entry of GET /volumes/detail, and GET /attachments/detail.

        :param dict volume: the volume, as an administrator gets it
        :param list attachments: its attachments, and those of others
        """
        devices = {entry['attachment_id']: entry['device']
                   for entry in volume['attachments']}
        return cls(
            id=volume['id'],
            name=volume['name'],
            status=volume['status'],
            size=volume['size'],
            volume_type=volume['volume_type'],
            multiattach=volume['multiattach'],
            bootable=volume['bootable'],
            metadata=volume['metadata'],
            description=volume['description'],
            host=volume['os-vol-host-attr:host'],
            name_id=volume['os-vol-mig-status-attr:name_id'],
            migration_status=volume['migration_status'],
            attachments={
                entry['id']: CinderAttachment(
                    id=entry['id'],
                    server_id=entry['instance'],
                    mode=entry['attach_mode'],
                    status=entry['status'],
                    device=devices.get(entry['id']))
                for entry in attachments
                if entry['volume_id'] == volume['id']})


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """A snapshot of a volume as Cinder shows it."""

    id: str
    status: str


@dataclasses.dataclass(frozen=True)
class Server:
    """A server as Nova shows it."""

    id: str
    status: str
    task_state: str | None
    fault: str | None

    @classmethod
    def from_api(cls, server):
        """Read an entry of GET /servers/detail."""
        return cls(id=server['id'],
                   status=server['status'],
                   task_state=server['OS-EXT-STS:task_state'],
                   fault=server.get('fault', {}).get('message'))


@dataclasses.dataclass(frozen=True)
class State:
    """What the services say; all of it, or what one wait looks at.

    ``actions`` has, for each server, what was done to it, and
    ``nova_attachments`` its volumes; ``temporary_volumes`` has, for each
    volume, what its migration made.
    """

    volumes: dict = dataclasses.field(default_factory=dict)
    servers: dict = dataclasses.field(default_factory=dict)
    actions: dict = dataclasses.field(default_factory=dict)
    nova_attachments: dict = dataclasses.field(default_factory=dict)
    temporary_volumes: dict = dataclasses.field(default_factory=dict)
    quota_usage: dict = dataclasses.field(default_factory=dict)

    def with_volume(self, volume_id, **changes):
        """Copy the state, with other values in one volume.

        :param str volume_id: UUID of the volume
        :param changes: fields of :class:`Volume`
        :returns: :class:`State`
        """
        changed = dataclasses.replace(self.volumes[volume_id], **changes)
        return dataclasses.replace(
            self, volumes={**self.volumes, volume_id: changed})

    def __str__(self):
        return '\n'.join(_lines(dataclasses.asdict(self)))


def temporary_volumes(volumes, volume_id):
    """Find what a migration of a volume made and has not removed yet.

    Cinder copies to a volume whose migration_status names the original; when
    both have changed places, the old one is described as the source.

    :param list volumes: of GET /volumes/detail, as an administrator
    :param str volume_id: UUID of the volume that moved
    :returns: dict of volume id to status
    """
    return {volume['id']: volume['status'] for volume in volumes
            if volume['migration_status'] == f'target:{volume_id}'
            or volume['description'] == f'migration src for {volume_id}'}


def quota_usage(quota_set):
    """Keep what counts volumes, in total and for each volume type in use.

    What counts their snapshots is kept too.
    Types without usage are left out: others make and delete volume types
    at any time, and each of them shows up in every project.

    :param dict quota_set: of GET /os-quota-sets/{project}?usage=True
    :returns: dict of quota name to the number or GiB in use and reserved
    """
    return {name: {'in_use': usage['in_use'], 'reserved': usage['reserved']}
            for name, usage in quota_set.items()
            if name.startswith(('volumes', 'gigabytes', 'snapshots'))
            and (usage['in_use'] or usage['reserved'])}


def counted(usage, volume, number):
    """Count a volume more, or less, in quota usage.

    :param dict usage: as :func:`quota_usage` makes it
    :param Volume volume: with the type and the size to count
    :param int number: 1 or -1
    :returns: dict of the same form
    """
    result = dict(usage)
    for name, amount in (('volumes', number),
                         ('gigabytes', number * volume.size)):
        for key in (name, f'{name}_{volume.volume_type}'):
            old = usage.get(key, {'in_use': 0, 'reserved': 0})
            result[key] = {**old, 'in_use': old['in_use'] + amount}
    return {key: entry for key, entry in result.items()
            if entry['in_use'] or entry['reserved']}


def _by_id(kind, ids, entries):
    found = {entry['id']: entry for entry in entries}
    for missing in set(ids) - found.keys():
        raise lib_exc.NotFound(f'There is no {kind} {missing}')
    return found


class Observer:
    """Looks at Nova and Cinder, and changes nothing."""

    def __init__(self, owner, admin):
        """Take the clients to look with.

        :param owner: client manager of the project with the volumes
        :param admin: client manager of an administrator
        """
        self.servers_client = owner.servers_client
        self.attachments_client = AttachmentsClient.of(owner)
        self.snapshots_client = owner.snapshots_client_latest
        self.volumes_client = admin.volumes_client_latest
        self.quotas_client = admin.volume_quotas_client_latest
        self.project_id = owner.credentials.project_id

    def volume(self, volume_id):
        """Show a volume and its attachments.

        :returns: :class:`Volume`
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return self.records([volume_id]).volumes[volume_id]

    def snapshot(self, snapshot_id):
        """Show a snapshot.

        :returns: :class:`Snapshot`
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        snapshot = self.snapshots_client.show_snapshot(
            snapshot_id)['snapshot']
        return Snapshot(id=snapshot['id'], status=snapshot['status'])

    def server(self, server_id):
        """Show a server.

        :returns: :class:`Server`
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return self.servers([server_id])[server_id]

    def servers(self, server_ids):
        """Show servers.

        Asks for all servers at once, which is as fast as to ask for one.

        :returns: dict of server id to :class:`Server`
        :raises tempest.lib.exceptions.NotFound: if one is gone
        """
        found = _by_id('server', server_ids, self.servers_client.list_servers(
            detail=True)['servers'])
        return {key: Server.from_api(found[key]) for key in server_ids}

    def actions(self, server_id):
        """List what was done to a server.

        :returns: dict of request id to action, the newest first
        """
        actions = self.servers_client.list_instance_actions(server_id)
        return {entry['request_id']: entry['action']
                for entry in actions['instanceActions']}

    def nova_attachments(self, server_id):
        """List the volumes of a server.

        :returns: dict of volume id to :class:`NovaAttachment`
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=NOVA_ATTACHMENT_MICROVERSION):
            attachments = self.servers_client.list_volume_attachments(
                server_id)
        return {entry['volumeId']: NovaAttachment.from_api(entry)
                for entry in attachments['volumeAttachments']}

    def action_results(self, server_id, request_id):
        """Show how the events of an instance action ended.

        :returns: list of 'Success', 'Error' or None for one that goes on
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=NOVA_ATTACHMENT_MICROVERSION):
            action = self.servers_client.show_instance_action(
                server_id, request_id)['instanceAction']
        return [event['result'] for event in action['events']]

    def records(self, volume_ids, server_ids=()):
        """Show volumes, and what Nova has attached to servers.

        Asks for all volumes at once, as for servers, and so knows too what a
        migration left, or still needs.

        :returns: :class:`State`
        :raises tempest.lib.exceptions.NotFound: if a volume is gone
        """
        volumes = self.volumes_client.list_volumes(
            detail=True,
            params={'all_tenants': 1, 'project_id': self.project_id}
        )['volumes']
        attachments = self.attachments_client.list_attachments()['attachments']
        found = _by_id('volume', volume_ids, volumes)
        return State(
            volumes={key: Volume.from_api(found[key], attachments)
                     for key in volume_ids},
            nova_attachments={key: self.nova_attachments(key)
                              for key in server_ids},
            temporary_volumes={key: temporary_volumes(volumes, key)
                               for key in volume_ids})

    def quota_usage(self):
        """Show what the volumes of the project count for.

        :returns: dict as :func:`quota_usage` makes it
        """
        return quota_usage(self.quotas_client.show_quota_set(
            self.project_id, params={'usage': True})['quota_set'])

    def in_use(self, quota):
        """Count the volumes or the snapshots of the project.

        :param str quota: 'volumes' or 'snapshots'
        :returns: int
        """
        return self.quota_usage().get(quota, {'in_use': 0})['in_use']

    def state(self, volume_ids, server_ids):
        """Show all that a refused request must leave alone.

        :returns: :class:`State`
        """
        return dataclasses.replace(
            self.records(volume_ids, server_ids),
            servers=self.servers(server_ids),
            actions={key: self.actions(key) for key in server_ids},
            quota_usage=self.quota_usage())


class Unchanged(matchers.Matcher):
    """Matches a state that is the same as one seen before."""

    def __init__(self, before):
        self.before = before

    def __str__(self):
        return 'Unchanged()'

    def match(self, after):
        """Compare two states.

        :param State after: what was seen last
        :returns: None, or a mismatch with one line for each difference
        """
        lines = list(_differences(dataclasses.asdict(self.before),
                                  dataclasses.asdict(after)))
        return matchers.Mismatch('\n'.join(lines)) if lines else None


class Agreeing(matchers.Matcher):
    """Matches a state in which both services have the same attachments."""

    def __init__(self, *volume_ids):
        self.volume_ids = volume_ids

    def __str__(self):
        return f'Agreeing({", ".join(self.volume_ids)})'

    def match(self, seen):
        """Compare what the services say about some volumes.

        :param State seen: with the volumes, and all servers that may have
            them
        :returns: None, or a mismatch with what each service says
        """
        in_nova = {(volume_id, server_id, attachment.attachment_id)
                   for server_id, attachments in seen.nova_attachments.items()
                   for volume_id, attachment in attachments.items()
                   if volume_id in self.volume_ids}
        in_cinder = {(volume_id, attachment.server_id, attachment.id)
                     for volume_id in self.volume_ids
                     for attachment
                     in seen.volumes[volume_id].attachments.values()}
        if in_nova == in_cinder:
            return None
        return matchers.Mismatch('\n'.join(
            f'only {service}: volume {volume_id} on server {server_id} by '
            f'attachment {attachment_id}'
            for service, difference in (('Nova', in_nova - in_cinder),
                                        ('Cinder', in_cinder - in_nova))
            for volume_id, server_id, attachment_id in sorted(difference)))


class _Absent:
    def __repr__(self):
        return 'absent'


_ABSENT = _Absent()


def _differences(before, after, path=''):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _differences(before.get(key, _ABSENT),
                                    after.get(key, _ABSENT),
                                    f'{path} {key}'.strip())
    elif before != after:
        yield f'{path}: {before!r} before, {after!r} after'


def _lines(value, path=''):
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _lines(entry, f'{path} {key}'.strip())
    else:
        yield f'{path}: {value!r}'
