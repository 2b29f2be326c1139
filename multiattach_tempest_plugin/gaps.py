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

"""What released Nova and Cinder do not hold around moves of volumes."""

import dataclasses
import re


@dataclasses.dataclass(frozen=True)
class Gap:
    """Something a user should be able to rely on, and cannot.

    :ivar holds: what should hold
    :ivar happens: what happens instead
    :ivar steps: requests that show it, as a bug report has them; V is a
        volume of a multiattach type, S1 and S2 are servers
    :ivar where: the code that would have to change
    :ivar seen: releases of the lab on which it was seen
    :ivar differences: regular expressions; each line in which the records of
        a cloud that has the gap differ from what should hold matches one of
        them, and each of them a line
    :ivar otherwise: the same once more each, for a cloud where it looks
        otherwise
    """

    holds: str
    happens: str
    steps: tuple[str, ...]
    where: str
    seen: str
    differences: tuple[str, ...]
    otherwise: tuple[tuple[str, ...], ...] = ()

    def explains(self, mismatch):
        """Tell if what differs is this gap and nothing else.

        :param str mismatch: a line for each difference
        """
        lines = mismatch.splitlines()
        return any(_describe(patterns, lines)
                   for patterns in (self.differences, *self.otherwise))

    def __str__(self):
        return (f'Known gap: {self.happens}. It should be: {self.holds} '
                f'({self.where}; seen on {self.seen}). Where this test '
                f'passes the gap is fixed: remove it from gaps.py, and let '
                f'the test assert it.')


def _describe(patterns, lines):
    found = [{pattern for pattern in patterns if re.fullmatch(pattern, line)}
             for line in lines]
    return all(found) and set().union(*found) == set(patterns)


# What matches the lines of matchers.Unchanged.
_ATTACHED = (r'volumes \S+ attachments \S+: absent before, .*',
             r'nova_attachments \S+ \S+: absent before, .*')
_SWAPPED_ON_ONE = (
    *_ATTACHED,
    r'volumes \S+ attachments \S+: .* before, absent after',
    r'nova_attachments \S+ \S+: .* before, absent after',
    r"volumes \S+ status: 'available' before, 'in-use' after",
    r"actions \S+ \S+: absent before, 'swap_volume' after")
_SWAPPED = (
    *_SWAPPED_ON_ONE,
    r"volumes \S+ status: 'in-use' before, '(available|reserved)' after")
# Where the hypervisor cannot do what Nova accepted.
_SWAP_PUT_BACK = (r"actions \S+ \S+: absent before, 'swap_volume' after",)
# What matches the lines of a list of losses.
_LOST = (r'server \S+ misses \d+ of \d+ acknowledged writes of server \S+, '
         r'the blocks \d+ to \d+; the move began at its block \d+ and ended '
         r'at its block \d+',)
_LEFT_DETACHING = (r"volumes \S+ status: 'in-use' before, "
                   r"'detaching' after",)

_BOTH = '2024.1-unfixed and 2026.2'

SWAP_AFTER_MIGRATION = Gap(
    holds='only Cinder can swap a volume, also one that was migrated',
    happens='the migration status that a migration leaves for ever passes '
            'the check of bug 2112187, and an administrator swaps the volume',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}',
        'POST /volumes/{V}/action os-migrate_volume, and wait for the '
        'migration status success',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}, as '
        'an administrator: 202, and S1 has W',),
    where='nova.api.openstack.compute.volume_attachments, update',
    seen='2026.2',
    differences=_SWAPPED,
    otherwise=(_SWAP_PUT_BACK,))

ATTACH_DURING_MIGRATION = Gap(
    holds='a volume that is being migrated is not attached to another '
          'server',
    happens='a second server gets a volume that is being migrated, and what '
            'it has is deleted when the migration ends',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, or leave V '
        'available',
        'POST /volumes/{V}/action os-migrate_volume (or os-reset_status '
        'migration_status=migrating)',
        'POST /servers/{S2}/os-volume_attachments {V}: 200',),
    where='cinder.volume.api, _attachment_reserve',
    seen=_BOTH,
    differences=(
        *_ATTACHED,
        r"volumes \S+ status: 'available' before, 'in-use' after",
        r"actions \S+ \S+: absent before, 'attach_volume' after"))

SWAP_OF_READ_VOLUME = Gap(
    holds='a volume that several servers only read is not swapped on one of '
          'them',
    happens='readers of a volume are not counted: one server gets the new '
            'volume; when Cinder moves it, the others stay with storage that '
            'is deleted',
    steps=(
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}',
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'error}, as a refused migration leaves it',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 202',),
    where='nova.compute.api, _count_attachments_for_swap',
    seen=_BOTH,
    differences=_SWAPPED_ON_ONE,
    otherwise=(_SWAP_PUT_BACK,))

