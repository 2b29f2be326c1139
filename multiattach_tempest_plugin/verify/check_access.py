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

"""What tests need of Keystone, and of the services' APIs."""

from tempest.lib.common import api_version_request
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.services import attachments
from multiattach_tempest_plugin import state
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin.verify import check_row
from multiattach_tempest_plugin.verify import errors

# By the section of tempest.conf: the microversions that tests ask for.
_MICROVERSIONS = {
    'compute': ('Nova', (operations.MULTIATTACH_MICROVERSION,
                         state.NOVA_ATTACHMENT_MICROVERSION)),
    'volume': ('Cinder', (attachments.MICROVERSION,
                          attachments.MODE_MICROVERSION))}
_SERVICES = {'compute': 'nova', 'volume': 'cinder', 'image': 'glance',
             'network': 'neutron'}
# Beside member and admin: the roles that some tests need Keystone to have,
# and the users of credentials.ROLES who have them.
_OPTIONAL_ROLES = {'reader': 'project_reader', 'service': 'service_alone'}
# Nova's first microversion of 2026.1, the first release whose every version
# has the fix of bug 2112187, and the last one of releases that never got it.
_FIXED = '2.101'
_UNFIXED = '2.95'


def keystone(facts, settings):
    """Where Keystone is, and where the catalog is read."""
    identity = facts.identity
    wanted = {('identity', 'uri_v3'): identity['uri']}
    if identity['region'] or settings.get('identity', 'region'):
        wanted['identity', 'region'] = identity['region']
    if identity['interface'] != _interface(settings, 'identity',
                                           'v3_endpoint_type'):
        wanted['identity', 'v3_endpoint_type'] = identity['interface']
    if identity['insecure']:
        wanted['identity', 'disable_ssl_certificate_validation'] = True
    if identity['cacert']:
        wanted['identity', 'ca_certificates_file'] = identity['cacert']
    yield check_row.compare(
        settings, 'Keystone',
        f'{identity["uri"]}, by {facts.source}', wanted)


def _interface(settings, section, option):
    return settings.get(section, option).removesuffix('URL')


def administrator(facts, settings):
    """An administrator whom Tempest can log in as."""
    account = facts.account
    found = (f'{account.user} in the project {account.project}, with the '
             f'roles {_listed(account.roles)}')
    if 'admin' not in account.roles:
        yield check_row.Row(
            'Administrator', found, check_row.NO, {},
            f'openstack role add --user {account.user} --project '
            f'{account.project} admin, or name another cloud with '
            f'--os-cloud')
        return
    if not settings.get('auth', 'use_dynamic_credentials'):
        yield check_row.Row('Administrator', found)
        return
    configured = facts.configured
    if configured and not configured.problem and (
            'admin' in configured.roles):
        yield check_row.Row('Administrator', found)
    elif not facts.identity['password']:
        yield check_row.Row(
            'Administrator', f'{facts.source} has no password', check_row.NO,
            {}, 'name a cloud whose user logs in with a password: Tempest '
                'has no other way')
    else:
        row = check_row.compare(
            settings, 'Administrator', found,
            {('auth', 'admin_username'): account.user,
             ('auth', 'admin_password'): facts.identity['password'],
             ('auth', 'admin_project_name'): account.project,
             ('auth', 'admin_domain_name'): account.user_domain})
        yield row


def users(facts, settings):
    """The users whom tests act as."""
    if settings.get('auth', 'use_dynamic_credentials'):
        yield from _made_users(facts, settings)
    else:
        yield from _listed_users(facts, settings)


