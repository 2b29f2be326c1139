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
import functools

from oslo_log import log
from tempest.lib.common import api_microversion_fixture
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin import waiters

LOG = log.getLogger(__name__)

# The first that shows attachment_id and bdm_uuid of an attachment.
NOVA_ATTACHMENT_MICROVERSION = '2.89'


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
class State:
    """What both services record about some volumes on some servers.

    ``actions`` has, for each server, what was done to it, and
    ``nova_attachments`` its volumes; ``temporary_volumes`` has, for each
    volume, what its migration made. A server has no more records here: no
    request changes it without an action.
    """

    volumes: dict = dataclasses.field(default_factory=dict)
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


def pages(list_page, key, **params):
    """List what a service shows in pages.

    Begins again if the last one of a page is deleted meanwhile: no service
    knows then what follows it.

    :param list_page: callable on query parameters; returns one page
    :param str key: what the page calls its entries, such as 'volumes'
    :param params: query parameters
    :returns: list of the entries of all pages
    """
    entries, marker = [], {}
    while True:
        try:
            page = list_page(**params, **marker)
        except lib_exc.NotFound:
            if not marker:
                raise
            entries, marker = [], {}
            continue
        entries += page[key]
        # Those of volume types are in the singular, volume_type_links.
        if not (page.get(f'{key}_links')
                or page.get(f'{key.removesuffix("s")}_links')):
            return entries
        marker = {'marker': page[key][-1]['id']}


def temporary_volumes(volumes, volume_id):
    """Find what a migration of a volume made and has not removed yet.

    Cinder copies to a volume whose migration_status names the original; when
    both have changed places, the old one is described as the source.

    :param list volumes: of GET /volumes/detail, as an administrator
    :param str volume_id: UUID of the volume that moved
    :returns: dict of volume id to status
    """
    return {volume['id']: volume['status'] for volume in volumes
            if volume['id'] != volume_id and (
                volume['migration_status'] == f'target:{volume_id}'
                or volume['description'] == f'migration src for {volume_id}')}


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


class Observer:
    """Looks at Nova and Cinder, and changes nothing."""

    def __init__(self, owner, admin, name, owns_project):
        """Take the clients to look with.

        :param owner: client manager of the project with the volumes
        :param admin: client manager of an administrator
        :param str name: what the names of servers and volume types hold, and
            no others
        :param bool owns_project: whether nobody else uses the project; of
            one that others use too only what these types count for is seen
        """
        self.servers_client = owner.servers_client
        self.attachments_client = attachments.AttachmentsClient.of(owner)
        self.snapshots_client = owner.snapshots_client_latest
        self.volumes_client = admin.volumes_client_latest
        self.quotas_client = admin.volume_quotas_client_latest
        self.name = name
        self.project_id = owner.credentials.project_id
        self.owns_project = owns_project
        if not owns_project:
            LOG.info('Others use the project %s too. Of its quota usage only '
                     'that of volume types of %s is compared',
                     self.project_id, name)

    def show_volume(self, volume_id):
        """Show a volume without its attachments.

        :returns: dict as an administrator gets it
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.volumes_client.show_volume, volume_id)['volume']

    def volume(self, volume_id):
        """Show a volume and its attachments.

        :returns: :class:`Volume`
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return Volume.from_api(
            self.show_volume(volume_id), self._attachments(volume_id))

    def _attachments(self, volume_id):
        return waiters.look(self.attachments_client.list_attachments,
                            volume_id=volume_id)['attachments']

    def show_snapshot(self, snapshot_id):
        """Show a snapshot.

        :returns: dict
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.snapshots_client.show_snapshot, snapshot_id)['snapshot']

    def show_server(self, server_id):
        """Show a server.

        :returns: dict
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.servers_client.show_server, server_id)['server']

    def server_ids(self, **filters):
        """List servers by the name of the class that made them.

        This is much cheaper than to show one: Nova asks Neutron for nothing.

        :param filters: query parameters, such as status='ACTIVE'
        :returns: set of UUIDs
        """
        return {entry['id'] for entry in pages(
            functools.partial(waiters.look, self.servers_client.list_servers),
            'servers', name=self.name, **filters)}

    def actions(self, server_id):
        """List what was done to a server.

        :returns: dict of request id to action, the newest first
        """
        actions = waiters.look(
            self.servers_client.list_instance_actions, server_id)
        return {entry['request_id']: entry['action']
                for entry in actions['instanceActions']}

    def action_results(self, server_id, request_id):
        """Show how the events of an instance action ended.

        :returns: list of 'Success', 'Error' or None for one that goes on
        :raises tempest.lib.exceptions.NotFound: if the request was none
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=NOVA_ATTACHMENT_MICROVERSION):
            action = waiters.look(
                self.servers_client.show_instance_action,
                server_id, request_id)['instanceAction']
        return [event['result'] for event in action['events']]

    def nova_attachments(self, server_id):
        """List the volumes of a server.

        :returns: dict of volume id to :class:`NovaAttachment`
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=NOVA_ATTACHMENT_MICROVERSION):
            entries = waiters.look(
                self.servers_client.list_volume_attachments, server_id)
        return {entry['volumeId']: NovaAttachment.from_api(entry)
                for entry in entries['volumeAttachments']}

    def records(self, volume_ids, server_ids=()):
        """Show volumes, and what Nova has attached to servers.

        Asks for all volumes at once, and so knows too what a migration left,
        or still needs.

        :returns: :class:`State`
        :raises tempest.lib.exceptions.NotFound: if a volume is gone
        """
        volumes = pages(self._list_volumes, 'volumes', all_tenants=1,
                        project_id=self.project_id)
        found = {entry['id']: entry for entry in volumes}
        for missing in set(volume_ids) - found.keys():
            raise lib_exc.NotFound(f'There is no volume {missing}')
        return State(
            # Volume by volume: lists of attachments end with their first
            # page, and do not say that there is more.
            volumes={key: Volume.from_api(
                found[key], self._attachments(key)) for key in volume_ids},
            nova_attachments={key: self.nova_attachments(key)
                              for key in server_ids},
            temporary_volumes={key: temporary_volumes(volumes, key)
                               for key in volume_ids})

    def _list_volumes(self, **params):
        return waiters.look(
            self.volumes_client.list_volumes, detail=True, params=params)

    def quota_usage(self):
        """Show what the volumes of the project count for.

        :returns: dict as :func:`quota_usage` makes it
        """
        return self.ours(quota_usage(waiters.look(
            self.quotas_client.show_quota_set, self.project_id,
            params={'usage': True})['quota_set']))

    def ours(self, usage):
        """Leave out what others change too.

        :param dict usage: as :func:`quota_usage` makes it
        :returns: dict of the same form
        """
        return {name: entry for name, entry in usage.items()
                if self.owns_project or f'{self.name}-' in name}

    def in_use(self, quota):
        """Count the volumes or the snapshots that are ours, of all types.

        :param str quota: 'volumes' or 'snapshots'
        :returns: int
        """
        return sum(entry['in_use']
                   for name, entry in self.quota_usage().items()
                   if name.startswith(f'{quota}_'))

    def state(self, volume_ids, server_ids):
        """Show all that a refused request must leave alone.

        :returns: :class:`State`
        """
        return dataclasses.replace(
            self.records(volume_ids, server_ids),
            actions={key: self.actions(key) for key in server_ids},
            quota_usage=self.quota_usage())
