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

"""One module a service: its configuration, its database, how it starts.

To add a service, add a module, its name to :data:`SERVICES`, and its series
to each row of :mod:`multiattach_lab.releases`.

The lab uses ``ENDPOINTS``, ``CONFIGURATION``, ``DATABASES``, ``configure`` and
``migrations`` of a module, and where they are there ``ENVIRONMENT`` and
``upgrade``, the migrations of a database that is not new. Its ``application``
runs inside the release's own environment, where nothing but that release is
installed. Therefore the modules import a release's packages inside of
functions, and nothing of the lab that needs other packages.
"""

import configparser
import importlib
import json

# In the order in which they start: the others need Keystone, and Nova needs
# Placement.
SERVICES = ('keystone', 'placement', 'glance', 'neutron', 'nova', 'cinder')
REGION = 'RegionOne'
PASSWORD = 'lab'


def modules():
    """Return the services' modules ({name: module})."""
    return {name: importlib.import_module(f'{__name__}.{name}')
            for name in SERVICES}


def write_configuration(path, sections):
    """Write an OpenStack configuration file.

    :param path: pathlib.Path; its folder is made
    :param sections: {section: {option: value}}; a list is written as an
        option given several times or, joined, as oslo.config's lists are
    """
    parser = configparser.ConfigParser(interpolation=None, delimiters=('=',))
    parser.optionxform = str
    parser.read_dict({
        section: {option: _text(value) for option, value in options.items()}
        for section, options in sections.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, 'w') as file:
        parser.write(file)


def configure(lab, service, name, sections, policies=()):
    """Write a service's files: its configuration, with what the kind of cloud
    has otherwise, and its policies.

    :param lab: :class:`multiattach_lab.cloud.Cloud`
    :param service: one of :data:`SERVICES`
    :param name: name of the configuration file
    :param sections: {section: {option: value}}
    :param policies: {rule: check} of every kind of cloud
    """
    write_configuration(
        lab.etc(service) / name,
        override(sections, lab.kind.options.get(service, {})))
    policies = {**dict(policies), **lab.kind.policies.get(service, {})}
    # YAML reads JSON.
    (lab.etc(service) / 'policy.yaml').write_text(
        json.dumps(policies, indent=1))


def override(sections, others):
    """Return sections with other values in them, or more.

    :param sections: {section: {option: value}}
    :param others: the same
    """
    return sections | {
        section: {**sections.get(section, {}), **options}
        for section, options in others.items()}


def _text(value):
    text = ','.join(value) if isinstance(value, list) else str(value)
    # A dollar sign alone would name another option.
    return text.replace('$', '$$')


def credentials(lab, user):
    """Return keystoneauth options for a service's own user."""
    return {
        'auth_type': 'password',
        'auth_url': lab.url('keystone'),
        'username': user,
        'password': PASSWORD,
        'project_name': 'service',
        'user_domain_id': 'default',
        'project_domain_id': 'default',
        'region_name': REGION,
    }


def common_sections(lab, user):
    """Return the sections that every service but Keystone shares.

    A service token is demanded from whoever claims the service role, since
    Cinder trusts it to delete attachments that Nova uses (bug 2004555).
    """
    return {
        'DEFAULT': {
            'use_stderr': True,
            'transport_url': 'fake:/',
            'state_path': lab.state / user,
        },
        'keystone_authtoken': {
            **credentials(lab, user),
            'www_authenticate_uri': lab.url('keystone'),
            'interface': 'internal',
            'service_token_roles': lab.kind.service_role,
            'service_token_roles_required': True,
        },
        'service_user': {
            **credentials(lab, user),
            'send_service_user_token': True,
        },
        'oslo_concurrency': {'lock_path': lab.state / user / 'locks'},
        'oslo_policy': {
            'enforce_scope': True,
            'enforce_new_defaults': True,
        },
    }
