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

"""Keystone: one WSGI application and its keys."""

import os

from multiattach_lab import services

ENDPOINTS = {'identity': '/v3'}
CONFIGURATION = 'keystone.conf'
DATABASES = ['keystone']


def configure(lab):
    """Write keystone.conf. The keys are cached with the database."""
    keys = lab.database_folder / 'keys'
    services.configure(lab, 'keystone', CONFIGURATION, {
        'DEFAULT': {'use_stderr': True},
        'database': {'connection': lab.database_url('keystone')},
        'cache': {'enabled': True, 'backend': 'oslo_cache.dict'},
        # The fewest that bcrypt allows: Tempest makes many users.
        'identity': {'password_hash_rounds': 4},
        'token': {'provider': 'fernet'},
        'fernet_tokens': {'key_repository': keys / 'fernet'},
        'fernet_receipts': {'key_repository': keys / 'receipts'},
        'credential': {'key_repository': keys / 'credential'},
    })


def migrations(lab):
    """Return the commands that make the database's tables."""
    # Keystone asks for the owner of its keys only when root runs it.
    owner = ['--keystone-user', str(os.getuid()),
             '--keystone-group', str(os.getgid())]
    return [
        ['keystone-manage', 'db_sync'],
        ['keystone-manage', 'fernet_setup', *owner],
        ['keystone-manage', 'credential_setup', *owner],
        ['keystone-manage', 'bootstrap',
         '--bootstrap-password', services.PASSWORD,
         '--bootstrap-region-id', services.REGION],
    ]


def application():
    """Return Keystone's WSGI application."""
    from keystone.server import wsgi
    return wsgi.initialize_public_application()
