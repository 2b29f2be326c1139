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

from oslo_log import log
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.tests.scenario import test_known_gaps
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

EXTEND_IN_USE_MICROVERSION = '3.42'
REVERT_MICROVERSION = '3.40'
# The first that writes an image to the volume that a server booted from.
REBUILD_MICROVERSION = '2.93'

REFUSED = testtools.matchers.MatchesRegex('answer 4..')

needs_snapshots = testtools.skipUnless(
    CONF.volume_feature_enabled.snapshot,
    'To run this test set in tempest.conf: [volume-feature-enabled] '
    'snapshot = True')


class KnownGapsOfActionsTest(test_known_gaps.KnownGaps):
    """What actions do to a shared volume, and should not."""

    def shared_and_reset(self):
        """Create a volume that all servers have, and that looks available.

        :returns: UUID of the volume
        """
        volume = self.create_attached_volume(self.servers)
        self.set_status(volume, 'available')
        return volume

    @decorators.idempotent_id('8687a2fc-314b-48ca-9503-539632f75165')
    @base.needs_swap
    @test_known_gaps.on_request
    @testtools.skipIf(
        CONF.validation.run_validation,
        'A hypervisor of real guests does not swap a volume for an encrypted '
        'one, and Cinder would count it as one of the new type for ever. To '
        'run this test where nothing is behind the servers set in '
        'tempest.conf: [validation] run_validation = False')
    def test_retype_to_encrypted_type(self):
        """A multiattach volume does not become an encrypted one.

        1. Create a multiattach type, and have Cinder encrypt its volumes.
        2. Attach a volume to one server, and retype it to that type where
           it may be migrated for it.
        3. The volume is not both a multiattach and an encrypted one.
        """
        volume = self.create_attached_volume([self.first])
        self.destination_of(volume)
        self.answer_of(self.request_retype, volume,
                       self.create_encrypted_type(),
                       migration_policy='on-demand')
        waiters.for_settled(self.observer, volume)
        shown = self.observer.show_volume(volume)
        self.assertHolds(
            gaps.RETYPE_TO_ENCRYPTED_TYPE,
            (shown['multiattach'], shown['encrypted']),
            testtools.matchers.Not(testtools.matchers.Equals((True, True))))

    @decorators.idempotent_id('eb08b661-9e3c-4a8a-97cb-ee815a98eda0')
    @base.needs_swap
    def test_read_only_after_retype_by_member(self):
        """A read-only volume is read-only after a retype.

        1. Make a volume read-only, and attach it to one server.
        2. As a member, retype it to a multiattach type of another pool.
        3. The server may not write.
        """
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, [self.first])
        elsewhere = self.type_elsewhere(
            self.observer.show_volume(volume), self.destination_of(volume),
            multiattach=True)
        self.retype(volume, elsewhere, migration_policy='on-demand')
        [attachment] = self.observer.volume(volume).attachments.values()
        self.assertHolds(gaps.READONLY_LOST_BY_RETYPE, attachment.mode,
                         testtools.matchers.Equals('ro'))

    @decorators.idempotent_id('e9eec685-e26e-448a-b796-eaa2fe3a2665')
    def test_access_mode_of_read_only_volume(self):
        """Nova is told to connect a read-only volume for reading.

        1. Make a volume read-only.
        2. As a member, attach it to one server.
        3. What Nova was told is the mode of the attachment.
        """
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, [self.first])
        [attachment] = self.observer.volume(volume).attachments
        shown = waiters.look(
            attachments.AttachmentsClient.of(self.os_admin).show_attachment,
            attachment)['attachment']
        self.assertHolds(
            gaps.READONLY_VOLUME_IS_WRITTEN,
            shown['connection_info'].get('access_mode', 'rw'),
            testtools.matchers.Equals(shown['attach_mode']))

    @decorators.idempotent_id('88821470-39b8-43a6-be54-cf13bd3bd452')
    @test_known_gaps.on_request
    def test_rebuild_of_server_with_shared_boot_volume(self):
        """A server that booted from a shared volume is not rebuilt.

        1. Boot a server from a volume, and attach it to another server.
        2. Ask Nova to rebuild the first with another image.
        3. Nothing changed.
        """
        if not (CONF.multiattach.bootable_volumes
                and CONF.compute.image_ref_alt not in (
                    None, '', CONF.compute.image_ref)
                and operations.covers(
                    CONF.compute.min_microversion,
                    CONF.compute.max_microversion, REBUILD_MICROVERSION)):
            raise self.skipException(
                'To run this test set in tempest.conf: [multiattach] '
                'bootable_volumes = True; [compute] max_microversion = '
                'latest; [compute] image_ref_alt = another image')
        image = self.os_owner.image_client_v2.show_image(
            CONF.compute.image_ref)
        volume = self.request_volume(size=pools.size_for_image(image),
                                     imageRef=image['id'])
        self.addCleanup(self.delete_volume, volume)
        waiters.for_created(self.observer.show_volume, volume,
                            self.volumes_client)
        server = self.boot_server(image_id='', block_device_mapping_v2=[{
            'uuid': volume, 'source_type': 'volume',
            'destination_type': 'volume', 'boot_index': 0,
            'delete_on_termination': False}])
        self.addCleanup(self.delete_server, server)
        waiters.for_booted(self.observer, [server])
        self.attach(volume, [self.first])
        before = self.state_of(volume)
        self.ask(self.request_rebuild, server)
        self.assertHolds(gaps.REBUILD_OF_SHARED_BOOT_VOLUME,
                         self.state_of(volume), matchers.Unchanged(before))

    def request_rebuild(self, server):
        """Ask Nova to rebuild a server with the other image."""
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=REBUILD_MICROVERSION):
            return self.servers_client.rebuild_server(
                server, image_ref=CONF.compute.image_ref_alt)

    @decorators.idempotent_id('1cfbf79b-c47f-4b92-bed0-aed46a99b668')
    @base.needs_extend_in_use
    def test_extend_of_migrating_volume(self):
        """A volume that is being migrated is not extended.

        1. Attach a volume to all servers, and give it the migration status
           migrating.
        2. Ask Cinder to extend it: refused.
        """
        volume = self.create_attached_volume(self.servers)
        self.set_migration_status(volume, 'migrating')
        answer = self.answer_of(
            self.request_action, volume, 'os-extend',
            microversion=EXTEND_IN_USE_MICROVERSION,
            new_size=pools.size_for(CONF.volume.volume_size + 1))
        waiters.for_idle(self.observer, volume)
        self.assertHolds(gaps.EXTEND_DURING_MIGRATION, answer, REFUSED)

    @decorators.idempotent_id('569a5ad1-dbf7-425a-b58e-b901dc0a7fe3')
    def test_transfer_of_volume_reset_to_available(self):
        """A volume that servers use is not offered to another project.

        1. Attach a volume to all servers, and set its status to available.
        2. Ask Cinder to offer it for a transfer: refused.
        """
        self.assertHolds(
            gaps.TRANSFER_OF_RESET_VOLUME,
            self.answer_of(self.request_transfer, self.shared_and_reset()),
            REFUSED)

    def request_transfer(self, volume):
        """Ask Cinder to offer a volume; the offer ends with the test."""
        client = self.os_owner.volume_transfers_client_latest
        offered = client.create_volume_transfer(volume_id=volume)
        self.addCleanup(client.delete_volume_transfer,
                        offered['transfer']['id'])
        return offered

    @decorators.idempotent_id('46d8428c-2894-41ce-8d15-35843230ca33')
    @test_known_gaps.on_request
    @needs_snapshots
    def test_revert_of_volume_reset_to_available(self):
        """A volume that servers use is not reverted to its snapshot.

        1. Attach a volume to all servers, take a snapshot of it, and set its
           status to available.
        2. Ask Cinder to revert it: refused.
        """
        volume = self.create_attached_volume(self.servers)
        snapshot = self.create_snapshot(volume)
        self.set_status(volume, 'available')
        answer = self.answer_of(self.request_action, volume, 'revert',
                                microversion=REVERT_MICROVERSION,
                                snapshot_id=snapshot)
        waiters.for_idle(self.observer, volume)
        self.assertHolds(gaps.REVERT_OF_RESET_VOLUME, answer, REFUSED)

    @decorators.idempotent_id('8118bd35-a067-4077-a68c-4d0e3393eab7')
    def test_read_only_of_volume_reset_to_available(self):
        """A volume that servers write to is not made read-only.

        1. Attach a volume to all servers, and set its status to available.
        2. Ask Cinder to make it read-only: refused.
        """
        self.assertHolds(
            gaps.READONLY_OF_RESET_VOLUME,
            self.answer_of(self.volumes_client.update_volume_readonly,
                           self.shared_and_reset(), readonly=True), REFUSED)

    @decorators.idempotent_id('0066f194-8e50-42c6-8be2-5d922db02192')
    @test_known_gaps.on_request
    @base.needs_plain_type
    def test_unflag_of_volume_reset_to_available(self):
        """A volume that several servers use does not lose its flag.

        1. Attach a volume to all servers, and set its status to available.
        2. Ask Cinder to retype it to the plain type: refused.
        """
        volume = self.shared_and_reset()
        answer = self.answer_of(self.request_retype, volume, self.plain_type)
        waiters.for_settled(self.observer, volume)
        self.assertHolds(gaps.UNFLAG_OF_RESET_VOLUME, answer, REFUSED)

    @decorators.idempotent_id('87ac3510-3bb4-4f94-9b95-39bcb091b7de')
    @test_known_gaps.on_request
    def test_update_of_attachment_of_server(self):
        """Nobody but Nova changes how a server is connected to a volume.

        1. Attach a volume to all servers.
        2. As a member, ask Cinder to update the attachment of one with the
           connector of another host.
        3. Nothing changed.
        """
        volume = self.create_attached_volume(self.servers)
        before = self.state_of(volume)
        attachment = next(iter(before.volumes[volume].attachments))
        client = self.observer.attachments_client
        self.addCleanup(client.complete_attachment, attachment)
        answer = self.answer_of(client.update_attachment, attachment, {
            'host': self.resource_name('host'), 'initiator': 'iqn.none',
            'ip': '192.0.2.1', 'platform': 'x86_64', 'os_type': 'linux',
            'multipath': False})
        LOG.info('The attachment was updated: %s', answer)
        self.assertHolds(gaps.UPDATE_OF_ATTACHMENT_OF_SERVER,
                         self.state_of(volume), matchers.Unchanged(before))

    @decorators.idempotent_id('ed2168fb-d40e-4b3d-8d27-cb120c5eaea1')
    @needs_snapshots
    def test_refused_revert(self):
        """A refused revert changes nothing.

        1. Take a snapshot of a volume, and set its status to error.
        2. Ask Cinder to revert the volume to it, and be refused.
        3. Nothing changed.
        """
        volume = self.create_volume()
        snapshot = self.create_snapshot(volume)
        client = self.os_admin.snapshots_client_latest
        self.addCleanup(client.reset_snapshot_status, snapshot, 'available')
        client.reset_snapshot_status(snapshot, 'error')
        before = self.state_of(volume)
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, status='available')
        self.answer_of(self.request_action, volume, 'revert',
                       microversion=REVERT_MICROVERSION,
                       snapshot_id=snapshot)
        self.assertHolds(gaps.REFUSED_REVERT_LEAVES_REVERTING,
                         self.state_of(volume), matchers.Unchanged(before))
