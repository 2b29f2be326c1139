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

"""What guests wrote to a volume is there, whatever is asked of it."""

from tempest import config
from tempest.lib import decorators

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import data
from multiattach_tempest_plugin.tests.scenario import test_known_gaps

CONF = config.CONF


class KnownGapsOfDataTest(data.Data, test_known_gaps.KnownGaps):
    """What guests can do to a shared volume, or lose, and should not."""

    optional_credentials = [credentials.SERVICE_USER]

    @classmethod
    def needs(cls):
        return [*super().needs(), base.SWAP,
                (CONF.validation.run_validation,
                 '[validation] run_validation = True')]

    def create_read_only_volume(self):
        """Create a volume, make it read-only, and attach it to two servers.

        :returns: UUID of the volume
        """
        volume = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, [self.first, self.second])
        return volume

    @decorators.idempotent_id('b8a8540f-2225-4e9c-8ed9-700a78508df9')
    def test_write_to_read_only_volume(self):
        """A volume that a member attached read-only cannot be written to.

        1. Make a volume read-only.
        2. As a member, attach it to two servers: Cinder lists it as
           read-only on both.
        3. No guest can write to it.
        """
        volume = self.create_read_only_volume()
        self.assertHolds(
            gaps.READONLY_VOLUME_IS_WRITTEN,
            self.writes_to([self.first, self.second], volume),
            matchers.Nothing())

    @decorators.idempotent_id('546be1fa-ef44-4452-90e2-a5c708dca07f')
    @test_known_gaps.on_request
    def test_writes_to_read_only_volume_in_swap(self):
        """What guests write to a volume that is read-only is not lost.

        1. Make a volume read-only. As a member, attach it to two servers,
           whose guests write to it all the same.
        2. Give it the migration status error, so that Nova gets to its rule.
        3. Ask Nova to swap it on the first server, and wait for what that
           begins.
        4. Both guests read all that either of them wrote.
        """
        volume = self.create_read_only_volume()
        target = self.create_volume()
        with self.all_writing([self.first, self.second], volume) as written:
            self.set_migration_status(volume, 'error')
            with self.moving(written):
                self.ask(self.request_swap, self.first, volume, target)
        self.assertHolds(gaps.READONLY_VOLUME_LOSES_WRITES,
                         self.losses(written), matchers.Nothing())

    @decorators.idempotent_id('dd1425f6-658f-4415-b1aa-791bd09e24c7')
    @test_known_gaps.on_request
    def test_writes_while_other_server_is_shelved(self):
        """A server that was shelved reads what another one wrote meanwhile.

        1. Attach a volume to one server and to a second, and shelve that.
        2. Give the volume the migration status error, so that Nova gets to
           its rule.
        3. While the guest of the first server writes, ask Nova to swap it
           there.
        4. Unshelve the second server: its guest reads all that was written.
        """
        self.skip_unless_servers_are_offloaded()
        volume = self.create_volume()
        target = self.create_volume()
        shelved = self.share_with_shelved_server(volume)
        with self.all_writing([self.first], volume) as written:
            self.set_migration_status(volume, 'error')
            with self.moving(written):
                self.ask(self.request_swap, self.first, volume, target)
        self.servers_client.unshelve_server(shelved)
        self.wait_until_active(shelved)
        self.assertHolds(
            gaps.SWAP_WITH_SHELVED_SERVER,
            self.losses(written, {shelved: self.guest(shelved, volume)}),
            matchers.Nothing())
