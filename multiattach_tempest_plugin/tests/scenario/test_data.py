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

import contextlib

from tempest import config
from tempest.lib import decorators

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import guests
from multiattach_tempest_plugin.tests import moves
from multiattach_tempest_plugin import waiters

CONF = config.CONF


class DataTest(moves.SafeFlow):
    """What guests write to a volume is what they read from it."""

    optional_credentials = [credentials.SERVICE_USER]

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.validation.run_validation,
                 '[validation] run_validation = True')]

    @contextlib.contextmanager
    def assertNothingLost(self, volume, *others):
        """Check that guests read what each wrote, before, in and after a move.

        :param str volume: UUID of a volume that the first two servers have
        :param others: UUIDs of volumes that they may have afterwards
        """
        with (self.all_writing(self.servers[:2], volume) as written,
              self.moving(written)):
            yield
        self.assertThat(self.losses(written), matchers.Nothing(),
                        self.users_of(volume, *others))

    def users_of(self, *volumes):
        """Say which servers have which volumes, according to both services.

        :param volumes: UUIDs
        :returns: sentence
        """
        seen = self.observer.records(volumes, self.servers)
        mismatch = matchers.Agreeing(*volumes).match(seen)
        if mismatch:
            return mismatch.describe()
        return 'Nova and Cinder agree: ' + ', '.join(
            f'server {server} has volume {volume}, which is '
            f'{seen.volumes[volume].status}'
            for server, found in seen.nova_attachments.items()
            for volume in found if volume in volumes)

    @decorators.idempotent_id('c0ef00f2-4968-4d8b-acf8-2da6ef5d117a')
    @decorators.attr(type='slow')
    def test_swap_of_written_volume_loses_nothing(self):
        """Whatever becomes of a swap, what two guests write is not lost.

        1. Attach a volume to two servers, whose guests write to it.
        2. Give it the migration status error, so that Nova gets to its rule.
        3. Ask Nova to swap it on the first server, and wait for what that
           begins.
        4. Both guests read all that either of them wrote.
        """
        volume = self.create_attached_volume(self.servers[:2])
        target = self.create_volume()
        with self.assertNothingLost(volume, target):
            self.set_migration_status(volume, 'error')
            self.ask(self.request_swap, self.servers[0], volume, target)

    @decorators.idempotent_id('a7fc9485-feb1-4df1-be9b-0411421b20fd')
    @decorators.attr(type='slow')
    def test_migration_of_written_volume_loses_nothing(self):
        """Whatever becomes of a migration, what two guests write is kept.

        1. Attach a volume to two servers, whose guests write to it.
        2. Migrate it to another pool, and wait until that ends.
        3. Both guests read all that either of them wrote.
        """
        volume = self.create_attached_volume(self.servers[:2])
        destination = self.destination_of(volume)
        with self.assertNothingLost(volume):
            self.request_migrate(volume, destination)
            waiters.for_settled(self.observer, volume)

    @decorators.idempotent_id('991b2d11-3a3e-45fc-b3f8-88b1d5690246')
    @decorators.attr(type='slow')
    def test_retype_of_written_volume_loses_nothing(self):
        """Whatever becomes of a retype, what two guests write is not lost.

        1. Attach a volume to two servers, whose guests write to it.
        2. Retype it to a multiattach type of another pool, and wait until
           that ends.
        3. Both guests read all that either of them wrote.
        """
        volume = self.create_attached_volume(self.servers[:2])
        elsewhere = self.type_of_pool(
            self.destination_of(volume), multiattach=True)
        with self.assertNothingLost(volume):
            self.request_retype(volume, elsewhere,
                                migration_policy='on-demand')
            waiters.for_settled(self.observer, volume)

    @decorators.idempotent_id('48d98620-e61c-439b-94c1-b1a66cbbd0c5')
    @decorators.attr(type='slow')
    @base.needs_swap
    def test_server_starts_with_moved_volume(self):
        """A server that is stopped and started has the volume as it moved.

        1. Attach a volume to all servers, and detach it from all but the
           first.
        2. Migrate it while the first guest writes to it.
        3. Stop the first server, and start it.
        4. Attach the volume to the others again: each guest, the first one
           too, finds it by its id and reads all that was written.
        """
        volume = self.create_attached_volume(self.servers)
        for server in self.others:
            self.detach(server, volume)
        with self.writing(self.first, volume) as written:
            self.move(self.by_migration, volume)
        with self.changed_server(
                self.first, self.servers_client.stop_server, 'SHUTOFF',
                self.servers_client.start_server):
            pass
        self.attach(volume, self.others)
        self.assertReadBy(written, self.servers, volume)

    @decorators.idempotent_id('620bc48e-7589-4c79-a21e-2b16d3761d44')
    @decorators.attr(type='slow')
    def test_rebooted_server_shares_volume(self):
        """A server that reboots shares its volume as before.

        1. Attach a volume to two servers.
        2. Reboot the first one hard while the guest of the second writes.
        3. The first guest reads what was written, and the second one what
           the first one writes then.
        """
        second = self.others[0]
        volume = self.create_attached_volume([self.first, second])
        with self.writing(second, volume) as written:
            self.servers_client.reboot_server(self.first, type='HARD')
            self.wait_until_active(self.first)
        self.assertShared(written, [self.first], volume)

    @decorators.idempotent_id('a26cbfd1-77db-40bb-ab48-76a2d55ced18')
    @decorators.attr(type='slow')
    def test_detached_volume_leaves_guest(self):
        """A volume that is detached is no disk of the guest any more.

        1. Attach a volume to two servers.
        2. Detach it from the second while the guest of the first writes.
        3. The second guest has no disk of that volume.
        4. Attach it again: both guests read what the other writes.
        """
        second = self.others[0]
        volume = self.create_attached_volume([self.first, second])
        # Otherwise it may not have seen the disk yet.
        self.guest(second, volume)
        with self.writing(self.first, volume) as written:
            self.detach(second, volume)
        self.assertEqual([], guests.disks_of(self.log_in(second), volume))
        self.attach(volume, [second])
        self.assertShared(written, [second], volume)

    @decorators.idempotent_id('767db758-6f86-4caa-ae4b-19cdbc25cf22')
    @decorators.attr(type='slow')
    def test_read_only_volume_is_not_written(self):
        """Guests cannot write to a volume that was made read-only.

        1. Attach a volume to the first server, whose guest writes to it.
        2. Detach it, make it read-only, and attach it to two servers as an
           administrator.
        3. Both guests read what was written, and cannot write to it.
        """
        servers = self.servers[:2]
        volume = self.create_attached_volume(servers[:1])
        with self.writing(self.first, volume) as written:
            pass
        self.detach(self.first, volume)
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, servers, self.os_admin)
        self.assertReadBy(written, servers, volume)
        self.assertThat(self.writes_to(servers, volume), matchers.Nothing())
