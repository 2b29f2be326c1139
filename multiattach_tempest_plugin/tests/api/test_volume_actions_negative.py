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

import functools

from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.tests import types
from multiattach_tempest_plugin import waiters

CONF = config.CONF

# The last that does not extend a volume in use.
OLD_EXTEND_MICROVERSION = '3.41'
# The first that writes an image to a volume.
REIMAGE_MICROVERSION = '3.68'
REVERT_MICROVERSION = '3.40'
GROUP_MICROVERSION = '3.13'

# What is asked of a shared volume as it stands, while it is migrated, after
# a migration that was refused, and with a status that hides its servers.
IN_USE = ({}, {'migration_status': 'migrating'},
          {'migration_status': 'error'})
RESET_TO_AVAILABLE = {'status': 'available'}


class VolumeActionsNegativeTest(base.MultiattachTest):
    """Cinder does nothing to a shared volume that its servers would see."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (operations.covers(CONF.volume.min_microversion,
                                   CONF.volume.max_microversion,
                                   GROUP_MICROVERSION, REIMAGE_MICROVERSION),
                 f'[volume] min_microversion at most {GROUP_MICROVERSION}, '
                 f'[volume] max_microversion = latest')]

    def _assert_refused(self, refusal, request, *volumes, states=({},)):
        """Check that a request on the first volume changes none of them.

        :param Refusal refusal: row of the table
        :param request: callable on the UUID of the first volume
        :param volumes: UUIDs
        :param states: statuses to set one after the other (dicts)
        """
        first = volumes[0]
        reset = self.admin_volumes_client.reset_volume_status
        before = self.state_of(*volumes)
        for statuses in states:
            if statuses:
                self.addCleanup(reset, first, status='in-use',
                                migration_status='none')
                reset(first, **{'migration_status': 'none', **statuses})
            self.assertRefused(refusal, request, first)
            expected = before.with_volume(first, **statuses)
            # What the next reset would hide; everything is looked at last.
            self.assertThat(
                state.State({first: self.observer.volume(first)}),
                matchers.Unchanged(
                    state.State({first: expected.volumes[first]})),
                str(statuses))
        self.assertThat(self.state_of(*volumes), matchers.Unchanged(expected))

    def _action(self, action, **options):
        return functools.partial(
            self.request_action, action=action, **options)

    @decorators.idempotent_id('e9cdbb9f-e70c-4df7-a2ba-8ba6f3522601')
    @decorators.attr(type='negative')
    def test_extend_with_old_microversion_is_refused(self):
        """A client that knows no growing volumes cannot extend a shared one.

        1. Attach a volume to all servers.
        2. Ask Cinder, at microversion 3.41, to extend it.
        3. The same while its migration status is migrating, and error.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_refused(
            refusals.EXTEND_WITH_OLD_MICROVERSION,
            self._action('os-extend', microversion=OLD_EXTEND_MICROVERSION,
                         new_size=pools.size_for(
                             CONF.volume.volume_size + 1)),
            self.shared_volume(self.servers), states=IN_USE)

    @decorators.idempotent_id('2de8d5d8-aa88-41c2-a627-229e1c615d47')
    @decorators.attr(type='negative')
    def test_transfer_is_refused(self):
        """A volume that servers use is not offered to another project.

        1. Attach a volume to all servers.
        2. Ask Cinder to offer it for a transfer.
        3. The same while its migration status is migrating, and error.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        client = self.os_owner.volume_transfers_client_latest
        self._assert_refused(
            refusals.TRANSFER_IN_USE,
            lambda volume: client.create_volume_transfer(volume_id=volume),
            self.shared_volume(self.servers), states=IN_USE)

    @decorators.idempotent_id('9d8441ab-887c-4a6b-abfa-9d331c0a4b74')
    @decorators.attr(type='negative')
    def test_upload_is_refused(self):
        """A volume that servers write to is not uploaded to an image.

        1. Attach a volume to all servers.
        2. Ask Cinder to upload it.
        3. The same while its migration status is migrating, and error.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_refused(
            refusals.UPLOAD_IN_USE,
            functools.partial(self.volumes_client.upload_volume,
                              image_name=self.resource_name('image')),
            self.shared_volume(self.servers), states=IN_USE)

    @decorators.idempotent_id('0e977ced-d0b7-4999-a3e1-d3cbcbbdc492')
    @decorators.attr(type='negative')
    @testtools.skipUnless(
        CONF.volume_feature_enabled.snapshot,
        'To run this test set in tempest.conf: [volume-feature-enabled] '
        'snapshot = True')
    def test_revert_is_refused(self):
        """A volume that servers use is not reverted to its snapshot.

        1. Attach a volume to all servers, and take a snapshot of it.
        2. Ask Cinder to revert it.
        3. The same while its migration status is migrating, and error.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self._assert_refused(
            refusals.REVERT_IN_USE,
            self._action('revert', microversion=REVERT_MICROVERSION,
                         snapshot_id=self.create_snapshot(volume)),
            volume, states=IN_USE)

    @decorators.idempotent_id('6cbf8905-de09-4fdc-97bd-6ea6fdd00bfe')
    @decorators.attr(type='negative')
    def test_reimage_is_refused(self):
        """No image is written to a volume that several servers use.

        1. Attach a volume to all servers.
        2. Ask Cinder to write an image to it.
        3. The same while its migration status is migrating, and error, and
           after an administrator set its status to available.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_refused(
            refusals.REIMAGE_SHARED_VOLUME,
            self._action('os-reimage', microversion=REIMAGE_MICROVERSION,
                         image_id=CONF.compute.image_ref),
            self.shared_volume(self.servers),
            states=(*IN_USE, RESET_TO_AVAILABLE))

    @decorators.idempotent_id('a2312e07-8bf8-4066-9bdb-b124c1dff0b5')
    @decorators.attr(type='negative')
    def test_unmanage_is_refused(self):
        """Cinder does not give up a volume that servers use.

        1. Attach a volume to all servers.
        2. Ask Cinder, as an administrator, to manage it no more.
        3. The same while its migration status is migrating, and error, and
           after the administrator set its status to available.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_refused(
            refusals.DELETE_ATTACHED_VOLUME,
            self.admin_volumes_client.unmanage_volume,
            self.shared_volume(self.servers),
            states=(*IN_USE, RESET_TO_AVAILABLE))

    @decorators.idempotent_id('45a4b9b9-ad7c-460a-a583-4ef41330139f')
    @decorators.attr(type='negative')
    def test_begin_detaching_of_volume_reset_to_available_is_refused(self):
        """What is not in use by its status does not begin to be detached.

        1. Attach a volume to all servers.
        2. As an administrator, set its status to available.
        3. Ask Cinder to begin to detach it, as Nova does.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_refused(
            refusals.BEGIN_DETACHING_FREE_VOLUME,
            self._action('os-begin_detaching'),
            self.shared_volume(self.servers), states=[RESET_TO_AVAILABLE])

    @decorators.idempotent_id('935efc1f-ca1a-45be-8ec7-f1641b103efd')
    @decorators.attr(type='negative')
    def test_detach_by_attachment_of_other_volume_is_refused(self):
        """A server is not cut off by a request about another volume.

        1. Attach a volume to all servers, and create another one.
        2. Ask Cinder to detach the other volume, and name an attachment of
           the first.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        attachment = next(iter(self.observer.volume(volume).attachments))
        self._assert_refused(
            refusals.DETACH_BY_ATTACHMENT_OF_OTHER_VOLUME,
            self._action('os-detach', attachment_id=attachment),
            self.shared_volume(), volume)

    @decorators.idempotent_id('a9e1471f-89d1-45f1-8f8e-68af92fc1a46')
    @decorators.attr(type='negative')
    def test_completion_of_migration_is_refused(self):
        """Nobody makes a shared volume exchange what it holds with another.

        1. Attach a volume to all servers, and create another one.
        2. Ask Cinder, as a member, to complete a migration of the first to
           the other one.
        3. Ask the same as an administrator: Cinder would have to detach the
           volume first, as it was never migrated.
        4. Give both a migration status, and ask once more.
        5. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        other = self.shared_volume()
        action = 'os-migrate_volume_completion'
        self._assert_refused(
            refusals.COMPLETE_MIGRATION_WITHOUT_ADMIN,
            self._action(action, new_volume=other), volume, other)
        as_admin = self._action(action, user=self.os_admin, new_volume=other)
        self._assert_refused(
            refusals.DELETE_ATTACHMENT_OF_SERVER, as_admin, volume, other)
        for each in (volume, other):
            self.set_migration_status(each, 'error')
        self._assert_refused(
            refusals.COMPLETE_MIGRATION_TO_OTHER_VOLUME, as_admin, volume,
            other)

    @decorators.idempotent_id('80c708f1-7488-4371-9c7f-4b549f7b0c6f')
    @decorators.attr(type='negative')
    def test_move_out_of_group_is_refused(self):
        """A volume does not leave the pool or the type of its group.

        1. Create a group, and a volume in it.
        2. Ask Cinder to migrate it, and to retype it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self._create_volume_in_group()
        self._assert_refused(
            refusals.MIGRATE_IN_GROUP,
            functools.partial(self.request_migrate,
                              destination=self.destination_of(volume)),
            volume)
        self._assert_refused(
            refusals.RETYPE_IN_GROUP,
            functools.partial(self.request_retype,
                              volume_type=self.create_volume_type()), volume)

    def _create_volume_in_group(self):
        group_types = self.os_admin.group_types_client_latest
        groups = self.os_owner.groups_client_latest
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=GROUP_MICROVERSION):
            group_type = group_types.create_group_type(
                name=self.resource_name('group-type'))['group_type']['id']
            self.addCleanup(self._delete_group_type, group_type)
            group = groups.create_group(
                name=self.resource_name('group'), group_type=group_type,
                volume_types=[self.type_id(self.multiattach_type)],
            )['group']['id']
            volumes = []
            self.addCleanup(self._delete_group, group, volumes)
            waiters.for_created(self.show_group, group, groups)
            volumes.append(self.request_volume(group_id=group))
            waiters.for_created(self.observer.show_volume, volumes[0],
                                self.volumes_client)
        return volumes[0]

    def show_group(self, group):
        """Show a group of volumes.

        :returns: dict
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.os_owner.groups_client_latest.show_group, group)['group']

    def _delete_group_type(self, group_type):
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=GROUP_MICROVERSION):
            self.os_admin.group_types_client_latest.delete_group_type(
                group_type)

    def _delete_group(self, group, volumes):
        client = self.os_owner.groups_client_latest
        counted = self.observer.in_use('volumes')
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=GROUP_MICROVERSION):
            client.delete_group(group)
            waiters.for_deleted(self.show_group, group, client)
        self.journal.gone(volumes)
        waiters.for_usage_below(self.observer, 'volumes', counted)

    @decorators.idempotent_id('ff562505-cef2-491f-811b-27e91776e7b7')
    @decorators.attr(type='negative')
    def test_change_of_type_in_use_is_refused(self):
        """What a shared volume is cannot be changed through its type.

        1. Create a multiattach type, and attach a volume of it to all
           servers.
        2. As an administrator, ask Cinder to take the property multiattach
           from the type, to encrypt it, and to delete it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        name = self.create_volume_type()
        type_id = self.type_id(name)
        volume = self.create_attached_volume(self.servers, name)
        client = self.os_admin.volume_types_client_latest
        encryption = self.os_admin.encryption_types_client_latest
        for refusal, request in (
                (refusals.CHANGE_TYPE_IN_USE, lambda _volume: (
                    client.delete_volume_type_extra_specs(
                        type_id, 'multiattach'))),
                (refusals.CHANGE_TYPE_IN_USE, lambda _volume: (
                    client.update_volume_type_extra_specs(
                        type_id, 'multiattach',
                        {'multiattach': '<is> False'}))),
                (refusals.ENCRYPT_TYPE_IN_USE, lambda _volume: (
                    encryption.create_encryption_type(
                        type_id, **types.ENCRYPTION))),
                (refusals.DELETE_TYPE_IN_USE, lambda _volume: (
                    client.delete_volume_type(type_id)))):
            self._assert_refused(refusal, request, volume)

    @decorators.idempotent_id('573f9e54-d0cf-4651-88e3-0ec356725ea4')
    @decorators.attr(type='negative')
    @base.needs_plain_type
    def test_creation_with_parameter_multiattach_is_refused(self):
        """Only the type says that servers may share a volume.

        1. Ask Cinder for a volume without multiattach, and with the
           parameter multiattach.
        2. The request is refused, and the quota usage is what it was.
        """
        usage = self.observer.quota_usage()
        self.assertRefused(refusals.CREATE_WITH_MULTIATTACH,
                           self.create_volume, self.plain_type,
                           multiattach=True)
        self.assertEqual(usage, self.observer.quota_usage())
