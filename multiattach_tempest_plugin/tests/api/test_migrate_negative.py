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

from tempest.lib import decorators

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base


class MigrateNegativeTest(base.MultiattachTest):
    """Cinder cannot migrate a volume that several servers write to."""

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
        """
        volume = self.create_attached_volume(self.servers)
        destination = self.destination_of(volume)
        before = self.state_of(volume)
        self.migrate(volume, destination, outcome='error')
        self.assertThat(
            self.state_of(volume),
            state.Unchanged(
                before.with_volume(volume, migration_status='error')))
