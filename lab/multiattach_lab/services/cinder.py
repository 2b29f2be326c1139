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

"""Cinder: API, scheduler and all pools in one process.

They share a process because oslo.messaging's ``fake:/`` reaches no further.
"""

import os
import sys

from multiattach_lab import services

ENDPOINTS = {'volumev3': '/v3/%(project_id)s',
             'block-storage': '/v3/%(project_id)s'}
CONFIGURATION = 'cinder.conf'
DATABASES = ['cinder']
# Who has this role may not use multiattach volumes.
ROLE_WITHOUT_MULTIATTACH = 'no-multiattach'


def configure(lab):
    """Write cinder.conf, and what differs from the default policies.

    By default every member may use multiattach volumes.
    """
    sections = services.common_sections(lab, 'cinder')
    sections['DEFAULT'] |= {
        'host': 'storage',
        'my_ip': '127.0.0.1',
        'auth_strategy': 'keystone',
        'api_paste_config': lab.packaged('cinder/api-paste.ini'),
        'rootwrap_config': lab.packaged('cinder/rootwrap.conf'),
        'enabled_backends': [pool.backend for pool in lab.kind.pools],
        'default_volume_type': 'plain',
        'glance_api_servers': lab.url('glance'),
        # The scheduler holds up its API for a minute by default.
        'scheduler_driver_init_wait_time': 1,
        # All services of a process report as the last one of them, each with
        # its own zone (Service.service_id is an attribute of the class).
        'report_interval': 0,
        'service_down_time': 86400,
        'periodic_fuzzy_delay': 0,
    }
    services.configure(
        lab, 'cinder', CONFIGURATION, sections | {
            'database': {'connection': lab.database_url('cinder')},
            'coordination': {
                'backend_url': f'file://{lab.state}/cinder/coordination'},
            # The lab has no Barbican to keep the keys of encrypted volumes.
            'key_manager': {
                'backend': 'cinder.keymgr.conf_key_mgr.ConfKeyManager',
                'fixed_key': '0' * 64},
            # Cinder swaps volumes through Nova as this user, who has to be
            # an administrator in Cinder too.
            'nova': {**services.credentials(lab, 'cinder'),
                     'interface': 'internal'},
            **{pool.backend: {
                'volume_driver': 'multiattach_lab.drivers.storage.Storage',
                'volume_backend_name': pool.name,
                'backend_availability_zone': pool.zone,
                'folder': lab.state / 'volumes' / pool.backend,
                'free': pool.free,
                'multiattach': pool.multiattach,
                'step': pool.step,
                'reports_pools': pool.reports_pools,
                'pool_names': ','.join(pool.pools),
                'retypes': pool.retypes,
                'cluster': pool.cluster and f'{pool.cluster}@{pool.name}',
            } for pool in lab.kind.pools},
        }, {'volume:multiattach':
            'rule:xena_system_admin_or_project_member and not '
            f'role:{ROLE_WITHOUT_MULTIATTACH}'})


def migrations(lab):
    """Return the commands that make the database's tables."""
    return [['cinder-manage', 'db', 'sync']]


def application():
    """Start all of Cinder and return the API's WSGI application."""
    folder = os.environ['OS_CINDER_CONFIG_DIR']
    sys.argv[1:] = ['--config-file', os.path.join(folder, CONFIGURATION)]
    from cinder.volume import configuration
    from cinder.wsgi import wsgi
    from oslo_config import cfg

    from multiattach_lab.drivers import storage
    api = wsgi.initialize_application()
    _do_without_root()
    _start('cinder-scheduler', 'storage')
    for backend in cfg.CONF.enabled_backends:
        options = configuration.Configuration(
            storage.OPTIONS, config_group=backend)
        _start('cinder-volume', backend, service_name=backend,
               coordination=True, cluster=options.cluster or None)
    return api


def _do_without_root():
    # The files of the lab's pools belong to whoever runs it, and Cinder asks
    # for root through sudo to copy any volume.
    from cinder import privsep
    from cinder import utils
    from os_brick import privileged
    for context in (privileged.default, privsep.sys_admin_pctxt):
        context.set_client_mode(False)
    utils.get_root_helper = lambda: 'env'


def _start(binary, host, **options):
    from cinder import service
    part = service.Service.create(binary=binary, host=host, **options)
    part.start()
