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

from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import guests
from multiattach_tempest_plugin import waiters

CONF = config.CONF


class DataTest(guests.Guests, base.MultiattachTest):
    """Two guests write to a volume while somebody asks to move it."""

    optional_credentials = [credentials.SERVICE_USER]

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.compute_feature_enabled.swap_volume,
                 '[compute-feature-enabled] swap_volume = True'),
                (CONF.validation.run_validation,
                 '[validation] run_validation = True')]

    @contextlib.contextmanager
    def assertNothingLost(self, volume):
        """Check that guests read what each of them wrote inside the block.

        Each writes to blocks of its own.

        :param str volume: UUID of a volume that the first two servers have
        """
        servers = self.servers[:2]
        with contextlib.ExitStack() as stack:
            written = {
                server: stack.enter_context(self.writing(
                    server, volume, first, len(servers)))
                for first, server in enumerate(servers)}
            yield
        lost = []
        for writer, blocks in written.items():
            for reader, own in written.items():
                missing = blocks.missing_on(own.guest)
                if missing:
                    lost.append(
                        f'server {reader} misses {len(missing)} of '
                        f'{len(blocks.numbers)} acknowledged writes of '
                        f'server {writer}, the blocks {missing[0]} to '
                        f'{missing[-1]}')
        self.assertEqual([], lost)

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
        with self.assertNothingLost(volume):
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
