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

import dataclasses
import types

from oslotest import base
from tempest.lib import exceptions as lib_exc
import urllib3

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import cleanup
from tests.unit.plugin import samples

TIMEOUTS = {'build_timeout': 0.05, 'build_interval': 0.01}
FREE = dataclasses.replace(
    samples.shared_state().volumes[samples.VOLUME_ID], status='available',
    attachments={})


class Cloud:
    """Remembers a volume, who has it, and each request about it."""

    def __init__(self, volume, servers=(), temporary=()):
        self.volumes = {volume.id: volume}
        self.servers = set(servers)
        self.temporary = dict(temporary)
        self.requests = []
        # What keeps a request from being done, by its name.
        self.errors = {}
        self.volumes_client = self.servers_client = types.SimpleNamespace(
            delete_volume=self.delete_volume,
            reset_volume_status=self.reset_volume_status,
            detach_volume=self.detach_volume,
            force_delete_server=self.force_delete_server, **TIMEOUTS)

    def _request(self, name, *args):
        self.requests.append((name, *args))
        if name in self.errors:
            raise self.errors[name]

    def force_delete_server(self, server):
        self._request('force_delete_server', server)
        self.servers.discard(server)

    def detach_volume(self, server, volume):
        self._request('detach', server)
        if self.volumes[volume].status != 'in-use':
            raise lib_exc.BadRequest(f'It is {self.volumes[volume].status}')
        self.servers.discard(server)
        attachments = {
            key: entry for key, entry
            in self.volumes[volume].attachments.items()
            if entry.server_id != server}
        self._change(volume, attachments=attachments,
                     status='in-use' if attachments else 'available')
        return types.SimpleNamespace(
            response={'x-openstack-request-id': 'req-1'})

    def reset_volume_status(self, volume, **statuses):
        self._request('reset', statuses)
        if statuses.pop('attach_status', None) == 'detached':
            statuses['attachments'] = {}
        if volume in self.volumes:
            self._change(volume, **statuses)

    def delete_volume(self, volume, cascade):
        self._request('delete', volume)
        self.volumes.pop(volume, None)
        self.temporary.pop(volume, None)

    def _change(self, volume, **changes):
        self.volumes[volume] = dataclasses.replace(
            self.volumes[volume], **changes)

    # What an observer shows.

    def volume(self, volume):
        return self.volumes[volume]

    def show_volume(self, volume):
        if volume not in self.volumes:
            raise lib_exc.NotFound
        return dataclasses.asdict(self.volumes[volume])

    def records(self, volumes, servers=()):
        self._request('records')
        return state.State(
            volumes={key: self.volumes[key] for key in volumes},
            nova_attachments={
                server: dict.fromkeys(volumes)
                if server in self.servers else {} for server in servers},
            temporary_volumes={key: dict(self.temporary) for key in volumes})

    last_records = records

    def server_ids(self, **_filters):
        return self.servers

    def actions(self, _server):
        self._request('actions')
        return {'req-9': 'swap_volume'}

    def action_results(self, _server, _request_id):
        return ['Success']

    def quota_usage(self):
        return {}

    def in_use(self, _quota):
        return len(self.volumes)


