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

from tempest.lib.common.utils import data_utils
from tempest.lib import decorators

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import base

# The last that does not attach multiattach volumes.
OLD_MICROVERSION = '2.59'


class AttachNegativeTest(base.MultiattachTest):
    """No server gets a volume that it must not have."""

    @classmethod
    def needs(cls):
        return [*super().needs(), base.PLAIN_TYPE]

    def _assert_attach_refused(self, refusal, volume, **options):
        before = self.state_of(volume)
        text = self.assertRefused(refusal, self.request_attach,
                                  self.servers[-1], volume, **options)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))
        return text

    def _assert_reserve_refused(self, refusal, volume, server):
        before = self.state_of(volume)
        self.assertRefused(
            refusal, self.observer.attachments_client.create_attachment,
            volume, server)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))

    def _assert_attach_refused_while(self, status):
        for servers in (), self.servers[:1]:
            volume = self.shared_volume(servers)
            self.set_status(volume, status)
            self.assertIn(status, self._assert_attach_refused(
                refusals.ATTACH_BUSY_VOLUME, volume))

    @decorators.idempotent_id('ceb771a0-b05e-4db2-82e5-11aa3d371519')
    @decorators.attr(type='negative')
    def test_second_server_of_plain_volume_is_refused(self):
        """A volume without multiattach cannot be attached to a second server.

        1. Attach a volume without multiattach to one server.
        2. Ask Nova to attach it to another server.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused(
            refusals.ATTACH_PLAIN_VOLUME_TWICE,
            self.shared_volume(self.servers[:1], self.plain_type))

    @decorators.idempotent_id('67e5a348-0aff-4dba-bde5-a9ef56f04595')
    @decorators.attr(type='negative')
    def test_second_server_of_plain_volume_reset_to_available_is_refused(self):
        """Nova does not take the status of a volume for who uses it.

        1. Attach a volume without multiattach to one server.
        2. As an administrator, set its status to available.
        3. Ask Nova to attach it to another server.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1], self.plain_type)
        self.set_status(volume, 'available')
        self._assert_attach_refused(
            refusals.ATTACH_PLAIN_VOLUME_TWICE, volume)

    @decorators.idempotent_id('220c47b9-23ba-4c8a-a7f0-3faeb0ee6959')
    @decorators.attr(type='negative')
    def test_reserve_of_plain_volume_in_use_is_refused(self):
        """Cinder keeps a volume without multiattach for the server it is on.

        1. Attach a volume without multiattach to one server.
        2. Ask Cinder for an attachment of it to another server.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_reserve_refused(
            refusals.RESERVE_PLAIN_VOLUME,
            self.shared_volume(self.servers[:1], self.plain_type),
            self.servers[-1])

    @decorators.idempotent_id('3b524a92-bf04-4613-a227-93e43f461045')
    @decorators.attr(type='negative')
    def test_attach_to_same_server_is_refused(self):
        """A volume cannot be attached to a server that has it.

        1. Attach a multiattach volume to all servers.
        2. Ask Nova to attach it to one of them once more.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused(refusals.ATTACH_TO_OWN_SERVER,
                                    self.shared_volume(self.servers))

    @decorators.idempotent_id('5d013892-2611-4bcc-948b-1455264cd645')
    @decorators.attr(type='negative')
    def test_attach_with_old_microversion_is_refused(self):
        """A client that knows no multiattach cannot attach such a volume.

        1. Attach a multiattach volume to one server.
        2. Ask Nova, at microversion 2.59, to attach it to another server.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused(
            refusals.ATTACH_WITH_OLD_MICROVERSION,
            self.shared_volume(self.servers[:1]),
            microversion=OLD_MICROVERSION)

    @decorators.idempotent_id('fb991d76-1b5b-4bfd-9786-39ca186aada3')
    @decorators.attr(type='negative')
    def test_attach_of_reserved_volume_is_refused(self):
        """A volume that one server is about to get goes to no other server.

        1. Attach a multiattach volume to one server.
        2. Ask Cinder for an attachment of it to a second server: the volume
           is reserved, and the first attachment is as it was.
        3. Ask Nova to attach it to another server.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        before = self.observer.volume(volume)
        client = self.observer.attachments_client
        reserved = client.create_attachment(
            volume, data_utils.rand_uuid())['attachment']['id']
        self.addCleanup(client.delete_attachment, reserved)
        attachments = dict(self.observer.volume(volume).attachments)
        self.assertEqual('reserved', attachments.pop(reserved).status)
        self.assertEqual(before.attachments, attachments)
        self.assertIn('reserved', self._assert_attach_refused(
            refusals.ATTACH_BUSY_VOLUME, volume))

    @decorators.idempotent_id('b415ba6d-1bce-41b3-b6de-8bf03ec7a043')
    @decorators.attr(type='negative')
    def test_attach_of_detaching_volume_is_refused(self):
        """A volume that is being detached goes to no other server meanwhile.

        1. Attach a multiattach volume to one server, and another to none.
        2. As an administrator, set the status of both to detaching.
        3. Ask Nova to attach each to another server.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused_while('detaching')

    @decorators.idempotent_id('11ebaeda-c8a4-4c13-a9a5-34f8139af650')
    @decorators.attr(type='negative')
    def test_attach_of_retyping_volume_is_refused(self):
        """A volume that is being retyped goes to no other server meanwhile.

        1. Attach a multiattach volume to one server, and another to none.
        2. As an administrator, set the status of both to retyping.
        3. Ask Nova to attach each to another server.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused_while('retyping')

    @decorators.idempotent_id('dcb83eac-d763-4486-aec8-001188fa68bb')
    @decorators.attr(type='negative')
    def test_attach_of_volume_in_maintenance_is_refused(self):
        """A volume in maintenance gets no attachment, to whichever server.

        1. Attach a multiattach volume to one server, and another to none.
        2. As an administrator, set the status of both to maintenance.
        3. Ask Nova to attach each to another server, and Cinder for another
           attachment of the first to the server that has it.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_attach_refused_while('maintenance')
        self._assert_reserve_refused(
            refusals.RESERVE_BUSY_VOLUME,
            self.shared_volume(self.servers[:1]), self.servers[0])

    @decorators.idempotent_id('faeae64c-29f8-401d-b789-5cdfc03d48be')
    @decorators.attr(type='negative')
    def test_attach_of_volume_in_error_is_refused(self):
        """A volume that something is wrong with goes to no other server.

        1. Attach a multiattach volume to one server.
        2. As an administrator, set its status to error.
        3. Ask Nova to attach it to another server.
        4. The request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        self.set_status(volume, 'error')
        self._assert_attach_refused(refusals.ATTACH_BROKEN_VOLUME, volume)
