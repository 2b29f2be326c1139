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

"""Volume types and pools: all that tests assume about a cloud's storage."""

import dataclasses
import math
from urllib import parse

from oslo_serialization import jsonutils
from oslo_utils import units
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import observer
from multiattach_tempest_plugin import waiters

CONF = config.CONF

# The first that shows the cluster of a service.
CLUSTER_MICROVERSION = '3.7'
MULTIATTACH = {'multiattach': '<is> True'}


@dataclasses.dataclass(frozen=True)
class Pool:
    """A pool as Cinder's scheduler knows it.

    :ivar names: as host@backend#pool; one for each host, if a cluster of
        hosts serves the pool
    :ivar zone: its availability zone, None if nobody says
    :ivar capabilities: what it can do, as an administrator sees it
    :ivar clustered: whether its hosts are in a cluster
    """

    names: tuple
    zone: str | None
    capabilities: dict
    clustered: bool = False

    @property
    def name(self):
        """What to ask Cinder for to move a volume to it."""
        return self.names[0]

    @property
    def room(self):
        """GiB that it has left; infinite where the storage does not say."""
        free, total = (
            _number(self.capabilities.get(f'{kind}_capacity_gb'))
            for kind in ('free', 'total'))
        reserved = self.capabilities.get('reserved_percentage') or 0
        return free - (total * reserved / 100 if math.isfinite(total) else 0)

    def serves(self, extra_specs):
        """Tell if it has what a volume type asks for, as Cinder compares it.

        :param dict extra_specs: of the type; those of a scope are for drivers
        """
        return all(
            _meets(self.capabilities.get(name.removeprefix('capabilities:')),
                   wanted)
            for name, wanted in extra_specs.items()
            if ':' not in name.removeprefix('capabilities:'))


def _number(capacity):
    return capacity if isinstance(capacity, int | float) else math.inf


def _meets(capability, wanted):
    if capability is None:
        return False
    operator, _, operand = wanted.partition(' ')
    if operator == '<is>':
        return str(capability).lower() == operand.lower()
    if operator == '<in>':
        return operand in str(capability)
    return str(capability) == wanted


def size_for(needed):
    """Choose the size of a volume, as storage that allocates in steps has it.

    :param needed: GiB that it has to have at least
    :returns: GiB
    """
    smallest, step = CONF.volume.volume_size, CONF.volume.volume_size_extend
    return smallest + step * max(0, math.ceil((needed - smallest) / step))


def size_for_image(image):
    """Choose the size of a volume that an image fits on.

    Not every image says how large a disk it needs.

    :param image: as Glance shows it
    :returns: GiB
    """
    return size_for(max(image['min_disk'], image['size'] / units.Gi,
                        (image.get('virtual_size') or 0) / units.Gi))


def list_pools(admin):
    """List the pools of a cloud.

    :param admin: client manager of an administrator
    :returns: list of :class:`Pool`
    """
    with api_microversion_fixture.APIMicroversionFixture(
            volume_microversion=CLUSTER_MICROVERSION):
        services = waiters.look(
            admin.volume_services_client_latest.list_services,
            binary='cinder-volume')['services']
    pools = waiters.look(
        admin.volume_scheduler_stats_client_latest.list_pools,
        detail=True)['pools']
    return [read_pool(entry, services) for entry in pools]


def read_pool(entry, services):
    """Read an entry of GET /scheduler-stats/get_pools.

    It names a cluster where there is one, and volumes name their host.

    :param dict entry: the entry, with its capabilities
    :param list services: what GET /os-services says of cinder-volume
    :returns: :class:`Pool`
    """
    backend, _, name = entry['name'].partition('#')
    serving = [service for service in services
               if backend in (service['host'], service['cluster'])]
    # Cinder moves nothing to a host that is down, though its cluster is not.
    serving.sort(key=lambda each: (each['state'], each['status'])
                 != ('up', 'enabled'))
    return Pool(
        tuple(f'{service["host"]}#{name}' for service in serving)
        or (entry['name'],),
        next((service['zone'] for service in serving), None),
        entry['capabilities'],
        any(service['cluster'] for service in serving))


def find_pool(pools, name):
    """Find a pool by its name.

    :param list pools: :class:`Pool` entries
    :param str name: value of [multiattach] migration_destination
    :returns: :class:`Pool`
    :raises tempest.lib.exceptions.InvalidConfiguration: if it has not
    """
    for pool in pools:
        if name in pool.names:
            return pool
    names = [each for pool in pools for each in pool.names]
    raise lib_exc.InvalidConfiguration(
        f'[multiattach] migration_destination names the pool {name}; the '
        f'cloud has {", ".join(names)}')


def list_types(admin):
    """List all volume types, also those that are not public.

    :param admin: client manager of an administrator
    :returns: list of dicts
    """
    client = admin.volume_types_client_latest

    def list_page(**params):
        # Tempest's method takes a link to the next page for an error.
        _response, body = waiters.look(
            client.get, f'types?{parse.urlencode(params)}')
        return jsonutils.loads(body)

    return observer.pages(list_page, 'volume_types', is_public='None')


def find_type(types, name, multiattach=None):
    """Find a volume type, and check its multiattach property.

    :param list types: of :func:`list_types`
    :param str name: name or UUID of it
    :param multiattach: whether it should have the property, or None
    :returns: dict
    :raises tempest.lib.exceptions.InvalidConfiguration: if there is none, or
        its property is not so
    """
    found = next((entry for entry in types
                  if name in (entry['name'], entry['id'])), None)
    if not found:
        raise lib_exc.InvalidConfiguration(
            f'tempest.conf names a volume type {name}; the cloud has '
            f'{", ".join(sorted(entry["name"] for entry in types))}')
    has_property = MULTIATTACH.items() <= found['extra_specs'].items()
    if multiattach not in (None, has_property):
        raise lib_exc.InvalidConfiguration(
            f'Volume type {name} must {"" if multiattach else "not "}'
            f"have the extra spec multiattach='<is> True'")
    return found


def backend_of(pool):
    """Name the backend of a pool.

    :param str pool: as host@backend#pool
    :returns: host@backend
    """
    return pool.partition('#')[0]


def destination(pools, extra_specs, volume):
    """Choose the first pool that could take a multiattach volume.

    One of another backend, if there is any: what moves between pools of one
    backend the storage may move by itself.

    :param list pools: :class:`Pool` entries
    :param dict extra_specs: of the volume's type
    :param dict volume: as an administrator gets it
    :returns: name of a pool that does not hold it yet, or None
    """
    host = volume['os-vol-host-attr:host']
    possible = [
        pool for pool in pools
        if host not in pool.names
        and pool.serves({**extra_specs, **MULTIATTACH})
        and pool.zone in (None, volume['availability_zone'])
        and pool.room >= volume['size']]
    possible.sort(
        key=lambda pool: backend_of(host) in map(backend_of, pool.names))
    return possible[0].name if possible else None


def specs_of(pools, name):
    """Find what a volume type has to ask for so that one pool serves it.

    :param list pools: :class:`Pool` entries
    :param str name: name of the pool
    :returns: dict of extra specs, or None if other pools would serve it too
    """
    pool = find_pool(pools, name)
    specs = {key: str(pool.capabilities[key])
             for key in ('volume_backend_name', 'pool_name')
             if pool.capabilities.get(key)}
    served = [other for other in pools if other.serves(specs)]
    return specs if served == [pool] else None
