# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""What a cloud says of itself, read with one account and changed by none."""

import dataclasses
import os

from keystoneauth1 import exceptions as auth_exc
import openstack
from openstack.config import loader
from openstack import exceptions as sdk_exc
import yaml

from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.verify import check_accounts
from multiattach_tempest_plugin.verify import errors

# By the name of Tempest's section: what the service is called in a catalog.
SERVICES = {'compute': ('compute',), 'image': ('image',),
            'network': ('network',),
            'volume': ('volumev3', 'block-storage', 'volume', 'block-store')}
# Without Neutron servers have no network.
_NEEDED = ('compute', 'image', 'volume')
_FAILURES = (auth_exc.ClientException, sdk_exc.SDKException, OSError)
# How openstacksdk is told to look nowhere but at its arguments.
_NOTHING_ELSE = {'load_yaml_config': False, 'load_envvars': False}


@dataclasses.dataclass
class Facts:
    """A cloud at one moment.

    :ivar source: whose credentials were used, such as 'the cloud devstack of
        clouds.yaml'
    :ivar identity: how to reach Keystone: uri, region, interface, password,
        insecure (bool), cacert; '' or None where it is not so
    :ivar account: the :class:`check_accounts.Account` that looked
    :ivar configured: that of tempest.conf's administrator, None
        if it names none
    :ivar workers: how many run tests at a time
    :ivar accounts: list of those of an accounts file
    :ivar roles: names of all roles (list), None if Keystone does not say
    :ivar catalog: {Tempest's section: types under which the region has the
        service}
    :ivar microversions: {'compute' or 'volume': (first, last)}, as 'X.Y'
    :ivar types: volume types as dicts, with 'projects' (list of ids) if they
        are not public
    :ivar pools: list of :class:`multiattach_tempest_plugin.tests.pools.Pool`
    :ivar flavors: dicts as Nova lists them
    :ivar images: dicts as Glance lists them
    :ivar networks: dicts as Neutron lists them
    :ivar computes: hosts of nova-compute that are up and enabled (list)
    :ivar hypervisors: their types (set)
    :ivar quota: {what: how many a project of the tests may still have}, such
        as instances; -1 for any number
    """

    source: str = ''
    identity: dict = dataclasses.field(default_factory=dict)
    account: check_accounts.Account = check_accounts.Account('', '')
    configured: check_accounts.Account | None = None
    workers: int = 1
    accounts: list = dataclasses.field(default_factory=list)
    roles: list | None = None
    catalog: dict = dataclasses.field(default_factory=dict)
    microversions: dict = dataclasses.field(default_factory=dict)
    types: list = dataclasses.field(default_factory=list)
    pools: list = dataclasses.field(default_factory=list)
    flavors: list = dataclasses.field(default_factory=list)
    images: list = dataclasses.field(default_factory=list)
    networks: list = dataclasses.field(default_factory=list)
    computes: list = dataclasses.field(default_factory=list)
    hypervisors: set = dataclasses.field(default_factory=set)
    quota: dict = dataclasses.field(default_factory=dict)


def read(settings, cloud, environment):
    """Read a cloud.

    :param settings: :class:`multiattach_tempest_plugin.verify.conf.Settings`
    :param cloud: name in clouds.yaml, or None
    :param environment: the environment variables, as a mapping
    :returns: :class:`Facts`
    :raises VerifyError: if that is not possible
    """
    if cloud or 'OS_CLOUD' in environment:
        name = cloud or environment['OS_CLOUD']
        source, options = f'the cloud {name} of clouds.yaml', {'cloud': name}
    elif 'OS_AUTH_URL' in environment:
        source, options = 'the environment', {'cloud': 'envvars'}
    else:
        source, options = _of_settings(settings)
    connection = _connect(source, options)
    account = _login(connection, source)
    if account.problem:
        raise errors.VerifyError(account.problem)
    facts = Facts(source, _identity(connection), account)
    try:
        facts.configured = _configured(settings)
        _read_services(connection, facts)
        _read_accounts(settings, connection, facts)
    except _FAILURES as error:
        raise errors.VerifyError(
            f'{account.user}, of {source}, cannot read the cloud: '
            f'{errors.first_line(error)}') from error
    return facts


def _configured(settings):
    """Return the administrator (Account) of tempest.conf, or None."""
    if not settings.get('identity', 'uri_v3') or not settings.get(
            'auth', 'admin_username'):
        return None
    source, options = _of_settings(settings)
    return _login(_connect(source, options), source)


