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

"""Ways to move a volume that servers share, and what a move must preserve."""

import collections.abc
import dataclasses

from oslo_log import log
from oslo_utils import timeutils
from tempest import config
from tempest.lib.common import api_microversion_fixture

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import data
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

# The first that takes delete_on_termination with the request to attach.
ATTACH_PROPERTIES_MICROVERSION = '2.79'


@dataclasses.dataclass(frozen=True)
class Move:
    """A move that can begin.

    :ivar volume: UUID of the volume that the server has after it
    :ivar volume_type: name of the type of that volume
    :ivar begin: callable that asks for the move
    """

    volume: str
    volume_type: str
    begin: collections.abc.Callable[[], None]


class SafeFlow(data.Data, base.MultiattachTest):
    """Steps of moving a volume that several servers share."""

    delete_on_termination = False

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first, *cls.others = cls.servers

    def request_attach(self, server, volume, *, user=None):
        """Ask Nova to attach a volume, with all that a move must preserve."""
        user = user or self.os_owner
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=ATTACH_PROPERTIES_MICROVERSION):
            return user.servers_client.attach_volume(
                server, volumeId=volume, tag='shared',
                delete_on_termination=self.delete_on_termination)

    def by_migration(self, volume, destination):
        """Move a volume by Cinder's migration.

        :returns: :class:`Move`
        """
        return Move(volume, self.observer.show_volume(volume)['volume_type'],
                    lambda: self.migrate(volume, destination))

    def by_retype(self, volume, destination):
        """Move a volume by a retype to a type that has one pool only.

        :returns: :class:`Move`
        """
        shown = self.observer.show_volume(volume)
        volume_type = self.type_elsewhere(
            shown, destination, shown['multiattach'])
        return Move(volume, volume_type, lambda: self.retype(
            volume, volume_type, migration_policy='on-demand'))

    def by_swap(self, volume, destination):
        """Move what a volume holds to another one, by Nova's swap.

        :returns: :class:`Move`
        """
        volume_type = self.type_of_pool(
            destination, self.observer.show_volume(volume)['multiattach'])
        target = self.create_volume(volume_type)
        return Move(target, volume_type, lambda: self.request_swap(
            self.first, volume, target))

    def share_and_move(self, way, set_flag=None):
        """Share a volume, move it while one server has it, share it again.

        :param way: method that makes a :class:`Move`
        :param set_flag: method that retypes the volume, to a type without
            multiattach before the move and with it after; None to move it
            as it is
        """
        volume = self.create_attached_volume(self.servers)
        shared = self.state_of(volume)
        watch = timeutils.StopWatch()
        with watch:
            for server in self.others:
                self.detach(server, volume)
            if set_flag:
                set_flag(volume, self.plain_type)
                self.assertGuarded(volume)
            with self.writing(self.first, volume) as written:
                moved = self.move(way, volume)
            if set_flag:
                set_flag(moved, self.multiattach_type)
            self.attach(moved, self.others)
            self.assertShared(written, self.others, moved)
        LOG.info('Moving a volume shared by %d servers (%s) took %.1f s, '
                 '%.1f s a server', len(self.servers), way.__name__,
                 watch.elapsed(), watch.elapsed() / len(self.servers))
        self.assertSharedAgain(shared, volume, moved)

    def move_detached(self, set_flag=None):
        """Share a volume, move it in each way while nobody has it, share it.

        :param set_flag: as for :meth:`share_and_move`
        """
        volume = self.create_attached_volume(self.servers)
        shared = self.state_of(volume)
        with self.writing(self.first, volume) as written:
            pass
        for server in self.servers:
            self.detach(server, volume)
        if set_flag:
            set_flag(volume, self.plain_type)
        for way in self.by_migration, self.by_retype:
            destination = self.destination_of(volume)
            move = way(volume, destination)
            before = self.state_of(volume)
            move.begin()
            after = self.state_of(volume)
            old, moved = before.volumes[volume], after.volumes[volume]
            usage = state.counted(
                state.counted(before.quota_usage, old, -1), moved, 1)
            self.assertMoved(old, moved, destination)
            self.assertThat(after, matchers.Unchanged(dataclasses.replace(
                before.with_volume(
                    volume, host=moved.host, name_id=moved.name_id,
                    volume_type=move.volume_type, migration_status='success'),
                quota_usage=self.observer.ours(usage))))
        if set_flag:
            set_flag(volume, self.multiattach_type)
        self.attach(volume, self.servers)
        self.assertReadBy(written, self.servers, volume)
        self.assertSharedAgain(shared, volume, volume)

    def assertGuarded(self, volume):
        """Check that no server gets a plain volume that the first one has."""
        before = self.state_of(volume)
        self.assertRefused(refusals.ATTACH_TO_OWN_SERVER,
                           self.request_attach, self.first, volume)
        for server in self.others:
            self.assertRefused(refusals.ATTACH_PLAIN_VOLUME_TWICE,
                               self.request_attach, server, volume)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))

    def move(self, way, volume, destination=None):
        """Move a volume that the first server has, and check what stays.

        :param way: method that makes a :class:`Move`
        :param str volume: UUID of the volume
        :param str destination: pool to move it to; None to choose one
        :returns: UUID of the volume that the server has afterwards
        """
        destination = destination or self.destination_of(volume)
        move = way(volume, destination)
        before = self.state_of(*{volume, move.volume})
        move.begin()
        waiters.for_action(self.observer, self.first,
                           self.new_action(before))
        after = self.state_of(*{volume, move.volume})
        self.assertThat(
            after, matchers.AttachedTo(move.volume, [self.first]))
        self.assertMoved(before.volumes[volume], after.volumes[move.volume],
                         destination)
        self.assertThat(after, matchers.Unchanged(
            self.expected_after_move(before, after, volume, move)))
        return move.volume

    def assertMoved(self, old, moved, destination):
        """Check that a volume is in the pool that was asked for.

        :param state.Volume old: the volume before the move
        :param state.Volume moved: the volume that has taken its place
        :param str destination: name of the pool
        """
        self.assertNotEqual(old.host, moved.host)
        # Any host of a cluster may have taken it.
        self.assertIn(moved.host, pools.find_pool(
            pools.list_pools(self.os_admin), destination).names)

    def new_action(self, before):
        """Find the one action on the first server since an earlier state.

        :returns: id of the request that began it
        """
        actions = self.observer.actions(self.first)
        new = actions.keys() - before.actions[self.first].keys()
        self.assertEqual(['swap_volume'], [actions[key] for key in new])
        return new.pop()

    def expected_after_move(self, before, after, volume, move):
        """Describe what a move leaves of an earlier state.

        What a move must renew is taken over from the later state, where it
        has to differ: the host, and the id of the attachment in both
        services. The instance action and name_id are taken over too.

        :returns: State
        """
        old = before.volumes[volume]
        moved = after.volumes[move.volume]
        [attachment] = old.attachments.values()
        in_nova = before.nova_attachments[self.first][volume]
        new_id = after.nova_attachments[self.first][move.volume].attachment_id
        self.assertNotEqual(attachment.id, new_id)
        renewed = {new_id: dataclasses.replace(attachment, id=new_id)}
        if move.volume == volume:
            expected = before.with_volume(
                volume, host=moved.host, name_id=moved.name_id,
                volume_type=move.volume_type, migration_status='success',
                attachments=renewed)
            usage = state.counted(
                state.counted(before.quota_usage, old, -1), moved, 1)
        else:
            expected = before.with_volume(
                volume, status='available', attachments={}).with_volume(
                move.volume, status='in-use', attachments=renewed)
            usage = before.quota_usage
        return dataclasses.replace(
            expected,
            quota_usage=self.observer.ours(usage),
            actions={**before.actions, self.first: after.actions[self.first]},
            nova_attachments={**before.nova_attachments, self.first: {
                move.volume: dataclasses.replace(
                    in_nova, attachment_id=new_id)}})

    def assertSharedAgain(self, shared, volume, moved):
        """Check that what servers share differs in its place only.

        What a swap leaves, the old volume, counts for the quota beside it.

        :param State shared: when all servers had the volume
        :param str volume: UUID of the volume
        :param str moved: UUID of the one that they have now
        """
        seen = self.state_of(*{volume, moved})
        first, last = shared.volumes[volume], seen.volumes[moved]
        usage = state.counted(shared.quota_usage, first, -1)
        for present in seen.volumes.values():
            usage = state.counted(usage, present, 1)
        expected = dataclasses.replace(
            first, id=moved, name=last.name, host=last.host,
            name_id=last.name_id, volume_type=last.volume_type,
            migration_status=last.migration_status,
            attachments=last.attachments)
        self.assertThat(
            dataclasses.replace(seen, actions={}, nova_attachments={}),
            matchers.Unchanged(state.State(
                volumes={**seen.volumes, moved: expected},
                temporary_volumes={key: {} for key in seen.volumes},
                quota_usage=self.observer.ours(usage))))


