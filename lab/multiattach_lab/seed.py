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
import os

import openstack
from openstack import exceptions

from multiattach_lab import guests
from multiattach_lab import services
from multiattach_lab.services import cinder

NETWORK = 'shared'
PUBLIC_NETWORK = 'public'
PLAIN_TYPE = 'plain'
MULTIATTACH_TYPE = 'multiattach'
FLAVORS = ('small', 'other')
IMAGES = ('image', 'other-image')
# Who uses the project of the accounts too, and is not in their file.
NEIGHBOUR = 'neighbour'
_WORKERS = 4
_VOLUMES = 100
_MEBIBYTE = 2 ** 20


def connect(keystone, user='admin', project='admin', **options):
    """Return an openstack.connection.Connection.

    :param keystone: URL of Keystone, without a path
    :param user: name of the user
    :param project: name of the project
    """
    return openstack.connect(
        auth_url=keystone + '/v3', username=user,
        password=services.PASSWORD, project_name=project,
        user_domain_id='default', project_domain_id='default',
        region_name=services.REGION, interface='internal',
        load_envvars=False, load_yaml_config=False, **options)


def accounts(kind):
    """Return the entries of an accounts file.

    :param kind: :class:`multiattach_lab.kinds.Kind`
    :returns: list of dict
    """
    return [{'username': '-'.join([project, *roles, str(worker)]),
             'password': services.PASSWORD, 'project_name': project,
             'roles': roles}
            for project, users in kind.accounts.items() for roles in users
            for worker in range(1, _WORKERS + 1)]


def identity(cloud):
    """Make the services' users, and register where the services listen.

    The users of the accounts file are made too.
    """
    url = cloud.url('keystone')
    admin = connect(url, identity_endpoint_override=url + '/v3')
    roles = _roles(admin, cloud.kind.service_role)
    project = admin.identity.create_project(
        name='service', domain_id='default')
    for name, module in services.modules().items():
        _create_user(admin, name, project, [
            roles['admin'], roles[cloud.kind.service_role]])
        for kind, path in module.ENDPOINTS.items():
            service = admin.identity.create_service(name=name, type=kind)
            for interface, address in (('public', cloud.public_url(name)),
                                       ('internal', cloud.url(name))):
                admin.identity.create_endpoint(
                    service_id=service.id, interface=interface,
                    region_id=services.REGION, url=address + path)
    projects = {name: admin.identity.create_project(
        name=name, domain_id='default') for name in cloud.kind.accounts}
    for name in list(projects)[:1]:
        _create_user(admin, NEIGHBOUR, projects[name], [roles['member']])
    for account in accounts(cloud.kind):
        _create_user(admin, account['username'],
                     projects[account['project_name']],
                     [roles[role] for role in account['roles']])


def _roles(admin, service_role):
    """Return all roles by name; make what is missing."""
    roles = {role.name: role for role in admin.identity.roles()}
    for name in ('admin', service_role, cinder.ROLE_WITHOUT_MULTIATTACH):
        if name not in roles:
            roles[name] = admin.identity.create_role(name=name)
    # Keystone makes it from 2023.2 on.
    if 'service' in roles and service_role != 'service':
        role = roles.pop('service')
        admin.identity.update_role(role, options={'immutable': False})
        admin.identity.delete_role(role)
    return roles


def _create_user(admin, name, project, roles):
    user = admin.identity.create_user(
        name=name, password=services.PASSWORD, domain_id='default')
    for role in roles:
        admin.identity.assign_project_role_to_user(project, user, role)


def resources(cloud):
    """Make flavors, images, networks and volume types.

    :returns: {kind: [ids]} of what tempest.conf names by id
    """
    admin = connect(cloud.url('keystone'))
    kind = cloud.kind
    # The first request to a service takes long, so all begin at once.
    with concurrent.futures.ThreadPoolExecutor() as pool:
        made = {name: pool.submit(make, admin, argument)
                for name, make, argument in (
                    ('flavors', _flavors, kind),
                    ('images', _images, cloud),
                    ('networks', _networks, None),
                    ('types', _types, kind), ('quotas', _quotas, kind))}
        ids = {name: [resource.id for resource in done.result()]
               for name, done in made.items()}
    if kind.crowd:
        _crowd(cloud, ids)
    return ids


