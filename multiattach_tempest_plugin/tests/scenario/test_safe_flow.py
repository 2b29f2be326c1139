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

import collections.abc
import contextlib
import dataclasses

from oslo_log import log
from oslo_utils import timeutils
from tempest.common import compute
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common.utils import data_utils
from tempest.lib.common.utils.linux import remote_client
from tempest.lib import decorators
from testtools import matchers

from multiattach_tempest_plugin import guest
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

# The first that takes delete_on_termination with the request to attach.
ATTACH_PROPERTIES_MICROVERSION = '2.79'

UNFLAG_IN_USE_SETTING = (
    '[multiattach] unflag_in_use = api, or reset-status if the owner of the '
    'cloud agrees')


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


class SafeFlow(base.MultiattachTest):
    """Steps of moving a volume that several servers share."""

    delete_on_termination = False

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.compute_feature_enabled.swap_volume,
                 '[compute-feature-enabled] swap_volume = True')]

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first, *cls.others = cls.servers

    def request_attach(self, server, volume):
        """Ask Nova to attach a volume, with all that a move has to keep."""
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=ATTACH_PROPERTIES_MICROVERSION):
            return self.servers_client.attach_volume(
                server, volumeId=volume, tag='shared',
                delete_on_termination=self.delete_on_termination)

    def by_migration(self, volume, destination):
        """Move a volume by Cinder's migration.

        :returns: :class:`Move`
        """
        return Move(volume, self.observer.volume(volume).volume_type,
                    lambda: self.migrate(volume, destination))

    def by_retype(self, volume, destination):
        """Move a volume by a retype to a type that has one pool only.

        :returns: :class:`Move`
        """
        volume_type = self.type_of_pool(
            destination, self.observer.volume(volume).multiattach)

        def retype():
            self.request_retype(volume, volume_type,
                                migration_policy='on-demand')
            waiters.for_retyped(self.observer, volume, volume_type)

        return Move(volume, volume_type, retype)

    def by_swap(self, volume, destination):
        """Move what a volume holds to another one, by Nova's swap.

        :returns: :class:`Move`
        """
        volume_type = self.type_of_pool(
            destination, self.observer.volume(volume).multiattach)
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
            with self.writing(volume) as check_data:
                moved = self.move(way, volume)
            if set_flag:
                set_flag(moved, self.multiattach_type)
            self.attach(moved, self.others)
            for server in self.others:
                check_data(server, moved)
        LOG.info('The way %s of %d servers took %.1f s, %.1f s a server',
                 way.__name__, len(self.servers), watch.elapsed(),
                 watch.elapsed() / len(self.servers))
        self.assertSharedAgain(shared, volume, moved)

    @contextlib.contextmanager
    def writing(self, volume):
        """Have the first server write to a volume meanwhile.

        What was acknowledged is read on that server before this ends. It
        keeps its device in a move, though not always the serial (bug
        2112187).

        :returns: context manager; gives a callable that takes the UUIDs of
            another server and of the volume it has afterwards, and checks
            that it reads the same
        """
        if not CONF.validation.run_validation:
            LOG.warning('Records are checked, data is not: to check it set '
                        'in tempest.conf: [validation] run_validation = True')
            yield lambda server, moved: None
            return
        token = data_utils.rand_uuid_hex()
        writer = self.guest(self.first, volume)
        count = None

        def check(server, moved):
            self.assertEqual(
                [], self.guest(server, moved).lost(token, count))

        writer.start_writing(token, CONF.volume.volume_size)
        try:
            self.wait_for_writes(writer)
            yield check
            self.wait_for_writes(writer)
        finally:
            writer.stop_writing()
            self.wait_for(f'server {self.first} to end its writing',
                          writer.has_ended, bool)
        count = writer.acknowledged()
        self.assertEqual([], writer.lost(token, count))

    def wait_for_writes(self, writer):
        """Wait until a guest has written more than it has now."""
        before = writer.acknowledged()
        self.wait_for(f'server {self.first} to write more than {before} '
                      f'blocks', writer.acknowledged,
                      lambda seen: seen > before)

    def wait_for(self, what, look, reached):
        """Wait for what a guest does; see :func:`waiters.wait_until`."""
        waiters.wait_until(what, look, reached, lambda seen: None,
                           timeout=self.servers_client.build_timeout,
                           interval=self.servers_client.build_interval)

    def guest(self, server, volume):
        """Log in to a server.

        The servers of a class share one floating IP, where they need one.

        :param str server: UUID of the server
        :param str volume: UUID of a volume that it has
        :returns: :class:`guest.Guest`
        """
        resources = self.get_class_validation_resources(self.os_owner)
        shown = self.servers_client.show_server(server)['server']
        if CONF.validation.connect_method == 'floating':
            [port, *_] = self.os_owner.ports_client.list_ports(
                device_id=server)['ports']
            self.os_owner.floating_ips_client.update_floatingip(
                resources['floating_ip']['id'], port_id=port['id'])
        client = remote_client.RemoteClient(
            compute.get_server_ip(shown, resources),
            CONF.validation.image_ssh_user,
            pkey=resources['keypair']['private_key'], server=shown,
            servers_client=self.servers_client,
            ssh_timeout=CONF.validation.ssh_timeout,
            connect_timeout=CONF.validation.connect_timeout,
            ssh_shell_prologue=CONF.validation.ssh_shell_prologue,
            ssh_key_type=CONF.validation.ssh_key_type)
        return guest.Guest(client, guest.device_of(client, volume))

    def assertGuarded(self, volume):
        """Check that no server gets a plain volume that the first one has."""
        before = self.state_of(volume)
        self.assertRefused(refusals.ATTACH_TO_OWN_SERVER,
                           self.request_attach, self.first, volume)
        for server in self.others:
            self.assertRefused(refusals.ATTACH_PLAIN_VOLUME_TWICE,
                               self.request_attach, server, volume)
        self.assertThat(self.state_of(volume), state.Unchanged(before))

    def move(self, way, volume):
        """Move a volume that the first server has, and check what stays.

        :param way: method that makes a :class:`Move`
        :param str volume: UUID of the volume
        :returns: UUID of the volume that the server has afterwards
        """
        destination = self.destination_of(volume)
        move = way(volume, destination)
        before = self.state_of(*{volume, move.volume})
        move.begin()
        swap = self.new_action(before)
        self.assertEqual(
            {swap: ['Success']},
            waiters.for_actions(self.observer, self.first, [swap]))
        waiters.for_attached(self.observer, move.volume, [self.first])
        after = self.state_of(*{volume, move.volume})
        self.assertThat(
            after.volumes[move.volume].host,
            matchers.MatchesAny(matchers.Equals(destination),
                                matchers.StartsWith(f'{destination}#')))
        self.assertThat(after, state.Unchanged(
            self.expected_after_move(before, after, volume, move)))
        return move.volume

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
        self.assertNotEqual(old.host, moved.host)
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
            quota_usage=usage,
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
            dataclasses.replace(seen, servers={}, actions={},
                                nova_attachments={}),
            state.Unchanged(state.State(
                volumes={**seen.volumes, moved: expected},
                temporary_volumes={key: {} for key in seen.volumes},
                quota_usage=usage)))