SWAP_WITH_SHELVED_SERVER = Gap(
    holds='a shared volume is not moved while a server of it is shelved and '
          'offloaded',
    happens='the attachment of a shelved server is only reserved, and not '
            'counted: the volume moves without it; when Cinder moves it, '
            'the server cannot be unshelved any more',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /servers/{S2}/action shelve, and wait for '
        'SHELVED_OFFLOADED',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'error}, as a refused migration leaves it',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 202',),
    where='nova.compute.api, _count_attachments_for_swap',
    seen=_BOTH,
    differences=_SWAPPED,
    otherwise=(_SWAP_PUT_BACK, _LOST))

REFUSED_SWAP_CHANGES_ATTACHMENT = Gap(
    holds='a refused swap changes nothing',
    happens='a refused swap changes delete_on_termination, which Nova saves '
            'first from microversion 2.85 on',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W, '
        'delete_on_termination: true}, compute 2.85: refused',
        'GET /servers/{S1}/os-volume_attachments, compute 2.89: '
        'delete_on_termination is true',),
    where='nova.api.openstack.compute.volume_attachments, update',
    seen=_BOTH,
    differences=(
        r'nova_attachments \S+ \S+ delete_on_termination: False before, '
        r'True after',))

SWAP_TO_BROKEN_VOLUME = Gap(
    holds='a swap to a volume that cannot be attached is refused, and '
          'changes nothing',
    happens='a swap to a volume in error gets the answer 500, and leaves the '
            'old volume detaching until an administrator resets it',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'error}',
        'POST /volumes/{W}/action os-reset_status {status: error}',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 500',
        'GET /volumes/{V}: detaching',),
    where='nova.compute.api, swap_volume',
    seen=_BOTH,
    differences=_LEFT_DETACHING)

SWAP_WITHOUT_NOVA_RECORD = Gap(
    holds='a swap on a server that has the volume in Cinder only is refused, '
          'and changes nothing',
    happens='a swap on a server that has the volume in Cinder only gets the '
            'answer 404, and leaves the volume detaching until an '
            'administrator resets it',
    steps=(
        'POST /attachments {V, S1}, volume 3.54, and os-complete of it',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'error}',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 404',
        'GET /volumes/{V}: detaching',),
    where='nova.compute.api, swap_volume',
    seen=_BOTH,
    differences=_LEFT_DETACHING)

READONLY_SWITCHED_OFF = Gap(
    holds='a volume whose read-only flag was switched off again is attached '
          'for writing',
    happens='a volume that is read-only no more is attached for reading, and '
            'its writers are not counted when it is swapped',
    steps=(
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}',
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'false}',
        'POST /servers/{S1}/os-volume_attachments {V}',
        'GET /attachments/detail: attach_mode is ro',),
    where='cinder.volume.api, update_readonly_flag',
    seen=_BOTH,
    differences=("'ro' != 'rw'",))

FLAG_AFTER_RETYPE_WITH_MIGRATION = Gap(
    holds='the multiattach flag of a retyped volume is that of its new type',
    happens='a retype that also migrates the volume leaves it the flag that '
            'it had',
    steps=(
        'Create a volume of a multiattach type in one pool',
        'POST /volumes/{V}/action os-retype {a plain type of another '
        'pool, on-demand}',
        'GET /volumes/{V}: multiattach is true',),
    where='cinder.volume.api, retype, and cinder.objects.volume, '
          'finish_volume_migration',
    seen=_BOTH,
    differences=(
        r'\[True, False\] != \[False, True\]',))

FLAG_AFTER_FAILED_RETYPE = Gap(
    holds='a retype that fails leaves the volume as it was',
    happens='a retype that fails leaves the volume its old type with the '
            'flag of the new one',
    steps=(
        'Create a volume P of a plain type in one pool',
        'POST /volumes/{P}/action os-retype {a multiattach type of '
        'another pool, never}: 202',
        'GET /volumes/{P}: the old type, and multiattach is true',),
    where='cinder.volume.api, retype',
    seen=_BOTH,
    differences=(
        r'volumes \S+ multiattach: False before, True after',))

REFUSED_MIGRATION_WITHOUT_MESSAGE = Gap(
    holds='a migration that is refused leaves its user a message',
    happens='a refused migration sets the migration status to error, and '
            'leaves no message',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-migrate_volume: 202, then '
        'migration_status error',
        'GET /messages, volume 3.3: none about V',),
    where='cinder.volume.manager, migrate_volume',
    seen=_BOTH,
    differences=(r'\[\] matches Equals\(\[\]\)',))

