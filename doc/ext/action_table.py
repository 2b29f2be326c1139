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

"""Table: which tests hold what is right of each action, in each state."""

import dataclasses

SHARED = 'shared'
RESET = 'shared, reset to available'
MIGRATING = 'being migrated'
REFUSED_BEFORE = 'after a refused migration'
NOT_SHARED = 'not shared'
USERS = 'asked by other users'
# A column each.
STATES = (SHARED, RESET, MIGRATING, REFUSED_BEFORE)
ALL_STATES = (*STATES, NOT_SHARED, USERS)

REFUSED = 'refused'
UNCHANGED = 'nothing changes'


@dataclasses.dataclass(frozen=True)
class Held:
    """What is right of an action in a state, and the tests that hold it.

    :ivar right: in a word or two, and more after a semicolon
    :ivar tests: names of the tests whose volume several servers have or,
        where it is not shared, any
    :ivar alone: names of those whose volume one server has at most
    """
    right: str
    tests: tuple = ()
    alone: tuple = ()


@dataclasses.dataclass(frozen=True)
class Action:
    """An action, and what is held of it.

    :ivar name: of the action
    :ivar held: {state: :class:`Held`}
    :ivar untried: why no test holds the other states, a sentence or ''
    """
    name: str
    held: dict
    untried: str = ''


def held(right, *tests, alone=()):
    """Make a :class:`Held` of the names of tests."""
    return Held(right, tests, alone)


_SWAPS = (
    'test_refused_swap_leaves_delete_on_termination_alone',
    'test_swap_of_volume_with_writers_and_reader_is_refused',
    'test_swap_for_volume_in_use_is_refused',
    'test_swap_for_itself_is_refused',
    'test_swap_of_shared_volume_for_reserved_volume_is_refused',
    'test_swap_on_stopped_server_is_refused',
    'test_swap_on_shelved_server_is_refused',
    'test_swap_on_paused_server_is_refused',
    'test_swap_on_locked_server_is_refused',
    'test_swap_by_administrator_is_refused',
    'test_volume_is_as_usable_after_refused_swaps')
_UNFLAGGED_IN_USE = (
    'test_volume_unflagged_in_use_migrates',
    'test_volume_unflagged_in_use_is_retyped_to_other_pool',
    'test_volume_unflagged_in_use_is_swapped')
_UNFLAGGED = (
    'test_unflagged_volume_migrates',
    'test_unflagged_volume_is_retyped_to_other_pool',
    'test_unflagged_volume_is_swapped')
_USABLE_AFTERWARDS = (
    'test_migration_of_shared_volume_ends_in_error',
    'test_retype_of_shared_volume_to_other_pool_fails',
    'test_volume_is_as_usable_after_refused_swaps')
_READER = 'test_attach_and_detach_by_reader_is_refused'
_OTHER_PROJECT = 'test_volume_of_other_project_is_not_found'
_SERVER_OF_OTHER_PROJECT = 'test_server_of_other_project_is_not_found'
_OF_SERVICES = 'test_requests_of_services_can_be_taken_back'
_WITHOUT_NOVA = 'test_detach_without_nova_is_refused'


def _in_use(*tests):
    """Make what is refused as a volume stands and with a migration status."""
    return {state: held(REFUSED, *tests)
            for state in (SHARED, MIGRATING, REFUSED_BEFORE)}


