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
    :ivar where: the code that would have to change
    :ivar seen: releases of the lab on which it was seen
    :ivar differences: regular expressions; each line in which a cloud that
        has the gap differs from what should hold matches one of them
    """

    holds: str
    happens: str
    where: str
    seen: str
    differences: tuple[str, ...]

    def explains(self, mismatch):
        """Tell if what differs is this gap and nothing else.

        :param str mismatch: a line for each difference
        """
        return all(any(re.fullmatch(pattern, line)
                       for pattern in self.differences)
                   for line in mismatch.splitlines())

    def __str__(self):
        return (f'Known gap: {self.happens}. It should be: {self.holds} '
                f'({self.where}; seen on {self.seen}). Where this test '
                f'passes the gap is fixed: remove it from gaps.py, and let '
                f'the test assert it.')


# What matches the lines of matchers.Unchanged.
_ATTACHED = (r'volumes \S+ attachments \S+: absent before, .*',
             r'nova_attachments \S+ \S+: absent before, .*')
_SWAPPED = (*_ATTACHED,
            r'volumes \S+ attachments \S+: .* before, absent after',
            r'nova_attachments \S+ \S+: .* before, absent after',
            r"volumes \S+ status: 'in-use' before, "
            r"'(available|reserved)' after",
            r"volumes \S+ status: 'available' before, 'in-use' after",
            r"actions \S+ \S+: absent before, 'swap_volume' after")
_LEFT_DETACHING = (r"volumes \S+ status: 'in-use' before, "
                   r"'detaching' after",)

_BOTH = '2024.1-unfixed and 2026.2'

SWAP_AFTER_MIGRATION = Gap(
    holds='only Cinder can swap a volume, also one that was migrated',
    happens='the migration status that a migration leaves for ever passes '
            'the check of bug 2112187, and an administrator swaps the volume',
    where='nova.api.openstack.compute.volume_attachments, update',
    seen='2026.2',
    differences=_SWAPPED)

ATTACH_DURING_MIGRATION = Gap(
    holds='a volume that is being migrated is not attached to a second '
          'server',
    happens='a second server gets a volume that is being migrated, and what '
            'it has is deleted when the migration ends',
    where='cinder.volume.api, _attachment_reserve',
    seen=_BOTH,
    differences=(
        *_ATTACHED,
        r"actions \S+ \S+: absent before, 'attach_volume' after"))

SWAP_OF_READ_VOLUME = Gap(
    holds='a volume that several servers only read is not swapped on one of '
          'them',
    happens='readers of a volume are not counted: one server gets the new '
            'volume; when Cinder moves it, the others stay with storage that '
            'is deleted',
    where='nova.compute.api, _count_attachments_for_swap',
    seen=_BOTH,
    differences=_SWAPPED)

SWAP_WITH_SHELVED_SERVER = Gap(
    holds='a shared volume is not moved while a server of it is shelved and '
          'offloaded',
    happens='the attachment of a shelved server is only reserved, and not '
            'counted: the volume moves without it; when Cinder moves it, '
            'the server cannot be unshelved any more',
    where='nova.compute.api, _count_attachments_for_swap',
    seen=_BOTH,
    differences=_SWAPPED)

REFUSED_SWAP_CHANGES_ATTACHMENT = Gap(
    holds='a refused swap changes nothing',
    happens='a refused swap changes delete_on_termination, which Nova saves '
            'first from microversion 2.85 on',
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
    where='nova.compute.api, swap_volume',
    seen=_BOTH,
    differences=_LEFT_DETACHING)

SWAP_WITHOUT_NOVA_RECORD = Gap(
    holds='a swap on a server that has the volume in Cinder only is refused, '
          'and changes nothing',
    happens='a swap on a server that has the volume in Cinder only gets the '
            'answer 404, and leaves the volume detaching until an '
            'administrator resets it',
    where='nova.compute.api, swap_volume',
    seen=_BOTH,
    differences=_LEFT_DETACHING)

READONLY_SWITCHED_OFF = Gap(
    holds='a volume whose read-only flag was switched off again is attached '
          'for writing',
    happens='a volume that is read-only no more is attached for reading, and '
            'its writers are not counted when it is swapped',
    where='cinder.volume.api, update_readonly_flag',
    seen=_BOTH,
    differences=("'ro' != 'rw'",))

FLAG_AFTER_RETYPE_WITH_MIGRATION = Gap(
    holds='the multiattach flag of a retyped volume is that of its new type',
    happens='a retype that also migrates the volume leaves it the flag that '
            'it had',
    where='cinder.volume.api, retype, and cinder.objects.volume, '
          'finish_volume_migration',
    seen=_BOTH,
    differences=(
        r'\[True, False\] != \[False, True\]',))

FLAG_AFTER_FAILED_RETYPE = Gap(
    holds='a retype that fails leaves the volume as it was',
    happens='a retype that fails leaves the volume its old type with the '
            'flag of the new one',
    where='cinder.volume.api, retype',
    seen=_BOTH,
    differences=(
        r'volumes \S+ multiattach: False before, True after',))

REFUSED_MIGRATION_WITHOUT_MESSAGE = Gap(
    holds='a migration that is refused leaves its user a message',
    happens='a refused migration sets the migration status to error, and '
            'leaves no message',
    where='cinder.volume.manager, migrate_volume',
    seen=_BOTH,
    differences=(r'\[\] matches Equals\(\[\]\)',))

REFUSED_ATTACH_WITHOUT_ACTION = Gap(
    holds='an attachment that is refused is reported to its user',
    happens='an attachment that fails after its request was accepted, from '
            'microversion 2.101 on, leaves no fault and no action',
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
    where='nova.compute.manager, _swap_volume',
    seen=_BOTH,
    differences=(
        r'only (Nova|Cinder): volume \S+ on server \S+ by attachment \S+',))


def rows():
    """List the table for the documentation.

    :returns: list of tuples of name and :class:`Gap`, in their order here
    """
    return [(name, value) for name, value in globals().items()
            if isinstance(value, Gap)]
