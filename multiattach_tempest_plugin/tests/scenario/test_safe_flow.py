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

import contextlib

from tempest import config
from tempest.lib import decorators
import testtools

from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import moves
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin import waiters

CONF = config.CONF

needs_flag_in_use = testtools.skipIf(
    CONF.multiattach.unflag_in_use == 'no',
    'To run this test set in tempest.conf: [multiattach] unflag_in_use = api, '
    'or reset-status with the consent of the operator')


class SafeFlowTest(moves.SafeFlow):
    """A shared volume moves while one server alone uses it."""

    @decorators.idempotent_id('828bab64-cb14-4a7e-bdac-1bb682a1b392')
    @decorators.attr(type='slow')
    @base.needs_swap
    def test_shared_volume_migrates(self):
        """A shared volume migrates once all servers but one are detached.

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
    @base.needs_swap
    @base.needs_pause
    def test_volume_migrates_back_while_server_is_paused(self):
        """A volume that moved moves back from a paused server, and on.

        1. Attach a volume to the first server, and migrate it.
        2. Pause the server and migrate the volume back to where it was: its
           host and the id of its attachment change, and nothing else.
        3. Unpause the server and migrate the volume once more.
        """
        volume = self.create_attached_volume([self.first])
        here = self.host_of(volume)
        self.move(self.by_migration, volume)
        with self.changed_server(
                self.first, self.servers_client.pause_server, 'PAUSED',
                self.servers_client.unpause_server):
            self.move(self.by_migration, volume, here)
        self.move(self.by_migration, volume)

    @decorators.idempotent_id('0d81910e-fabb-4297-8e64-02b7727f6d7a')
    @decorators.attr(type='slow')
    @base.needs_swap
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

    @decorators.idempotent_id('8611c1de-b0d3-4a0e-88a7-afc556e9e388')
    @decorators.attr(type='slow')
    def test_detached_volume_moves(self):
        """A shared volume moves while no server has it.

        1. Attach a volume to all servers, then detach it from all.
        2. Migrate it to another pool: its host changes, and nothing else.
        3. Retype it to a multiattach type of another pool: its type and its
           host change, and nothing else.
        4. Attach it to all servers: both services list it on all of them,
           with flag and quota usage as at first.
        """
        self.move_detached()


class SafeFlowBootVolumeTest(moves.SafeFlow):
    """A volume that one server booted from, and others share, moves."""

    @classmethod
    def needs(cls):
        return [*super().needs(), base.SWAP,
                (CONF.multiattach.bootable_volumes,
                 '[multiattach] bootable_volumes = True, if Cinder\'s policy '
                 'volume:multiattach_bootable_volume lets members share one')]

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.others = list(cls.servers)
        image = cls.os_owner.image_client_v2.show_image(CONF.compute.image_ref)
        cls.boot_volume = cls.request_volume(
            size=pools.size_for_image(image), imageRef=image['id'])
        cls.addClassResourceCleanup(cls.delete_volume, cls.boot_volume)
        cls.addClassResourceCleanup(cls.delete_servers)
        waiters.for_created(cls.observer.show_volume, cls.boot_volume,
                            cls.volumes_client)
        cls.first = cls.boot_server(image_id='', block_device_mapping_v2=[{
            'uuid': cls.boot_volume, 'source_type': 'volume',
            'destination_type': 'volume', 'boot_index': 0,
            'delete_on_termination': False}])
        cls.wait_for_boot([cls.first])

    def create_attached_volume(self, servers):
        """Attach the volume that the first server booted from to the others.

        :param list servers: UUIDs of all servers
        :returns: UUID of the volume
        """
        self.attach(self.boot_volume, self.others)
        return self.boot_volume

    @contextlib.contextmanager
    def writing(self, server, volume, first=0, step=1):
        """Write nothing: on this device is the system that would write."""
        yield None

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


class SafeFlowUnflaggedTest(moves.SafeFlowUnflagged):
    """A shared volume moves while it is no multiattach volume."""

    @decorators.idempotent_id('35a447f7-5156-4342-a16d-93486835adea')
    @decorators.attr(type='slow')
    @base.needs_swap
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
    @base.needs_swap
    def test_unflagged_volume_is_retyped_to_other_pool(self):
        """A shared volume that a retype moves without its flag gets it back.

        As with a migration, but step 5 is a retype to a type of another pool
        without multiattach.
        """
        self.share_and_move(self.by_retype, self.set_flag_detached)

    @decorators.idempotent_id('debae39c-8229-4b50-b48e-a1bc9a411dc3')
    @decorators.attr(type='slow')
    def test_detached_unflagged_volume_moves(self):
        """A shared volume that nobody has moves without its flag too.

        As with the flag, but before the moves the volume is retyped to a
        type without multiattach, and after them to one with it.
        """
        self.move_detached(self.set_flag)

    @decorators.idempotent_id('4319d5df-8a03-4ca9-b28c-cb2fe5bbf4b7')
    @decorators.attr(type='slow')
    @base.needs_swap
    @needs_flag_in_use
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
    @base.needs_swap
    @needs_flag_in_use
    def test_volume_unflagged_in_use_is_retyped_to_other_pool(self):
        """A shared volume is unflagged, moved by retype and reflagged in use.

        As with a migration, but step 4 is a retype to a type of another pool
        without multiattach.
        """
        self.share_and_move(self.by_retype, self.set_flag_in_use)


class SafeFlowSwapTest(moves.SafeFlowUnflagged):
    """An administrator has Nova swap the volume, where the cloud allows it."""

    optional_credentials = [credentials.SERVICE_USER]

    @classmethod
    def needs(cls):
        return [*super().needs(), base.SWAP,
                (CONF.multiattach.direct_swap == 'allowed',
                 '[multiattach] direct_swap = allowed, if Nova does')]

    @decorators.idempotent_id('51768d0d-b64f-4198-8a7e-4c3102610ce1')
    @decorators.attr(type='slow')
    def test_shared_volume_is_swapped(self):
        """What servers share is swapped once it is detached from all but one.

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
    @needs_flag_in_use
    def test_volume_unflagged_in_use_is_swapped(self):
        """What servers share is unflagged, swapped and reflagged in use.

        As with a volume unflagged while detached, but the first server has
        it, or the new one, all the time.
        """
        self.share_and_move(self.by_swap, self.set_flag_in_use)
