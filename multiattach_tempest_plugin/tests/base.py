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

import re

from tempest.common import compute
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common import api_version_request
from tempest.lib.common.utils import data_utils
from tempest.lib.common.utils import test_utils
from tempest.lib import exceptions as lib_exc
from tempest import test

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin import waiters

CONF = config.CONF

# The first that attaches a multiattach volume, and long before 2.101, from
# which on Nova no longer says if it refused.
MULTIATTACH_MICROVERSION = '2.60'

# The first that changes properties of an attachment with the request that
# swaps its volume, and asks another policy.
UPDATE_MICROVERSION = '2.85'

# Nova asks for the role service, older releases for admin, and Cinder shows
# the migration status, which Nova looks at, to an administrator only.
SWAP_CREDENTIALS = ['service_user', 'admin', 'service']

# The id of anything, with dashes or without.
ANY_ID = re.compile('[0-9a-f]{8}(?:-?[0-9a-f]{4}){4}[0-9a-f]{8}')

PLAIN_TYPE_SETTING = (
    '[multiattach] plain_volume_type = a type without multiattach')


def plain_volume_type():
    """Name the volume type that unflag retypes to; empty if there is none."""
    return CONF.multiattach.plain_volume_type or CONF.volume.volume_type


def covers(minimum, maximum, *needed):
    """Tell if a range of microversions in tempest.conf holds some.

    No upper end means that tests shall use none, as Tempest has it.

    :param minimum: lower end as 'X.Y', or None
    :param maximum: upper end as 'X.Y' or 'latest', or None
    :param needed: the microversions to look for
    """
    version = api_version_request.APIVersionRequest
    return maximum is not None and all(
        version(each).matches(version(minimum), version(maximum))
        for each in needed)


def other_pool(pools, backend_name, host):
    """Choose the first pool that could take a volume from another one.

    :param list pools: of GET /scheduler-stats/get_pools?detail=True
    :param backend_name: volume_backend_name the type asks for, or None
    :param str host: pool that holds the volume, as host@backend#pool
    :returns: name of a pool, or None
    """
    for pool in pools:
        capabilities = pool['capabilities']
        if (pool['name'] != host and capabilities.get('multiattach')
                and backend_name in (
                    None, capabilities.get('volume_backend_name'))):
            return pool['name']
    return None