class SafeFlowTest(SafeFlow):
    """A shared volume moves while one server alone uses it."""

    @decorators.idempotent_id('828bab64-cb14-4a7e-bdac-1bb682a1b392')
    @decorators.attr(type='slow')
    def test_shared_volume_migrates(self):
        """A shared volume migrates once all servers but one have let go of it.

        1. Attach a volume to all servers.
        2. Detach it from all but the first.
        3. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        4. Attach it to the other servers again: both services list it on
           all of them, with type, flag and quota usage as at first.
        """
        self.share_and_move(self.by_migration)

    @decorators.idempotent_id('196050a7-0de3-434d-8997-915755c68b3c')
    @decorators.attr(type='slow')
    def test_volume_migrates_back_while_server_is_paused(self):
        """A volume that moved moves back from a paused server, and on.

        1. Attach a volume to the first server, and migrate it.
        2. Pause the server and migrate the volume back to where it was: its
           host and the id of its attachment change, and nothing else.
        3. Unpause the server and migrate the volume once more.
        """
        volume = self.create_attached_volume([self.first])
        here = self.observer.volume(volume).host
        self.move(self.by_migration, volume)
        self.servers_client.pause_server(self.first)
        self.addCleanup(self._unpause)
        waiters.for_server_status(self.observer, [self.first], 'PAUSED')
        self.move(self.by_migration, volume)
        self.assertEqual(here, self.observer.volume(volume).host)
        self._unpause()
        self.move(self.by_migration, volume)

    @decorators.idempotent_id('0d81910e-fabb-4297-8e64-02b7727f6d7a')
    @decorators.attr(type='slow')
    def test_shared_volume_is_retyped_to_other_pool(self):
        """A shared volume moves by a retype that one server alone sees.

        1. Attach a volume to all servers.
        2. Detach it from all but the first.
        3. Retype it to a multiattach type of another pool: its type, its
           host and the id of its attachment change, and nothing else.
        4. Attach it to the other servers again: both services list it on
           all of them, with flag and quota usage as at first.
        """
        self.share_and_move(self.by_retype)

    def _unpause(self):
        if self.observer.server(self.first).status == 'PAUSED':
            self.servers_client.unpause_server(self.first)
            waiters.for_server_status(self.observer, [self.first], 'ACTIVE')


