#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License. You may obtain
#    a copy of the License at
#
#         http://www.apache.org/licenses/LICENSE-2.0
#
#    Unless required by applicable law or agreed to in writing, software
#    distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
#    WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
#    License for the specific language governing permissions and limitations
#    under the License.

"""tempest.conf for a running lab, and clouds.yaml for everybody else."""

import json

import yaml

from multiattach_lab import seed
from multiattach_lab import services
from multiattach_lab.services import cinder

WITH_NETWORK = 'tempest.conf'
WITHOUT_NETWORK = 'tempest-without-network.conf'
CLOUDS = 'clouds.yaml'
# The name of the lab in it.
CLOUD = 'lab'
# In seconds. What takes one on an idle machine has taken sixty on a busy one,
# and a false alarm costs more than a late one.
_BUILD_TIMEOUT = 180
# Most faults show as something that never happens.
_DRILL_TIMEOUT = 20
_DRILL_TIMEOUT_WITH_GUESTS = 120


def write(cloud, ids):
    """Write tempest.conf into the cloud's folder, in four variants.

    Where the kind of cloud has accounts, their file is written too. A
    clouds.yaml has the administrator, as the cloud :data:`CLOUD`.

    With :data:`WITH_NETWORK` servers get a network, and with
    :data:`WITHOUT_NETWORK` none. With :func:`for_drill` of either, waits
    time out early.

    :param cloud: :class:`multiattach_lab.cloud.Cloud`
    :param ids: what :func:`multiattach_lab.seed.resources` returned
    """
    accounts = seed.accounts(cloud.kind)
    # One account a line, in JSON, which YAML reads.
    _accounts_file(cloud).write_text(''.join(
        f'- {json.dumps(account)}\n' for account in accounts))
    (cloud.state / CLOUDS).write_text(yaml.safe_dump(
        {'clouds': {CLOUD: _administrator(cloud)}}, sort_keys=False))
    for name in (WITH_NETWORK, WITHOUT_NETWORK):
        sections = services.override(
            _sections(cloud, ids), cloud.kind.tempest)
        if name == WITHOUT_NETWORK:
            del sections['compute']['fixed_network_name']
        services.write_configuration(cloud.state / name, sections)
        for section in ('compute', 'volume'):
            sections[section]['build_timeout'] = (
                _DRILL_TIMEOUT_WITH_GUESTS if cloud.kind.guests
                else _DRILL_TIMEOUT)
        services.write_configuration(cloud.state / for_drill(name), sections)


def _administrator(cloud):
    return {'auth': {'auth_url': cloud.url('keystone') + '/v3',
                     'username': 'admin', 'password': services.PASSWORD,
                     'project_name': 'admin',
                     'user_domain_name': 'Default',
                     'project_domain_name': 'Default'},
            'region_name': services.REGION}


def for_drill(name):
    """Return the name of the variant of a configuration that a drill uses.

    :param name: :data:`WITH_NETWORK` or :data:`WITHOUT_NETWORK`
    """
    return f'drill-{name}'


def _accounts_file(cloud):
    return cloud.state / 'accounts.yaml'


def _auth(cloud):
    if cloud.kind.accounts:
        return {'use_dynamic_credentials': False,
                'test_accounts_file': _accounts_file(cloud)}
    return {
        'admin_username': 'admin',
        'admin_password': services.PASSWORD,
        'admin_project_name': 'admin',
        'admin_domain_name': 'Default',
        'use_dynamic_credentials': True,
        'create_isolated_networks': False,
    }


def _sections(cloud, ids):
    pools = list(dict.fromkeys(pool.name for pool in cloud.kind.pools))
    return {
        'DEFAULT': {'log_file': cloud.logs / 'tempest.log'},
        'oslo_concurrency': {'lock_path': cloud.state / 'tempest-locks'},
        'identity': {
            'uri_v3': cloud.url('keystone') + '/v3',
            'region': services.REGION,
            'v3_endpoint_type': 'public',
        },
        'auth': _auth(cloud),
        'compute': {
            'flavor_ref': ids['flavors'][0],
            'flavor_ref_alt': ids['flavors'][1],
            'image_ref': ids['images'][0],
            'image_ref_alt': ids['images'][1],
            'fixed_network_name': seed.NETWORK,
            'max_microversion': 'latest',
            'min_compute_nodes': len(cloud.kind.computes),
            'build_interval': 1,
            'build_timeout': _BUILD_TIMEOUT,
        },
        'compute-feature-enabled': {
            'volume_multiattach': True,
            'swap_volume': True,
            'nova_policy_roles': 'admin,member,reader,service',
            'resize': len(cloud.kind.computes) > 1,
            'vnc_console': False,
            'console_output': False,
        },
        'enforce_scope': {'nova': True, 'cinder': True},
        'validation': {'run_validation': False},
        'network': {'public_network_id': ids['networks'][1],
                    'floating_network_name': seed.PUBLIC_NETWORK},
        'volume': {
            'volume_type': seed.PLAIN_TYPE,
            'volume_type_multiattach': seed.MULTIATTACH_TYPE,
            'max_microversion': 'latest',
            'backend_names': pools,
            'volume_size': 1,
            'build_interval': 1,
            'build_timeout': _BUILD_TIMEOUT,
            'storage_protocol': 'file',
            'vendor_name': 'multiattach_lab',
        },
        'volume-feature-enabled': {
            'multi_backend': len(pools) > 1,
            'backup': False,
            'extend_attached_volume': True,
        },
        'service_available': {
            'cinder': True, 'glance': True, 'neutron': True, 'nova': True,
            'swift': False,
        },
        'multiattach': {
            'attachments_of_other_projects':
                cloud.release.attachments_of_other_projects,
            'direct_swap': cloud.release.direct_swap,
            # A change that fixes a gap is no reason to fail.
            'known_gaps': 'tolerated' if cloud.packages else 'expected',
            'plain_volume_type': seed.PLAIN_TYPE,
            'roles_without_multiattach': [
                'member', cinder.ROLE_WITHOUT_MULTIATTACH],
            'unflag_in_use': 'reset-status',
        },
    }