def neighbour(keystone, kind):
    """Return a connection as who is in the project of the accounts too.

    :param keystone: URL of Keystone, without a path
    :param kind: :class:`multiattach_lab.kinds.Kind` with accounts
    """
    return connect(keystone, NEIGHBOUR, next(iter(kind.accounts)))


def _crowd(cloud, ids):
    neighbour_ = neighbour(cloud.url('keystone'), cloud.kind)
    storage, compute = neighbour_.block_storage, neighbour_.compute
    made = [
        (storage.create_volume(size=1, name='crowd', volume_type=PLAIN_TYPE),
         compute.create_server(
             name='crowd', flavor_id=ids['flavors'][0],
             image_id=ids['images'][0],
             networks=[{'uuid': ids['networks'][0]}]))
        for _ in range(cloud.kind.crowd)]
    for volume, server in made:
        storage.wait_for_status(volume, 'available')
        compute.wait_for_server(server)


def _flavors(admin, kind):
    # Members are refused servers of flavors without a disk.
    return [admin.compute.create_flavor(
        name=name, ram=96, vcpus=1, disk=kind.disk) for name in FLAVORS]


def _images(admin, cloud):
    path = cloud.state / 'image'
    path.touch()
    os.truncate(path, cloud.kind.image * _MEBIBYTE)
    boot = _boot_images(admin, cloud.state) if cloud.kind.guests else {}
    return [_image(admin, name, path, 'raw', 'bare', **boot)
            for name in IMAGES]


def _boot_images(admin, state):
    """Upload what guests boot; return the properties of their images."""
    kernel, memory = (
        _image(admin, kind, path, kind, kind).id for kind, path in zip(
            ('aki', 'ari'), guests.make_image(state / 'guest'), strict=True))
    return {'kernel_id': kernel, 'ramdisk_id': memory,
            'os_command_line': 'console=ttyS0 quiet'}


def _image(admin, name, path, disk, container, **properties):
    return admin.image.create_image(
        name, filename=str(path), disk_format=disk,
        container_format=container, visibility='public', **properties)


def _networks(admin, _):
    networks = [
        admin.network.create_network(name=NETWORK, shared=True),
        admin.network.create_network(
            name=PUBLIC_NETWORK, is_router_external=True,
            provider_network_type='flat',
            provider_physical_network=PUBLIC_NETWORK),
    ]
    subnets = [
        admin.network.create_subnet(
            network_id=network.id, ip_version=4,
            cidr=f'172.{16 + number}.0.0/16')
        for number, network in enumerate(networks)]
    router = admin.network.create_router(
        external_gateway_info={'network_id': networks[1].id})
    admin.network.add_interface_to_router(router, subnet_id=subnets[0].id)
    return networks


def _types(admin, kind):
    types = [
        admin.block_storage.create_type(
            name=name, extra_specs=specs, is_public=not kind.private_types)
        for name, specs in (
            (PLAIN_TYPE, {}),
            (MULTIATTACH_TYPE, {'multiattach': '<is> True'}))]
    if kind.private_types:
        for project in kind.accounts:
            found = admin.identity.find_project(project)
            for each in types:
                admin.block_storage.add_type_access(each, found.id)
    if kind.front_end_qos:
        _qos(admin, types[-1], kind.front_end_qos)
    return types


def _qos(admin, volume_type, specs):
    # The oldest SDK that the lab takes has no QoS.
    made = admin.block_storage.post('/qos-specs', json={'qos_specs': {
        'name': 'front-end', 'consumer': 'front-end', **specs}})
    exceptions.raise_from_response(made)
    associated = admin.block_storage.get(
        f'/qos-specs/{made.json()["qos_specs"]["id"]}/associate',
        params={'vol_type_id': volume_type.id})
    exceptions.raise_from_response(associated)


def _quotas(admin, kind):
    """Allow what four workers in one project need; return nothing to name.

    Cinder has its defaults in its database: its options change nothing.
    """
    for name in kind.accounts:
        admin.block_storage.update_quota_set(
            admin.identity.find_project(name), volumes=_VOLUMES)
    return []
