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

"""Placement: one WSGI application."""

from multiattach_lab import services

ENDPOINTS = {'placement': ''}
CONFIGURATION = 'placement.conf'
DATABASES = ['placement']


def configure(lab):
    """Write placement.conf."""
    services.configure(
        lab, 'placement', CONFIGURATION,
        services.common_sections(lab, 'placement') | {
            'api': {'auth_strategy': 'keystone'},
            'placement_database': {
                'connection': lab.database_url('placement')},
        })


def migrations(lab):
    """Return the commands that make the database's tables."""
    return [['placement-manage', 'db', 'sync']]


def application():
    """Return Placement's WSGI application."""
    from placement import wsgi
    return wsgi.init_application()
