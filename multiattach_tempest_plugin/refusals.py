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

"""Which answer each request must get, and why.

A refusal is told apart by its status and its words: Nova and Cinder answer
409 and 400 for many reasons. Only tests and documentation read this table.
"""

import dataclasses
import re

# The id of anything, with dashes or without.
ANY_ID = re.compile('[0-9a-f]{8}(?:-?[0-9a-f]{4}){4}[0-9a-f]{8}')


@dataclasses.dataclass(frozen=True)
class Answer:
    """An HTTP status, and fragments of its text, in which ID is any id."""

    status: int
    words: tuple[str, ...]

    def mismatch(self, status, text):
        """Compare with the answer of a service.

        :param int status: HTTP status that came
        :param str text: error message that came
        :returns: a sentence about the difference, or None if there is none
        """
        masked = ANY_ID.sub('ID', text).lower()
        missing = [word for word in self.words if word.lower() not in masked]
        if status == self.status and not missing:
            return None
        return f'expected {self}, got {status} "{text}"'

    def __str__(self):
        return f'{self.status} with ' + ' and '.join(
            f'"{word}"' for word in self.words)


@dataclasses.dataclass(frozen=True)
class Refusal:
    """A request that must be refused.

    ``answer`` is what a cloud says where only Cinder may swap ([multiattach]
    direct_swap = refused); ``answer_where_allowed`` is what one says where an
    administrator may, if that differs. Nova says the latter everywhere of a
    volume that has a migration status.
    """

    request: str
    answer: Answer
    reason: str
    source: str
    answer_where_allowed: Answer | None = None

    def with_migration_status(self):
        """Make the row of the same swap of a volume with a migration status.

        Nova lets such a volume past the check that only Cinder may swap (bug
        2112187) and answers as it does where there is no such check.

        :returns: :class:`Refusal`
        """
        return Refusal(
            request=f'{self.request}, with a migration status',
            answer=self.answer_of('allowed'),
            reason=self.reason,
            source=self.source)

    def answer_of(self, direct_swap):
        """Choose the answer of this cloud.

        :param str direct_swap: value of [multiattach] direct_swap
        :returns: :class:`Answer`
        """
        if direct_swap == 'allowed' and self.answer_where_allowed:
            return self.answer_where_allowed
        return self.answer

    def mismatch(self, direct_swap, status, text):
        """Compare with the answer of a service.

        :param str direct_swap: value of [multiattach] direct_swap
        :param int status: HTTP status that came
        :param str text: error message that came
        :returns: a sentence about the difference, or None if there is none;
            says so if it is the answer of the other kind of cloud
        """
        mismatch = self.answer_of(direct_swap).mismatch(status, text)
        other = 'refused' if direct_swap == 'allowed' else 'allowed'
        if mismatch and not self.answer_of(other).mismatch(status, text):
            mismatch += f'. Set [multiattach] direct_swap = {other}?'
        return mismatch


# Nova 29.4 and 32.0 differ in punctuation only, so the words leave it out.
_ONLY_CINDER_MAY_SWAP = Answer(
    409, ('is not migrating', 'only be called by Cinder'))
_SEVERAL_WRITERS = Answer(
    400, ('Swapping multi-attach volumes with more than one read/write '
          'attachment is not supported',))
_FLAG_IN_USE = Answer(
    400, ('retypes affecting multiattach are only allowed on available '
          'volumes', 'in-use'))

_DOES_NOT_RUN = Answer(409, ("Cannot 'swap_volume' instance", 'vm_state'))

_CANNOT_MIGRATE = Answer(
    400, ('must be available or in-use, must not be migrating, have '
          'snapshots', 'must be different than the current one'))
_CANNOT_RETYPE = Answer(
    400, ('not be part of an active migration',
          'has to be different that the one from the volume'))
_CANNOT_RESERVE = Answer(
    400, ('must be available or in-use',
          'to reserve, but the current status is'))


def _forbidden(policy):
    # In one piece: names of policies begin with those of others.
    return Answer(403, (f"Policy doesn't allow {policy} to be performed",))


SWAP_SHARED_VOLUME = Refusal(
    request='Nova: swap a volume that several servers write to',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=_SEVERAL_WRITERS,
    reason='A swap copies the writes of one server only; those of the others '
           'would be lost.',
    source='bugs 1775418 and 2112187')

SWAP_RESET_VOLUME = Refusal(
    request='Nova: swap a volume that looks available, with a migration '
            'status',
    answer=Answer(400, ('Unable to detach volume',)),
    reason='Its servers write to it, whatever its status was set to.',
    source='API reference, update volume status to detaching')

