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

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base


class SwapNegativeTest(base.MultiattachTest):
    """Nova refuses to swap a volume that several servers write to."""

    credentials = ['primary', 'admin', base.SWAP_CREDENTIALS]

    @decorators.idempotent_id('8182d262-9ea4-4dd7-af69-ed86c19f2020')
    @decorators.attr(type='negative')
    def test_swap_of_shared_volume_is_refused(self):
        """A volume that several servers write to cannot be swapped.

        1. Attach a volume to all servers.
        2. Ask Nova to swap it for another volume, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        before = self.state_of(volume, target)
        for server in self.servers:
            self.assertRefused(refusals.SWAP_SHARED_VOLUME,
                               self.request_swap, server, volume, target)
        self.assertThat(self.state_of(volume, target),
                        state.Unchanged(before))

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
           else changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        before = self.state_of(volume, target)
        self.set_migration_status(volume, 'error')
        for server in self.servers:
            self.assertRefused(
                refusals.SWAP_SHARED_VOLUME.with_migration_status(),
                self.request_swap, server, volume, target)
        self.assertThat(
            self.state_of(volume, target),
            state.Unchanged(
                before.with_volume(volume, migration_status='error')))
