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

import fixtures
from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.tests import credentials

CONF = credentials.CONF


class StrangerTest(base.BaseTestCase):

    def check(self, *accounts):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        file = folder / 'accounts.yaml'
        file.write_text('\n'.join(accounts))
        for name, value in (('use_dynamic_credentials', False),
                            ('test_accounts_file', str(file))):
            CONF.set_override(name, value, 'auth')
            self.addCleanup(CONF.clear_override, name, 'auth')
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