class SafeFlowUnflagged(SafeFlow):
    """Steps of taking the flag away before a move, and giving it back."""

    delete_on_termination = True

    @classmethod
    def needs(cls):
        return [*super().needs(), base.PLAIN_TYPE]

    def set_flag(self, volume, volume_type, migration_policy='on-demand'):
        """Retype a volume, and check that the flag follows.

        :param str volume: UUID of the volume
        :param str volume_type: name of the type
        :param str migration_policy: 'never' if it must not be copied
        """
        retyped = self.retype(
            volume, volume_type, migration_policy=migration_policy)
        if volume_type == self.plain_type:
            self.skip_if_copied(retyped)
        shown = self.observer.show_volume(volume)
        self.assertEqual((volume_type, volume_type == self.multiattach_type),
                         (shown['volume_type'], shown['multiattach']))

    def set_flag_detached(self, volume, volume_type):
        """Take a volume off the first server for as long as the retype."""
        self.detach(self.first, volume)
        self.set_flag(volume, volume_type)
        self.attach(volume, [self.first])

    def set_flag_in_use(self, volume, volume_type):
        """Retype a volume while the first server uses it.

        Where it is: a copy misses what the server writes to a volume that
        Cinder takes for available.
        """
        if CONF.multiattach.unflag_in_use == 'reset-status':
            self.admin_volumes_client.reset_volume_status(
                volume, status='available')
            self.set_flag(volume, volume_type, 'never')
            self.admin_volumes_client.reset_volume_status(
                volume, status='in-use')
        else:
            self.set_flag(volume, volume_type, 'never')
