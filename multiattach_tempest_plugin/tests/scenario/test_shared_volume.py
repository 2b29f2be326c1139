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

import dataclasses

from tempest import config
from tempest.lib.common.utils import data_utils
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin import waiters

CONF = config.CONF

EXTEND_IN_USE_MICROVERSION = '3.42'

needs_snapshots = testtools.skipUnless(
    CONF.volume_feature_enabled.snapshot,
    'To run this test set in tempest.conf: [volume-feature-enabled] '
    'snapshot = True')


class SharedVolumeTest(base.MultiattachTest):
    """A volume that several servers share does what it is there for."""

    def modes_of(self, volume):
        """List the modes of the attachments of a volume, as 'rw' or 'ro'."""
        seen = self.observer.volume(volume)
        return [entry.mode for entry in seen.attachments.values()]

    @decorators.idempotent_id('394f7f56-7437-45c3-b448-7ed01d0f0da8')
    @decorators.attr(type='slow')
    def test_detach_from_one_server_keeps_the_others(self):
        """A volume detached from one server stays attached to the others.

        1. Attach a volume to all servers: each may write.
        2. Detach it from the last server: it is gone from there, and nothing
           else changed in Nova or Cinder.
        3. Attach it again.
        """
        volume = self.create_attached_volume(self.servers)
        self.assertEqual(['rw'] * len(self.servers), self.modes_of(volume))
        before = self.state_of(volume)
        last = self.servers[-1]
        self.detach(last, volume)
        after = self.state_of(volume)
        expected = before.with_volume(volume, attachments={
            key: entry for key, entry
            in before.volumes[volume].attachments.items()
            if entry.server_id != last})
        self.assertThat(after, matchers.Unchanged(dataclasses.replace(
            expected,
            nova_attachments={**before.nova_attachments, last: {}},
            actions={**before.actions, last: after.actions[last]})))
        self.attach(volume, [last])

    @decorators.idempotent_id('42d08373-b84d-4381-bfbd-2a8bb5adf114')
    @decorators.attr(type='slow')
    def test_read_only_volume_is_shared_read_only(self):
        """No server may write to a read-only volume.

        1. Create a volume and make it read-only.
        2. Attach it to all servers: none may write.
        """
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, self.servers)
        self.assertEqual(['ro'] * len(self.servers), self.modes_of(volume))

    @decorators.idempotent_id('023e02fe-5d1d-4295-9b63-7e9cea95edae')
    @decorators.attr(type='slow')
    def test_clone_of_shared_volume_can_be_shared(self):
        """A clone of a volume that servers share can be shared itself.

        1. Attach a volume to all servers.
        2. Clone it: type and flag of the clone are those of the volume.
        3. Attach the clone to all servers.
        """
        volume = self.create_attached_volume(self.servers)
        self.assertShareable(self.create_copy(source_volid=volume))

    @decorators.idempotent_id('6f6b08d5-8de9-4c5f-b39c-bf50aa391bb6')
    @decorators.attr(type='slow')
    @needs_snapshots
    def test_volume_from_snapshot_of_shared_volume_can_be_shared(self):
        """A volume from a snapshot can be shared as the first one is.

        1. Attach a volume to all servers, and take a snapshot of it.
        2. Create a volume from the snapshot: type and flag are the same.
        3. Attach it to all servers.
        """
        volume = self.create_attached_volume(self.servers)
        snapshot = self.create_snapshot(volume)
        self.assertShareable(self.create_copy(snapshot_id=snapshot))

    @decorators.idempotent_id('ed703f8c-744a-4281-b717-29c9a2529469')
    @decorators.attr(type='slow')
    @needs_snapshots
    @base.needs_plain_type
    def test_volume_from_snapshot_has_flag_of_today(self):
        """A volume from a snapshot gets the source's current type.

        1. Unflag a volume, take a snapshot of it, and flag it again.
        2. Create a volume from the snapshot: it has the type and the flag.
        3. Attach it to all servers.
        """
        # Where multiattach is: other pools may have the plain type too.
        volume = self.create_volume()
        self.skip_if_copied(self.retype(
            volume, self.plain_type, migration_policy='on-demand'))
        snapshot = self.create_snapshot(volume)
        self.retype(volume, self.multiattach_type)
        self.assertShareable(self.create_copy(snapshot_id=snapshot))

    def create_copy(self, **source):
        """Create a volume from another; it is deleted after the test.

        :param source: what to create it from, as source_volid
        :returns: UUID of the new volume
        """
        copy = self.volumes_client.create_volume(
            name=self.resource_name('copy'), **source)['volume']['id']
        self.addCleanup(self.delete_volume, copy)
        waiters.for_created(self.observer.show_volume, copy,
                            self.volumes_client)
        return copy

    def assertShareable(self, volume):
        """Check the type and the flag, and attach to all servers."""
        shown = self.observer.show_volume(volume)
        self.assertEqual((self.multiattach_type, True),
                         (shown['volume_type'], shown['multiattach']))
        self.attach(volume, self.servers)

    @decorators.idempotent_id('1a0ac13e-1130-49b4-bec3-41b33ae1f6aa')
    @decorators.attr(type='slow')
    def test_volume_reset_to_detached_is_free(self):
        """An administrator can free a volume of what reserves it for ever.

        1. Ask Cinder for an attachment to a server that does not exist.
        2. As an administrator, reset the volume to available and detached:
           it has no attachment.
        3. Attach it to all servers.
        """
        volume = self.create_volume()
        self.observer.attachments_client.create_attachment(
            volume, data_utils.rand_uuid())
        self.admin_volumes_client.reset_volume_status(
            volume, status='available', attach_status='detached')
        self.assertEqual({}, self.observer.volume(volume).attachments)
        self.attach(volume, self.servers)

    @decorators.idempotent_id('29cce4b5-4541-4e68-8cbd-b1ee6f21512b')
    @decorators.attr(type='slow')
    @needs_snapshots
    def test_retype_by_administrator_counts_for_owner(self):
        """A volume and its snapshots count for the type that they have.

        1. Create two multiattach types, and a volume of the first with a
           snapshot.
        2. As an administrator, retype it to the second: the quota usage of
           its project by the first type is now that by the second.
        3. Delete the snapshot: the usage is what it was before there was
           one.
        """
        old, new = (self.create_volume_type() for _ in range(2))
        volume = self.create_volume(old)
        alone = self.observer.quota_usage()
        snapshot = self.create_snapshot(volume)
        both = self.observer.quota_usage()
        self.retype(volume, new, user=self.os_admin)
        self.assertCounted(both, old, new)
        self.delete_snapshot(snapshot)
        self.assertCounted(alone, old, new)

    def assertCounted(self, before, old, new):
        """Check that what counted for a type counts for another one."""
        self.assertIn(f'volumes_{old}', before)
        self.assertEqual(
            {name.replace(old, new): usage for name, usage in before.items()},
            self.observer.quota_usage())

    @decorators.idempotent_id('0f90b69b-97a7-4124-8d7c-0ab1df0700bc')
    @decorators.attr(type='slow')
    def test_detach_from_shelved_server(self):
        """A volume can be detached from a server that is shelved.

        1. Attach a volume to one server, and shelve the server.
        2. Detach the volume: both services say that it is free.
        """
        self.skip_unless_servers_are_offloaded()
        server = self.servers[0]
        volume = self.create_attached_volume([server])
        self.shelve(server)
        self.detach(server, volume)

    @decorators.idempotent_id('d6074057-5b89-4dce-928f-0bc01b46726d')
    @decorators.attr(type='slow')
    @base.needs_extend_in_use
    def test_extended_volume_stays_shared(self):
        """A shared volume grows under its servers, and counts for its owner.

        1. Attach a volume to all servers.
        2. As an administrator, extend it: its size and the quota usage of
           its project change, and nothing else.
        """
        volume = self.create_attached_volume(self.servers)
        before = self.state_of(volume)
        old = before.volumes[volume]
        new = dataclasses.replace(old, size=pools.size_for(old.size + 1))
        self.request_action(volume, 'os-extend', user=self.os_admin,
                            microversion=EXTEND_IN_USE_MICROVERSION,
                            new_size=new.size)
        waiters.for_idle(self.observer, volume)
        usage = state.counted(
            state.counted(before.quota_usage, old, -1), new, 1)
        # Nova is told, and has an action for it.
        self.assertThat(
            dataclasses.replace(self.state_of(volume), actions={}),
            matchers.Unchanged(dataclasses.replace(
                before.with_volume(volume, size=new.size), actions={},
                quota_usage=self.observer.ours(usage))))

    @decorators.idempotent_id('fec716fd-7c25-43c2-ac23-82fa7687a8b7')
    @decorators.attr(type='slow')
    def test_retyped_volume_stays_shared(self):
        """A shared volume gets another multiattach type where it is.

        1. Create two multiattach types whose QoS is not the same and asks
           for nothing.
        2. Attach a volume of the first to all servers.
        3. Retype it to the second: its type and what counts for that change,
           and nothing else.
        """
        # What the specs may be called differs from storage to storage.
        first, second = (self.create_qos_type(consumer='back-end')
                         for _ in range(2))
        volume = self.create_attached_volume(self.servers, first)
        before = self.state_of(volume)
        old = before.volumes[volume]
        new = dataclasses.replace(old, volume_type=second)
        self.retype(volume, second)
        usage = state.counted(
            state.counted(before.quota_usage, old, -1), new, 1)
        self.assertThat(
            self.state_of(volume),
            matchers.Unchanged(dataclasses.replace(
                before.with_volume(volume, volume_type=second),
                quota_usage=self.observer.ours(usage))))

    @decorators.idempotent_id('3d8e03e9-4cab-4d5c-bc0c-f1405fc11b16')
    @decorators.attr(type='slow')
    def test_requests_of_services_can_be_taken_back(self):
        """What a service began with a shared volume leaves nothing.

        1. Attach a volume to all servers.
        2. Reserve it, as a service does, and take that back.
        3. Begin to detach it, and take that back.
        4. Nothing changed in Nova or Cinder.
        """
        volume = self.create_attached_volume(self.servers)
        before = self.state_of(volume)
        for begin, undo in (('os-reserve', 'os-unreserve'),
                            ('os-begin_detaching', 'os-roll_detaching')):
            self.request_action(volume, begin)
            self.request_action(volume, undo)
            self.assertThat(self.state_of(volume), matchers.Unchanged(before),
                            begin)

    @decorators.idempotent_id('5a7d9020-23c6-48bc-8d96-4010409cf800')
    @decorators.attr(type='slow')
    @base.needs_swap
    def test_migrated_volume_stays_read_only(self):
        """A read-only volume is read-only in another pool too.

        1. Make a volume read-only, and attach it to one server.
        2. Migrate it, and attach it to the other servers: none may write.
        """
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        first, *others = self.servers
        self.attach(volume, [first])
        self.migrate(volume, self.destination_of(volume))
        self.attach(volume, others)
        self.assertEqual(['ro'] * len(self.servers), self.modes_of(volume))