def _of_settings(settings):
    """Return what tempest.conf says of an administrator, for openstacksdk."""
    uri = settings.get('identity', 'uri_v3')
    if not uri:
        raise errors.VerifyError(
            'Nothing says which cloud to check: name one of clouds.yaml with '
            '--os-cloud, set OS_CLOUD, or name a tempest.conf with '
            '--config-file')
    if settings.get('auth', 'use_dynamic_credentials'):
        who = {'username': settings.get('auth', 'admin_username'),
               'password': settings.get('auth', 'admin_password'),
               'project_name': settings.get('auth', 'admin_project_name')}
        unset = [f'[auth] admin_{key}' for key, value in who.items()
                 if not value]
        if unset:
            raise errors.VerifyError(
                f'{settings.path} names no administrator: set '
                f'{", ".join(unset)}, or name a cloud with --os-cloud')
        domain = settings.get('auth', 'admin_domain_name') or 'Default'
        who |= {'user_domain_name': domain, 'project_domain_name': domain}
    else:
        who = _administrator(check_accounts.read(settings))
    return str(settings.path), {**_endpoint(settings), **who}


def _administrator(entries):
    for entry in entries:
        if 'admin' in entry.get('roles', ()):
            return _as_options(entry)
    raise errors.VerifyError(
        'The accounts file lists no administrator: add to it an entry with '
        'roles: [admin]')


def _as_options(entry):
    """Return an entry of an accounts file as options of openstacksdk."""
    domain = entry.get('domain_name') or 'Default'
    return {'username': entry.get('username'),
            'password': entry.get('password'),
            'project_name': (entry.get('project_name')
                             or entry.get('tenant_name')),
            'user_domain_name': entry.get('user_domain_name') or domain,
            'project_domain_name': entry.get('project_domain_name') or domain}


def _endpoint(settings):
    """Return where tempest.conf has Keystone, as options of openstacksdk."""
    insecure = settings.get('identity', 'disable_ssl_certificate_validation')
    return {'auth_url': settings.get('identity', 'uri_v3'),
            'region_name': settings.get('identity', 'region') or None,
            'interface': settings.get('identity', 'v3_endpoint_type').replace(
                'URL', ''),
            'verify': not insecure,
            'cacert': settings.get('identity', 'ca_certificates_file'),
            **_NOTHING_ELSE}


