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

"""Neutron: the API alone. No agent runs, every port is bound at once."""

from multiattach_lab import services

ENDPOINTS = {'network': ''}
CONFIGURATION = 'neutron.conf'
DATABASES = ['neutron']
ENVIRONMENT = {'OS_NEUTRON_CONFIG_FILES': CONFIGURATION}


def configure(lab):
    """Write neutron.conf."""
    sections = services.common_sections(lab, 'neutron')
    sections['DEFAULT'] |= {
        'core_plugin': 'ml2',
        'service_plugins': 'router',
        'auth_strategy': 'keystone',
        'api_paste_config': lab.packaged('neutron/api-paste.ini'),
        'notify_nova_on_port_status_changes': False,
        'notify_nova_on_port_data_changes': False,
        'dhcp_agent_notification': False,
    }
    services.configure(
        lab, 'neutron', CONFIGURATION, sections | {
            'database': {'connection': lab.database_url('neutron')},
            'ml2': {
                'type_drivers': 'local,flat',
                'tenant_network_types': 'local',
                'mechanism_drivers': 'multiattach_lab',
                'extension_drivers': 'port_security',
            },
            'ml2_type_flat': {'flat_networks': 'public'},
        })


def migrations(lab):
    """Return the commands that make the database's tables.

    One migration of neutron 27 and later ("tag case sensitive") is written
    for MySQL alone, and what it brings PostgreSQL does anyway: there, the
    migration before it is followed by a stamp that counts it as done.
    """
    upgrade = ['neutron-db-manage', 'upgrade']
    if lab.release.neutron < 27 or not lab.database_url('').startswith(
            'postgresql'):
        return [[*upgrade, 'heads']]
    return [
        [*upgrade, 'ad80a9f07c5c'],
        ['neutron-db-manage', 'stamp', 'd553edeb540f'],
        [*upgrade, 'heads'],
    ]


def application():
    """Return Neutron's WSGI application."""
    from neutron import server
    try:
        from neutron.server import api
    except ImportError:  # 2025.1 and older
        from neutron.server import api_eventlet
        return server.boot_server(api_eventlet.eventlet_api_server)
    return server.boot_server(api.api_server)
