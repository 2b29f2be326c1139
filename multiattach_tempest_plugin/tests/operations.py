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

"""What tests ask Nova and Cinder for."""

import contextlib

from oslo_log import log
from oslo_serialization import jsonutils
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common import api_version_request
from tempest.lib.common import rest_client
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

# The first that attaches a multiattach volume, and long before 2.101, from
# which on Nova no longer says if it refused.
MULTIATTACH_MICROVERSION = '2.60'

# The first that changes properties of an attachment with the request that
# swaps its volume, and asks another policy.
UPDATE_MICROVERSION = '2.85'


def covers(minimum, maximum, *needed):
    """Tell if a range of microversions in tempest.conf holds some.

    No upper end, or an empty one, means that tests shall use none, as
    Tempest has it.

    :param minimum: lower end as 'X.Y', or None
    :param maximum: upper end as 'X.Y' or 'latest', or None
    :param needed: the microversions to look for
    """
    version = api_version_request.APIVersionRequest
    return maximum not in (None, '') and all(
        version(each).matches(version(minimum), version(maximum))
        for each in needed)


class Operations:
    """Requests to both services, and what must become of them.

    The class that has them has servers_client, admin_volumes_client, observer
    and servers, client managers as os_owner and os_admin, guests.Booting and
    the users of credentials.Credentials.
    """

    def request_attach(self, server, volume, *, user=None,
                       microversion=MULTIATTACH_MICROVERSION):
        """Ask Nova to attach a volume, and do not wait for it.

        :param str server: UUID of the server
        :param str volume: UUID of the volume
        :param user: client manager of who asks; None for the owner
        :param str microversion: of Nova's API, as 'X.Y'
        """
        user = user or self.os_owner
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=microversion):
            return user.servers_client.attach_volume(server, volumeId=volume)

    def attach(self, volume, servers, user=None):
        """Attach a volume to more servers, in turn, and check that it is.

        :param str volume: UUID of the volume
        :param list servers: UUIDs of servers that do not have it yet
        :param user: client manager of who asks; None for the owner
        """
        for server in servers:
            accepted = self.request_attach(server, volume, user=user)
            waiters.for_action(self.observer, server,
                               waiters.request_id(accepted))
        self.assertAttached(volume, servers)

    def detach(self, server, volume):
        """Detach a volume from a server, and check that it is.

        With a microversion that detaches from shelved servers too.
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=MULTIATTACH_MICROVERSION):
            accepted = self.servers_client.detach_volume(server, volume)
        waiters.for_action(self.observer, server,
                           waiters.request_id(accepted))
        self.assertThat(self.observer.records([volume], self.servers),
                        matchers.DetachedFrom(volume, server))

    def request_swap(self, server, volume, target, *, user=None,
                     microversion=MULTIATTACH_MICROVERSION, **properties):
        """Ask Nova to swap a volume, and do not wait for it.

        :param str server: UUID of the server
        :param str volume: UUID of the volume that it has
        :param str target: UUID of the volume that it shall have
        :param user: client manager of who asks; None for one that may
        :param str microversion: of Nova's API, as 'X.Y'
        :param properties: of the attachment to change too, from 2.85 on
        """
        user = user or self.service()
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=microversion):
            return user.servers_client.update_attached_volume(
                server, volume, volumeId=target, **properties)

    def request_retype(self, volume, volume_type, *, user=None,
                       migration_policy='never'):
        """Ask Cinder to retype a volume, and do not wait for it.

        :param str volume: UUID of the volume
        :param str volume_type: name of the type
        :param user: client manager of who asks; None for the owner
        :param str migration_policy: 'never', for a volume that stays where
            it is, or 'on-demand'
        """
        user = user or self.os_owner
        return user.volumes_client_latest.retype_volume(
            volume, new_type=volume_type, migration_policy=migration_policy)

    def retype(self, volume, volume_type, **options):
        """Retype a volume, and check that it is.

        :param options: of :meth:`request_retype`
        :returns: :class:`state.Volume`
        """
        self.request_retype(volume, volume_type, **options)
        seen = waiters.for_settled(self.observer, volume)
        self.assertEqual(volume_type, seen.volume_type,
                         f'type of volume {volume}, which is {seen.status}')
        return seen

    def request_migrate(self, volume, destination, *, user=None):
        """Ask Cinder to migrate a volume, and do not wait for it.

        :param str volume: UUID of the volume
        :param str destination: pool to move to, as host@backend#pool
        :param user: client manager of who asks; None for an administrator
        """
        user = user or self.os_admin
        return user.volumes_client_latest.migrate_volume(
            volume, host=destination)

    def migrate(self, volume, destination, outcome='success'):
        """Migrate a volume, and check how that ends.

        :param str volume: UUID of the volume
        :param str destination: pool to move to, as host@backend#pool
        :param str outcome: migration status to end in, 'success' or 'error'
        """
        self.request_migrate(volume, destination)
        seen = waiters.for_settled(self.observer, volume)
        self.assertEqual(outcome, seen.migration_status,
                         f'migration status of volume {volume}, which is '
                         f'{seen.status}')

    def answer_of(self, request, *args, **kwargs):
        """Make a request that may be refused, and do not wait for it.

        :param request: callable that asks a service
        :param args: its arguments
        :param kwargs: its arguments by name
        :returns: its HTTP status, as 'answer 400'
        """
        try:
            response = request(*args, **kwargs).response
        except (lib_exc.BadRequest, lib_exc.Conflict,
                lib_exc.Forbidden) as error:
            LOG.info('The request was refused: %s', error)
            response = error.resp
        return f'answer {response.status}'

    def ask(self, request, server, *args, **options):
        """Make a request that may be refused, and wait for what it begins.

        Ignore the answer; the caller checks the records.

        :param request: callable that asks Nova
        :param str server: UUID of the server it is about
        """
        try:
            accepted = request(server, *args, **options)
        except (lib_exc.BadRequest, lib_exc.Conflict, lib_exc.NotFound,
                lib_exc.ServerFault) as error:
            LOG.info('The request was refused: %s', error)
            return
        try:
            waiters.for_action(self.observer, server,
                               waiters.request_id(accepted))
        except waiters.WaitFailed as error:
            LOG.info('The action failed: %s', error)

    def request_action(self, volume, action, *, user=None, microversion=None,
                       **arguments):
        """Ask Cinder for what Tempest has no method for.

        :param str volume: UUID of the volume
        :param str action: name of the action, as 'os-begin_detaching'
        :param user: client manager of who asks; None for the owner
        :param microversion: of Cinder's API, as 'X.Y', or None
        :param arguments: of the action
        """
        client = (user or self.os_owner).volumes_client_latest
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=microversion):
            response, _body = client.post(
                f'volumes/{volume}/action',
                jsonutils.dumps({action: arguments}))
        return rest_client.ResponseBody(response)

    def set_migration_status(self, volume, status):
        """Set the migration status of a volume until the test is over."""
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, migration_status='none')
        self.admin_volumes_client.reset_volume_status(
            volume, migration_status=status)

    def set_status(self, volume, status):
        """Set the status of a volume until the test is over."""
        before = self.observer.show_volume(volume)['status']
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, status=before)
        self.admin_volumes_client.reset_volume_status(volume, status=status)

    @contextlib.contextmanager
    def changed_server(self, server, request, status, undo):
        """Bring a server into another status, and back after the block.

        :param str server: UUID of the server
        :param request: callable on its UUID that asks for the change
        :param str status: to wait for, such as 'SHUTOFF'
        :param undo: callable on its UUID that asks for ACTIVE again
        """
        request(server)
        try:
            waiters.for_server(self.observer, server, status)
            yield
        finally:
            # A server that is on its way cannot be brought back.
            waiters.for_server(self.observer, server, status)
            undo(server)
            self.wait_until_active(server)

    def change_server(self, server, request, status, undo):
        """Do as :meth:`changed_server` until the test is over."""
        stack = contextlib.ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(
            self.changed_server(server, request, status, undo))

    def shelve(self, server):
        """Shelve a server until the test is over."""
        self.change_server(server, self.servers_client.shelve_server,
                           'SHELVED_OFFLOADED',
                           self.servers_client.unshelve_server)

    def host_of(self, volume):
        """Name the pool that holds a volume, as host@backend#pool."""
        return self.observer.show_volume(volume)['os-vol-host-attr:host']

    def state_of(self, *volumes):
        """Look at volumes, on all servers of the class.

        :param volumes: UUIDs
        :returns: State
        """
        return self.observer.state(volumes, self.servers)

    def assertAttached(self, volume, servers):
        """Check that a volume is attached to servers, in both services.

        :param str volume: UUID of the volume
        :param list servers: UUIDs of servers that must have it
        """
        self.assertThat(self.observer.records([volume], self.servers),
                        matchers.AttachedTo(volume, servers))

    def assertRefused(self, refusal, request, *args, **kwargs):
        """Check that a request gets the answer of the table.

        :param Refusal refusal: row of the table
        :param request: callable that makes the request
        :param args: its arguments
        :param kwargs: its arguments by name
        :returns: the message that came, as str
        """
        direct_swap = CONF.multiattach.direct_swap
        try:
            waiters.ask(self.servers_client, request, *args, **kwargs)
        except (lib_exc.ClientRestClientException,
                lib_exc.ServerRestClientException) as error:
            body = error.resp_body
            text = str(body.get('message', body) if isinstance(
                body, dict) else body)
            mismatch = refusal.mismatch(direct_swap, error.resp.status, text)
            if mismatch:
                self.fail(f'{refusal.request}: {mismatch}')
            return text
        raise self.failureException(
            f'{refusal.request}: expected {refusal.answer_of(direct_swap)}, '
            'but it was accepted')

    def assertForbidden(self, refusal, request, *args, **kwargs):
        """Check that a user is refused, and learns of nothing else.

        The answer may name what the request names, by id. It must not name
        other resources of the class, nor have any other id in it.

        :param Refusal refusal: row of the table
        :param request: callable that makes the request
        :param args: its arguments, all ids that it names among them
        :param kwargs: its arguments by name
        """
        text = self.assertRefused(refusal, request, *args, **kwargs)
        self.assertEqual(set(), set(refusals.ANY_ID.findall(text)) - set(args))
        self.assertNotIn(type(self).__name__, text)
