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

"""Requests to swap a volume that must be refused."""

from tempest.lib.common.utils import data_utils

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import operations


class SwapTest(base.MultiattachTest):
    """Requests to swap a volume, and all that they must leave alone."""

    optional_credentials = [credentials.SERVICE_USER]
    # Of a volume or a server that does not exist.
    unknown = data_utils.rand_uuid()

    def assertNotSwapped(self, refusal, servers, volume, target, **options):
        """Check that a swap is refused on servers, and changes nothing.

        No answer may name what the request does not.

        :param Refusal refusal: row of the table
        :param servers: UUIDs of the servers to ask it on, one by one
        :param str volume: UUID of the volume
        :param str target: UUID of the volume to swap it for
        :param options: of the request
        """
        watched = {volume, target} - {self.unknown}
        before = self.state_of(*watched)
        self._ask(refusal, servers, volume, target, options)
        self.assertThat(self.state_of(*watched), matchers.Unchanged(before))

    def assertNeverSwapped(self, refusal, servers, volume, target,
                           properties=None, **options):
        """Check the same as the volume stands, and with a migration status.

        :param properties: of the attachment, to ask for with a swap of the
            volume as it stands (dict), or None
        :param options: and the others: see :meth:`assertNotSwapped`
        """
        watched = {volume, target} - {self.unknown}
        before = self.state_of(*watched)
        if properties:
            self._ask(refusal, servers, volume, target, {
                **options, **properties,
                'microversion': operations.UPDATE_MICROVERSION})
        self._ask(refusal, servers, volume, target, options)
        self.set_migration_status(volume, 'error')
        self._ask(refusal.with_migration_status(), servers, volume, target,
                  options)
        self.assertThat(
            self.state_of(*watched), matchers.Unchanged(
                before.with_volume(volume, migration_status='error')))

    def _ask(self, refusal, servers, volume, target, options):
        for server in servers:
            self.assertForbidden(refusal, self.request_swap, server, volume,
                                 target, **options)
