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

from tempest import config
from tempest.lib import decorators
from testtools import matchers

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin import waiters

CONF = config.CONF


class SafeFlow(base.MultiattachTest):
    """Steps of moving a volume that several servers share."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.compute_feature_enabled.swap_volume,
                 '[compute-feature-enabled] swap_volume = True')]

    def detach_all(self, volume, servers):
        """Detach a volume from servers, one after the other."""
        for server in servers:
            self.detach(server, volume)

    def move(self, volume, server):
        """Migrate a volume that one server uses, and check all that stays.

        :param str volume: UUID of the volume
        :param str server: UUID of the server
        """
        destination = self.destination_of(volume)
        before = self.state_of(volume)
        self.migrate(volume, destination)
        waiters.for_attached(self.observer, volume, [server])
        swap = self.new_action(before, server)
        self.assertEqual(
            {swap: ['Success']},
            waiters.for_actions(self.observer, server, [swap]))
        after = self.state_of(volume)
        self.assertThat(
            after.volumes[volume].host,
            matchers.MatchesAny(matchers.Equals(destination),
                                matchers.StartsWith(f'{destination}#')))
        self.assertThat(after, state.Unchanged(
            self.expected_after_move(before, after, volume, server)))

    def new_action(self, before, server):
        """Find the one action on a server since an earlier state.

        :returns: id of the request that began it
        """
        actions = self.observer.actions(server)
        new = actions.keys() - before.servers[server].actions.keys()
        self.assertEqual(['swap_volume'], [actions[key] for key in new])
        return new.pop()

    def expected_after_move(self, before, after, volume, server):
        """Describe what a move leaves of an earlier state.

        What a move must renew is taken over from the later state, where it
        has to differ: the host, and the id of the attachment in both
        services. The instance action and name_id are taken over too.

        :returns: State
        """
        old = next(iter(before.volumes[volume].attachments.values()))
        in_nova = before.nova_attachments[server][volume]
        new_id = after.nova_attachments[server][volume].attachment_id
        moved = after.volumes[volume]
        self.assertNotEqual(old.id, new_id)
        self.assertNotEqual(before.volumes[volume].host, moved.host)
        expected = before.with_volume(
            volume, host=moved.host, name_id=moved.name_id,
            migration_status='success',
            attachments={new_id: dataclasses.replace(old, id=new_id)})
        return dataclasses.replace(
            expected,
            servers={**before.servers, server: dataclasses.replace(
                before.servers[server],
                actions=after.servers[server].actions)},
            nova_attachments={**before.nova_attachments, server: {
                **before.nova_attachments[server],
                volume: dataclasses.replace(in_nova, attachment_id=new_id)}})

    def assertSharedAgain(self, before, volume):
        """Check that a volume differs from before in its place only.

        :param State before: when all servers had the volume
        :param str volume: UUID of the volume
        """
        after = self.state_of(volume)
        moved = after.volumes[volume]
        self.assertNotEqual(before.volumes[volume].host, moved.host)
        self.assertThat(
            dataclasses.replace(after, servers={}, nova_attachments={}),
            state.Unchanged(dataclasses.replace(
                before.with_volume(
                    volume, host=moved.host, name_id=moved.name_id,
                    migration_status=moved.migration_status,
                    attachments=moved.attachments),
                servers={}, nova_attachments={})))


class SafeFlowTest(SafeFlow):
    """A shared volume moves while one server alone uses it."""

    @decorators.idempotent_id('828bab64-cb14-4a7e-bdac-1bb682a1b392')
    @decorators.attr(type='slow')
    def test_move_while_one_server_uses_volume(self):
        """A shared volume moves once all servers but one have let go of it.

        1. Attach a volume to all servers.
        2. Detach it from all but the first.
        3. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        4. Attach it to the other servers again: both services list it on
           all of them, with type, flag and quota usage as at first.
        """
        first, *others = self.servers
        volume = self.create_attached_volume(self.servers)
        shared = self.state_of(volume)
        self.detach_all(volume, others)
        self.move(volume, first)
        self.attach(volume, others)
        self.assertSharedAgain(shared, volume)


class SafeFlowUnflaggedTest(SafeFlow):
    """A shared volume moves while it is no multiattach volume."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (base.plain_volume_type(), base.PLAIN_TYPE_SETTING)]

    def set_flag(self, volume, volume_type, multiattach):
        """Retype a detached volume, and check that the flag follows.

        :param str volume: UUID of the volume
        :param str volume_type: name of the type
        :param bool multiattach: whether the type has multiattach
        """
        self.retype(volume, volume_type)
        seen = self.observer.volume(volume)
        self.assertEqual({'type': volume_type, 'multiattach': multiattach},
                         {'type': seen.volume_type,
                          'multiattach': seen.multiattach})

    @decorators.idempotent_id('35a447f7-5156-4342-a16d-93486835adea')
    @decorators.attr(type='slow')
    def test_move_while_volume_is_unflagged(self):
        """A shared volume that moves without its flag gets it back.

        1. Attach a volume to all servers, then detach it from all.
        2. Unflag it: retype it to a type without multiattach.
        3. Attach it to the first server.
        4. Ask Nova to attach it to each other server: refused, and nothing
           changed.
        5. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        6. Detach it and reflag it.
        7. Attach it to all servers: both services list it on all of them,
           with type, flag and quota usage as at first.
        """
        first, *others = self.servers
        volume = self.create_attached_volume(self.servers)
        shared = self.state_of(volume)
        self.detach_all(volume, self.servers)
        self.set_flag(volume, self.plain_type, False)
        self.attach(volume, [first])
        before = self.state_of(volume)
        for server in others:
            self.assertRefused(refusals.ATTACH_PLAIN_VOLUME_TWICE,
                               self.request_attach, server, volume)
        self.assertThat(self.state_of(volume), state.Unchanged(before))
        self.move(volume, first)
        self.detach(first, volume)
        self.set_flag(volume, self.multiattach_type, True)
        self.attach(volume, self.servers)
        self.assertSharedAgain(shared, volume)
