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

from tempest import config
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin import waiters

CONF = config.CONF

# What an administrator may reset; each bypasses checks of its own.
STATUSES = ({'status': 'available'}, {'attach_status': 'detached'},
            {'migration_status': 'none'})

needs_new_policies = testtools.skipUnless(
    CONF.enforce_scope.nova and CONF.enforce_scope.cinder,
    'With the policies of old a reader may do what a member may. To run this '
    'test set in tempest.conf: [enforce_scope] nova = True; [enforce_scope] '
    'cinder = True')


class AccessNegativeTest(base.MultiattachTest):
    """Who may not move, retype, reset, attach or detach a shared volume."""

    optional_credentials = ['project_reader', credentials.STRANGER]

    def setUp(self):
        super().setUp()
        self.volume = self.shared_volume(self.servers)
        self.before = self.state_of(self.volume)
        self.attachment = next(
            iter(self.before.volumes[self.volume].attachments))

    def _assert_each_forbidden(self, *requests):
        """Check requests; each is a row of the table, a callable, and ids."""
        for refusal, request, *ids in requests:
            self.assertForbidden(refusal, request, *ids)
        self.assertThat(self.state_of(self.volume),
                        matchers.Unchanged(self.before))

    def _resets(self, refusal, user):
        return [(refusal, functools.partial(
            user.volumes_client_latest.reset_volume_status, **change),
            self.volume) for change in STATUSES]

    def _migration(self, refusal, user):
        return (refusal, functools.partial(self.request_migrate, user=user),
                self.volume, self.before.volumes[self.volume].host)

    def _retype(self, refusal, user):
        return (refusal, functools.partial(self.request_retype, user=user),
                self.volume, self.multiattach_type)

    @decorators.idempotent_id('dd462308-da6f-42c0-9045-95d273391f49')
    @decorators.attr(type='negative')
    def test_migrate_without_admin_is_refused(self):
        """Only an administrator may migrate a volume.

        1. Attach a volume to all servers.
        2. Ask Cinder to migrate it, as a member and as a reader of its
           project.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_each_forbidden(*(
            self._migration(refusals.MIGRATE_WITHOUT_ROLE, user)
            for user in (self.os_owner, self.reader())))

    @decorators.idempotent_id('6a03e72a-9d20-44af-ae09-f46fc42378b4')
    @decorators.attr(type='negative')
    def test_reset_status_without_admin_is_refused(self):
        """Only an administrator may go around the rules about a status.

        1. Attach a volume to all servers.
        2. Ask Cinder to reset each of its three statuses, as a member and as
           a reader of its project.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        refusal = refusals.RESET_STATUS_WITHOUT_ADMIN
        self._assert_each_forbidden(
            *self._resets(refusal, self.os_owner),
            *self._resets(refusal, self.reader()))

    @decorators.idempotent_id('f88c99cd-8b83-4f13-8e01-776ccfa2be1f')
    @decorators.attr(type='negative')
    def test_force_without_admin_is_refused(self):
        """Only an administrator may delete or detach a volume by force.

        1. Attach a volume to all servers.
        2. Ask Cinder to force its deletion and to force it off a server, as
           a member and as a reader of its project.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        for user in (self.os_owner, self.reader()):
            client = user.volumes_client_latest
            self._assert_each_forbidden(
                (refusals.FORCE_DELETE_WITHOUT_ADMIN,
                 client.force_delete_volume, self.volume),
                (refusals.FORCE_DETACH_WITHOUT_ADMIN, functools.partial(
                    client.force_detach_volume, connector=None,
                    attachment_id=self.attachment), self.volume))

    @decorators.idempotent_id('aba6c654-cfed-4c2b-91e0-b26446686190')
    @decorators.attr(type='negative')
    @needs_new_policies
    def test_retype_by_reader_is_refused(self):
        """Who may only read the volumes of a project cannot retype them.

        1. Attach a volume to all servers.
        2. Ask Cinder to retype it, as a reader of its project.
        3. The request is refused, and nothing changed in Nova or Cinder.
        """
        self._assert_each_forbidden(self._retype(
            refusals.RETYPE_AS_READER, self.reader()))

    @decorators.idempotent_id('bb314f4e-e81a-46d2-8a41-73d2878c1c61')
    @decorators.attr(type='negative')
    @needs_new_policies
    def test_attach_and_detach_by_reader_is_refused(self):
        """Who may only read a project cannot attach or detach its volumes.

        1. Attach a volume to all servers.
        2. As a reader of its project, ask Nova to attach and to detach it,
           and Cinder to create and to delete an attachment of it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        reader = self.reader()
        attachments_client = attachments.AttachmentsClient.of(reader)
        server = self.servers[0]
        self._assert_each_forbidden(
            (refusals.ATTACH_AS_READER,
             functools.partial(self.request_attach, user=reader),
             server, self.volume),
            (refusals.DETACH_AS_READER, reader.servers_client.detach_volume,
             server, self.volume),
            (refusals.CREATE_ATTACHMENT_AS_READER,
             attachments_client.create_attachment, self.volume, server),
            (refusals.DELETE_ATTACHMENT_AS_READER,
             attachments_client.delete_attachment, self.attachment))

    @decorators.idempotent_id('28606566-004e-4979-b1cf-7946768cb156')
    @decorators.attr(type='negative')
    def test_volume_of_other_project_is_not_found(self):
        """A volume of another project is out of reach.

        1. Attach a volume to all servers.
        2. As a member of another project, ask Cinder to show it, migrate,
           retype, reset, reserve and delete it.
        3. Each request is refused as if there were no such volume, and
           nothing changed in Nova or Cinder.
        """
        other = self.stranger()
        client = other.volumes_client_latest
        refusal = refusals.VOLUME_OF_OTHER_PROJECT
        self._assert_each_forbidden(
            (refusal, client.show_volume, self.volume),
            self._migration(refusal, other),
            self._retype(refusal, other),
            *self._resets(refusal, other),
            (refusal,
             attachments.AttachmentsClient.of(other).create_attachment,
             self.volume, self.servers[0]),
            (refusal, client.delete_volume, self.volume))

    @decorators.idempotent_id('ec4455b1-a6b0-44a4-bd6a-153293d734f7')
    @decorators.attr(type='negative')
    def test_server_of_other_project_is_not_found(self):
        """The volumes of a server of another project are out of reach.

        1. Attach a volume to all servers.
        2. As a member of another project, ask Nova to list the volumes of a
           server, to attach one to it and to detach one from it.
        3. Each request is refused as if there were no such server, and
           nothing changed in Nova or Cinder.
        """
        other = self.stranger()
        client = other.servers_client
        refusal = refusals.SERVER_OF_OTHER_PROJECT
        server = self.servers[0]
        self._assert_each_forbidden(
            (refusal, client.list_volume_attachments, server),
            (refusal, functools.partial(self.request_attach, user=other),
             server, self.volume),
            (refusal, client.detach_volume, server, self.volume))

    @decorators.idempotent_id('e04ae098-e0ab-4ed4-80c9-452b5e41cc8c')
    @decorators.attr(type='negative')
    def test_attachments_of_other_project_are_not_listed(self):
        """The attachments of another project are not in anybody's list.

        1. Attach a volume to all servers.
        2. As a member of another project, ask Cinder for the attachments of
           the volume: there are none.
        """
        client = attachments.AttachmentsClient.of(self.stranger())
        self.assertEqual(
            [], waiters.look(client.list_attachments,
                             volume_id=self.volume)['attachments'])

    @decorators.idempotent_id('dde3acbb-a52b-4c99-adc7-27e9beea3b50')
    @decorators.attr(type='negative')
    @testtools.skipIf(
        CONF.multiattach.attachments_of_other_projects == 'shown',
        'Cinder before 28.0 shows them (bug 2138566). To run this test set '
        'in tempest.conf: [multiattach] attachments_of_other_projects = '
        'hidden')
    def test_attachment_of_other_project_is_not_found(self):
        """Who knows the id of another project's attachment learns no more.

        1. Attach a volume to all servers.
        2. As a member of another project, ask Cinder to show an attachment
           of it, and to delete it.
        3. Each request is refused as if there were no such attachment, and
           nothing changed in Nova or Cinder.
        """
        client = attachments.AttachmentsClient.of(self.stranger())
        refusal = refusals.ATTACHMENT_OF_OTHER_PROJECT
        self._assert_each_forbidden(
            (refusal, client.show_attachment, self.attachment),
            (refusal, client.delete_attachment, self.attachment))
