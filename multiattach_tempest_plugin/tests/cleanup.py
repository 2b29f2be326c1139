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

"""What a failed test can leave of a volume, and how it is deleted anyway."""

from tempest.lib.common import api_microversion_fixture
from tempest.lib.common.utils import test_utils
from tempest.lib import exceptions as lib_exc
import urllib3

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin import waiters

# The first that detaches a multiattach volume from shelved servers too.
DETACH_MICROVERSION = '2.60'


class Cleanup:
    """Deletes volumes and servers in whatever state they are.

    Every step is tried, whatever became of the others, and failures are kept
    for :meth:`report`.
    """

    def __init__(self, observer, servers_client, servers):
        """Take what to look and ask with.

        :param observer: Observer, with an administrator's volumes_client
        :param servers_client: client of the owner of the servers
        :param servers: UUIDs of the servers that may have the volumes
        """
        self.observer = observer
        self.servers_client = servers_client
        self.volumes_client = observer.volumes_client
        self.servers = servers
        self.problems = []

    def report(self, what):
        """Fail if anything was not as it should be.

        :param str what: happened, to begin the message with
        :raises AssertionError: with all that happened
        """
        if self.problems:
            raise AssertionError(f'{what}:\n' + '\n'.join(self.problems))

    def delete_servers(self, servers):
        """Delete servers, one after the other, and wait until they are gone.

        At once, also where [DEFAULT] reclaim_instance_interval of Nova keeps
        deleted servers, with their volumes, for a while. Two that are deleted
        together may leave the host the connection of a volume that they share
        (bug 2048837, Nova before 33.0).

        :param servers: UUIDs
        """
        for server in servers:
            self._attempt(test_utils.call_and_ignore_notfound_exc,
                          self.servers_client.force_delete_server, server)
            self._attempt(waiters.for_server_deleted, self.observer, server)

    def delete_volume(self, volume):
        """Delete a volume, and reset what is stuck.

        That is done in the order in which Cinder lets it: the move, the
        status, each attachment, the volume, what its move made.

        :param str volume: UUID of the volume
        """
        seen = self._attempt(self._settle, volume) or state.State()
        for server, attachments in seen.nova_attachments.items():
            if volume in attachments:
                self._attempt(self._detach, server, volume)
        if volume not in seen.volumes or not _is_free(seen.volumes[volume]):
            self._attempt(self._free, volume)
        self._attempt(self._delete_counted, volume)
        for temporary in seen.temporary_volumes.get(volume, ()):
            self.problems.append(f'Temporary volume {temporary} was left')
            self._attempt(self._reset, temporary, status='error',
                          attach_status='detached', migration_status='none')
            self._attempt(self._delete, temporary)

    def reconcile_attachments(self, volume):
        """Make both services agree on a volume, so that it can be deleted.

        Nova detaches only what Cinder also has, so recreate the missing
        Cinder attachment first; then delete those that Nova does not have.

        :param str volume: UUID of the volume
        """
        client = self.observer.attachments_client
        in_nova = set()
        for server in self.servers:
            present = self.observer.nova_attachments(server).get(volume)
            if not present:
                continue
            in_nova.add(present.attachment_id)
            in_cinder = self.observer.volume(volume).attachments
            if present.attachment_id in in_cinder:
                continue
            if server not in [entry.server_id
                              for entry in in_cinder.values()]:
                client.complete_attachment(client.create_attachment(
                    volume, server, mode='rw')['attachment']['id'])
            self._attempt(self._detach, server, volume)
        for attachment in self.observer.volume(volume).attachments:
            if attachment not in in_nova:
                client.delete_attachment(attachment)

    def _attempt(self, step, *args, **kwargs):
        try:
            return step(*args, **kwargs)
        except (lib_exc.TempestException,
                urllib3.exceptions.HTTPError) as error:
            self.problems.append(str(error))
            return None

    def _settle(self, volume):
        """Wait for what goes on; return what is left then (State)."""
        seen = self.observer.last_records([volume], self.servers)
        if seen.volumes[volume].status not in ('available', 'in-use', 'error'):
            self._attempt(self._finish_actions)
        elif not waiters.left_of_move(seen, {}, volume):
            return seen
        try:
            waiters.for_settled(self.observer, volume)
        except waiters.WaitTimedOut as error:
            self.problems.append(str(error))
            self._reset(volume, migration_status='error')
        return self.observer.records([volume], self.servers)

    def _finish_actions(self):
        for server in self.servers:
            newest = next(iter(self.observer.actions(server)))
            waiters.for_action(self.observer, server, newest)

    def _detach(self, server, volume):
        try:
            accepted = self._request_detach(server, volume)
        except (lib_exc.BadRequest, lib_exc.Conflict) as error:
            # Nova detaches what is in use by its status.
            self.problems.append(str(error))
            self._reset(volume, status='in-use')
            accepted = self._request_detach(server, volume)
        waiters.for_action(self.observer, server, waiters.request_id(accepted))

    def _request_detach(self, server, volume):
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=DETACH_MICROVERSION):
            return self.servers_client.detach_volume(server, volume)

    def _free(self, volume):
        seen = self.observer.volume(volume)
        if not _is_free(seen):
            self.problems.append(
                f'It was {seen.status}, with the attachments '
                f'{list(seen.attachments.values())}')
            self._reset(volume, status='available', attach_status='detached')

    def _reset(self, volume, **statuses):
        self.volumes_client.reset_volume_status(volume, **statuses)

    def _delete_counted(self, volume):
        """Delete a volume that is not the temporary one of a move."""
        counted = self.observer.in_use('volumes')
        self._delete(volume)
        waiters.for_usage_below(self.observer, 'volumes', counted)

    def _delete(self, volume):
        self.volumes_client.delete_volume(volume, cascade=True)
        waiters.for_deleted(self.observer.show_volume, volume,
                            self.volumes_client)


def _is_free(seen):
    return not seen.attachments and seen.status in ('available', 'error')