REFUSED_ATTACH_WITHOUT_ACTION = Gap(
    holds='an attachment that is refused is reported to its user',
    happens='an attachment that fails after its request was accepted, from '
            'microversion 2.101 on, leaves no fault and no action',
    steps=(
        'POST /volumes/{V}/action os-reset_status {status: error}',
        'POST /servers/{S1}/os-volume_attachments {V}, compute 2.101: '
        '202',
        'GET /servers/{S1}/os-instance-actions: none about it',),
    where='nova.conductor.manager, attach_volume',
    seen='2026.2',
    differences=(
        r"\['attach_volume'\] != \['attach_volume', 'attach_volume'\]",))

SWAP_OF_MIGRATING_VOLUME = Gap(
    holds='Nova and Cinder agree on who has a volume, also after a swap of '
          'one that is marked as migrating',
    happens='Cinder refuses to complete a swap of a volume marked as '
            'migrating: Nova shows the old volume with an attachment that '
            'Cinder has deleted, and Cinder the new one',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'migrating}',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 202',
        'GET /servers/{S1}/os-volume_attachments: V; GET '
        '/attachments/detail: W',),
    where='nova.compute.manager, _swap_volume',
    seen=_BOTH,
    differences=(
        r'only (Nova|Cinder): volume \S+ on server \S+ by attachment \S+',))

RETYPE_TO_ENCRYPTED_TYPE = Gap(
    holds='a retype does not make a multiattach volume an encrypted '
          'one, as no such volume can be created',
    happens='Cinder looks for an extra spec that no encrypted type '
            'has: a retype with migration makes a multiattach volume '
            'an encrypted one',
    steps=(
        'POST /types {multiattach: <is> True}, and POST '
        '/types/{T}/encryption {provider: luks, control_location: '
        'front-end}',
        'POST /servers/{S1}/os-volume_attachments {V}',
        'POST /volumes/{V}/action os-retype {T, on-demand}: 202',
        'GET /volumes/{V}: multiattach and encrypted are both true',),
    where='cinder.volume.api, _is_encrypted',
    seen=_BOTH,
    differences=(
        r'\(True, True\) matches Equals\(\(True, True\)\)',))

READONLY_VOLUME_IS_WRITTEN = Gap(
    holds='a guest cannot write to a volume that was made read-only',
    happens='a member who attaches a read-only volume to a server gets a disk '
            'that its guest can write to: Cinder looks for the property '
            'where only an administrator finds it, and tells Nova '
            'access_mode rw, while the attachment is ro',
    steps=(
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}',
        'POST /servers/{S1}/os-volume_attachments {V}, as a member of the '
        'project',
        'GET /attachments/detail: attach_mode is ro',
        'In the guest of S1: dd if=/dev/zero of=/dev/vdb count=1 '
        'conv=fsync: no error',),
    where='cinder.volume.manager, _parse_connection_options',
    seen=_BOTH,
    differences=("'rw' != 'ro'",),
    otherwise=((r'server \S+ wrote \d+ blocks of volume \S+',),))

READONLY_VOLUME_LOSES_WRITES = Gap(
    holds='what guests write to a volume that several servers have is not '
          'lost',
    happens='a member attaches a read-only volume to two servers, whose '
            'guests can write to it; Nova takes them for readers, does not '
            'count them, and swaps the volume under them: each misses what '
            'the other one wrote',
    steps=(
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}',
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2, as a member of the project',
        'In both guests: write to the disk, each to blocks of its own',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'error}, as a refused migration leaves it',
        'PUT /servers/{S1}/os-volume_attachments/{V} {volumeId: W}: 202',
        'In both guests: read the disk',),
    where='cinder.volume.manager, _parse_connection_options, and '
          'nova.compute.api, _count_attachments_for_swap',
    seen='2026.2',
    differences=_LOST)

READONLY_LOST_BY_RETYPE = Gap(
    holds='a read-only volume is read-only after a retype',
    happens='a retype by a member that also migrates a read-only '
            'volume leaves it writable, and its server has it for '
            'writing',
    steps=(
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}',
        'POST /servers/{S1}/os-volume_attachments {V}',
        'POST /volumes/{V}/action os-retype {a multiattach type of '
        'another pool, on-demand}, as a member of the project',
        'GET /attachments/detail: attach_mode is rw',),
    where='cinder.volume.manager, _migrate_volume_generic',
    seen=_BOTH,
    differences=(
        "'rw' != 'ro'",))

REBUILD_OF_SHARED_BOOT_VOLUME = Gap(
    holds='a rebuild of a server that booted from a shared volume is '
          'refused, and changes nothing',
    happens='a rebuild with another image of a server that booted '
            'from a shared volume destroys the guest before Cinder '
            'refuses to write the image: the server is left in '
            'error, its attachment reserved',
    steps=(
        'POST /servers {boot from V}, and wait for ACTIVE: S1',
        'POST /servers/{S2}/os-volume_attachments {V}',
        'POST /servers/{S1}/action rebuild {another image}, compute '
        '2.93: 202',
        'GET /servers/{S1}: ERROR, Failed to rebuild volume backed '
        'instance',),
    where='nova.compute.api, rebuild',
    seen=_BOTH,
    differences=(
        r'volumes \S+ attachments \S+: .*',
        r'nova_attachments \S+ \S+ attachment_id: .*',
        r"actions \S+ \S+: absent before, 'rebuild' after",))