SWAP_TO_UNKNOWN_VOLUME = Refusal(
    request='Nova: swap a volume for one that does not exist',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=Answer(400, ('Volume ID could not be found',)),
    reason='There is nothing to copy to.',
    source='bug 1629110')

SWAP_TO_ATTACHED_VOLUME = Refusal(
    request='Nova: swap a volume for one that another server uses',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=Answer(
        400, ('New volume must be detached in order to swap',)),
    reason='What the other server wrote would be overwritten.',
    source='API reference, update a volume attachment')

SWAP_TO_ITSELF = Refusal(
    request='Nova: swap a volume for itself, below microversion 2.85',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=SWAP_TO_ATTACHED_VOLUME.answer_where_allowed,
    reason='It is in use. From 2.85 on the request swaps nothing and is '
           'accepted: it changes properties of the attachment.',
    source='API reference, update a volume attachment')

SWAP_TO_SMALLER_VOLUME = Refusal(
    request='Nova: swap a volume for a smaller one',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=Answer(
        400, ('New volume must be the same size or larger',)),
    reason='The end of the data would be lost.',
    source='API reference, update a volume attachment')

SWAP_TO_RESERVED_VOLUME = Refusal(
    request='Nova: swap a volume for one that another server has reserved, '
            'where only Cinder may',
    answer=_ONLY_CINDER_MAY_SWAP,
    reason='The other server is about to use it.',
    source='bug 2112187')

SWAP_VOLUME_WITH_READER = Refusal(
    request='Nova: swap a volume that several servers have, and one writes to '
            'at most, where only Cinder may',
    answer=_ONLY_CINDER_MAY_SWAP,
    reason='Only writers are counted, so that no rule but this one keeps the '
           'volume where it is.',
    source='bugs 1775418 and 2112187')

SWAP_ON_OTHER_SERVER = Refusal(
    request='Nova: swap a volume on a server that does not have it, below '
            'microversion 2.85',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=Answer(
        400, ('Old volume is attached to a different instance',)),
    reason='There is nothing to swap.',
    source='nova fe2442fd83')

UPDATE_ON_OTHER_SERVER = Refusal(
    request='Nova: swap a volume on a server that does not have it, from '
            'microversion 2.85 on',
    answer=Answer(404, ('No volume Block Device Mapping with id',)),
    reason='The attachment, whose properties could be changed too, is looked '
           'for first.',
    source='API reference, update a volume attachment')

SWAP_UNKNOWN_VOLUME = Refusal(
    request='Nova: swap a volume that does not exist',
    answer=Answer(404, ('Volume ID could not be found',)),
    reason='There is nothing to swap.',
    source='API reference, update a volume attachment')

SWAP_ON_STOPPED_SERVER = Refusal(
    request='Nova: swap a volume of a server that is stopped or shelved',
    answer=_ONLY_CINDER_MAY_SWAP,
    answer_where_allowed=_DOES_NOT_RUN,
    reason='The hypervisor copies what a running guest uses.',
    source='bug 1673090')

SWAP_WITHOUT_ROLE = Refusal(
    request='Nova: swap a volume, as a user without the role service or '
            'admin',
    answer=_forbidden('os_compute_api:os-volumes-attachments:swap'),
    reason='A swap is how Cinder moves a volume; users ask Cinder.',
    source='bug 1522705')

SWAP_ON_SERVER_OF_OTHER_PROJECT = Refusal(
    request='Nova: swap a volume on a server of another project, as a user '
            'without the role admin',
    answer=Answer(404, ('Instance ID could not be found',)),
    reason='No user learns what other projects have.',
    source='API reference, update a volume attachment')

UNFLAG_IN_USE = Refusal(
    request='Cinder: retype a volume in use to a type without multiattach',
    answer=_FLAG_IN_USE,
    reason='A second server could be attached, or be attached already.',
    source='API reference, retype a volume')

REFLAG_IN_USE = Refusal(
    request='Cinder: retype a volume in use to a type with multiattach',
    answer=_FLAG_IN_USE,
    reason='The server that uses it was attached as its only user.',
    source='API reference, retype a volume')

MIGRATE_TO_OWN_POOL = Refusal(
    request='Cinder: migrate a volume to the pool that holds it',
    answer=_CANNOT_MIGRATE,
    reason='There is nothing to move.',
    source='API reference, migrate a volume')

