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

"""What a fresh cloud needs before anybody can use it."""

import concurrent.futures

import openstack

from multiattach_lab import services
from multiattach_lab.services import cinder

NETWORK = 'shared'
PUBLIC_NETWORK = 'public'
PLAIN_TYPE = 'plain'
MULTIATTACH_TYPE = 'multiattach'
FLAVORS = ('small', 'other')
IMAGES = ('image', 'other-image')


def connect(cloud, **options):
    """Return an openstack.connection.Connection as the administrator."""
    return openstack.connect(
        auth_url=cloud.url('keystone') + '/v3', username='admin',
        password=services.PASSWORD, project_name='admin',
        user_domain_id='default', project_domain_id='default',
        region_name=services.REGION, load_envvars=False,
        load_yaml_config=False, **options)


def identity(cloud):
    """Make the services' users, and register where the services listen."""
    admin = connect(
        cloud, identity_endpoint_override=cloud.url('keystone') + '/v3')
    roles = {role.name: role for role in admin.identity.roles()}
    for name in ('admin', 'service', cinder.ROLE_WITHOUT_MULTIATTACH):
        if name not in roles:
            roles[name] = admin.identity.create_role(name=name)
    project = admin.identity.create_project(
        name='service', domain_id='default')
    for name, module in services.modules().items():
        user = admin.identity.create_user(
            name=name, password=services.PASSWORD, domain_id='default')
        for role in ('admin', 'service'):
            admin.identity.assign_project_role_to_user(
                project, user, roles[role])
        for kind, path in module.ENDPOINTS.items():
            service = admin.identity.create_service(name=name, type=kind)
            admin.identity.create_endpoint(
                service_id=service.id, interface='public',
                region_id=services.REGION, url=cloud.url(name) + path)


def resources(cloud):
    """Make flavors, images, networks and volume types.

    :returns: {kind: [ids]} of what tempest.conf names by id
    """
    admin = connect(cloud)
    # The first request to a service takes long, so all begin at once.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        made = {kind: pool.submit(make, admin) for kind, make in (
            ('flavors', _flavors), ('images', _images),
            ('networks', _networks), ('types', _types))}
        return {kind: [resource.id for resource in done.result()]
                for kind, done in made.items()}


def _flavors(admin):
    # Members are refused servers of flavors without a disk.
    return [admin.compute.create_flavor(name=name, ram=64, vcpus=1, disk=1)
            for name in FLAVORS]


def _images(admin):
    return [admin.image.create_image(
        name, data=b'no guest runs', disk_format='raw',
        container_format='bare', visibility='public') for name in IMAGES]


def _networks(admin):
    networks = [
        admin.network.create_network(name=NETWORK, shared=True),
        admin.network.create_network(
            name=PUBLIC_NETWORK, is_router_external=True,
            provider_network_type='flat',
            provider_physical_network=PUBLIC_NETWORK),
    ]
    for number, network in enumerate(networks):
        admin.network.create_subnet(
            network_id=network.id, ip_version=4, cidr=f'10.{number}.0.0/16')
    return networks


def _types(admin):
    return [admin.block_storage.create_type(name=name, extra_specs=specs)
            for name, specs in (
                (PLAIN_TYPE, {}),
                (MULTIATTACH_TYPE, {'multiattach': '<is> True'}))]