MOVES = (
    Action('swap (Nova)', {
        SHARED: held(
            REFUSED, 'test_swap_of_shared_volume_is_refused', *_SWAPS,
            'test_swap_of_volume_with_writer_and_reader_is_refused',
            'test_swap_of_volume_with_readers_is_refused',
            'test_refused_swap_with_property_of_attachment'),
        RESET: held(
            REFUSED,
            'test_swap_of_shared_volume_reset_to_available_is_refused'),
        MIGRATING: held(
            'Nova and Cinder agree; on who has it, whatever they answered',
            alone=('test_swap_of_migrating_volume',)),
        REFUSED_BEFORE: held(
            REFUSED,
            'test_swap_of_shared_volume_with_migration_status_is_refused',
            *_SWAPS,
            'test_swap_of_volume_that_servers_read',
            'test_writes_to_read_only_volume_in_swap',
            'test_swap_while_other_server_is_shelved',
            'test_writes_while_other_server_is_shelved',
            'test_swap_of_written_volume_loses_nothing',
            'test_rebuilt_server_keeps_shared_volume',
            'test_rescued_server_keeps_shared_volume',
            'test_shelved_server_keeps_shared_volume',
            alone=('test_swap_for_unknown_volume_is_refused',
                   'test_swap_for_smaller_volume_is_refused',
                   'test_swap_on_server_without_volume_is_refused',
                   'test_swap_to_volume_in_error',
                   'test_swap_on_server_without_record')),
        NOT_SHARED: held(
            'allowed where direct_swap is; refused for what cannot take it, '
            'and otherwise',
            'test_shared_volume_is_swapped',
            'test_unflagged_volume_is_swapped',
            'test_volume_unflagged_in_use_is_swapped',
            'test_swap_for_unknown_volume_is_refused',
            'test_swap_for_smaller_volume_is_refused',
            'test_swap_for_reserved_volume_is_refused',
            'test_swap_on_server_without_volume_is_refused',
            'test_swap_of_migrated_volume'),
        USERS: held(
            REFUSED, 'test_swap_by_member_is_refused',
            'test_swap_by_reader_is_refused',
            'test_swap_by_member_of_other_project_is_refused',
            'test_swap_by_service_of_other_project_is_refused')}),
    Action('migrate', {
        SHARED: held(
            f'{UNCHANGED}; accepted, ends in error with a message',
            'test_migration_of_shared_volume_ends_in_error',
            'test_message_of_refused_migration',
            'test_migration_of_written_volume_loses_nothing'),
        RESET: held(
            f'{UNCHANGED}; accepted, ends in error',
            'test_migration_of_shared_volume_reset_to_available_ends_in_error'
        ),
        MIGRATING: held(
            REFUSED, alone=('test_migrate_while_migrating_is_refused',)),
        NOT_SHARED: held(
            'allowed; refused, or ends in error, where there is nowhere to '
            'go, with a snapshot and in a group',
            'test_shared_volume_migrates',
            'test_volume_migrates_back_while_server_is_paused',
            'test_detached_volume_moves',
            'test_shared_boot_volume_migrates',
            'test_unflagged_volume_migrates',
            'test_detached_unflagged_volume_moves',
            'test_volume_unflagged_in_use_migrates',
            'test_migrated_volume_stays_read_only',
            'test_server_starts_with_moved_volume',
            'test_migration_to_pool_that_type_excludes_ends_in_error',
            'test_migrate_to_own_pool_is_refused',
            'test_migrate_to_unknown_host_is_refused',
            'test_migrate_with_snapshot_is_refused',
            'test_move_out_of_group_is_refused'),
        USERS: held(
            REFUSED, 'test_migrate_without_admin_is_refused',
            _OTHER_PROJECT)}),
    Action('retype to another pool', {
        SHARED: held(
            f'{UNCHANGED}; accepted, ends in error where it may migrate',
            'test_retype_of_shared_volume_to_other_pool_fails',
            'test_retype_to_type_that_no_pool_serves_fails',
            'test_retype_of_written_volume_loses_nothing'),
        MIGRATING: held(
            REFUSED, alone=('test_retype_while_migrating_is_refused',)),
        NOT_SHARED: held(
            'allowed; with the flag of the new type, read-only as before, '
            'and not to an encrypted type',
            'test_shared_volume_is_retyped_to_other_pool',
            'test_detached_volume_moves',
            'test_unflagged_volume_is_retyped_to_other_pool',
            'test_detached_unflagged_volume_moves',
            'test_volume_unflagged_in_use_is_retyped_to_other_pool',
            'test_flag_after_retype_with_migration',
            'test_flag_after_failed_retype',
            'test_read_only_after_retype_by_member',
            'test_retype_to_encrypted_type')}),
    Action('retype where it is', {
        SHARED: held(
            'allowed; refused, or nothing changes, where the new type cannot '
            'be had in use',
            'test_retyped_volume_stays_shared',
            'test_retype_to_own_type_is_refused',
            'test_retype_to_front_end_qos_is_refused',
            'test_retype_over_quota_is_refused',
            'test_retype_to_type_that_no_pool_serves_fails',
            'test_retype_to_encrypted_type_does_nothing'),
        MIGRATING: held(
            REFUSED, alone=('test_retype_while_migrating_is_refused',)),
        NOT_SHARED: held(
            'allowed; the quota of its owner counts it, and not to an '
            'encrypted type',
            'test_retype_by_administrator_counts_for_owner',
            'test_retype_to_encrypted_type_does_nothing'),
        USERS: held(
            REFUSED, 'test_retype_by_reader_is_refused', _OTHER_PROJECT)}),
    Action('unflag', {
        SHARED: held(
            REFUSED, 'test_unflag_while_all_servers_use_volume_is_refused'),
        RESET: held(
            'refused; allowed once one server alone has it, where '
            'unflag_in_use is reset-status',
            'test_unflag_of_volume_reset_to_available',
            alone=_UNFLAGGED_IN_USE),
        NOT_SHARED: held(
            'allowed of a free volume; refused while a server uses it',
            *_UNFLAGGED, 'test_detached_unflagged_volume_moves',
            'test_volume_from_snapshot_has_flag_of_today',
            'test_flag_after_retype_with_migration',
            'test_unflag_while_one_server_uses_volume_is_refused')}),
    Action('reflag', {
        RESET: held(
            'allowed; where unflag_in_use is reset-status, once one server '
            'alone has it', alone=_UNFLAGGED_IN_USE),
        NOT_SHARED: held(
            'allowed of a free volume; refused while a server uses it',
            *_UNFLAGGED, 'test_detached_unflagged_volume_moves',
            'test_volume_from_snapshot_has_flag_of_today',
            'test_flag_after_retype_with_migration',
            'test_flag_after_failed_retype',
            'test_reflag_while_one_server_uses_volume_is_refused'),
        USERS: held(
            REFUSED,
            'test_retype_to_multiattach_without_role_is_refused'),
    }, 'A volume without the flag is not shared.'),
    Action('change, encrypt or delete its type', {
        SHARED: held(REFUSED, 'test_change_of_type_in_use_is_refused')}),
)

