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
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

# The first that takes delete_on_termination with the request to attach.
ATTACH_PROPERTIES_MICROVERSION = '2.79'


class ServerActionsTest(base.MultiattachTest):
    """A shared volume stays with a server, whatever is asked of Nova."""

    optional_credentials = [credentials.SERVICE_USER]

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first, *cls.others = cls.servers

    def assertStillShared(self, volume):
        """Check that all servers write to a volume, and none may swap it."""
        self.assertAttached(volume, self.servers)
        seen = self.observer.volume(volume)
        self.assertEqual(
            ['rw'] * len(self.servers),
            [entry.mode for entry in seen.attachments.values()])
        target = self.shared_volume()
        self.set_migration_status(volume, 'error')
        for server in self.servers:
            self.assertRefused(
                refusals.SWAP_SHARED_VOLUME.with_migration_status(),
                self.request_swap, server, volume, target)

    @decorators.idempotent_id('6eb37626-9d26-4f1e-b695-6d238e97428c')
    @decorators.attr(type='slow')
    def test_rebuilt_server_keeps_shared_volume(self):
        """A server that is rebuilt has its shared volume again.

        1. Attach a volume to all servers.
        2. Rebuild the first.
        3. All servers write to the volume, and it cannot be swapped.
        """
        volume = self.shared_volume(self.servers)
        self.servers_client.rebuild_server(
            self.first, image_ref=CONF.compute.image_ref)
        self.wait_until_active(self.first)
        self.assertStillShared(volume)

    @decorators.idempotent_id('fa45dc78-c342-43b2-a626-c57a4cfb9842')
    @decorators.attr(type='slow')
    def test_rescued_server_keeps_shared_volume(self):
        """A server that is rescued keeps its shared volume.

        1. Attach a volume to all servers.
        2. Rescue the first, and unrescue it.
        3. All servers write to the volume, and it cannot be swapped.
        """
        if not CONF.compute_feature_enabled.rescue:
            raise self.skipException(
                'To run this test set in tempest.conf: '
                '[compute-feature-enabled] rescue = True')
        volume = self.shared_volume(self.servers)
        self.servers_client.rescue_server(self.first)
        waiters.for_server(self.observer, self.first, 'RESCUE')
        self.servers_client.unrescue_server(self.first)
        self.wait_until_active(self.first)
        self.assertStillShared(volume)

    @decorators.idempotent_id('0213bd78-e274-47d7-aece-7a756d706253')
    @decorators.attr(type='slow')
    def test_migrated_server_keeps_shared_volume(self):
        """A server that moves to another host has its shared volume there.

        1. Attach a volume to all servers.
        2. As an administrator, migrate the first while it is off, and
           confirm that.
        3. All servers write to the volume, and it cannot be swapped.
        """
        if not (CONF.compute_feature_enabled.cold_migration
                and CONF.compute.min_compute_nodes > 1):
            raise self.skipException(
                'To run this test set in tempest.conf: '
                '[compute-feature-enabled] cold_migration = True; [compute] '
                'min_compute_nodes = 2')
        volume = self.shared_volume(self.servers)
        self.os_admin.servers_client.migrate_server(self.first)
        waiters.for_server(self.observer, self.first, 'VERIFY_RESIZE')
        self.servers_client.confirm_resize_server(self.first)
        self.wait_until_active(self.first)
        self.assertStillShared(volume)

    @decorators.idempotent_id('eabd604b-914c-4903-a981-a5cc642967bc')
    @decorators.attr(type='slow')
    def test_server_keeps_shared_volume_when_resize_is_reverted(self):
        """A server whose resize is taken back has its shared volume again.

        1. Attach a volume to all servers.
        2. Resize the first, and revert that.
        3. All servers write to the volume, and it cannot be swapped.
        """
        if not (CONF.compute_feature_enabled.resize
                and CONF.compute.flavor_ref_alt not in (
                    None, '', CONF.compute.flavor_ref)):
            raise self.skipException(
                'To run this test set in tempest.conf: '
                '[compute-feature-enabled] resize = True; [compute] '
                'flavor_ref_alt = another flavor')
        volume = self.shared_volume(self.servers)
        self.servers_client.resize_server(
            self.first, CONF.compute.flavor_ref_alt)
        waiters.for_server(self.observer, self.first, 'VERIFY_RESIZE')
        self.servers_client.revert_resize_server(self.first)
        self.wait_until_active(self.first)
        self.assertStillShared(volume)

    @decorators.idempotent_id('64356cf6-c8c3-4229-9ba6-e332e4b2388d')
    @decorators.attr(type='slow')
    def test_shelved_server_keeps_shared_volume(self):
        """A server that is shelved has its shared volume again, and no other.

        1. Attach a volume to all servers, and shelve the first.
        2. Ask Nova to attach another multiattach volume to it: refused.
        3. Unshelve it.
        4. All servers write to the volume, and it cannot be swapped.
        """
        self.skip_unless_servers_are_offloaded()
        volume = self.shared_volume(self.servers)
        self.addCleanup(self.assertStillShared, volume)
        self.shelve(self.first)
        self.assertRefused(refusals.ATTACH_TO_SHELVED_SERVER,
                           self.request_attach, self.first,
                           self.shared_volume())

    @decorators.idempotent_id('b322f30a-a7bd-4742-9c7a-f4268f4144ce')
    @decorators.attr(type='slow')
    def test_deleted_server_leaves_volume_to_the_others(self):
        """A shared volume does not go with the first server that is deleted.

        1. Attach a volume to one server, and to another one that takes it
           along when it is deleted.
        2. Delete the other server.
        3. The first has the volume, and nothing of it changed.
        """
        server = self.boot_server()
        self.addCleanup(self.delete_server, server)
        waiters.for_booted(self.observer, [server])
        volume = self.create_attached_volume([self.first])
        before = self.observer.state([volume], [self.first])
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=ATTACH_PROPERTIES_MICROVERSION):
            accepted = self.servers_client.attach_volume(
                server, volumeId=volume, delete_on_termination=True)
        waiters.for_action(self.observer, server,
                           waiters.request_id(accepted))
        self.delete_server(server)
        self.assertThat(self.observer.state([volume], [self.first]),
                        matchers.Unchanged(before))

    @decorators.idempotent_id('c1eb5385-015e-4936-a423-65d8c95b68db')
    @decorators.attr(type='slow')
    @base.needs_plain_type
    def test_boot_with_plain_volume_of_other_server_fails(self):
        """No server boots with a plain volume that another one has.

        1. Attach a volume without multiattach to one server, and set its
           status to available.
        2. Boot another server with it: that is refused or ends in error, and
           the first server has the volume as before.
        """
        volume = self.create_attached_volume([self.first], self.plain_type)
        before = self.observer.state([volume], [self.first])
        self.admin_volumes_client.reset_volume_status(
            volume, status='available')
        try:
            server = self.boot_server(block_device_mapping_v2=[
                {'uuid': CONF.compute.image_ref, 'source_type': 'image',
                 'destination_type': 'local', 'boot_index': 0},
                {'uuid': volume, 'source_type': 'volume',
                 'destination_type': 'volume', 'boot_index': -1}])
        except (lib_exc.BadRequest, lib_exc.Conflict) as error:
            LOG.info('The server was refused: %s', error)
        else:
            self.addCleanup(self.delete_server, server)
            waiters.for_server_built(self.observer, server)
            self.assertEqual(
                'ERROR', self.observer.show_server(server)['status'],
                'a second server is built')
            self.delete_server(server)
        self.assertThat(self.observer.state([volume], [self.first]),
                        matchers.Unchanged(before))