class SafeFlowBootVolumeTest(SafeFlow):
    """A volume that one server booted from, and others share, moves."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.multiattach.bootable_volumes,
                 '[multiattach] bootable_volumes = True, if Cinder\'s policy '
                 'volume:multiattach_bootable_volume lets members share one')]

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.others = list(cls.servers)
        image = cls.os_owner.image_client_v2.show_image(CONF.compute.image_ref)
        cls.boot_volume = cls.request_volume(
            size=max(CONF.volume.volume_size, image['min_disk']),
            imageRef=image['id'])
        cls.addClassResourceCleanup(cls.release, cls.boot_volume)
        cls.addClassResourceCleanup(cls.delete_servers)
        waiters.for_volume_available(cls.observer, cls.boot_volume)
        cls.first = cls.boot_server(image_id='', block_device_mapping_v2=[{
            'uuid': cls.boot_volume, 'source_type': 'volume',
            'destination_type': 'volume', 'boot_index': 0,
            'delete_on_termination': False}])
        waiters.for_server_status(cls.observer, [cls.first], 'ACTIVE')

    def create_attached_volume(self, servers):
        """Attach the volume that the first server booted from to the others.

        :param list servers: UUIDs of all servers
        :returns: UUID of the volume
        """
        self.attach(self.boot_volume, self.others)
        return self.boot_volume

    @contextlib.contextmanager
    def writing(self, volume):
        """Write nothing: on this device is the system that would write."""
        yield lambda server, moved: None

    @decorators.idempotent_id('1bc7caa7-5100-4929-87b5-24af45696812')
    @decorators.attr(type='slow')
    def test_shared_boot_volume_migrates(self):
        """A shared volume migrates under the server that booted from it.

        1. Boot a server from a volume, and attach it to other servers.
        2. Detach it from the others.
        3. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        4. Attach it to the other servers again: both services list it on
           all of them, with type, flag and quota usage as at first.
        """
        self.share_and_move(self.by_migration)


class SafeFlowUnflagged(SafeFlow):
    """Steps of taking the flag away before a move, and giving it back."""

    delete_on_termination = True

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (base.plain_volume_type(), base.PLAIN_TYPE_SETTING)]

    def set_flag(self, volume, volume_type):
        """Retype a volume, and check that the flag follows.

        :param str volume: UUID of the volume
        :param str volume_type: name of the type
        """
        self.retype(volume, volume_type)
        seen = self.observer.volume(volume)
        self.assertEqual((volume_type, volume_type == self.multiattach_type),
                         (seen.volume_type, seen.multiattach))

    def set_flag_detached(self, volume, volume_type):
        """Take a volume off the first server for as long as the retype."""
        self.detach(self.first, volume)
        self.set_flag(volume, volume_type)
        self.attach(volume, [self.first])

    def set_flag_in_use(self, volume, volume_type):
        """Retype a volume while the first server uses it."""
        if CONF.multiattach.unflag_in_use == 'reset-status':
            self.admin_volumes_client.reset_volume_status(
                volume, status='available')
            self.set_flag(volume, volume_type)
            self.admin_volumes_client.reset_volume_status(
                volume, status='in-use')
        else:
            self.set_flag(volume, volume_type)


class SafeFlowUnflaggedTest(SafeFlowUnflagged):
    """A shared volume moves while it is no multiattach volume."""

    @decorators.idempotent_id('35a447f7-5156-4342-a16d-93486835adea')
    @decorators.attr(type='slow')
    def test_unflagged_volume_migrates(self):
        """A shared volume that migrates without its flag gets it back.

        1. Attach a volume to all servers, then detach it from all.
        2. Unflag it: retype it to a type without multiattach.
        3. Attach it to the first server.
        4. Ask Nova to attach it to each server: refused, and nothing
           changed.
        5. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        6. Detach it and reflag it.
        7. Attach it to all servers: both services list it on all of them,
           with type, flag and quota usage as at first.
        """
        self.share_and_move(self.by_migration, self.set_flag_detached)

    @decorators.idempotent_id('89d11241-0e17-4ea9-add5-6b6c4543c5c8')
    @decorators.attr(type='slow')
    def test_unflagged_volume_is_retyped_to_other_pool(self):
        """A shared volume that a retype moves without its flag gets it back.

        As with a migration, but step 5 is a retype to a type of another pool
        without multiattach.
        """
        self.share_and_move(self.by_retype, self.set_flag_detached)


class SafeFlowUnflaggedInUseTest(SafeFlowUnflagged):
    """The flag changes while a server uses the volume."""

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.multiattach.unflag_in_use != 'no',
                 UNFLAG_IN_USE_SETTING)]

    @decorators.idempotent_id('4319d5df-8a03-4ca9-b28c-cb2fe5bbf4b7')
    @decorators.attr(type='slow')
    def test_volume_unflagged_in_use_migrates(self):
        """A shared volume is unflagged, migrates and is reflagged in use.

        1. Attach a volume to all servers, then detach it from all but the
           first.
        2. Unflag it: retype it to a type without multiattach, in the way
           that [multiattach] unflag_in_use names.
        3. Ask Nova to attach it to each server: refused, and nothing
           changed.
        4. Migrate it to another pool: its host and the id of its attachment
           change, and nothing else.
        5. Reflag it.
        6. Attach it to the other servers: both services list it on all of
           them, with type, flag and quota usage as at first.
        """
        self.share_and_move(self.by_migration, self.set_flag_in_use)

    @decorators.idempotent_id('61b4e462-b24e-46f0-8f38-4cda5cda4b2f')
    @decorators.attr(type='slow')
    def test_volume_unflagged_in_use_is_retyped_to_other_pool(self):
        """A shared volume is unflagged, moved by retype and reflagged in use.

        As with a migration, but step 4 is a retype to a type of another pool
        without multiattach.
        """
        self.share_and_move(self.by_retype, self.set_flag_in_use)


class SafeFlowSwapTest(SafeFlowUnflagged):
    """An administrator has Nova swap the volume, where the cloud allows it."""

    credentials = ['primary', 'admin', base.SWAP_CREDENTIALS]

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.multiattach.direct_swap == 'allowed',
                 '[multiattach] direct_swap = allowed, if Nova does')]

    @decorators.idempotent_id('51768d0d-b64f-4198-8a7e-4c3102610ce1')
    @decorators.attr(type='slow')
    def test_shared_volume_is_swapped(self):
        """What servers share is swapped once all but one have let go of it.

        1. Attach a volume to all servers.
        2. Detach it from all but the first.
        3. Swap it for a new one of another pool: the first server has the
           new one as it had the old one, which is available, and nothing
           else changed.
        4. Attach the new one to the other servers: both services list it on
           all of them, with the properties that the old one had.
        """
        self.share_and_move(self.by_swap)

    @decorators.idempotent_id('c77135f2-4853-4d13-a72f-013fdccbd043')
    @decorators.attr(type='slow')
    def test_unflagged_volume_is_swapped(self):
        """What servers share is swapped without its flag and gets it back.

        1. Attach a volume to all servers, then detach it from all.
        2. Unflag it and attach it to the first server.
        3. Ask Nova to attach it to each server: refused, and nothing
           changed.
        4. Swap it for a new one of another pool, of a type without
           multiattach.
        5. Detach the new one, reflag it and attach it to all servers: both
           services list it on all of them, with the properties that the old
           one had.
        """
        self.share_and_move(self.by_swap, self.set_flag_detached)

    @decorators.idempotent_id('46abac37-7f22-427d-8208-44b91c4ab187')
    @decorators.attr(type='slow')
    def test_volume_unflagged_in_use_is_swapped(self):
        """What servers share is unflagged, swapped and reflagged in use.

        As with a volume unflagged while detached, but the first server has
        it, or the new one, all the time.
        """
        if CONF.multiattach.unflag_in_use == 'no':
            raise self.skipException(
                f'To run this test set in tempest.conf: '
                f'{UNFLAG_IN_USE_SETTING}')
        self.share_and_move(self.by_swap, self.set_flag_in_use)