VOLUMES = (
    Action('extend', {
        SHARED: held(
            'allowed; from microversion 3.42 on: its size and the quota '
            'usage change, and nothing else',
            'test_extended_volume_stays_shared',
            'test_extend_with_old_microversion_is_refused'),
        MIGRATING: held(
            REFUSED, 'test_extend_with_old_microversion_is_refused',
            'test_extend_of_migrating_volume'),
        REFUSED_BEFORE: held(
            'refused below 3.42; from 3.42 on it was not tried',
            'test_extend_with_old_microversion_is_refused')}),
    Action('revert to a snapshot', {
        **_in_use('test_revert_is_refused'),
        RESET: held(REFUSED, 'test_revert_of_volume_reset_to_available'),
        NOT_SHARED: held(
            'nothing changes when it is refused', 'test_refused_revert')}),
    Action('write an image to it (reimage)', {
        **_in_use('test_reimage_is_refused'),
        RESET: held(REFUSED, 'test_reimage_is_refused')}),
    Action('upload to an image', _in_use('test_upload_is_refused')),
    Action('take a snapshot', {
        SHARED: held(
            'allowed; a volume from it can be shared',
            'test_volume_from_snapshot_of_shared_volume_can_be_shared'),
        NOT_SHARED: held(
            'allowed; a volume from it has the type that the source has now',
            'test_volume_from_snapshot_has_flag_of_today',
            'test_retype_by_administrator_counts_for_owner')}),
    Action('clone', {
        SHARED: held('allowed; the clone can be shared',
                     'test_clone_of_shared_volume_can_be_shared')}),
    Action('set read-only', {
        SHARED: held(REFUSED, 'test_read_only_while_in_use_is_refused'),
        RESET: held(
            REFUSED, 'test_read_only_of_volume_reset_to_available'),
        NOT_SHARED: held(
            'allowed of a free volume; servers read, and write again once it '
            'is off', 'test_read_only_volume_is_shared_read_only',
            'test_read_only_volume_is_not_written',
            'test_attach_after_readonly_was_switched_off')}),
    Action('set bootable', {}),
    Action('offer for a transfer', {
        **_in_use('test_transfer_is_refused'),
        RESET: held(REFUSED, 'test_transfer_of_volume_reset_to_available')}),
    Action('add to a group, remove from a group', {}),
    Action('move out of the pool or type of its group', {
        NOT_SHARED: held(REFUSED, 'test_move_out_of_group_is_refused')}),
    Action('unmanage', {
        **_in_use('test_unmanage_is_refused'),
        RESET: held(REFUSED, 'test_unmanage_is_refused')}),
    Action('delete', {
        SHARED: held(REFUSED, 'test_delete_of_shared_volume_is_refused'),
        RESET: held(
            REFUSED,
            'test_delete_of_shared_volume_reset_to_available_is_refused'),
        NOT_SHARED: held('allowed of a free volume',
                         'test_volume_is_as_usable_after_refused_swaps'),
        USERS: held(REFUSED, _OTHER_PROJECT)}),
    Action('force-delete', {
        SHARED: held(REFUSED, 'test_delete_of_shared_volume_is_refused'),
        RESET: held(
            REFUSED,
            'test_delete_of_shared_volume_reset_to_available_is_refused'),
        USERS: held(REFUSED, 'test_force_without_admin_is_refused')}),
    Action('reset status', {
        NOT_SHARED: held('allowed; what reserved the volume is gone',
                         'test_volume_reset_to_detached_is_free'),
        USERS: held(REFUSED, 'test_reset_status_without_admin_is_refused',
                    _OTHER_PROJECT),
    }, 'Tests use it to bring volumes into these states.'),
)