EXTEND_DURING_MIGRATION = Gap(
    holds='a volume that is being migrated is not extended',
    happens='a volume that is being migrated is extended, and has '
            'its old size again when the migration ends',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {migration_status: '
        'migrating}, as during os-migrate_volume',
        'POST /volumes/{V}/action os-extend {new_size: 2}, volume 3.42: '
        '202',),
    where='cinder.volume.api, _extend',
    seen=_BOTH,
    differences=(
        r"'answer 202' does not match /answer 4../",))

TRANSFER_OF_RESET_VOLUME = Gap(
    holds='a volume that servers use is not offered to another '
          'project, whatever its status was set to',
    happens='a volume that servers use is offered to another project '
            'once an administrator has set its status to available: '
            'its attachments are not looked at',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {status: available}',
        'POST /volume-transfers {V}, volume 3.55: 202',),
    where='cinder.transfer.api, create',
    seen=_BOTH,
    differences=(
        r"'answer 202' does not match /answer 4../",))

REVERT_OF_RESET_VOLUME = Gap(
    holds='a volume that servers use is not reverted to its '
          'snapshot, whatever its status was set to',
    happens='a volume that servers use is reverted to its snapshot '
            'once an administrator has set its status to available: '
            'its attachments are not looked at',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {status: available}',
        'POST /volumes/{V}/action revert {its snapshot}, volume 3.40: '
        '202',),
    where='cinder.volume.api, revert_to_snapshot',
    seen=_BOTH,
    differences=(
        r"'answer 202' does not match /answer 4../",))

READONLY_OF_RESET_VOLUME = Gap(
    holds='a volume that servers use is not made read-only, whatever '
          'its status was set to',
    happens='a volume that servers use is made read-only once an '
            'administrator has set its status to available: its '
            'attachments are not looked at',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {status: available}',
        'POST /volumes/{V}/action os-update_readonly_flag {readonly: '
        'true}: 202',),
    where='cinder.volume.api, update_readonly_flag',
    seen=_BOTH,
    differences=(
        r"'answer 202' does not match /answer 4../",))

UNFLAG_OF_RESET_VOLUME = Gap(
    holds='a volume that several servers use does not lose its flag, '
          'whatever its status was set to: a plain volume may be swapped',
    happens='a volume that several servers use becomes a plain one by a '
            'retype once an administrator has set its status to available: '
            'its attachments are not looked at',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}, and the same for '
        'S2',
        'POST /volumes/{V}/action os-reset_status {status: available}',
        'POST /volumes/{V}/action os-retype {a plain type, never}: 202',
        'GET /volumes/{V}: multiattach false, two attachments'),
    where='cinder.volume.api, retype',
    seen=_BOTH,
    differences=(
        r"'answer 202' does not match /answer 4../",))

UPDATE_OF_ATTACHMENT_OF_SERVER = Gap(
    holds='nobody but Nova changes the connection of an attachment '
          'that a server uses, as nobody else deletes it',
    happens='a member gives an attachment that a server uses another '
            'connector, and reads how to connect to the storage; the '
            'volume is left attaching',
    steps=(
        'POST /servers/{S1}/os-volume_attachments {V}',
        'PUT /attachments/{attachment of S1} {connector: {host: '
        'other}}, volume 3.54, as a member: 200',
        'GET /volumes/{V}: attaching',),
    where='cinder.volume.api, attachment_update',
    seen=_BOTH,
    differences=(
        r"volumes \S+ status: 'in-use' before, 'attaching' after",
        r"volumes \S+ attachments \S+ status: 'attached' before, "
        r"'attaching' after",
        r'volumes \S+ attachments \S+ device: .*',))

REFUSED_REVERT_LEAVES_REVERTING = Gap(
    holds='a refused revert changes nothing',
    happens='a revert that is refused because of the status of the '
            'snapshot leaves the volume reverting until an '
            'administrator resets it',
    steps=(
        'POST /snapshots {V}: N',
        'POST /snapshots/{N}/action os-reset_status {status: error}',
        'POST /volumes/{V}/action revert {N}, volume 3.40: 409',
        'GET /volumes/{V}: reverting',),
    where='cinder.volume.api, revert_to_snapshot',
    seen=_BOTH,
    differences=(
        r"volumes \S+ status: 'available' before, 'reverting' after",))


def rows():
    """List the table for the documentation.

    :returns: list of tuples of name and :class:`Gap`, in their order here
    """
    return [(name, value) for name, value in globals().items()
            if isinstance(value, Gap)]