def _connect(source, options):
    try:
        return openstack.connect(**options, app_name='tempest')
    except _FAILURES as error:
        hint = f'; {_clouds_yaml()}' if 'cloud' in options else ''
        raise errors.VerifyError(
            f'{source} cannot be used: {errors.first_line(error)}{hint}'
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        # openstacksdk does not check what a clouds.yaml looks like.
        raise errors.VerifyError(
            f'{source} cannot be read: {errors.first_line(error)}') from error


def _clouds_yaml():
    """Say what there is of clouds.yaml; openstacksdk skips a broken one."""
    named = os.environ.get('OS_CLIENT_CONFIG_FILE')
    wanted = [named] if named else loader.CONFIG_FILES
    path = next(filter(os.path.exists, wanted), None)
    if not path:
        return f'{named} is not there' if named else 'there is no clouds.yaml'
    try:
        with open(path) as source:
            clouds = yaml.safe_load(source)['clouds']
        return f'{path} has {", ".join(sorted(clouds))}'
    except yaml.YAMLError as error:
        return f'{path} is no YAML: {errors.first_line(error)}'
    except (OSError, TypeError, KeyError) as error:
        return f'{path} lists no clouds: {errors.first_line(error)}'


def _login(connection, source):
    """Ask Keystone for a token, and who it is for.

    :returns: :class:`check_accounts.Account`
    """
    auth = connection.config.auth
    user, project = auth.get('username', ''), auth.get('project_name', '')
    try:
        access = connection.session.auth.get_access(connection.session)
    except auth_exc.Unauthorized:
        problem = (f'Keystone at {auth.get("auth_url")} refuses {user} in '
                   f'the project {project}: correct the name, the password, '
                   f'the project or the domain in {source}')
    except _FAILURES as error:
        reason = ('nobody answers there'
                  if isinstance(error, auth_exc.ConnectFailure)
                  else errors.first_line(error))
        problem = (f'Keystone at {auth.get("auth_url")}, of {source}, does '
                   f'not answer as it should: {reason}')
    else:
        return check_accounts.Account(
            access.username, access.project_name or '',
            access.project_id or '', access.user_domain_name or '',
            access.project_domain_name or '', frozenset(access.role_names))
    return check_accounts.Account(user, project, problem=problem)


def _identity(connection):
    config = connection.config
    verify, _ = config.get_requests_verify_args()
    auth_url = config.auth.get('auth_url', '').rstrip('/')
    return {'uri': (auth_url if auth_url.endswith('/v3')
                    else f'{auth_url}/v3'),
            'region': config.get_region_name('identity') or '',
            'interface': config.get_interface('identity') or 'public',
            'password': config.auth.get('password', ''),
            'insecure': verify is False,
            'cacert': verify if isinstance(verify, str) else None}


def _read_services(connection, facts):
    """Add to the facts what the services say."""
    access = connection.session.auth.get_access(connection.session)
    found = access.service_catalog.get_endpoints(
        interface=facts.identity['interface'],
        region_name=facts.identity['region'] or None)
    facts.catalog = {
        section: [name for name in names if found.get(name)]
        for section, names in SERVICES.items()}
    for section in _NEEDED:
        if not facts.catalog[section]:
            raise errors.VerifyError(
                f'The catalog has no {facts.identity["interface"]} endpoint '
                f'of the service {section} in the region '
                f'{facts.identity["region"]}: correct the region or the '
                f'interface in {facts.source}')
    facts.roles = _if_allowed(
        lambda: [role.name for role in connection.identity.roles()])
    _read_compute(connection, facts)
    _read_volume(connection, facts)
    facts.images = [image.to_dict()
                    for image in connection.image.images(status='active')]
    if facts.catalog['network']:
        facts.networks = [network.to_dict()
                          for network in connection.network.networks()]


def _if_allowed(request):
    """Return what a request returns, or None if it is forbidden."""
    try:
        return request()
    except (sdk_exc.ForbiddenException, auth_exc.Forbidden):
        return None


def _microversions(adapter):
    data = adapter.get_endpoint_data()
    return tuple('.'.join(map(str, version or ())) for version in (
        data.min_microversion, data.max_microversion))


def _read_compute(connection, facts):
    compute = connection.compute
    facts.microversions['compute'] = _microversions(compute)
    facts.flavors = [flavor.to_dict() for flavor in compute.flavors()]
    services = _if_allowed(
        lambda: list(compute.services(binary='nova-compute'))) or []
    facts.computes = [service.host for service in services
                      if (service.state, service.status) == ('up', 'enabled')]
    facts.hypervisors = {
        each.hypervisor_type for each in
        _if_allowed(lambda: list(compute.hypervisors(details=True))) or []}


def _read_volume(connection, facts):
    volume = connection.block_storage
    facts.microversions['volume'] = _microversions(volume)
    for each in volume.types(is_public='None'):
        entry = {'id': each.id, 'name': each.name,
                 'extra_specs': dict(each.extra_specs or {}),
                 'is_public': each.is_public}
        if not each.is_public:
            entry['projects'] = [
                access['project_id'] for access in _if_allowed(
                    lambda each=each: volume.get_type_access(each)) or []]
        facts.types.append(entry)
    entries = _if_allowed(lambda: _get(
        volume, '/scheduler-stats/get_pools?detail=True', 'pools'))
    services = _if_allowed(lambda: _get(
        volume, '/os-services?binary=cinder-volume', 'services',
        microversion=pools.CLUSTER_MICROVERSION))
    facts.pools = [pools.read_pool(entry, services or ())
                   for entry in entries or ()]


def _get(adapter, path, key, **options):
    answer = adapter.get(path, **options)
    sdk_exc.raise_from_response(answer)
    return answer.json()[key]


def _read_accounts(settings, connection, facts):
    """Add to the facts the accounts of the tests, and their quota."""
    project = facts.account.project_id
    if settings.get('auth', 'use_dynamic_credentials'):
        facts.quota = {
            **_get(connection.compute,
                   f'/os-quota-sets/{project}/defaults', 'quota_set'),
            **_get(connection.block_storage,
                   f'/os-quota-sets/{project}/defaults', 'quota_set')}
        return
    identity = facts.identity
    # Where tempest.conf will have it, if it does not yet.
    endpoint = {'auth_url': identity['uri'],
                'region_name': identity['region'] or None,
                'interface': identity['interface'],
                'verify': not identity['insecure'],
                'cacert': identity['cacert'], **_NOTHING_ELSE}
    logins = [
        (entry, _connect('the accounts file',
                         {**endpoint, **_as_options(entry)}))
        for entry in check_accounts.read(settings)]
    for entry, login in logins:
        account = _login(login, 'the accounts file')
        roles = frozenset(entry.get('roles', ()))
        missing = roles - account.roles
        if missing and not account.problem:
            account = dataclasses.replace(
                account, problem=f'{account.user} does not have the listed '
                                 f'roles {", ".join(sorted(missing))} in '
                                 f'{account.project}')
        facts.accounts.append(dataclasses.replace(account, roles=roles))
        if not facts.quota and not account.problem and 'member' in roles:
            facts.quota = _left(login)


def _left(connection):
    """Return how much of its quota the project of a connection has left."""
    limits = {
        **_get(connection.compute, '/limits', 'limits')['absolute'],
        **_get(connection.block_storage, '/limits', 'limits')['absolute']}
    return {
        name: -1 if limits[total] < 0 else limits[total] - limits[used]
        for name, total, used in (
            ('instances', 'maxTotalInstances', 'totalInstancesUsed'),
            ('cores', 'maxTotalCores', 'totalCoresUsed'),
            ('ram', 'maxTotalRAMSize', 'totalRAMUsed'),
            ('volumes', 'maxTotalVolumes', 'totalVolumesUsed'),
            ('gigabytes', 'maxTotalVolumeGigabytes', 'totalGigabytesUsed'),
            ('snapshots', 'maxTotalSnapshots', 'totalSnapshotsUsed'))}