MIGRATE_TO_UNKNOWN_HOST = Refusal(
    request='Cinder: migrate a volume to a host that does not exist',
    answer=Answer(400, ('Invalid host', 'No available service named')),
    reason='There is nowhere to move to.',
    source='API reference, migrate a volume')

MIGRATE_WITH_SNAPSHOT = Refusal(
    request='Cinder: migrate a volume that has a snapshot',
    answer=_CANNOT_MIGRATE,
    reason='The snapshot would stay behind.',
    source='API reference, migrate a volume')

MIGRATE_IN_GROUP = Refusal(
    request='Cinder: migrate a volume that is in a group',
    answer=Answer(400, ('be part of a group',
                        'must be different than the current one')),
    reason='All volumes of a group are in one pool.',
    source='API reference, migrate a volume')

MIGRATE_WHILE_MIGRATING = Refusal(
    request='Cinder: migrate a volume that is being migrated',
    answer=_CANNOT_MIGRATE,
    reason='Two copies would overtake each other.',
    source='API reference, migrate a volume')

MIGRATE_WITHOUT_ROLE = Refusal(
    request='Cinder: migrate a volume, as a user without the role admin',
    answer=_forbidden('volume_extension:volume_admin_actions:migrate_volume'),
    reason='Only administrators choose pools.',
    source='API reference, migrate a volume')

RETYPE_WHILE_MIGRATING = Refusal(
    request='Cinder: retype a volume that is being migrated',
    answer=_CANNOT_RETYPE,
    reason='The copy is of the old type.',
    source='API reference, retype a volume')

RETYPE_TO_OWN_TYPE = Refusal(
    request='Cinder: retype a volume to the type that it has',
    answer=_CANNOT_RETYPE,
    reason='There is nothing to change.',
    source='API reference, retype a volume')

RETYPE_WITH_FRONT_END_QOS = Refusal(
    request='Cinder: retype a volume that servers use to a type with other '
            'front-end QoS',
    answer=Answer(400, ('for in-use volumes front-end qos specs cannot '
                        'change',)),
    reason='The hypervisors go on with the old limits.',
    source='API reference, retype a volume')

RETYPE_IN_GROUP = Refusal(
    request='Cinder: retype a volume that is in a group',
    answer=Answer(400, ('or a consistency group',)),
    reason='The group says which types its volumes have.',
    source='API reference, retype a volume')

RETYPE_OVER_QUOTA = Refusal(
    request='Cinder: retype a volume to a type that the quota of the '
            'project has no room for',
    answer=Answer(413, ('Maximum number of volumes allowed (0) exceeded for '
                        'quota',)),
    reason='The quota counts volumes by type.',
    source='bug 1308819')

RETYPE_AS_READER = Refusal(
    request='Cinder: retype a volume, as a user who may only read',
    answer=_forbidden('volume:retype'),
    reason='Readers cannot change resources.',
    source='API reference, retype a volume')

RETYPE_TO_MULTIATTACH_WITHOUT_ROLE = Refusal(
    request='Cinder: retype a volume to a type with multiattach, as a user '
            'whom the policy keeps from such volumes',
    answer=_forbidden('volume:multiattach'),
    reason='The administrator says who may share volumes.',
    source='cinder f38e77cb1')

RESET_STATUS_WITHOUT_ADMIN = Refusal(
    request='Cinder: reset the status of a volume, as a user without the '
            'role admin',
    answer=_forbidden('volume_extension:volume_admin_actions:reset_status'),
    reason='It bypasses every other check of the status.',
    source='API reference, reset a volume\'s statuses')

FORCE_DELETE_WITHOUT_ADMIN = Refusal(
    request='Cinder: force the deletion of a volume, as a user without the '
            'role admin',
    answer=_forbidden('volume_extension:volume_admin_actions:force_delete'),
    reason='It bypasses the checks of the status.',
    source='API reference, force delete a volume')

FORCE_DETACH_WITHOUT_ADMIN = Refusal(
    request='Cinder: force a volume off a server, as a user without the role '
            'admin',
    answer=_forbidden('volume_extension:volume_admin_actions:force_detach'),
    reason='It is meant for what a lost server left.',
    source='API reference, force detach a volume')

ATTACH_PLAIN_VOLUME_TWICE = Refusal(
    request='Nova: attach a volume without multiattach to a second server',
    answer=Answer(400, ('is already attached to instances',)),
    reason='Only a multiattach volume may have several servers.',
    source='bug 1908075')

