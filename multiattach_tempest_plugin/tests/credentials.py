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

"""The users whom tests act as, and what to do where a cloud has none."""

import functools

from tempest.common import credentials_factory
from tempest import config
from tempest.lib.common import preprov_creds
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import journal

CONF = config.CONF

# Nova asks for the role service, older releases for admin, and Cinder shows
# the migration status, which Nova looks at, to an administrator only.
SERVICE_USER = ['service_user', 'admin', 'service']

# By its role, or Tempest might take a reader or a service for it.
STRANGER = ['stranger', 'member']

# Where Tempest may not make users, and what each of ours has to be.
ROLES = {'project_reader': ['reader'], 'stranger': ['member'],
         'service_user': ['admin', 'service'], 'service_alone': ['service']}


def account(project, roles):
    """Write an entry of an accounts file.

    :param str project: name of the project
    :param list roles: names of the roles
    :returns: line of YAML
    """
    return (f'- {{username: NAME, password: SECRET, project_name: {project}, '
            f'roles: [{", ".join(roles)}]}}')


@functools.cache
def _roles():
    """Return the names of the roles that Keystone has (set)."""
    client = credentials_factory.AdminManager().roles_v3_client
    return {role['name'] for role in client.list_roles()['roles']}


class Credentials:
    """Client managers of users, as os_NAME; those not at hand are None.

    The class that has it is one of Tempest's test classes, and has owner.
    """

    credentials = ['primary', 'admin']
    # Like credentials; a test that uses one which is missing is skipped.
    optional_credentials = []

    @classmethod
    def setup_credentials(cls):
        cls.journal = journal.Journal(cls.__name__)
        cls.journal.open()
        cls.set_network_resources(network=True, subnet=True, router=True,
                                  dhcp=True)
        # First, or Tempest might take one of these few for what any would do.
        cls._missing = {}
        for wanted in cls.optional_credentials:
            cls._set_up_optional(wanted)
        try:
            super().setup_credentials()
        except lib_exc.InvalidCredentials as error:
            raise cls.skipException(
                f'{error}. To run these tests list accounts of a member '
                f'(roles: [member]) and of an administrator (roles: [admin]) '
                f'for each worker in the file that [auth] test_accounts_file '
                f'names, or use --concurrency 1') from error
        except cls.skipException as error:
            raise cls.skipException(
                f'{error} To run these tests list one with the role in the '
                f'file that [auth] test_accounts_file names') from error

    @classmethod
    def clear_credentials(cls):
        try:
            super().clear_credentials()
        finally:
            cls.journal.close()

    @classmethod
    def _set_up_optional(cls, wanted):
        name, *roles = [wanted] if isinstance(wanted, str) else wanted
        manager = None
        try:
            if wanted == STRANGER:
                cls._check_projects()
            cls._check_roles(roles)
            manager = (
                cls.get_client_manager(roles=roles, force_new=True) if roles
                else cls.get_client_manager(credential_type=name))
        except (lib_exc.InvalidCredentials, lib_exc.NotFound,
                cls.skipException) as error:
            cls._missing[name] = str(error)
        setattr(cls, f'os_{name}', manager)

    @classmethod
    def _check_roles(cls, roles):
        """Have no user made who cannot get a role: Tempest would leave it.

        :raises tempest.lib.exceptions.InvalidCredentials: if Keystone lacks
            a role
        """
        if CONF.auth.use_dynamic_credentials:
            missing = set(roles) - _roles()
            if missing:
                raise lib_exc.InvalidCredentials(
                    f'Keystone has no role {", ".join(sorted(missing))}')

    @classmethod
    def _check_projects(cls):
        """Take no account of a member in vain: the other workers need them.

        :raises tempest.lib.exceptions.InvalidCredentials: if all members in
            the accounts file are of one project
        """
        if CONF.auth.use_dynamic_credentials:
            return
        projects = {
            each['project_name'] for each
            in preprov_creds.read_accounts_yaml(CONF.auth.test_accounts_file)
            if 'member' in each.get('roles', ()) and 'project_name' in each}
        if len(projects) < 2:
            raise lib_exc.InvalidCredentials(
                'All members in the accounts file are of one project')

    def user(self, name):
        """Return the client manager of a user, or skip if there is none.

        :param str name: of optional_credentials
        """
        manager = getattr(self, f'os_{name}')
        if not manager:
            project = ('OTHER' if name == STRANGER[0] else
                       self.os_owner.credentials.project_name)
            raise self.skipException(
                f'{self._missing[name]}. To run this test have Tempest create '
                f'users ([auth] use_dynamic_credentials = True, and the roles '
                f'{ROLES[name]} in Keystone), or add to the file that [auth] '
                f'test_accounts_file names: {account(project, ROLES[name])}')
        return manager

    def service(self):
        """Return who may swap: an administrator where no role service is."""
        return self.os_service_user or self.os_admin

    def reader(self):
        """Return a reader of the owner's project, who is no more than that.

        Skips if there is none.
        """
        manager = self.user('project_reader')
        owner = self.os_owner.credentials
        if manager.credentials.project_id != owner.project_id:
            raise self.skipException(
                f'The reader that Tempest chose is of another project. To '
                f'run this test add to the accounts file: '
                f'{account(owner.project_name, ["reader"])}')
        if (CONF.auth.use_dynamic_credentials
                and 'member' in CONF.auth.tempest_roles):
            raise self.skipException(
                'Everybody has the role member here. To run this test remove '
                'it from [auth] tempest_roles in tempest.conf')
        return manager

    def stranger(self):
        """Return a member of another project, or skip if there is none."""
        manager = self.user(STRANGER[0])
        if (manager.credentials.project_id
                == self.os_owner.credentials.project_id):
            raise self.skipException(
                f'All members are of one project. To run this test add to '
                f'the accounts file: {account("OTHER", ["member"])}')
        return manager
