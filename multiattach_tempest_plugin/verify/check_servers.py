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

"""What tests need to boot servers, and to log in to them."""

import math

from multiattach_tempest_plugin.verify import check_row

_GIBIBYTE = 2 ** 30
# A kernel or a ramdisk is no image to boot from.
_NOT_BOOTABLE = ('aki', 'ari')


def computes(facts, settings):
    """Hosts of servers."""
    found = (f'{len(facts.computes)} hosts'
             f'{" of type " if facts.hypervisors else ""}'
             f'{", ".join(sorted(facts.hypervisors))}')
    if not facts.computes:
        yield check_row.Row(
            'Compute hosts', 'none that is up and enabled', check_row.NO, {},
            'openstack compute service list --service nova-compute')
        return
    key = ('compute', 'min_compute_nodes')
    more = len(facts.computes) - settings.get(*key)
    if more:
        yield check_row.Row(
            'Compute hosts', found,
            check_row.PARTLY if more > 0 else check_row.NO,
            {key: len(facts.computes)}, '', (key[1],))
    else:
        yield check_row.Row('Compute hosts', found)


def image_and_flavor(facts, settings):
    """The smallest image, and the smallest flavor that it fits."""
    images = sorted(
        (image for image in facts.images
         if image['disk_format'] not in _NOT_BOOTABLE
         and image['visibility'] in ('public', 'community')),
        key=lambda image: (_disk(image), image['size'] or 0, image['name']))
    image = yield from _chosen(
        settings, 'Image', ('compute', 'image_ref'), facts.images, images,
        'openstack image create --public --disk-format qcow2 '
        '--container-format bare --file FILE NAME')
    if image is None:
        return
    yield _another(settings, 'image', ('compute', 'image_ref_alt'), image,
                   images)
    flavors = sorted(
        (flavor for flavor in facts.flavors
         if flavor['is_public'] and not flavor['is_disabled']
         and _fits(image, flavor)),
        key=lambda flavor: (bool(flavor['extra_specs']), flavor['ram'],
                            flavor['disk'], flavor['vcpus']))
    flavor = yield from _chosen(
        settings, 'Flavor', ('compute', 'flavor_ref'), facts.flavors, flavors,
        f'openstack flavor create --ram {max(64, image["min_ram"] or 0)} '
        f'--disk {_disk(image)} --vcpus 1 multiattach')
    if flavor is not None:
        # A server cannot be resized to a smaller disk.
        yield _another(settings, 'flavor', ('compute', 'flavor_ref_alt'),
                       flavor, [each for each in flavors
                                if each['disk'] >= flavor['disk']])


def _chosen(settings, needed, key, entries, fitting, create):
    """Make the row of an image or a flavor; return it, None without one."""
    configured = settings.get(*key)
    found = next((each for each in entries if each['id'] == configured), None)
    if found and found in fitting:
        yield check_row.Row(needed, _sized(found))
        return found
    problem = ''
    if found:
        problem = f'{_sized(found)} does not fit, or is not public'
    elif configured:
        problem = f'the cloud has no {needed.lower()} {configured}'
    if fitting:
        yield check_row.Row(
            needed, problem or _sized(fitting[0]), check_row.NO,
            {key: fitting[0]['id']})
        return fitting[0]
    yield check_row.Row(
        needed, problem or 'none that is public and fits', check_row.NO, {},
        create)
    return None


def _another(settings, needed, key, chosen, fitting):
    """Make the row of what rebuilds or resizes a server."""
    needed = f'Another {needed}'
    others = [each for each in fitting if each['id'] != chosen['id']]
    configured = settings.get(*key)
    for other in others:
        if other['id'] == configured:
            return check_row.Row(needed, _sized(other))
    if others:
        return check_row.Row(needed, _sized(others[0]), check_row.PARTLY,
                             {key: others[0]['id']}, '', (key[1],))
    return check_row.Row(needed, 'none that is public and fits',
                         check_row.PARTLY, {}, f'create one, and set '
                         f'[{key[0]}] {key[1]}', (key[1],))


def _sized(entry):
    if 'vcpus' in entry:
        return (f'{entry["name"]} ({entry["vcpus"]} vCPUs, {entry["ram"]} '
                f'MiB, {entry["disk"]} GiB)')
    return f'{entry["name"]} ({_disk(entry)} GiB)'


def _disk(image):
    """Return the disk that an image needs, in GiB.

    Not every image says so, and its file may be smaller than its disk.
    """
    size = max(image.get('virtual_size') or 0, image['size'] or 0)
    return max(1, image['min_disk'] or 0, math.ceil(size / _GIBIBYTE))


def _fits(image, flavor):
    # By default a member may not boot from an image without a local disk.
    return (flavor['disk'] >= _disk(image)
            and flavor['ram'] >= (image['min_ram'] or 0))


def networks(facts, settings):
    """A network for the servers."""
    if not facts.catalog['network']:
        return
    key = ('compute', 'fixed_network_name')
    name = settings.get(*key)
    usable = [network for network in facts.networks
              if network['is_shared'] and not network['is_router_external']
              and network['subnet_ids']]
    if name and name not in [network['name'] for network in facts.networks]:
        yield check_row.Row(
            'Network', f'the cloud has no network {name}', check_row.NO,
            {key: usable[0]['name'] if usable else ''})
    elif name or not usable:
        yield check_row.Row('Network', name or 'Tempest makes one')
    elif settings.get('auth', 'use_dynamic_credentials') and settings.is_set(
            'auth', 'create_isolated_networks'):
        yield check_row.Row('Network', 'as [auth] create_isolated_networks')
    else:
        lines = {key: usable[0]['name']}
        if settings.get('auth', 'use_dynamic_credentials'):
            lines['auth', 'create_isolated_networks'] = False
        yield check_row.Row('Network', f'{usable[0]["name"]} (shared)',
                            check_row.NO, lines)


def guests(facts, settings):
    """Whether tests log in to the servers."""
    key = ('validation', 'run_validation')
    advice = ('[validation] run_validation = True, if guests can be reached '
              'by floating IP, shows the data too')
    if not settings.is_set(*key):
        yield check_row.Row(
            'Guests', 'nothing says if they can be reached', check_row.NO,
            {key: False}, '')
    elif not settings.get(*key):
        yield check_row.Row(
            'Guests', 'tests do not log in: records are checked, data is not',
            check_row.PARTLY, {}, advice)
    elif facts.hypervisors == {'fake'}:
        yield check_row.Row(
            'Guests', 'the hypervisor is of type fake: no guest runs',
            check_row.NO, {key: False})
    elif (settings.get('validation', 'connect_method') == 'floating'
          and settings.get('network', 'public_network_id') not in [
              network['id'] for network in facts.networks
              if network['is_router_external']]):
        yield from _without_floating_ip(facts)
    else:
        yield check_row.Row('Guests', 'tests log in to them')


def _without_floating_ip(facts):
    external = [network for network in facts.networks
                if network['is_router_external']]
    if external:
        yield check_row.Row(
            'Guests', 'no external network is configured', check_row.NO,
            {('network', 'public_network_id'): external[0]['id'],
             ('network', 'floating_network_name'): external[0]['name']})
    else:
        yield check_row.Row(
            'Guests', 'the cloud has no external network', check_row.NO,
            {('validation', 'run_validation'): False})


NEEDS = (computes, image_and_flavor, networks, guests)
