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
from tempest.lib import decorators

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.tests import swaps

CONF = config.CONF


class SwapNegativeTest(swaps.SwapTest):
    """Nova refuses to swap a volume that several servers write to."""

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first, *cls.others = cls.servers

    def larger_volume(self):
        """Return a shared volume of the first server, larger than others."""
        return self.shared_volume(
            [self.first], size=pools.size_for(CONF.volume.volume_size + 1))

    def reserve(self, volume, **options):
        """Reserve a volume for a server that Nova does not know.

        :param str volume: UUID of the volume
        :param options: of the attachment
        :returns: UUID of the attachment
        """
        client = self.observer.attachments_client
        attachment = client.create_attachment(
            volume, self.unknown, **options)['attachment']['id']
        self.addCleanup(client.delete_attachment, attachment)
        return attachment

    def attach_reader(self, volume):
        """Attach a volume for reading only, which Nova has no way to do."""
        self.observer.attachments_client.complete_attachment(
            self.reserve(volume, mode='ro'))

    @decorators.idempotent_id('8182d262-9ea4-4dd7-af69-ed86c19f2020')
    @decorators.attr(type='negative')
    def test_swap_of_shared_volume_is_refused(self):
        """A volume that several servers write to cannot be swapped.

        1. Attach a volume to all servers.
        2. Ask Nova to swap it for another volume, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self.assertNotSwapped(
            refusals.SWAP_SHARED_VOLUME, self.servers,
            self.shared_volume(self.servers), self.shared_volume())

    @decorators.idempotent_id('e204a7b4-d45a-4356-bc2c-519f2bf5b397')
    @decorators.attr(type='negative')
    def test_swap_of_shared_volume_with_migration_status_is_refused(self):
        """The rule about several writers holds when Nova has no other.

        Where only Cinder may swap, Nova looks for a migration status and
        refuses without one, so that its rule about several writers is not
        asked. With a migration status it is, on every release.

        1. Attach a volume to all servers.
        2. As an administrator, set its migration status to error.
        3. Ask Nova to swap it for another volume, on each server in turn.
        4. Each request is refused because of several writers, and nothing
           changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.set_migration_status(volume, 'error')
        self.assertNotSwapped(
            refusals.SWAP_SHARED_VOLUME.with_migration_status(),
            self.servers, volume, target)

    @decorators.idempotent_id('ed40882d-4954-45b8-9b3e-b26101a0c6c5')
    @decorators.attr(type='negative')
    def test_swap_of_shared_volume_reset_to_available_is_refused(self):
        """A shared volume that only looks available cannot be swapped.

        1. Attach a volume to all servers.
        2. As an administrator, set its migration status to error, and its
           status to available.
        3. Ask Nova to swap it for another volume, on each server in turn.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.set_migration_status(volume, 'error')
        self.set_status(volume, 'available')
        before = self.state_of(volume, target)
        for server in self.servers:
            # The answer has the id of Nova's request to Cinder.
            self.assertRefused(refusals.SWAP_RESET_VOLUME, self.request_swap,
                               server, volume, target)
        self.assertThat(self.state_of(volume, target),
                        matchers.Unchanged(before))

    @decorators.idempotent_id('9f8e4d82-32f6-4051-9230-8b93a7e0a1e3')
    @decorators.attr(type='negative')
    def test_refused_swap_leaves_delete_on_termination_alone(self):
        """A refused swap does not change what is deleted with a server.

        From microversion 2.85 on one request swaps a volume and changes
        properties of its attachment; for the volume itself it swaps nothing.

        1. Attach a volume to all servers.
        2. At 2.85, have it deleted with each server: nothing else changed.
        3. Ask Nova at 2.85 to swap it for another volume, on each server in
           turn, and name no property.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        5. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        before = self.state_of(volume)
        for server in self.servers:
            self.addCleanup(self.set_delete_on_termination,
                            server, volume, False)
            self.set_delete_on_termination(server, volume, True)
        self.assertThat(
            self.state_of(volume),
            matchers.Unchanged(dataclasses.replace(before, nova_attachments={
                server: {**attachments, volume: dataclasses.replace(
                    attachments[volume], delete_on_termination=True)}
                for server, attachments in before.nova_attachments.items()})))
        self.assertNeverSwapped(
            refusals.SWAP_SHARED_VOLUME, self.servers, volume,
            self.shared_volume(), microversion=operations.UPDATE_MICROVERSION)

    def set_delete_on_termination(self, server, volume, value):
        """Choose, as the owner, if a volume is deleted with a server."""
        self.request_swap(server, volume, volume, user=self.os_primary,
                          microversion=operations.UPDATE_MICROVERSION,
                          delete_on_termination=value)

    @decorators.idempotent_id('50a91ab3-240c-4b46-9e58-01af54b0448a')
    @decorators.attr(type='negative')
    def test_swap_of_volume_with_writers_and_reader_is_refused(self):
        """A reader does not hide that several servers write to a volume.

        1. Attach a volume to all servers, and in Cinder to one more that
           only reads it.
        2. Ask Nova to swap it for another volume, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        self.attach_reader(volume)
        self.assertNeverSwapped(refusals.SWAP_SHARED_VOLUME, self.servers,
                                volume, self.shared_volume())

    @decorators.idempotent_id('02cd2e9f-ea63-481c-b07e-0c83148cb6c2')
    @decorators.attr(type='negative')
    def test_swap_of_volume_with_writer_and_reader_is_refused(self):
        """A volume with a writer and a reader is for Cinder alone to swap.

        Nova counts writers only. With a migration status, or on older
        releases, it would accept the request.

        1. Attach a volume to one server, and in Cinder to another that only
           reads it.
        2. Ask Nova to swap it for another volume.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self.skip_unless_only_cinder_swaps()
        volume = self.larger_volume()
        self.attach_reader(volume)
        self.assertNotSwapped(refusals.SWAP_VOLUME_WITH_READER, [self.first],
                              volume, self.shared_volume())

    @decorators.idempotent_id('c2238f58-ad69-44af-94cd-56adf43bdd9c')
    @decorators.attr(type='negative')
    def test_swap_of_volume_with_readers_is_refused(self):
        """A volume that servers only read is for Cinder alone to swap.

        Nova counts writers only. With a migration status, or on older
        releases, it accepts the request: a known gap.

        1. Make a volume read-only, and attach it to all servers.
        2. Cinder has an attachment for reading alone for each of them.
        3. Ask Nova to swap it for another volume, on each server in turn.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self.skip_unless_only_cinder_swaps()
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, self.servers)
        self.assertEqual(['ro'] * len(self.servers), [
            attachment.mode for attachment
            in self.observer.volume(volume).attachments.values()])
        self.assertNotSwapped(refusals.SWAP_VOLUME_WITH_READER, self.servers,
                              volume, self.shared_volume())

    @decorators.idempotent_id('0a97ab1c-cdc9-4c90-a773-8dfa1782b5b7')
    @decorators.attr(type='negative')
    def test_swap_for_unknown_volume_is_refused(self):
        """A volume cannot be swapped for one that does not exist.

        1. Attach a volume to one server.
        2. Ask Nova to swap it for a volume that does not exist.
        3. The request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        self.assertNeverSwapped(
            refusals.SWAP_TO_UNKNOWN_VOLUME, [self.first],
            self.larger_volume(), self.unknown)

    @decorators.idempotent_id('be7d335f-3b36-4612-9cd2-022bcd7021e9')
    @decorators.attr(type='negative')
    def test_swap_for_volume_in_use_is_refused(self):
        """A volume cannot be swapped for one that another server uses.

        1. Attach a volume to all servers, and a larger one to the first.
        2. Ask Nova to swap the shared volume for the other, on each server
           but the first in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        self.assertNeverSwapped(
            refusals.SWAP_TO_ATTACHED_VOLUME, self.others,
            self.shared_volume(self.servers), self.larger_volume())

    @decorators.idempotent_id('74b99945-3627-4b64-8312-f43a0e151b77')
    @decorators.attr(type='negative')
    def test_swap_for_smaller_volume_is_refused(self):
        """A volume cannot be swapped for a smaller one.

        1. Attach a volume to one server.
        2. Ask Nova to swap it for a smaller volume.
        3. The request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        self.assertNeverSwapped(
            refusals.SWAP_TO_SMALLER_VOLUME, [self.first],
            self.larger_volume(), self.shared_volume())

    @decorators.idempotent_id('8a936af7-dd84-4c22-82c9-7b3f6d1acbe0')
    @decorators.attr(type='negative')
    def test_swap_for_itself_is_refused(self):
        """Below microversion 2.85 a volume cannot be swapped for itself.

        1. Attach a volume to all servers.
        2. Ask Nova to swap it for itself, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        self.assertNeverSwapped(
            refusals.SWAP_TO_ITSELF, self.servers, volume, volume)

    @decorators.idempotent_id('564324c4-d9c6-4c14-b294-fc4f892b94e6')
    @decorators.attr(type='negative')
    def test_swap_of_shared_volume_for_reserved_volume_is_refused(self):
        """A shared volume cannot be swapped for one reserved elsewhere.

        1. Attach a volume to all servers.
        2. In Cinder, reserve another volume for a server.
        3. Ask Nova to swap the first for the second, on each server in turn.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        5. With a migration status the same.
        """
        target = self.shared_volume()
        self.reserve(target)
        self.assertNeverSwapped(refusals.SWAP_SHARED_VOLUME, self.servers,
                                self.shared_volume(self.servers), target)

    @decorators.idempotent_id('077945f2-6fb3-4f9a-9973-66887d5f061f')
    @decorators.attr(type='negative')
    def test_swap_for_reserved_volume_is_refused(self):
        """A volume reserved for another server cannot be swapped to.

        With a migration status, or on older releases, Nova returns 500.

        1. Attach a volume to one server.
        2. In Cinder, reserve another volume for a server.
        3. Ask Nova to swap the first for the second.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        self.skip_unless_only_cinder_swaps()
        target = self.shared_volume()
        self.reserve(target)
        self.assertNotSwapped(refusals.SWAP_TO_RESERVED_VOLUME, [self.first],
                              self.larger_volume(), target)

    @decorators.idempotent_id('ba49eced-c901-4b13-bacc-2ab0f26f4c4b')
    @decorators.attr(type='negative')
    def test_swap_on_server_without_volume_is_refused(self):
        """A volume cannot be swapped on a server that does not have it.

        1. Attach a volume to the first server.
        2. Ask Nova to swap it for another volume, on each other server in
           turn, at microversion 2.85 and below it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same, below 2.85.
        """
        volume = self.larger_volume()
        target = self.shared_volume()
        self.assertNotSwapped(
            refusals.UPDATE_ON_OTHER_SERVER, self.others, volume, target,
            microversion=operations.UPDATE_MICROVERSION)
        self.assertNeverSwapped(
            refusals.SWAP_ON_OTHER_SERVER, self.others, volume, target)

    @decorators.idempotent_id('9af53b3d-0a64-4929-a574-02bc21e11afc')
    @decorators.attr(type='negative')
    def test_swap_of_unknown_volume_is_refused(self):
        """A volume that does not exist cannot be swapped.

        1. Ask Nova to swap a volume that does not exist for one that does,
           on each server in turn.
        2. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self.assertNotSwapped(refusals.SWAP_UNKNOWN_VOLUME, self.servers,
                              self.unknown, self.shared_volume())

    @decorators.idempotent_id('814a1c17-c658-4565-a108-bc52e8ec9f27')
    @decorators.attr(type='negative')
    def test_volume_is_as_usable_after_refused_swaps(self):
        """After refused swaps a volume can be detached, attached and deleted.

        1. Attach a volume to all servers.
        2. Ask Nova to swap it for another volume, on each server in turn, as
           it stands and with a migration status: each request is refused.
        3. Detach it from the first server and attach it again.
        4. Both services list it on all servers.
        5. Detach it from all servers and delete both volumes.
        """
        volume = self.create_attached_volume(self.servers)
        self.assertNeverSwapped(refusals.SWAP_SHARED_VOLUME, self.servers,
                                volume, self.create_volume())
        self.detach(self.first, volume)
        self.attach(volume, [self.first])