SERVICES = (
    Action('reserve, unreserve', {
        SHARED: held('allowed; and taken back, nothing changed',
                     _OF_SERVICES)}),
    Action('begin detaching, roll detaching', {
        SHARED: held('allowed; and taken back, nothing changed',
                     _OF_SERVICES),
        RESET: held(
            REFUSED,
            'test_begin_detaching_of_volume_reset_to_available_is_refused')}),
    Action('attach (os-attach)', {}),
    Action('detach (os-detach)', {
        SHARED: held(
            REFUSED, _WITHOUT_NOVA,
            'test_detach_by_attachment_of_other_volume_is_refused')}),
    Action('force detach', {
        SHARED: held(REFUSED, _WITHOUT_NOVA),
        USERS: held(REFUSED, 'test_force_without_admin_is_refused')}),
    Action('initialize connection', {}),
    Action('terminate connection', {SHARED: held(REFUSED, _WITHOUT_NOVA)}),
    Action('create an attachment', {
        NOT_SHARED: held(
            'allowed; refused of a plain volume in use, and in maintenance',
            'test_attach_of_reserved_volume_is_refused',
            'test_volume_reset_to_detached_is_free',
            'test_reserve_of_plain_volume_in_use_is_refused',
            'test_attach_of_volume_in_maintenance_is_refused'),
        USERS: held(REFUSED, _READER, _OTHER_PROJECT)}),
    Action('update an attachment', {
        SHARED: held(
            f'{UNCHANGED}; as nobody but Nova may',
            'test_update_of_attachment_of_server')}),
    Action('complete an attachment', {}),
    Action('delete an attachment', {
        SHARED: held(
            REFUSED, 'test_delete_of_attachment_of_server_is_refused'),
        USERS: held(
            REFUSED, _READER,
            'test_attachment_of_other_project_is_not_found')}),
    Action('complete a migration', {
        SHARED: held(REFUSED, 'test_completion_of_migration_is_refused'),
        REFUSED_BEFORE: held(
            REFUSED, 'test_completion_of_migration_is_refused'),
        USERS: held(REFUSED, 'test_completion_of_migration_is_refused')}),
)

