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

"""What tests need of Cinder's volume types and pools, and of quotas."""

from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.verify import check_row

# What a class of tests has at once: those of SwapNegativeTest share five.
_VOLUMES = 5


def types(facts, settings):
    """A type with multiattach, and one without on the same backend."""
    multiattach = yield from _type(
        facts, settings, 'Volume type with multiattach',
        ('volume', 'volume_type_multiattach'), True,
        # One that volumes can move with is better than one of one pool.
        sorted(facts.types, key=lambda each: -len(_serving(facts, each))),
        "openstack volume type create --public --property "
        "multiattach='<is> True' multiattach")
    if multiattach is None:
        return
    serving = _serving(facts, multiattach)
    beside = [each for each in facts.types
              if not facts.pools or _names(serving) & _names(
                  _serving(facts, each))]
    # One of the same pools is better than one of some of them.
    beside.sort(key=lambda each: len(
        _names(serving) ^ _names(_serving(facts, each))))
    key = ('multiattach', 'plain_volume_type')
    if not settings.get(*key) and settings.get('volume', 'volume_type'):
        key = ('volume', 'volume_type')
    yield from _type(
        facts, settings, 'Volume type without it, on the same backend', key,
        False, beside, 'openstack volume type create --public plain')


def _type(facts, settings, needed, key, multiattach, candidates, create):
    """Make the row of a volume type; return the type, None without one."""
    usable = [each for each in candidates if _is_usable(facts, each)
              and _has_multiattach(each) == multiattach]
    name, problem = settings.get(*key), ''
    if name:
        try:
            found = pools.find_type(facts.types, name, multiattach)
        except lib_exc.InvalidConfiguration as error:
            problem = str(error)
        else:
            if found in usable:
                yield check_row.Row(needed, _described(found))
                return found
            problem = (f'{name} is not public' if not _is_usable(facts, found)
                       else f'no pool of the other type serves {name}')
    if usable:
        yield check_row.Row(
            needed, problem or _described(usable[0]), check_row.NO,
            {key: usable[0]['name']})
        return usable[0]
    private = [each['name'] for each in candidates
               if _has_multiattach(each) == multiattach]
    yield check_row.Row(
        needed,
        problem or (f'{", ".join(private)} cannot be used by the projects of '
                    f'the tests' if private else 'none'),
        check_row.NO, {},
        f'openstack volume type set --public {private[0]}' if private
        else create)
    return None


def _has_multiattach(volume_type):
    return pools.MULTIATTACH.items() <= volume_type['extra_specs'].items()


def _is_usable(facts, volume_type):
    """Tell if the projects of the tests may use a volume type."""
    if volume_type['is_public']:
        return True
    wanted = {account.project_id for account in facts.accounts
              if 'member' in account.roles}
    return bool(wanted) and wanted <= set(volume_type['projects'])


def _described(volume_type):
    visible = 'public' if volume_type['is_public'] else 'private'
    return f'{volume_type["name"]} ({visible})'


def _serving(facts, volume_type):
    return [pool for pool in facts.pools
            if pool.serves(volume_type['extra_specs'])]


def _names(found):
    return {pool.name for pool in found}


def destinations(facts, settings):
    """A pool to move a volume to."""
    if not facts.pools:
        yield check_row.Row(
            'Pools', 'Cinder shows none to this user', check_row.NO, {},
            'openstack volume service list --service cinder-volume: at least '
            'one has to be up')
        return
    found = ', '.join(
        f'{pool.name} ({pool.room:.0f} GiB free, zone {pool.zone})'
        for pool in facts.pools)
    configured = settings.get('multiattach', 'migration_destination')
    if configured:
        try:
            pools.find_pool(facts.pools, configured)
        except lib_exc.InvalidConfiguration as error:
            yield check_row.Row(
                'Pools', str(error), check_row.NO,
                {('multiattach', 'migration_destination'): ''})
            return
    volume_type = next(
        (each for each in facts.types if settings.get(
            'volume', 'volume_type_multiattach') in (
                each['name'], each['id'])), None)
    if not volume_type:
        return
    sources = _serving(facts, volume_type)
    if not sources:
        yield check_row.Row(
            'Pools', f'none serves the multiattach type: {found}',
            check_row.NO, {},
            'choose another [volume] volume_type_multiattach, or correct the '
            'extra specs of the type')
        return
    moves = [(pool.name, to) for pool in sources
             if (to := _destination(facts, settings, volume_type, pool))]
    if not moves:
        yield check_row.Row(
            'Pools', found, check_row.PARTLY, {},
            'add a second pool that serves the multiattach type, in the same '
            'zone and with room: nothing can be moved',
            ('destination_of', 'type_of_pool'))
    elif not any(pools.specs_of(facts.pools, pool.name) for pool in sources):
        yield check_row.Row(
            'Pools', found, check_row.PARTLY, {},
            'give one a volume_backend_name of its own', ('type_of_pool',))
    elif all(pools.backend_of(source) == pools.backend_of(to)
             for source, to in moves):
        yield check_row.Row(
            'Pools', found, check_row.PARTLY, {},
            'add a pool of another backend: between its own, storage may '
            'move a volume without Nova', ('type_elsewhere',))
    else:
        yield check_row.Row('Pools', found)


def _destination(facts, settings, volume_type, pool):
    return pools.destination(facts.pools, volume_type['extra_specs'], {
        'os-vol-host-attr:host': pool.name,
        'availability_zone': pool.zone,
        'size': settings.get('volume', 'volume_size')})


def quotas(facts, settings):
    """What a project of the tests may still have."""
    flavor = next((each for each in facts.flavors
                   if each['id'] == settings.get('compute', 'flavor_ref')),
                  {'vcpus': 1, 'ram': 0})
    # One test boots another server.
    servers = settings.get('multiattach', 'servers') + 1
    worker = {'instances': servers,
              'cores': servers * flavor['vcpus'],
              'ram': servers * flavor['ram'],
              'volumes': _VOLUMES,
              'gigabytes': _VOLUMES * settings.get('volume', 'volume_size'),
              'snapshots': 1}
    # Projects of their own have the tests of one worker each.
    dynamic = settings.get('auth', 'use_dynamic_credentials')
    needed = {name: count * (1 if dynamic else facts.workers)
              for name, count in worker.items()}
    small = _too_small(facts, needed)
    if not small:
        yield check_row.Row('Quota', ', '.join(
            f'{count} {name}' for name, count in needed.items()))
        return
    project = next((account.project for account in facts.accounts
                    if account.roles == {'member'}), '--class default')
    yield check_row.Row(
        'Quota', ', '.join(f'{facts.quota[name]} {name} left of '
                           f'{needed[name]} that may be needed'
                           for name in small),
        check_row.NO if _too_small(facts, worker) else check_row.PARTLY, {},
        f'openstack quota set {project} ' + ' '.join(
            f'--{name} {needed[name]}' for name in small)
        + ('' if dynamic else ', or run tempest with fewer workers'))


def _too_small(facts, needed):
    return [name for name, count in needed.items()
            if 0 <= facts.quota.get(name, -1) < count]


NEEDS = (types, destinations)
