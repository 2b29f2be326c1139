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

from tempest.common import compute
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common.utils import data_utils
from tempest.lib.common.utils import test_utils
from tempest import test
import testtools

from multiattach_tempest_plugin import observer
from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import cleanup
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import facts
from multiattach_tempest_plugin.tests import guests
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin.tests import types
from multiattach_tempest_plugin import waiters

CONF = config.CONF

# As an entry of needs().
PLAIN_TYPE = (
    types.plain_volume_type(),
    '[multiattach] plain_volume_type = a type without multiattach')

# Libvirt swaps no disk of Ceph, for one.
SWAP = (CONF.compute_feature_enabled.swap_volume,
        '[compute-feature-enabled] swap_volume = True')

needs_plain_type = testtools.skipUnless(
    PLAIN_TYPE[0],
    f'To run this test set in tempest.conf: {PLAIN_TYPE[1]}')

needs_swap = testtools.skipUnless(
    SWAP[0], f'To run this test set in tempest.conf: {SWAP[1]}')

needs_pause = testtools.skipUnless(
    CONF.compute_feature_enabled.pause,
    'To run this test set in tempest.conf: [compute-feature-enabled] '
    'pause = True')

needs_extend_in_use = testtools.skipUnless(
    CONF.volume_feature_enabled.extend_attached_volume,
    'To run this test set in tempest.conf: [volume-feature-enabled] '
    'extend_attached_volume = True')


