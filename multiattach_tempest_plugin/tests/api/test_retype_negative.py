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


class RetypeNegativeTest(base.MultiattachTest):
    """Cinder refuses to switch the multiattach flag of a volume in use."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (base.plain_volume_type(), base.PLAIN_TYPE_SETTING)]

    def _assert_retype_refused(self, refusal, volume, volume_type):
        before = self.state_of(volume)
        self.assertRefused(refusal, self.request_retype, volume, volume_type)
        self.assertThat(self.state_of(volume), state.Unchanged(before))

    @decorators.idempotent_id('7e555d93-b373-41a2-b889-74022b5ca957')
    @decorators.attr(type='negative')
    def test_unflag_while_one_server_uses_volume_is_refused(self):
        """The flag of a volume that one server uses cannot be taken away.

        1. Attach a multiattach volume to one server.
        2. Ask Cinder to retype it to a type without multiattach.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        self._assert_retype_refused(refusals.UNFLAG_IN_USE, volume,
                                    self.plain_type)

    @decorators.idempotent_id('40db73ea-d6e6-4228-ae87-2dd0c4a3d2f0')
    @decorators.attr(type='negative')
    def test_unflag_while_all_servers_use_volume_is_refused(self):
        """The flag of a volume that several servers use cannot be taken away.

        1. Attach a multiattach volume to all servers.
        2. Ask Cinder to retype it to a type without multiattach.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self._assert_retype_refused(refusals.UNFLAG_IN_USE, volume,
                                    self.plain_type)

    @decorators.idempotent_id('d0b9f39f-8f4e-473b-aa74-3a81d6d5201d')
    @decorators.attr(type='negative')
    def test_reflag_while_one_server_uses_volume_is_refused(self):
        """A plain volume that a server uses cannot be given the flag.

        1. Attach a volume without multiattach to one server.
        2. Ask Cinder to retype it to a type with multiattach.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1], self.plain_type)
        self._assert_retype_refused(refusals.REFLAG_IN_USE, volume,
                                    self.multiattach_type)