SERVERS = (
    Action('attach to one more server', {
        SHARED: held('refused to a server that has it',
                     'test_attach_to_same_server_is_refused'),
        MIGRATING: held(REFUSED, alone=('test_attach_of_migrating_volume',)),
        REFUSED_BEFORE: held('allowed; to a server that was detached',
                             alone=_USABLE_AFTERWARDS),
        NOT_SHARED: held(
            'allowed; refused of a plain volume in use, of one that is busy '
            'or in error, to a shelved server and to old clients',
            'test_detach_from_one_server_keeps_the_others',
            'test_second_server_of_plain_volume_is_refused',
            'test_second_server_of_plain_volume_reset_to_available_is_refused',
            'test_attach_with_old_microversion_is_refused',
            'test_attach_of_reserved_volume_is_refused',
            'test_attach_of_detaching_volume_is_refused',
            'test_attach_of_retyping_volume_is_refused',
            'test_attach_of_volume_in_maintenance_is_refused',
            'test_attach_of_volume_in_error_is_refused',
            'test_shelved_server_keeps_shared_volume',
            'test_volume_reset_to_detached_is_free',
            *_UNFLAGGED, *_UNFLAGGED_IN_USE,
            'test_attach_after_readonly_was_switched_off',
            'test_access_mode_of_read_only_volume',
            'test_write_to_read_only_volume',
            'test_failed_asynchronous_attach_is_reported'),
        USERS: held(REFUSED, _READER, _SERVER_OF_OTHER_PROJECT)}),
    Action('detach', {
        SHARED: held('allowed; the others keep it',
                     'test_detach_from_one_server_keeps_the_others',
                     'test_detached_volume_leaves_guest'),
        REFUSED_BEFORE: held('allowed; the others keep it',
                             *_USABLE_AFTERWARDS),
        NOT_SHARED: held('allowed; also from a shelved server',
                         'test_detach_from_shelved_server'),
        USERS: held(REFUSED, _READER, _SERVER_OF_OTHER_PROJECT)}),
    Action('change delete_on_termination', {
        SHARED: held(
            'allowed; and nothing else changes',
            'test_refused_swap_leaves_delete_on_termination_alone')}),
    Action('boot a server from it, or with it', {
        NOT_SHARED: held(
            'allowed; refused of a plain volume that another server has',
            'test_shared_boot_volume_migrates',
            'test_boot_with_plain_volume_of_other_server_fails')}),
    Action('resize, revert', {
        SHARED: held(
            'allowed; the server has it again',
            'test_server_keeps_shared_volume_when_resize_is_reverted')}),
    Action('migrate cold, confirm', {
        SHARED: held('allowed; the server has it on the other host',
                     'test_migrated_server_keeps_shared_volume')}),
    Action('migrate live', {}, ':doc:`known_gaps` says why.'),
    Action('reboot', {
        SHARED: held('allowed; the server has it again',
                     'test_rebooted_server_shares_volume')}),
    Action('rebuild', {
        SHARED: held(
            'allowed; the server has it again, and nothing changes where it '
            'booted from it',
            'test_rebuilt_server_keeps_shared_volume',
            'test_rebuild_of_server_with_shared_boot_volume')}),
    Action('rescue, unrescue', {
        SHARED: held('allowed; the server keeps it',
                     'test_rescued_server_keeps_shared_volume')}),
    Action('shelve, unshelve', {
        SHARED: held('allowed; the server has it again',
                     'test_shelved_server_keeps_shared_volume')}),
    Action('evacuate', {},
           'The compute of a server would have to be down.'),
    Action('soft-delete, restore', {},
           'Nova deletes servers at once, but where reclaim_instance_interval '
           'is set.'),
    Action('delete the server', {
        SHARED: held('allowed; the others keep it',
                     'test_deleted_server_leaves_volume_to_the_others')}),
)

# The groups, in their order.
GROUPS = {
    'Moves and types': MOVES,
    'What else is asked of Cinder': VOLUMES,
    'What services ask of Cinder': SERVICES,
    'What is asked of Nova': SERVERS,
}

# Tests that are not about an action on a volume, and what they are about.
ELSEWHERE = {
    'test_swap_of_unknown_volume_is_refused': 'there is no volume',
    'test_creation_with_parameter_multiattach_is_refused':
        'there is no volume yet',
    'test_attachments_of_other_project_are_not_listed': 'looks only',
}
