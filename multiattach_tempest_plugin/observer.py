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

"""The looks at Nova and Cinder that a state is made of."""

import dataclasses
import functools

from oslo_log import log
from tempest.lib.common import api_microversion_fixture
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin import waiters

LOG = log.getLogger(__name__)


def pages(list_page, key, **params):
    """List what a service shows in pages.

    Begins again if the last one of a page is deleted meanwhile: no service
    knows then what follows it.

    :param list_page: callable on query parameters; returns one page
    :param str key: what the page calls its entries, such as 'volumes'
    :param params: query parameters
    :returns: list of the entries of all pages
    """
    entries, marker = [], {}
    while True:
        try:
            page = list_page(**params, **marker)
        except lib_exc.NotFound:
            if not marker:
                raise
            entries, marker = [], {}
            continue
        entries += page[key]
        # Those of volume types are in the singular, volume_type_links.
        if not (page.get(f'{key}_links')
                or page.get(f'{key.removesuffix("s")}_links')):
            return entries
        marker = {'marker': page[key][-1]['id']}


class Observer:
    """Looks at Nova and Cinder, and changes nothing."""

    def __init__(self, owner, admin, name, owns_project, asked):
        """Take the clients to look with.

        :param owner: client manager of the project with the volumes
        :param admin: client manager of an administrator
        :param str name: what the names of servers and volume types hold, and
            no others
        :param bool owns_project: whether nobody else uses the project; of
            one that others use too only what these types count for is seen
        :param asked: callable that counts the requests so far, of all
            clients of the tests
        """
        self.servers_client = owner.servers_client
        self.attachments_client = attachments.AttachmentsClient.of(owner)
        self.snapshots_client = owner.snapshots_client_latest
        self.volumes_client = admin.volumes_client_latest
        self.quotas_client = admin.volume_quotas_client_latest
        self.name = name
        self.project_id = owner.credentials.project_id
        self.owns_project = owns_project
        self.asked = asked
        self._seen = {}
        if not owns_project:
            LOG.info('Others use the project %s too. Of its quota usage only '
                     'that of volume types of %s is compared',
                     self.project_id, name)

    def show_volume(self, volume_id):
        """Show a volume without its attachments.

        :returns: dict as an administrator gets it
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.volumes_client.show_volume, volume_id)['volume']

    def volume(self, volume_id):
        """Show a volume and its attachments.

        :returns: :class:`state.Volume`
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return state.Volume.from_api(
            self.show_volume(volume_id), self._attachments(volume_id))

    def _attachments(self, volume_id):
        return waiters.look(self.attachments_client.list_attachments,
                            volume_id=volume_id)['attachments']

    def show_snapshot(self, snapshot_id):
        """Show a snapshot.

        :returns: dict
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.snapshots_client.show_snapshot, snapshot_id)['snapshot']

    def show_server(self, server_id):
        """Show a server.

        :returns: dict
        :raises tempest.lib.exceptions.NotFound: if it is gone
        """
        return waiters.look(
            self.servers_client.show_server, server_id)['server']

    def server_ids(self, **filters):
        """List servers by the name of the class that made them.

        This is much cheaper than to show one: Nova asks Neutron for nothing.

        :param filters: query parameters, such as status='ACTIVE'
        :returns: set of UUIDs
        """
        return {entry['id'] for entry in pages(
            functools.partial(waiters.look, self.servers_client.list_servers),
            'servers', name=self.name, **filters)}

    def actions(self, server_id):
        """List what was done to a server.

        :returns: dict of request id to action, the newest first
        """
        actions = waiters.look(
            self.servers_client.list_instance_actions, server_id)
        return {entry['request_id']: entry['action']
                for entry in actions['instanceActions']}

    def action_results(self, server_id, request_id):
        """Show how the events of an instance action ended.

        :returns: list of 'Success', 'Error' or None for one that goes on
        :raises tempest.lib.exceptions.NotFound: if the request was none
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=state.NOVA_ATTACHMENT_MICROVERSION):
            action = waiters.look(
                self.servers_client.show_instance_action,
                server_id, request_id)['instanceAction']
        return [event['result'] for event in action['events']]

    def nova_attachments(self, server_id):
        """List the volumes of a server.

        :returns: dict of volume id to :class:`state.NovaAttachment`
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=state.NOVA_ATTACHMENT_MICROVERSION):
            entries = waiters.look(
                self.servers_client.list_volume_attachments, server_id)
        return {entry['volumeId']: state.NovaAttachment.from_api(entry)
                for entry in entries['volumeAttachments']}

    def records(self, volume_ids, server_ids=()):
        """Show volumes, and what Nova has attached to servers.

        Asks for all volumes at once, and so knows too what a migration left,
        or still needs.

        :returns: :class:`state.State`
        :raises tempest.lib.exceptions.NotFound: if a volume is gone
        """
        volumes = pages(self._list_volumes, 'volumes', all_tenants=1,
                        project_id=self.project_id)
        found = {entry['id']: entry for entry in volumes}
        for missing in set(volume_ids) - found.keys():
            raise lib_exc.NotFound(f'There is no volume {missing}')
        return self._keep('records', volume_ids, server_ids, state.State(
            # Volume by volume: lists of attachments end with their first
            # page, and do not say that there is more.
            volumes={key: state.Volume.from_api(
                found[key], self._attachments(key)) for key in volume_ids},
            nova_attachments={key: self.nova_attachments(key)
                              for key in server_ids},
            temporary_volumes={key: state.temporary_volumes(volumes, key)
                               for key in volume_ids}))

    def _list_volumes(self, **params):
        return waiters.look(
            self.volumes_client.list_volumes, detail=True, params=params)

    def quota_usage(self):
        """Show what the volumes of the project count for.

        :returns: dict as :func:`state.quota_usage` makes it
        """
        return self.ours(state.quota_usage(waiters.look(
            self.quotas_client.show_quota_set, self.project_id,
            params={'usage': True})['quota_set']))

    def ours(self, usage):
        """Leave out what others change too.

        :param dict usage: as :func:`state.quota_usage` makes it
        :returns: dict of the same form
        """
        return {name: entry for name, entry in usage.items()
                if self.owns_project or f'{self.name}-' in name}

    def in_use(self, quota):
        """Count the volumes or the snapshots that are ours, of all types.

        :param str quota: 'volumes' or 'snapshots'
        :returns: int
        """
        return sum(entry['in_use']
                   for name, entry in self.quota_usage().items()
                   if name.startswith(f'{quota}_'))

    def state(self, volume_ids, server_ids):
        """Show all that a refused request must leave alone.

        What was seen last is where the next test begins: it is not looked at
        again if nothing was asked since then. Hence no wait polls this.

        :returns: :class:`state.State`
        """
        what = volume_ids, server_ids
        return self._kept('state', *what) or self._keep(
            'state', *what, dataclasses.replace(
                self.last_records(*what),
                actions={key: self.actions(key) for key in server_ids},
                quota_usage=self.quota_usage()))

    def last_records(self, volume_ids, server_ids):
        """Do as :meth:`records`, or as when nothing was asked since the last.

        :returns: :class:`state.State`
        :raises tempest.lib.exceptions.NotFound: as :meth:`records`
        """
        what = volume_ids, server_ids
        return (self._kept('state', *what) or self._kept('records', *what)
                or self.records(*what))

    def _keep(self, look, volume_ids, server_ids, seen):
        self._seen = {self._moment(look, volume_ids, server_ids): seen}
        return seen

    def _kept(self, look, volume_ids, server_ids):
        return self._seen.get(self._moment(look, volume_ids, server_ids))

    def _moment(self, look, volume_ids, server_ids):
        return (self.asked(), look, frozenset(volume_ids),
                frozenset(server_ids))