def _made_users(facts, settings):
    if facts.roles is None:
        yield check_row.Row(
            'Users', f'{facts.account.user} may not list roles, and may not '
            f'make users', check_row.NO, {},
            'name an administrator of Keystone, or list accounts: [auth] '
            'use_dynamic_credentials = False, test_accounts_file = FILE')
        return
    missing = [role for role in ('admin', 'member') if role not in facts.roles]
    yield check_row.Row(
        'Users', 'Tempest makes them', check_row.NO if missing else
        check_row.YES, {}, _create_roles(missing))
    for role, skips in _OPTIONAL_ROLES.items():
        missing = role not in facts.roles
        yield check_row.Row(
            f'Role {role}', 'none' if missing else 'exists',
            check_row.PARTLY if missing else check_row.YES, {},
            _create_roles([role]) if missing else '', (skips,))
    if 'member' in settings.get('auth', 'tempest_roles'):
        yield check_row.Row(
            'A reader who is no member', 'everybody gets the role member',
            check_row.PARTLY, {}, 'remove member from [auth] tempest_roles',
            ('project_reader',))


def _create_roles(missing):
    return '; '.join(f'openstack role create {role}' for role in missing)


def _listed_users(facts, settings):
    for account in facts.accounts:
        if account.problem:
            yield check_row.Row(
                f'Account {account.user}', 'cannot be used', check_row.NO,
                {}, account.problem)
    usable = [each for each in facts.accounts if not each.problem]
    members = [each for each in usable if each.roles == {'member'}]
    project = members[0].project if members else 'PROJECT'
    for name, roles in (('member', ['member']), ('administrator', ['admin'])):
        count = sum(each.roles == set(roles) for each in usable)
        enough = count >= facts.workers
        yield check_row.Row(
            f'Accounts of a {name}' if name == 'member' else
            f'Accounts of an {name}',
            f'{count}, for {facts.workers} workers',
            check_row.YES if enough else check_row.NO, {},
            '' if enough else
            f'add to {settings.get("auth", "test_accounts_file")}, for each '
            f'worker: {credentials.account(project, roles)}; or run tempest '
            f'with --concurrency {max(count, 1)}')
    for name, roles in credentials.ROLES.items():
        if name == credentials.STRANGER[0]:
            found = len({each.project for each in members}) > 1
            place = 'OTHER'
        else:
            found = any(each.roles == set(roles) for each in usable)
            place = project
        yield check_row.Row(
            f'Account of a {name.replace("_", " ")}',
            'listed' if found else 'none',
            check_row.YES if found else check_row.PARTLY, {},
            '' if found else
            f'add to {settings.get("auth", "test_accounts_file")}: '
            f'{credentials.account(place, roles)}', (name,))


def services(facts, settings):
    """The services, as the region has them, and where Tempest finds them."""
    for section, name in _SERVICES.items():
        found = facts.catalog[section]
        wanted = {('service_available', name): bool(found)}
        if found:
            if settings.get(section, 'catalog_type') not in found:
                wanted[section, 'catalog_type'] = found[0]
            if _interface(settings, section, 'endpoint_type') != (
                    facts.identity['interface']):
                wanted[section, 'endpoint_type'] = (
                    facts.identity['interface'])
            yield check_row.compare(
                settings, name.capitalize(),
                f'in the catalog as {_listed(found)}', wanted)
        else:
            yield check_row.compare(settings, name.capitalize(), 'none',
                                    wanted)


def microversions(facts, settings):
    """What the APIs can, and what tempest.conf lets tests ask for."""
    for section, (name, needed) in _MICROVERSIONS.items():
        first, last = facts.microversions[section]
        found = f'{first} to {last}'
        wanted = {}
        if not operations.covers(first or None, last, *needed):
            yield check_row.Row(
                f'Microversions of {name}', found, check_row.NO, {},
                f'upgrade {name}: tests ask for {_listed(needed)}')
            continue
        minimum, maximum = (settings.get(section, f'{end}_microversion')
                            for end in ('min', 'max'))
        if not _covers(settings, section, minimum, 'latest', *needed):
            wanted[section, 'min_microversion'] = first
        if not _covers(settings, section, None, maximum, *needed):
            wanted[section, 'max_microversion'] = 'latest'
        yield check_row.compare(
            settings, f'Microversions of {name}', found, wanted)


def _covers(settings, section, *args):
    try:
        return operations.covers(*args)
    except lib_exc.TempestException as error:
        raise errors.VerifyError(
            f'{settings.path}: [{section}] min_microversion or '
            f'max_microversion is no microversion: '
            f'{errors.first_line(error)}') from error


