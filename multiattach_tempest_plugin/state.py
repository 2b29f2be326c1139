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

# The first that shows attachment_id and bdm_uuid of an attachment.
NOVA_ATTACHMENT_MICROVERSION = '2.89'


# Metadata that tests set, or Cinder does from the mode of an attachment; what
# drivers note there is of the pool that has the volume.
_METADATA = ('owner', 'readonly', 'attached_mode')


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
    user_id: str
    name: str
    status: str
    size: int
    volume_type: str
    multiattach: bool
    encrypted: bool
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
            user_id=volume['user_id'],
            name=volume['name'],
            status=volume['status'],
            size=volume['size'],
            volume_type=volume['volume_type'],
            multiattach=volume['multiattach'],
            encrypted=volume['encrypted'],
            bootable=volume['bootable'],
            metadata={name: value
                      for name, value in volume['metadata'].items()
                      if name in _METADATA},
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


def temporary_volumes(volumes, volume_id):
    """Find what a migration of a volume made and has not removed yet.

    Cinder copies to a volume whose migration_status names the original; when
    both have changed places, the old one is described as the source. A copy
    that it forgot has only the name of the original, which no other has.

    :param list volumes: of GET /volumes/detail, as an administrator
    :param str volume_id: UUID of the volume that moved
    :returns: dict of volume id to status
    """
    names = {volume['name'] for volume in volumes
             if volume['id'] == volume_id}
    return {volume['id']: volume['status'] for volume in volumes
            if volume['id'] != volume_id and (
                volume['migration_status'] == f'target:{volume_id}'
                or volume['description'] == f'migration src for {volume_id}'
                or volume['name'] in names)}


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
