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

import functools

from tempest.lib import decorators

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin.tests import base


class DetachNegativeTest(base.MultiattachTest):
    """Nobody takes a volume from the servers that use it, but Nova."""

    def _assert_each_refused(self, refusal, volume, *requests):
        before = self.state_of(volume)
        for request, *args in requests:
            self.assertRefused(refusal, request, *args)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))

    def _assert_delete_refused(self, volume):
        self._assert_each_refused(
            refusals.DELETE_ATTACHED_VOLUME, volume,
            (self.volumes_client.delete_volume, volume),
            (self.admin_volumes_client.force_delete_volume, volume))

    @decorators.idempotent_id('1ac2e4f7-a2e3-41fd-a14d-1d5334441a84')
    @decorators.attr(type='negative')
    def test_delete_of_shared_volume_is_refused(self):
        """A volume that servers use cannot be deleted, not even by force.

        1. Attach a volume to all servers.
        2. Ask Cinder to delete it, and as an administrator to force it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_delete_refused(self.shared_volume(self.servers))

    @decorators.idempotent_id('3f2db16a-5f5b-4751-a2ff-e350e59cce78')
    @decorators.attr(type='negative')
    def test_delete_of_shared_volume_reset_to_available_is_refused(self):
        """Cinder does not take the status of a volume for who uses it.

        1. Attach a volume to all servers.
        2. As an administrator, set its status to available.
        3. Ask Cinder to delete it, and as an administrator to force it.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self.set_status(volume, 'available')
        self._assert_delete_refused(volume)

    @decorators.idempotent_id('2e7f6964-69e3-4ab1-8399-bb567f541a0f')
    @decorators.attr(type='negative')
    def test_delete_of_attachment_of_server_is_refused(self):
        """Cinder does not cut a server off from its volume.

        1. Attach a volume to all servers.
        2. Ask Cinder to delete the attachment of each server, as its owner
           and as an administrator.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self._assert_each_refused(
            refusals.DELETE_ATTACHMENT_OF_SERVER, volume,
            *((client.delete_attachment, attachment)
              for client in map(attachments.AttachmentsClient.of,
                                (self.os_owner, self.os_admin))
              for attachment in self.observer.volume(volume).attachments))

    @decorators.idempotent_id('fd840f9b-8d3e-454a-bb7b-a1bd6d6100a8')
    @decorators.attr(type='negative')
    def test_detach_without_nova_is_refused(self):
        """Cinder does not detach a volume behind the back of Nova.

        1. Attach a volume to all servers.
        2. Ask Cinder to detach it, to terminate its connection, and as an
           administrator to force it off the server.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        attachment = next(iter(self.observer.volume(volume).attachments))
        self._assert_each_refused(
            refusals.DELETE_ATTACHMENT_OF_SERVER, volume,
            (self.volumes_client.detach_volume, volume),
            (self.volumes_client.terminate_connection, volume, {}),
            (functools.partial(self.admin_volumes_client.force_detach_volume,
                               attachment_id=attachment, connector=None),
             volume))

    @decorators.idempotent_id('a05c470a-ad17-45de-941a-8b07c5d25ae4')
    @decorators.attr(type='negative')
    def test_read_only_while_in_use_is_refused(self):
        """A volume that servers write to cannot be made read-only.

        1. Attach a volume to all servers.
        2. Ask Cinder to make it read-only.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self._assert_each_refused(
            refusals.SET_READ_ONLY_IN_USE, volume,
            (functools.partial(self.volumes_client.update_volume_readonly,
                               readonly=True), volume))