def asynchronous_attach(facts, _settings):
    """Nova that answers before it has attached a volume."""
    last = facts.microversions['compute'][1]
    if not _is_at_least(last, _FIXED):
        yield check_row.Row(
            f'Microversion {_FIXED} of Nova', f'ends at {last}',
            check_row.PARTLY, {}, 'a test of it needs Nova 33.0 or later',
            ('ASYNCHRONOUS_ATTACH_MICROVERSION',))


def features(_facts, settings):
    """What Tempest has to be told that the cloud can."""
    yield check_row.compare(
        settings, 'Features of Nova', 'multiattach and swap',
        {('compute-feature-enabled', 'volume_multiattach'): True,
         ('compute-feature-enabled', 'swap_volume'): True})


def era(facts, settings):
    """Who may swap a volume: bug 2112187."""
    last = facts.microversions['compute'][1]
    configured = settings.get('multiattach', 'direct_swap')
    key = ('multiattach', 'direct_swap')
    if _is_at_least(last, _FIXED):
        yield check_row.compare(
            settings, 'Who may swap a volume',
            f'only Cinder: Nova has microversion {last}', {key: 'refused'})
    elif _is_at_least(_UNFIXED, last):
        yield check_row.compare(
            settings, 'Who may swap a volume',
            f'an administrator: Nova ends at microversion {last}',
            {key: 'allowed'})
    else:
        yield check_row.Row(
            'Who may swap a volume',
            f'{configured} is set; Nova with microversion {last} may or may '
            f'not have the fix of bug 2112187', check_row.UNSEEN, {},
            'ask "nova-manage --version": [multiattach] direct_swap = refused '
            'from 29.3, 30.1, 31.1 and 32.0 on, = allowed before')


def other_projects(facts, settings):
    """To whom attachments are shown: bug 2138566."""
    key = ('multiattach', 'attachments_of_other_projects')
    last = facts.microversions['compute'][1]
    lines = {}
    if not settings.is_set(*key) and not _is_at_least(last, _FIXED):
        lines = {key: 'shown'}
    yield check_row.Row(
        'Who sees attachments of other projects',
        f'{settings.get(*key)} is set; Cinder does not tell its release',
        check_row.UNSEEN, lines,
        'ask "cinder-manage version": hidden from 28.0 on, shown before')


def _is_at_least(version, other):
    request = api_version_request.APIVersionRequest
    return request(version) >= request(other)


def policies(_facts, settings):
    """What only the services' configuration says."""
    for needed, section, option, advice in (
            ('Policies that keep readers from changes (Nova)',
             'enforce_scope', 'nova',
             'True, if nova.conf does not switch off [oslo_policy] '
             'enforce_new_defaults'),
            ('Policies that keep readers from changes (Cinder)',
             'enforce_scope', 'cinder',
             'True, if cinder.conf switches on [oslo_policy] '
             'enforce_new_defaults'),
            ('Policy that keeps a role from multiattach types',
             'multiattach', 'roles_without_multiattach',
             'roles whom the policy volume:multiattach refuses'),
            ('Policy that lets members share a boot volume',
             'multiattach', 'bootable_volumes',
             'False, if volume:multiattach_bootable_volume does not'),
            ('A way to unflag a volume in use', 'multiattach',
             'unflag_in_use',
             'reset-status, if the operator agrees to it')):
        yield check_row.Row(
            needed, f'{settings.get(section, option)} is set',
            check_row.UNSEEN, {}, f'[{section}] {option} = {advice}')
    yield check_row.Row(
        'Service tokens of Nova', 'no API tells', check_row.UNSEEN, {},
        'nova.conf: [service_user] send_service_user_token = True; without '
        'them Cinder refuses to detach')


def _listed(names):
    return ', '.join(sorted(names))


NEEDS = (keystone, administrator, users, services, microversions,
         asynchronous_attach, features, era, other_projects, policies)