class MultiattachTest(operations.Operations, guests.Booting, facts.Facts,
                      types.VolumeTypes, credentials.Credentials,
                      test.BaseTestCase):
    """Servers, and the volumes that they share."""

    # Who of the users has the servers and the volumes.
    owner = 'primary'

    @classmethod
    def needs(cls):
        """Name what must be set in tempest.conf to run the class.

        :returns: list of tuples of a value that is false if it is not set,
            and what to set, as '[section] option = value'
        """
        return [
            (CONF.service_available.nova, '[service_available] nova = True'),
            (CONF.service_available.cinder,
             '[service_available] cinder = True'),
            (CONF.compute_feature_enabled.volume_multiattach,
             '[compute-feature-enabled] volume_multiattach = True'),
            (CONF.volume.volume_type_multiattach,
             '[volume] volume_type_multiattach = a type with multiattach'),
            (operations.covers(CONF.compute.min_microversion,
                               CONF.compute.max_microversion,
                               operations.MULTIATTACH_MICROVERSION,
                               state.NOVA_ATTACHMENT_MICROVERSION),
             f'[compute] min_microversion at most '
             f'{operations.MULTIATTACH_MICROVERSION}, '
             f'[compute] max_microversion = latest'),
            (operations.covers(CONF.volume.min_microversion,
                               CONF.volume.max_microversion,
                               attachments.MICROVERSION,
                               attachments.MODE_MICROVERSION),
             f'[volume] min_microversion at most '
             f'{attachments.MICROVERSION}, '
             f'[volume] max_microversion = latest'),
        ]

    @classmethod
    def skip_checks(cls):
        super().skip_checks()
        missing = [setting for value, setting in cls.needs() if not value]
        if missing:
            raise cls.skipException(
                'To run these tests set in tempest.conf: '
                + '; '.join(missing))

    @classmethod
    def setup_clients(cls):
        super().setup_clients()
        cls.os_owner = getattr(cls, f'os_{cls.owner}')
        cls.servers_client = cls.os_owner.servers_client
        cls.volumes_client = cls.os_owner.volumes_client_latest
        cls.admin_volumes_client = cls.os_admin.volumes_client_latest
        cls.observer = observer.Observer(
            cls.os_owner, cls.os_admin, cls.__name__,
            owns_project=CONF.auth.use_dynamic_credentials,
            asked=lambda: cls.journal.asked)

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.find_types()
        cls.look_at_cloud()
        cls._shared_volumes = {}
        cls.servers = []
        # Before the servers, which use them, so that they are deleted later.
        cls.get_class_validation_resources(cls.os_owner)
        cls.addClassResourceCleanup(cls.delete_servers)
        cls.boot_servers()

    @classmethod
    def boot_servers(cls):
        """Boot the servers that share the volumes of the class."""
        for _ in range(CONF.multiattach.servers):
            cls.boot_server()
        cls.wait_for_boot(cls.servers)

    @classmethod
    def boot_server(cls, **options):
        """Ask for a server for the class; it is deleted with it.

        :param options: of the request, beside name, flavor, image, network
        :returns: UUID of the server
        """
        network = cls.get_tenant_network(cls.owner)
        networks = ({'tenant_network': network} if network
                    and network.get('id') else {'networks': 'none'})
        # Tempest would wait for one server after the other, and give each in
        # turn the one floating IP of the class.
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=operations.MULTIATTACH_MICROVERSION):
            server, _servers = compute.create_test_server(
                cls.os_owner, name=cls.resource_name('server'),
                **networks, **cls.access_options(), **options)
        cls.servers.append(server['id'])
        return server['id']

    @classmethod
    def delete_server(cls, *servers):
        """Delete servers of the class, and wait until they are gone.

        :param servers: UUIDs
        :raises AssertionError: if one could not be deleted
        """
        deleting = cls._cleanup()
        deleting.delete_servers(servers)
        cls.servers = [each for each in cls.servers if each not in servers]
        deleting.report('Servers could not be deleted')
        cls.journal.gone(servers)

    @classmethod
    def delete_servers(cls):
        """Delete all servers of the class, and wait until they are gone.

        :raises AssertionError: if a test left one that is not ACTIVE, or one
            could not be deleted
        """
        if cls.servers:
            active = cls.observer.server_ids(status='ACTIVE')
            broken = set(cls.servers) - active
            cls.delete_server(*cls.servers)
            if broken:
                raise AssertionError(
                    f'Tests left servers that are not ACTIVE: {broken}')

    @classmethod
    def _cleanup(cls):
        return cleanup.Cleanup(cls.observer, cls.servers_client, cls.servers)

    @classmethod
    def resource_name(cls, kind):
        """Make a name that tells which class made the resource.

        :param str kind: what is named, as 'volume'
        :returns: str
        """
        return data_utils.rand_name(prefix=CONF.resource_name_prefix,
                                    name=f'{cls.__name__}-{kind}')

    def create_volume(self, volume_type=None, **options):
        """Create a volume; it is detached and deleted after the test.

        :param volume_type: name of the type; None for the multiattach type
        :param options: of the request
        :returns: UUID of the volume
        """
        volume = self.request_volume(volume_type, **options)
        self.addCleanup(self.delete_volume, volume)
        waiters.for_created(self.observer.show_volume, volume,
                            self.volumes_client)
        return volume

    def create_snapshot(self, volume):
        """Take a snapshot of a volume; it is deleted after the test.

        :param str volume: UUID of the volume
        :returns: UUID of the snapshot
        """
        client = self.os_owner.snapshots_client_latest
        snapshot = client.create_snapshot(
            volume_id=volume, force=True,
            name=self.resource_name('snapshot'))['snapshot']['id']
        # A test may delete it earlier.
        self.addCleanup(test_utils.call_and_ignore_notfound_exc,
                        self.delete_snapshot, snapshot)
        waiters.for_created(self.observer.show_snapshot, snapshot, client)
        return snapshot

    def delete_snapshot(self, snapshot):
        """Delete a snapshot, and wait until it is gone."""
        client = self.os_owner.snapshots_client_latest
        counted = self.observer.in_use('snapshots')
        client.delete_snapshot(snapshot)
        waiters.for_deleted(self.observer.show_snapshot, snapshot, client)
        waiters.for_usage_below(self.observer, 'snapshots', counted)

    def create_attached_volume(self, servers, volume_type=None):
        """Create a volume and attach it to servers, one after the other.

        :param list servers: UUIDs of the servers
        :param volume_type: name of the type; None for the multiattach type
        :returns: UUID of the volume
        """
        volume = self.create_volume(volume_type)
        self.attach(volume, servers)
        return volume

    def shared_volume(self, servers=(), volume_type=None, size=None):
        """Return a volume that tests of the class share.

        For tests that leave it as it is. The first one makes it; one that
        fails gives it up, so that the next makes another.

        :param servers: UUIDs of the servers that have it
        :param volume_type: name of the type; None for the multiattach type
        :param size: in GiB; None for [volume] volume_size
        :returns: UUID of the volume
        """
        key = (*servers, volume_type, size)
        failures = []
        self.addOnException(failures.append)
        # After what the test itself puts back, which may need the volume.
        self.addCleanup(self._delete_shared_volume_after, failures, key)
        if key not in self._shared_volumes:
            volume = self.request_volume(volume_type, size)
            self._shared_volumes[key] = volume
            self.addClassResourceCleanup(self._delete_shared_volume, key)
            # Deleted servers detach all that they share at once.
            self.addClassResourceCleanup(self.delete_servers)
            waiters.for_created(self.observer.show_volume, volume,
                                self.volumes_client)
            self.attach(volume, servers)
        return self._shared_volumes[key]

    @classmethod
    def _delete_shared_volume_after(cls, failures, key):
        if failures:
            cls._delete_shared_volume(key)

    @classmethod
    def _delete_shared_volume(cls, key):
        volume = cls._shared_volumes.pop(key, None)
        if volume:
            cls.delete_volume(volume)

    @classmethod
    def request_volume(cls, volume_type=None, size=None, **options):
        """Ask Cinder for a volume with metadata that a move must preserve.

        :param volume_type: name of the type; None for the multiattach type
        :param size: in GiB; None for [volume] volume_size
        :param options: of the request
        :returns: UUID of the volume
        """
        arguments = {'size': size or CONF.volume.volume_size,
                     'name': cls.resource_name('volume'),
                     'metadata': {'owner': cls.__name__},
                     'description': f'A volume of {cls.__name__}',
                     'volume_type': volume_type or cls.multiattach_type,
                     **options}
        if CONF.compute.compute_volume_common_az:
            arguments['availability_zone'] = (
                CONF.compute.compute_volume_common_az)
        return cls.volumes_client.create_volume(**arguments)['volume']['id']

    @classmethod
    def delete_volume(cls, volume):
        """Delete a volume; reset what is stuck; fail if anything was.

        :param str volume: UUID of the volume
        :raises AssertionError: if something had to be reset
        """
        deleting = cls._cleanup()
        deleting.delete_volume(volume)
        deleting.report(f'Volume {volume} had to be reset')

    def skip_unless_servers_are_offloaded(self):
        """Skip where a server that is shelved stays where it is."""
        if not (CONF.compute_feature_enabled.shelve
                and CONF.compute.shelved_offload_time >= 0):
            raise self.skipException(
                'To run this test set in tempest.conf: '
                '[compute-feature-enabled] shelve = True; '
                '[compute] shelved_offload_time = 0')

    def skip_unless_only_cinder_swaps(self):
        """Skip where an administrator may swap what these tests ask for."""
        if CONF.multiattach.direct_swap != 'refused':
            raise self.skipException(
                'An administrator may swap this volume here. To run this '
                'test on a cloud where only Cinder may, set in tempest.conf: '
                '[multiattach] direct_swap = refused')