ATTACH_TO_OWN_SERVER = Refusal(
    request='Nova: attach a volume to a server that has it',
    answer=Answer(400, ('Invalid volume: volume', 'already attached')),
    reason='A server uses a volume once.',
    source='nova 4dd0656961')

ATTACH_WITH_OLD_MICROVERSION = Refusal(
    request='Nova: attach a multiattach volume, below microversion 2.60',
    answer=Answer(400, ('Multiattach volumes are only supported starting '
                        'with compute API version 2.60',)),
    reason='The client may not expect others to write to the volume.',
    source='API reference, attach a volume to an instance')

ATTACH_BUSY_VOLUME = Refusal(
    request='Nova: attach a multiattach volume that is reserved, attaching, '
            'detaching, retyping, extending or in maintenance',
    answer=_CANNOT_RESERVE,
    reason='One request at a time changes what a volume is attached to.',
    source='API reference, create attachment')

ATTACH_BROKEN_VOLUME = Refusal(
    request='Nova: attach a volume whose status is an error',
    answer=Answer(400, ('attachments can not be created if the volume is in '
                        'an error state',)),
    reason='Nobody knows what it holds.',
    source='API reference, create attachment')

ATTACH_AS_READER = Refusal(
    request='Nova: attach a volume, as a user who may only read',
    answer=_forbidden('os_compute_api:os-volumes-attachments:create'),
    reason='Readers cannot change resources.',
    source='API reference, attach a volume to an instance')

DETACH_AS_READER = Refusal(
    request='Nova: detach a volume, as a user who may only read',
    answer=_forbidden('os_compute_api:os-volumes-attachments:delete'),
    reason='Readers cannot change resources.',
    source='API reference, detach a volume from an instance')

SERVER_OF_OTHER_PROJECT = Refusal(
    request='Nova: attach to, detach from or list volumes of a server of '
            'another project',
    answer=Answer(404, ('Instance ID could not be found',)),
    reason='No user learns what other projects have.',
    source='API reference, attach a volume to an instance')

RESERVE_PLAIN_VOLUME = Refusal(
    request='Cinder: create an attachment, for another server, of a volume '
            'without multiattach that is in use',
    answer=Answer(400, ('must be available or downloading',
                        'to reserve, but the current status is in-use')),
    reason='Only a multiattach volume may have several servers. The server '
           'that has it may get a second one, to migrate live.',
    source='bugs 1694530 and 1762687')

RESERVE_BUSY_VOLUME = Refusal(
    request='Cinder: create another attachment, for the server that has it, '
            'of a volume in maintenance',
    answer=_CANNOT_RESERVE,
    reason='The administrator has closed it.',
    source='bug 1813267')

CREATE_ATTACHMENT_AS_READER = Refusal(
    request='Cinder: create an attachment, as a user who may only read',
    answer=_forbidden('volume:attachment_create'),
    reason='Readers cannot change resources.',
    source='API reference, create attachment')

DELETE_ATTACHMENT_AS_READER = Refusal(
    request='Cinder: delete an attachment, as a user who may only read',
    answer=_forbidden('volume:attachment_delete'),
    reason='Readers cannot change resources.',
    source='API reference, delete attachment')

DELETE_ATTACHMENT_OF_SERVER = Refusal(
    request='Cinder: delete, detach, terminate or force off an attachment '
            'that a server uses',
    answer=Answer(409, ('Detach volume from instance',
                        'using the Compute API')),
    reason='The server would go on using the device, which may be that of '
           'another project by then.',
    source='bug 2004555')

ATTACHMENT_OF_OTHER_PROJECT = Refusal(
    request='Cinder: show or delete an attachment of another project',
    answer=Answer(404, ('Volume attachment could not be found',)),
    reason='It shows how to connect to the storage.',
    source='bug 2138566')

VOLUME_OF_OTHER_PROJECT = Refusal(
    request='Cinder: show, migrate, retype, reset, reserve or delete a '
            'volume of another project',
    answer=Answer(404, ('Volume ID could not be found',)),
    reason='No user learns what other projects have.',
    source='API reference, show a volume\'s details')

DELETE_ATTACHED_VOLUME = Refusal(
    request='Cinder: delete a volume that servers use, by force or not, '
            'whatever its status was set to',
    answer=Answer(400, ('must not be migrating, attached',)),
    reason='The servers would lose it.',
    source='API reference, delete a volume')