class MultiattachTest(test.BaseTestCase):
    """Servers, a volume they share, and every way to ask for a move."""

    credentials = ['primary', 'admin']
    # Who of them has the servers and the volumes.
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
            (covers(CONF.compute.min_microversion,
                    CONF.compute.max_microversion,
                    MULTIATTACH_MICROVERSION,
                    state.NOVA_ATTACHMENT_MICROVERSION),
             f'[compute] min_microversion at most {MULTIATTACH_MICROVERSION}, '
             f'[compute] max_microversion = latest'),
            (covers(CONF.volume.min_microversion,
                    CONF.volume.max_microversion,
                    state.CINDER_ATTACHMENT_MICROVERSION,
                    state.CINDER_ATTACHMENT_MODE_MICROVERSION),
             f'[volume] min_microversion at most '
             f'{state.CINDER_ATTACHMENT_MICROVERSION}, '
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
    def setup_credentials(cls):
        cls.set_network_resources(network=True, subnet=True, router=True,
                                  dhcp=True)
        super().setup_credentials()

    @classmethod
    def setup_clients(cls):
        super().setup_clients()
        cls.os_owner = getattr(cls, f'os_{cls.owner}')
        cls.servers_client = cls.os_owner.servers_client
        cls.volumes_client = cls.os_owner.volumes_client_latest
        cls.admin_volumes_client = cls.os_admin.volumes_client_latest
        cls.observer = state.Observer(cls.os_owner, cls.os_admin)

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.multiattach_type = cls.checked_type(
            CONF.volume.volume_type_multiattach, multiattach=True)
        if plain_volume_type():
            cls.plain_type = cls.checked_type(plain_volume_type(),
                                              multiattach=False)
        cls._shared_volumes = {}
        cls.servers = []
        cls.addClassResourceCleanup(cls.delete_servers)
        cls.boot_servers()

    @classmethod
    def volume_type(cls, name):
        """Look a volume type up.

        :param str name: name or UUID of it
        :returns: dict as an administrator gets it
        :raises tempest.lib.exceptions.InvalidConfiguration: if there is none
        """
        client = cls.os_admin.volume_types_client_latest
        for volume_type in client.list_volume_types()['volume_types']:
            if name in (volume_type['name'], volume_type['id']):
                return volume_type
        raise lib_exc.InvalidConfiguration(
            f'tempest.conf names a volume type {name}; the cloud has none')

    @classmethod
    def checked_type(cls, name, multiattach):
        """Check that a volume type has, or has not, the multiattach property.

        :param str name: name or UUID of it
        :param bool multiattach: whether it should have the property
        :returns: name of it
        :raises tempest.lib.exceptions.InvalidConfiguration: if it is not so
        """
        found = cls.volume_type(name)
        flag = found['extra_specs'].get('multiattach')
        if (flag == '<is> True') != multiattach:
            raise lib_exc.InvalidConfiguration(
                f'Volume type {name} must {"" if multiattach else "not "}'
                f"have the extra spec multiattach='<is> True'")
        return found['name']

    @classmethod
    def create_volume_type(cls, multiattach=True, **extra_specs):
        """Create a volume type; it is deleted with the class.

        :param bool multiattach: whether it has the property
        :param extra_specs: what else it asks of a pool
        :returns: dict as an administrator gets it
        """
        client = cls.os_admin.volume_types_client_latest
        flag = {'multiattach': '<is> True'} if multiattach else {}
        created = client.create_volume_type(
            name=cls.resource_name('type'),
            extra_specs={**flag, **extra_specs})
        cls.addClassResourceCleanup(
            client.delete_volume_type, created['volume_type']['id'])
        return created['volume_type']

    @classmethod
    def pools(cls):
        """List the pools of the cloud, with what they can do."""
        client = cls.os_admin.volume_scheduler_stats_client_latest
        return client.list_pools(detail=True)['pools']

    @classmethod
    def type_of_pool(cls, pool, multiattach):
        """Create a volume type that no other pool serves.

        :param str pool: as host@backend#pool
        :param bool multiattach: whether the type has the property
        :returns: name of the type
        """
        [capabilities] = [entry['capabilities'] for entry in cls.pools()
                          if entry['name'] == pool]
        return cls.create_volume_type(
            multiattach, pool_name=capabilities['pool_name'],
            volume_backend_name=capabilities['volume_backend_name'])['name']

    @classmethod
    def boot_servers(cls):
        """Boot the servers that share the volumes of the class."""
        for _ in range(CONF.multiattach.servers):
            cls.boot_server()
        waiters.for_server_status(cls.observer, cls.servers, 'ACTIVE')

    @classmethod
    def boot_server(cls, **options):
        """Boot a server for the class; it is deleted with it.

        Where guests can be logged in to, waits until one can: a guest that is
        still booting ignores that a disk is taken away (bug 1960346).

        :param options: of the request, beside name, flavor, image, network
        :returns: UUID of the server
        """
        network = cls.get_tenant_network(cls.owner)
        networks = ({'tenant_network': network} if network
                    and network.get('id') else {'networks': 'none'})
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=MULTIATTACH_MICROVERSION):
            server, _servers = compute.create_test_server(
                cls.os_owner, validatable=True,
                validation_resources=cls.get_class_validation_resources(
                    cls.os_owner),
                wait_until=('SSHABLE' if CONF.validation.run_validation
                            else None),
                name=cls.resource_name('server'), **networks, **options)
        cls.servers.append(server['id'])
        return server['id']

    @classmethod
    def delete_server(cls, *servers):
        """Delete servers of the class, and wait until they are gone.

        :param servers: UUIDs
        """
        for server in servers:
            cls.servers.remove(server)
            cls.servers_client.delete_server(server)
        for server in servers:
            waiters.for_deleted(cls.observer.server, server,
                                cls.servers_client)

    @classmethod
    def delete_servers(cls):
        """Delete all servers of the class, and wait until they are gone."""
        cls.delete_server(*cls.servers)

    @classmethod
    def resource_name(cls, kind):
        """Make a name that tells which class made the resource.

        :param str kind: what is named, as 'volume'
        :returns: str
        """
        return data_utils.rand_name(prefix=CONF.resource_name_prefix,
                                    name=f'{cls.__name__}-{kind}')

    def create_volume(self, volume_type=None):
        """Create a volume; it is detached and deleted after the test.

        :param volume_type: name of the type; None for the multiattach type
        :returns: UUID of the volume
        """
        volume = self.request_volume(volume_type)
        self.addCleanup(self.release, volume)
        waiters.for_volume_available(self.observer, volume)
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
        waiters.for_snapshot_available(self.observer, snapshot)
        return snapshot

    def delete_snapshot(self, snapshot):
        """Delete a snapshot, and wait until it is gone."""
        client = self.os_owner.snapshots_client_latest
        counted = self.observer.in_use('snapshots')
        client.delete_snapshot(snapshot)
        waiters.for_deleted(self.observer.snapshot, snapshot, client)
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
        self.addCleanup(self._release_shared_volume_after, failures, key)
        if key not in self._shared_volumes:
            volume = self.request_volume(volume_type, size)
            self._shared_volumes[key] = volume
            self.addClassResourceCleanup(self._release_shared_volume, key)
            # They let go of all that they share faster than one by one.
            self.addClassResourceCleanup(self.delete_servers)
            waiters.for_volume_available(self.observer, volume)
            self.attach(volume, servers)
        return self._shared_volumes[key]

    @classmethod
    def _release_shared_volume_after(cls, failures, key):
        if failures:
            cls._release_shared_volume(key)

    @classmethod
    def _release_shared_volume(cls, key):
        volume = cls._shared_volumes.pop(key, None)
        if volume:
            cls.release(volume)

    @classmethod
    def request_volume(cls, volume_type=None, size=None, **options):
        """Ask Cinder for a volume with what a move has to bring along.

        :param volume_type: name of the type; None for the multiattach type
        :param size: in GiB; None for [volume] volume_size
        :param options: of the request
        :returns: UUID of the volume
        """
        arguments = {'size': size or CONF.volume.volume_size,
                     'name': cls.resource_name('volume'),
                     # What a move has to bring along.
                     'metadata': {'owner': cls.__name__},
                     'description': f'A volume of {cls.__name__}',
                     'volume_type': volume_type or cls.multiattach_type,
                     **options}
        if CONF.compute.compute_volume_common_az:
            arguments['availability_zone'] = (
                CONF.compute.compute_volume_common_az)
        return cls.volumes_client.create_volume(**arguments)['volume']['id']

    def attach(self, volume, servers):
        """Attach a volume to more servers, in turn, and wait for each.

        :param str volume: UUID of the volume
        :param list servers: UUIDs of servers that do not have it yet
        """
        present = self.servers_with(volume)
        for server in servers:
            self.request_attach(server, volume)
            present.append(server)
            waiters.for_attached(self.observer, volume, present)

    def servers_with(self, volume):
        """List the servers that Cinder has a volume attached to.

        :param str volume: UUID of the volume
        :returns: list of UUIDs
        """
        seen = self.observer.volume(volume)
        return [entry.server_id for entry in seen.attachments.values()]

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

    @classmethod
    def detach(cls, server, volume):
        """Detach a volume from a server, and wait until it is.

        With a microversion that lets it go from shelved servers too.
        """
        with api_microversion_fixture.APIMicroversionFixture(
                compute_microversion=MULTIATTACH_MICROVERSION):
            cls.servers_client.detach_volume(server, volume)
        waiters.for_detached(cls.observer, volume, server)

    def request_swap(self, server, volume, target, *, user=None,
                     microversion=MULTIATTACH_MICROVERSION, **properties):
        """Ask Nova to swap a volume, and do not wait for it.

        :param str server: UUID of the server
        :param str volume: UUID of the volume that it has
        :param str target: UUID of the volume that it shall have
        :param user: client manager of who asks; None for one that may, of
            :data:`SWAP_CREDENTIALS`
        :param str microversion: of Nova's API, as 'X.Y'
        :param properties: of the attachment to change too, from 2.85 on
        """
        user = user or self.os_service_user
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
        """Retype a volume where it is, and wait until it is.

        :param options: of :meth:`request_retype`
        """
        self.request_retype(volume, volume_type, **options)
        waiters.for_retyped(self.observer, volume, volume_type)

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
        """Migrate a volume, and wait for an outcome.

        :param str volume: UUID of the volume
        :param str destination: pool to move to, as host@backend#pool
        :param str outcome: 'success' or 'error'
        :returns: State of the volume and the servers that have it
        """
        servers = self.servers_with(volume)
        self.request_migrate(volume, destination)
        return waiters.for_migration(self.observer, volume, servers, outcome)

    def destination_of(self, volume):
        """Choose the pool to move a volume to, or skip if there is none.

        :param str volume: UUID of the volume
        :returns: name of the pool
        :raises tempest.lib.exceptions.InvalidConfiguration: if tempest.conf
            names one that the cloud does not have
        """
        seen = self.observer.volume(volume)
        pools = self.pools()
        configured = CONF.multiattach.migration_destination
        if configured:
            names = [pool['name'] for pool in pools]
            if configured not in names:
                raise lib_exc.InvalidConfiguration(
                    f'[multiattach] migration_destination names the pool '
                    f'{configured}; the cloud has {", ".join(names)}')
            if configured != seen.host:
                return configured
        specs = self.volume_type(seen.volume_type)['extra_specs']
        destination = other_pool(
            pools, specs.get('volume_backend_name'), seen.host)
        if not destination:
            raise self.skipException(
                f'No pool but {seen.host} takes volume type '
                f'{seen.volume_type}. To run this test set in tempest.conf: '
                f'[volume] volume_type_multiattach = a type of two pools, or '
                f'[multiattach] migration_destination = host@backend#pool')
        return destination

    def set_migration_status(self, volume, status):
        """Set the migration status of a volume until the test is over."""
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, migration_status='none')
        self.admin_volumes_client.reset_volume_status(
            volume, migration_status=status)

    def set_status(self, volume, status):
        """Set the status of a volume until the test is over."""
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, status=self.observer.volume(volume).status)
        self.admin_volumes_client.reset_volume_status(volume, status=status)

    def skip_unless_servers_are_offloaded(self):
        """Skip where a server that is shelved stays where it is."""
        if not (CONF.compute_feature_enabled.shelve
                and CONF.compute.shelved_offload_time >= 0):
            raise self.skipException(
                'To run this test set in tempest.conf: '
                '[compute-feature-enabled] shelve = True; '
                '[compute] shelved_offload_time = 0')

    def shelve(self, server):
        """Shelve a server until the test is over."""
        self.change_server(server, self.servers_client.shelve_server,
                           'SHELVED_OFFLOADED',
                           self.servers_client.unshelve_server)

    def change_server(self, server, request, status, undo):
        """Bring a server into another status until the test is over.

        :param str server: UUID of the server
        :param request: callable on its UUID that asks for the change
        :param str status: to wait for, such as 'SHUTOFF'
        :param undo: callable on its UUID that asks for ACTIVE again
        """
        reached = self.observer, [server], status
        request(server)
        self.addCleanup(waiters.for_server_status,
                        self.observer, [server], 'ACTIVE')
        self.addCleanup(undo, server)
        # A server that is on its way cannot be brought back.
        self.addCleanup(waiters.for_server_status, *reached)
        waiters.for_server_status(*reached)

    def skip_unless_only_cinder_swaps(self):
        """Skip where an administrator may swap what these tests ask for."""
        if CONF.multiattach.direct_swap != 'refused':
            raise self.skipException(
                'An administrator may swap this volume here. To run this '
                'test on a cloud where only Cinder may, set in tempest.conf: '
                '[multiattach] direct_swap = refused')

    def state_of(self, *volumes):
        """Look at volumes, and at all servers of the class.

        :param volumes: UUIDs
        :returns: State
        """
        return self.observer.state(volumes, self.servers)

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
            accepted = request(*args, **kwargs)
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
            f'but it was accepted with {accepted.response.status}')

    def assertForbidden(self, refusal, request, *args, **kwargs):
        """Check that a user is refused, and is told of nothing else.

        The answer may name what the request names, by id. It must not name
        other resources of the class, nor have any other id in it.

        :param Refusal refusal: row of the table
        :param request: callable that makes the request
        :param args: its arguments, all ids that it names among them
        :param kwargs: its arguments by name
        """
        text = self.assertRefused(refusal, request, *args, **kwargs)
        self.assertEqual(set(), set(ANY_ID.findall(text)) - set(args))
        self.assertNotIn(type(self).__name__, text)

    @classmethod
    def release(cls, volume):
        """Delete a volume whatever a test left of it.

        What goes on is waited for, and what is stuck is put right in the
        order that Cinder lets it: the move, the status, each attachment, the
        volume, what its move made. So one failed test leaves nothing to the
        next, and none passes that left something to put right.

        :param str volume: UUID of the volume
        :raises AssertionError: if something had to be put right
        """
        problems = []
        if not cls._attempt(problems, cls._finish, volume):
            cls._attempt(problems, cls._reset_status, volume,
                         {'migration_status': 'error'})
        for server in cls.servers:
            if volume in cls.observer.nova_attachments(server):
                cls._attempt(problems, cls._repair, problems, volume,
                             lambda seen: seen.status == 'in-use',
                             {'status': 'in-use'})
                cls._attempt(problems, cls.detach, server, volume)
        cls._attempt(problems, cls._repair, problems, volume,
                     lambda seen: not seen.attachments
                     and seen.status in ('available', 'error'),
                     {'status': 'available', 'attach_status': 'detached'})
        left = cls.observer.records([volume]).temporary_volumes[volume]
        cls._attempt(problems, cls._delete_counted, volume)
        for temporary in left:
            problems.append(f'Temporary volume {temporary} was left')
            cls._attempt(problems, cls._reset_status, temporary,
                         {'status': 'error', 'attach_status': 'detached',
                          'migration_status': 'none'})
            cls._attempt(problems, cls._delete, temporary)
        if problems:
            raise AssertionError(f'Volume {volume} had to be put right:\n'
                                 + '\n'.join(problems))

    @classmethod
    def _attempt(cls, problems, action, *args):
        try:
            action(*args)
        except lib_exc.TempestException as error:
            problems.append(str(error))
            return False
        return True

    @classmethod
    def finish_actions(cls):
        """Wait until the servers are done with what was last asked of them."""
        for server in cls.servers:
            newest = next(iter(cls.observer.actions(server)))
            waiters.for_actions(cls.observer, server, [newest])

    @classmethod
    def _finish(cls, volume):
        cls.finish_actions()
        waiters.for_settled(cls.observer, volume)

    @classmethod
    def _repair(cls, problems, volume, is_right, changes):
        seen = cls.observer.volume(volume)
        if not is_right(seen):
            problems.append(
                f'It was {seen.status}, with attachments '
                f'{list(seen.attachments.values())}')
            cls._reset_status(volume, changes)

    @classmethod
    def _delete_counted(cls, volume):
        """Delete a volume that is not the temporary one of a move."""
        counted = cls.observer.in_use('volumes')
        cls._delete(volume)
        waiters.for_usage_below(cls.observer, 'volumes', counted)

    @classmethod
    def _delete(cls, volume):
        cls.admin_volumes_client.delete_volume(volume, cascade=True)
        waiters.for_deleted(cls.observer.volume, volume, cls.volumes_client)

    @classmethod
    def _reset_status(cls, volume, changes):
        cls.admin_volumes_client.reset_volume_status(volume, **changes)