class CleanupTest(base.BaseTestCase):

    both = (samples.SERVER_1, samples.SERVER_2)

    def delete_volume(self, volume=FREE, servers=(), temporary=(), **errors):
        """Clean up; return the changes that were asked for, and problems."""
        self.cloud = Cloud(volume, servers, temporary)
        self.cloud.errors = errors
        deleting = cleanup.Cleanup(
            self.cloud, self.cloud.servers_client, self.both)
        deleting.delete_volume(samples.VOLUME_ID)
        return [each for each in self.cloud.requests
                if each[0] not in ('records', 'actions')], deleting.problems

    def test_free_volume_is_only_deleted(self):
        self.assertEqual(([('delete', samples.VOLUME_ID)], []),
                         self.delete_volume())

    def test_shared_volume_is_detached_first(self):
        shared = samples.shared_state().volumes[samples.VOLUME_ID]
        self.assertEqual(
            ([*(('detach', server) for server in self.both),
              ('delete', samples.VOLUME_ID)], []),
            self.delete_volume(shared, self.both))

    def test_status_in_which_nova_does_not_detach_is_reset(self):
        shared = samples.shared_state().volumes[samples.VOLUME_ID]
        requests, [problem] = self.delete_volume(
            dataclasses.replace(shared, status='available'), self.both)
        first, second = (('detach', server) for server in self.both)
        self.assertEqual(
            [first, ('reset', {'status': 'in-use'}), first, second,
             ('delete', samples.VOLUME_ID)], requests)
        self.assertIn('It is available', problem)

    def test_stuck_status_is_reset_and_reported(self):
        requests, [problem] = self.delete_volume(
            dataclasses.replace(FREE, status='detaching'))
        self.assertEqual(
            [('reset', {'attachments': {}, 'status': 'available'}),
             ('delete', samples.VOLUME_ID)], requests)
        self.assertIn('It was detaching', problem)
        self.assertIn(('actions',), self.cloud.requests)

    def test_move_that_never_ends_is_reset_and_reported(self):
        requests, [problem] = self.delete_volume(
            dataclasses.replace(FREE, migration_status='migrating'))
        self.assertEqual([('reset', {'migration_status': 'error'}),
                          ('delete', samples.VOLUME_ID)], requests)
        self.assertIn('migrating', problem)

    def test_temporary_volume_is_deleted_last_and_reported(self):
        requests, problems = self.delete_volume(
            temporary={samples.TEMPORARY: 'available'})
        self.assertEqual(('delete', samples.TEMPORARY), requests[-1])
        self.assertIn(f'Temporary volume {samples.TEMPORARY} was left',
                      problems)

    def test_no_failure_keeps_the_rest_from_being_done(self):
        shared = samples.shared_state().volumes[samples.VOLUME_ID]
        for error in (lib_exc.ServerFault('busy'),
                      urllib3.exceptions.ReadTimeoutError(
                          None, '/', 'Read timed out.')):
            requests, problems = self.delete_volume(
                shared, self.both, detach=error)
            self.assertEqual(
                [*(('detach', server) for server in self.both), 'reset',
                 'delete'],
                [each if each[0] == 'detach' else each[0]
                 for each in requests])
            self.assertEqual(3, len(problems))

    def test_volume_that_cannot_be_looked_at_is_deleted_all_the_same(self):
        requests, problems = self.delete_volume(
            records=lib_exc.ServerFault('busy'))
        self.assertEqual([('delete', samples.VOLUME_ID)], requests)
        self.assertEqual(1, len(problems))

    def test_each_server_is_deleted_whatever_became_of_the_others(self):
        cloud = Cloud(FREE, self.both)
        cloud.errors = {'force_delete_server': lib_exc.Conflict()}
        deleting = cleanup.Cleanup(cloud, cloud.servers_client, self.both)
        deleting.delete_servers(self.both)
        self.assertEqual(
            [('force_delete_server', server) for server in self.both],
            cloud.requests)
        error = self.assertRaises(AssertionError, deleting.report, 'Servers')
        self.assertIn('Nova still lists', str(error))

    def test_servers_are_deleted_one_after_the_other(self):
        cloud, deleting = Cloud(FREE, self.both), []

        def begin(server):
            self.assertEqual([], deleting)
            deleting.append(server)

        def look():
            cloud.servers -= set(deleting)
            deleting.clear()
            return cloud.servers

        cloud.servers_client.force_delete_server = begin
        cloud.server_ids = look
        cleanup.Cleanup(cloud, cloud.servers_client,
                        self.both).delete_servers(self.both)
        self.assertEqual(set(), cloud.servers)

    def test_server_that_is_gone_is_no_problem(self):
        cloud = Cloud(FREE)
        cloud.errors = {'force_delete_server': lib_exc.NotFound()}
        deleting = cleanup.Cleanup(cloud, cloud.servers_client, self.both)
        deleting.delete_servers(self.both)
        deleting.report('Servers')


class ReconcileTest(base.BaseTestCase):
    """What Nova and Cinder have of a volume is made to agree."""

    def setUp(self):
        super().setUp()
        shared = samples.shared_state().volumes[samples.VOLUME_ID]
        self.cloud = Cloud(shared, [samples.SERVER_1])
        self.cloud.attachments_client = types.SimpleNamespace(
            create_attachment=self.create, complete_attachment=self.note,
            delete_attachment=self.note)
        self.noted = []

    def note(self, attachment):
        self.noted.append(attachment)

    def create(self, _volume, server, mode):
        self.noted.append((server, mode))
        return {'attachment': {'id': 'recreated'}}

    def reconcile(self, in_nova):
        self.cloud.nova_attachments = lambda server: {
            samples.VOLUME_ID: types.SimpleNamespace(attachment_id=in_nova)
        } if server == samples.SERVER_1 else {}
        cleanup.Cleanup(
            self.cloud, self.cloud.servers_client,
            (samples.SERVER_1, samples.SERVER_2)
        ).reconcile_attachments(samples.VOLUME_ID)

    def test_attachment_of_cinder_alone_is_deleted(self):
        self.reconcile(samples.ATTACHMENT_1)
        self.assertEqual([samples.ATTACHMENT_2], self.noted)
        self.assertEqual([], self.cloud.requests)

    def test_attachment_of_nova_alone_is_made_in_cinder_and_detached(self):
        del self.cloud.volumes[samples.VOLUME_ID].attachments[
            samples.ATTACHMENT_1]
        self.reconcile('gone')
        self.assertEqual([(samples.SERVER_1, 'rw'), 'recreated'],
                         self.noted[:2])
        self.assertEqual([('detach', samples.SERVER_1)], self.cloud.requests)