SET_READ_ONLY_IN_USE = Refusal(
    request='Cinder: make a volume read-only that servers use',
    answer=Answer(400, ('must be available to update readonly flag',
                        'in-use')),
    reason='The servers go on writing.',
    source='API reference, update a volume read-only flag')

ATTACH_TO_SHELVED_SERVER = Refusal(
    request='Nova: attach a multiattach volume to a server that is shelved '
            'and offloaded',
    answer=Answer(400, ('Attaching multiattach volumes is not supported for '
                        'shelved-offloaded instances',)),
    reason='Nobody knows yet if the next host can share it.',
    source='nova 7e6ae9afd9')

CREATE_WITH_MULTIATTACH = Refusal(
    request='Cinder: create a volume with the parameter multiattach',
    answer=Answer(400, ('multiattach parameter has been removed',)),
    reason='The type says who may share a volume.',
    source='bug 2008259')

CHANGE_TYPE_IN_USE = Refusal(
    request='Cinder: change the extra specs of a volume type that volumes '
            'have',
    answer=Answer(400, ('Volume Type is currently in use',)),
    reason='The volumes would no longer be what their type says.',
    source='API reference, create or update extra specs for volume type')

ENCRYPT_TYPE_IN_USE = Refusal(
    request='Cinder: encrypt a volume type that volumes have',
    answer=Answer(400, ('Cannot create encryption specs. Volume type in '
                        'use',)),
    reason='What the volumes hold is not encrypted.',
    source='API reference, create an encryption type')

DELETE_TYPE_IN_USE = Refusal(
    request='Cinder: delete a volume type that volumes have',
    answer=Answer(400, ('Target volume type is still in use',)),
    reason='The volumes would lose it.',
    source='API reference, delete a volume type')

EXTEND_WITH_OLD_MICROVERSION = Refusal(
    request='Cinder: extend a volume that servers use, below microversion '
            '3.42',
    answer=Answer(400, ("'available'", 'to extend, currently in-use')),
    reason='The client may not expect servers to see it grow.',
    source='API reference, extend a volume size')

TRANSFER_IN_USE = Refusal(
    request='Cinder: offer a volume that servers use to another project',
    answer=Answer(400, ('status must be available',)),
    reason='The servers would use a volume of another project.',
    source='API reference, create a volume transfer')

UPLOAD_IN_USE = Refusal(
    request='Cinder: upload a volume that servers use to an image',
    answer=Answer(400, ('status must be available',)),
    reason='They write to it meanwhile.',
    source='API reference, upload volume to image')

REVERT_IN_USE = Refusal(
    request='Cinder: revert a volume that servers use to its snapshot',
    answer=Answer(409, ("Can't revert volume",
                        "status must be 'available'")),
    reason='Its content would change under the servers.',
    source='API reference, revert volume to snapshot')

REIMAGE_SHARED_VOLUME = Refusal(
    request='Cinder: write an image to a volume that several servers use, '
            'whatever its status was set to',
    answer=Answer(409, ('Cannot re-image a volume which is attached to more '
                        'than one server',)),
    reason='Its content would change under the other servers.',
    source='API reference, reimage a volume')

BEGIN_DETACHING_FREE_VOLUME = Refusal(
    request='Cinder: begin to detach a volume whose status is not in-use',
    answer=Answer(400, ('Unable to detach volume',)),
    reason='Nova and Cinder do not agree on who has it.',
    source='API reference, update volume status to detaching')

DETACH_BY_ATTACHMENT_OF_OTHER_VOLUME = Refusal(
    request='Cinder: detach a volume, and name an attachment of another one',
    answer=Answer(400, ('Mismatched volume and attachment',)),
    reason='The server of the other one would be cut off.',
    source='bug 2004555')

COMPLETE_MIGRATION_WITHOUT_ADMIN = Refusal(
    request='Cinder: complete a migration, as a user without the role admin',
    answer=_forbidden(
        'volume_extension:volume_admin_actions:migrate_volume_completion'),
    reason='Only Nova completes what Cinder began.',
    source='API reference, complete migration of a volume')

COMPLETE_MIGRATION_TO_OTHER_VOLUME = Refusal(
    request='Cinder: complete a migration to a volume that is no copy',
    answer=Answer(400, ('Destination has migration_status', 'expected '
                        'target:ID')),
    reason='Two volumes would exchange what they hold.',
    source='API reference, complete migration of a volume')


def rows():
    """List the table for the documentation.

    :returns: list of tuples of name and :class:`Refusal`, by name
    """
    return sorted((name, value) for name, value in globals().items()
                  if isinstance(value, Refusal))
