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

"""Nova: API, conductor, scheduler and two computes in one process.

They share a process because oslo.messaging's ``fake:/`` reaches no further.
"""

import shutil
import time
import uuid

from multiattach_lab import drivers
from multiattach_lab import services

ENDPOINTS = {'compute': '/v2.1'}
CONFIGURATION = 'nova.conf'
DATABASES = ['nova_api', 'nova_cell0', 'nova']
# Section of nova.conf that is ours.
_COMPUTES = 'multiattach_lab'
ENVIRONMENT = {'OS_NOVA_CONFIG_FILES': f'api-paste.ini;{CONFIGURATION}'}


def configure(lab):
    """Write nova.conf, and its paste file beside it, where Nova looks."""
    etc = lab.etc('nova')
    sections = services.common_sections(lab, 'nova')
    sections['DEFAULT'] |= {
        # Nova has the driver detach volumes of this host's servers alone. One
        # process has one such option and two computes, so that on the other
        # one only Nova's and Cinder's records are changed.
        'host': lab.kind.computes[0],
        'my_ip': '127.0.0.1',
        'compute_driver': 'hypervisor.Hypervisor',
        # Nobody restarts a part of Nova alone here, so none goes missing.
        'service_down_time': 86400,
        'sync_power_state_interval': -1,
        'heal_instance_info_cache_interval': -1,
    }
    if 'nova' in lab.release.threads:
        sections['DEFAULT']['concurrency_backend'] = 'threading'
    services.configure(lab, 'nova', CONFIGURATION, sections | {
        'api_database': {'connection': lab.database_url('nova_api')},
        'database': {'connection': lab.database_url('nova')},
        'wsgi': {'api_paste_config': 'api-paste.ini'},
        'cinder': {**services.credentials(lab, 'nova'),
                   'catalog_info': 'volumev3::internal',
                   'os_region_name': services.REGION},
        'glance': {'valid_interfaces': 'internal'},
        'neutron': {**services.credentials(lab, 'nova'),
                    'valid_interfaces': 'internal'},
        'placement': {**services.credentials(lab, 'nova'),
                      'valid_interfaces': 'internal'},
        'vnc': {'enabled': False},
        _COMPUTES: {'computes': list(lab.kind.computes)},
    })
    shutil.copy(lab.packaged('nova/api-paste.ini'), etc)
    # Nova wants to see its identity again when it starts a second time; the
    # lab's driver derives the same one a host.
    (lab.state / 'nova' / 'instances').mkdir(parents=True, exist_ok=True)
    (lab.state / 'nova' / 'compute_id').write_text(str(uuid.UUID(int=1)))


def migrations(lab):
    """Return the commands that make the database's tables."""
    # Nova fills these in from its own configuration, so that a database
    # serves at another port than the one it was migrated at.
    cell = '{scheme}://{username}:{password}@{hostname}:{port}'
    sync_api, sync_cells = upgrade(lab)
    return [
        sync_api,
        ['nova-manage', 'cell_v2', 'map_cell0',
         '--database_connection', f'{cell}/{{path}}_cell0?{{query}}'],
        ['nova-manage', 'cell_v2', 'create_cell', '--name', 'cell1',
         '--transport-url', 'fake:/',
         '--database_connection', f'{cell}/{{path}}?{{query}}'],
        sync_cells,
    ]


def upgrade(_lab):
    """Return the commands that change tables that are there: no new cell."""
    return [['nova-manage', 'api_db', 'sync'], ['nova-manage', 'db', 'sync']]


def application():
    """Start all of Nova and return the API's WSGI application."""
    try:
        from nova.wsgi import osapi_compute
        api = osapi_compute.application
    except ImportError:  # 2024.2 and older
        from nova.api.openstack.compute import wsgi
        api = wsgi.init_application()
    _add_driver()
    _wait_for_placement()
    _start('nova-conductor', 'controller')
    _start('nova-scheduler', 'controller')
    for host in _computes():
        _start('nova-compute', host, **_second_topic())
    _map_computes()
    return api


def _computes():
    from nova import conf
    from oslo_config import cfg
    conf.CONF.register_opts([cfg.ListOpt('computes')], _COMPUTES)
    return conf.CONF[_COMPUTES].computes


def _add_driver():
    """Nova takes compute drivers from its package ``nova.virt`` alone."""
    from nova import virt
    virt.__path__.extend(drivers.__path__)


def _wait_for_placement():
    """A compute that starts before Placement tries again a minute later."""
    from keystoneauth1 import exceptions
    from nova import utils
    placement = utils.get_ksa_adapter('placement')
    while True:
        try:
            placement.get('/')
            return
        except exceptions.ClientException:
            time.sleep(0.2)


def _second_topic():
    """Where a compute hears of what has to end before it stops (dict).

    Resize, migration and evacuation go there from 2026.1 on.
    """
    from nova.compute import rpcapi
    topic = getattr(rpcapi, 'RPC_TOPIC_ALT', None)
    return {'topic_alt': topic} if topic else {}


def _start(binary, host, **options):
    from nova import objects
    from nova import service
    objects.Service.enable_min_version_cache()
    # Any other topic than a service's own name is out of reach of the rest.
    part = service.Service.create(binary=binary, host=host, **options)
    part.start()


def _map_computes():
    """Do what ``nova-manage cell_v2 discover_hosts`` does, without waiting.

    The scheduler would find new computes at its next periodic task.
    """
    from nova import context
    from nova.objects import host_mapping
    host_mapping.discover_hosts(context.get_admin_context())
