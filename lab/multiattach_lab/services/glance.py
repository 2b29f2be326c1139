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

"""Glance: one WSGI application, images as files."""

import shutil

from multiattach_lab import services

ENDPOINTS = {'image': ''}
CONFIGURATION = 'glance-api.conf'
DATABASES = ['glance']


def configure(lab):
    """Write glance-api.conf, and its paste file where Glance looks."""
    sections = services.common_sections(lab, 'glance')
    folder = lab.state / 'glance'
    for name in ('images', 'staging', 'tasks'):
        (folder / name).mkdir(parents=True, exist_ok=True)
    sections['DEFAULT'] |= {
        'enabled_backends': 'files:file',
        'enabled_import_methods': '[]',
        'node_staging_uri': f'file://{folder}/staging',
        'worker_self_reference_url': lab.url('glance'),
    }
    services.configure(
        lab, 'glance', CONFIGURATION, sections | {
            'database': {'connection': lab.database_url('glance')},
            'glance_store': {'default_backend': 'files'},
            'files': {'filesystem_store_datadir': folder / 'images',
                      'filesystem_store_thin_provisioning': True},
            'os_glance_staging_store': {
                'filesystem_store_datadir': folder / 'staging'},
            'os_glance_tasks_store': {
                'filesystem_store_datadir': folder / 'tasks'},
            'paste_deploy': {'flavor': 'keystone'},
        })
    shutil.copy(lab.packaged('glance/glance-api-paste.ini'),
                lab.etc('glance'))


def migrations(lab):
    """Return the commands that make the database's tables."""
    return [['glance-manage', 'db_sync']]


def application():
    """Return Glance's WSGI application."""
    from glance.common import wsgi_app
    return wsgi_app.init_app()
