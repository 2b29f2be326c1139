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
from tempest.lib import decorators

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import swaps

CONF = config.CONF


class SwapServerStateNegativeTest(swaps.SwapTest):
    """Nova refuses to swap a shared volume whatever its servers do."""

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first = cls.servers[0]

    @decorators.idempotent_id('617100ae-5ace-4d51-b49c-57fd02360d74')
    @decorators.attr(type='negative')
    def test_swap_on_stopped_server_is_refused(self):
        """A volume of a stopped server cannot be swapped.

        1. Attach a volume to all servers, and stop the first.
        2. Ask Nova to swap it for another volume on that server.
        3. The request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.change_server(self.first, self.servers_client.stop_server,
                           'SHUTOFF', self.servers_client.start_server)
        self.assertNeverSwapped(refusals.SWAP_ON_STOPPED_SERVER, [self.first],
                                volume, target)

    @decorators.idempotent_id('6bd1396f-6a6d-4e11-aa8f-3181dd24cbc4')
    @decorators.attr(type='negative')
    def test_swap_on_shelved_server_is_refused(self):
        """A volume of a shelved server cannot be swapped.

        1. Attach a volume to all servers, and shelve the first.
        2. Ask Nova to swap it for another volume on that server.
        3. The request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        self.skip_unless_servers_are_offloaded()
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.addCleanup(self.assertAttached, volume, self.servers)
        self.shelve(self.first)
        self.assertNeverSwapped(refusals.SWAP_ON_STOPPED_SERVER, [self.first],
                                volume, target)

    @decorators.idempotent_id('066226b6-8d4d-4e9b-bf98-21003682b801')
    @decorators.attr(type='negative')
    @base.needs_pause
    def test_swap_on_paused_server_is_refused(self):
        """A shared volume cannot be swapped while a server of it is paused.

        Nova would swap the volume of a paused server, if it was not shared.

        1. Attach a volume to all servers, and pause the first.
        2. Ask Nova to swap it for another volume, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.change_server(self.first, self.servers_client.pause_server,
                           'PAUSED', self.servers_client.unpause_server)
        self.assertNeverSwapped(refusals.SWAP_SHARED_VOLUME, self.servers,
                                volume, target)

    @decorators.idempotent_id('45c27c02-3cc9-4ad6-9838-304919d3c6aa')
    @decorators.attr(type='negative')
    def test_swap_on_locked_server_is_refused(self):
        """A shared volume cannot be swapped while a server of it is locked.

        A lock does not hold back an administrator, so that the answers are
        those of a server without one.

        1. Attach a volume to all servers, and lock the first.
        2. Ask Nova to swap it for another volume, on each server in turn.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        4. With a migration status the same.
        """
        volume = self.shared_volume(self.servers)
        target = self.shared_volume()
        self.change_server(self.first, self.servers_client.lock_server,
                           'ACTIVE', self.servers_client.unlock_server)
        self.assertNeverSwapped(refusals.SWAP_SHARED_VOLUME, self.servers,
                                volume, target)
