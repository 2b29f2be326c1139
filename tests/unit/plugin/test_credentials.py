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

import pathlib
import types

import fixtures
from oslotest import base
from tempest.lib import exceptions as lib_exc
import testtools
import yaml

from multiattach_tempest_plugin.tests import credentials


def manager(project='ours'):
    """Make the part of a client manager that says who it is."""
    return types.SimpleNamespace(credentials=types.SimpleNamespace(
        project_id=f'id of {project}', project_name=project))


class Tempest(testtools.TestCase):
    """The part of Tempest's test class that makes client managers."""

    available = {}

    @classmethod
    def set_network_resources(cls, **_resources):
        """Nothing of this needs a network."""

    @classmethod
    def setup_credentials(cls):
        for name in cls.credentials:
            setattr(cls, f'os_{name}',
                    cls.get_client_manager(credential_type=name))

    @classmethod
    def get_client_manager(cls, credential_type=None, roles=None,
                           force_new=None):
        cls.asked.append(credential_type or roles)
        found = cls.available[credential_type or '+'.join(roles)]
        if isinstance(found, Exception):
            raise found
        return found


class CredentialsTest(base.BaseTestCase):

    def case(self, roles=(), keystone=('admin', 'member', 'service'),
             **available):
        """Make a test with the users that a cloud has.

        :param keystone: names of the roles that there are
        """
        class Case(credentials.Credentials, Tempest):
            optional_credentials = [credentials.SERVICE_USER,
                                    'project_reader', credentials.STRANGER]
            asked = []

            def runTest(self):
                """Be a test, so that it can be skipped."""

        Case.available = {
            'primary': manager(), 'admin': manager('admins'),
            'admin+service': manager('admins'), 'project_reader': manager(),
            'member': manager('theirs'), **available}
        self.useFixture(fixtures.MockPatchObject(
            credentials, 'CONF', types.SimpleNamespace(
                auth=types.SimpleNamespace(use_dynamic_credentials=True,
                                           tempest_roles=roles))))
        self.useFixture(fixtures.MockPatchObject(
            credentials, '_roles', lambda: set(keystone)))
        Case.setup_credentials()
        Case.os_owner = Case.os_primary
        return Case()

    def assertSkips(self, words, method, *args):
        error = self.assertRaises(testtools.TestCase.skipException, method,
                                  *args)
        self.assertIn(words, str(error))

    def test_users_that_are_there_are_returned(self):
        case = self.case()
        self.assertEqual(case.available['project_reader'], case.reader())
        self.assertEqual(case.available['member'], case.stranger())
        self.assertEqual(case.available['admin+service'], case.service())

    def test_few_users_are_asked_for_first(self):
        self.assertEqual(
            [['admin', 'service'], 'project_reader', ['member'], 'primary',
             'admin'], self.case().asked)

    def test_administrator_swaps_where_the_role_service_is_missing(self):
        for error in (lib_exc.NotFound('No "service" role found'),
                      lib_exc.InvalidCredentials('none'),
                      testtools.TestCase.skipException('none')):
            case = self.case(**{'admin+service': error})
            self.assertEqual(case.available['admin'], case.service())

    def test_no_user_is_made_for_a_role_that_is_missing(self):
        """Tempest would leave the user, and its project."""
        case = self.case(keystone=('admin', 'member'))
        self.assertNotIn(['admin', 'service'], case.asked)
        self.assertSkips('Keystone has no role service', case.user,
                         'service_user')

    def test_role_that_accounts_lack_is_a_skip_that_names_the_file(self):
        self.assertSkips('[auth] test_accounts_file', lambda: self.case(
            primary=testtools.TestCase.skipException('No such role.')))

    def test_missing_user_is_a_skip_with_the_account_to_add(self):
        case = self.case(
            project_reader=lib_exc.InvalidCredentials('No such user'))
        self.assertSkips('No such user', case.reader)
        self.assertSkips('project_name: ours, roles: [reader]}', case.reader)

    def test_missing_member_of_another_project_is_a_skip(self):
        case = self.case(member=lib_exc.InvalidCredentials('No such user'))
        self.assertSkips('project_name: OTHER, roles: [member]}',
                         case.stranger)

    def test_reader_of_another_project_is_no_reader(self):
        case = self.case(project_reader=manager('theirs'))
        self.assertSkips('project_name: ours, roles: [reader]}', case.reader)

    def test_reader_who_is_a_member_too_is_no_reader(self):
        case = self.case(roles=['member'])
        self.assertSkips('[auth] tempest_roles', case.reader)

    def test_member_of_the_same_project_is_no_stranger(self):
        self.assertSkips('All members are of one project',
                         self.case(member=manager()).stranger)

    def test_class_without_a_member_is_skipped(self):
        self.assertSkips('roles: [member]', lambda: self.case(
            primary=lib_exc.InvalidCredentials('Too few')))

    def test_account_is_yaml(self):
        [entry] = yaml.safe_load(credentials.account('ours', ['a', 'b']))
        self.assertEqual(('ours', ['a', 'b']),
                         (entry['project_name'], entry['roles']))


class StrangerTest(base.BaseTestCase):

    def check(self, *accounts):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        file = folder / 'accounts.yaml'
        file.write_text('\n'.join(accounts))
        for name, value in (('use_dynamic_credentials', False),
                            ('test_accounts_file', str(file))):
            credentials.CONF.set_override(name, value, 'auth')
            self.addCleanup(credentials.CONF.clear_override, name, 'auth')
        credentials.Credentials._check_projects()

    def test_members_of_one_project_are_no_strangers(self):
        error = self.assertRaises(
            lib_exc.InvalidCredentials, self.check,
            credentials.account('ours', ['member']),
            credentials.account('ours', ['member']),
            credentials.account('theirs', ['admin', 'service']))
        self.assertIn('are of one project', str(error))

    def test_member_of_another_project_is_one(self):
        self.check(credentials.account('ours', ['member']),
                   credentials.account('theirs', ['member']))
