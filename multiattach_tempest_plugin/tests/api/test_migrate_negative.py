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

from tempest import config
from tempest.lib.common.utils import data_utils
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import pools

CONF = config.CONF


class MigrateNegativeTest(base.MultiattachTest):
    """Cinder leaves a volume where it is when it cannot be migrated."""

    def _assert_migrate_refused(self, refusal, volume, destination):
        before = self.state_of(volume)
        self.assertRefused(
            refusal, self.request_migrate, volume, destination)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))

    def _assert_migration_ends_in_error(self, volume, destination):
        before = self.state_of(volume)
        self.migrate(volume, destination, outcome='error')
        self.assertThat(
            self.state_of(volume),
            matchers.Unchanged(
                before.with_volume(volume, migration_status='error')))

    @decorators.idempotent_id('4e8c6a3f-e5ab-4242-8ee0-af5629200904')
    @decorators.attr(type='negative')
    def test_migration_of_shared_volume_ends_in_error(self):
        """A volume that several servers write to stays where it is.

        Cinder accepts the request and asks Nova to swap the volume on each
        server; Nova refuses. This does not prove Nova's rule, as later steps
        of Cinder mostly fail without it too; it proves that nothing is lost.

        1. Attach a volume to all servers.
        2. Ask Cinder to migrate it to another pool.
        3. The migration ends in error, no temporary volume is left, and
           nothing else changed in Nova or Cinder.
        4. Detach the volume from one server and attach it again.
        """
        volume = self.create_attached_volume(self.servers)
        self._assert_migration_ends_in_error(
            volume, self.destination_of(volume))
        self.detach(self.servers[-1], volume)
        self.attach(volume, self.servers[-1:])

    @decorators.idempotent_id('b8bfe466-40e0-43e4-abf5-3db260c7db17')
    @decorators.attr(type='negative')
    def test_migration_of_shared_volume_reset_to_available_ends_in_error(self):
        """What several servers write to is not moved as if nobody had it.

        1. Attach a volume to all servers.
        2. As an administrator, set its status to available.
        3. Ask Cinder to migrate it to another pool.
        4. The migration ends in error, no temporary volume is left, and
           nothing else changed in Nova or Cinder.
        """
        volume = self.create_attached_volume(self.servers)
        destination = self.destination_of(volume)
        self.set_status(volume, 'available')
        self._assert_migration_ends_in_error(volume, destination)

    @decorators.idempotent_id('5584d68c-0958-4e5c-9230-74bd3a4fb74d')
    @decorators.attr(type='negative')
    def test_migration_to_pool_that_type_excludes_ends_in_error(self):
        """A volume stays in the pool that its type asks for.

        1. Create a multiattach type that only one pool serves.
        2. Attach a volume of this type to one server.
        3. Ask Cinder to migrate it to another pool.
        4. The migration ends in error, and nothing else changed in Nova or
           Cinder.
        """
        example = self.shared_volume(self.servers[:1])
        pinned_type = self.type_of_pool(
            self.host_of(example), multiattach=True)
        volume = self.create_attached_volume(self.servers[:1], pinned_type)
        self._assert_migration_ends_in_error(
            volume, self.destination_of(example))

    @decorators.idempotent_id('0132eed5-9f90-41da-9334-3d843f75b1e8')
    @decorators.attr(type='negative')
    def test_migrate_to_own_pool_is_refused(self):
        """A volume cannot be migrated to the pool that holds it.

        1. Attach a volume to one server.
        2. Ask Cinder to migrate it to its own pool.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        host = self.host_of(volume)
        found = pools.list_pools(self.os_admin)
        if pools.find_pool(found, host).clustered:
            raise self.skipException(
                'Cinder compares the pool of a volume with the whole cluster, '
                'and migrates it. To run this test set in tempest.conf: '
                '[volume] volume_type_multiattach = a type of storage in no '
                'cluster')
        self._assert_migrate_refused(
            refusals.MIGRATE_TO_OWN_POOL, volume, host)

    @decorators.idempotent_id('8383cfff-319a-4493-ba81-9a2e6e2f9b6a')
    @decorators.attr(type='negative')
    def test_migrate_to_unknown_host_is_refused(self):
        """A volume cannot be migrated to a host that does not exist.

        1. Attach a volume to one server.
        2. Ask Cinder to migrate it to a host that the cloud does not have.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_migrate_refused(
            refusals.MIGRATE_TO_UNKNOWN_HOST,
            self.shared_volume(self.servers[:1]),
            data_utils.rand_name('no-host') + '@backend#pool')

    @decorators.idempotent_id('a117be39-2e92-4f73-90aa-fbc2cb048e85')
    @decorators.attr(type='negative')
    def test_migrate_while_migrating_is_refused(self):
        """A volume that is being migrated cannot be migrated once more.

        1. Attach a volume to one server.
        2. As an administrator, set its migration status to migrating.
        3. Ask Cinder to migrate it to another pool.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        destination = self.destination_of(volume)
        self.set_migration_status(volume, 'migrating')
        self._assert_migrate_refused(
            refusals.MIGRATE_WHILE_MIGRATING, volume, destination)

    @decorators.idempotent_id('5cefa153-083e-4f6c-b810-3e245db718b8')
    @decorators.attr(type='negative')
    @testtools.skipUnless(
        CONF.volume_feature_enabled.snapshot,
        'To run this test set in tempest.conf: [volume-feature-enabled] '
        'snapshot = True')
    def test_migrate_with_snapshot_is_refused(self):
        """A volume that has a snapshot cannot be migrated.

        1. Attach a volume to one server, and take a snapshot of it.
        2. Ask Cinder to migrate it to another pool.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        destination = self.destination_of(volume)
        self.create_snapshot(volume)
        self._assert_migrate_refused(
            refusals.MIGRATE_WITH_SNAPSHOT, volume, destination)
