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


import configparser
import json
import pathlib
import re
import types

import fixtures
from oslotest import base

from multiattach_lab import cost
from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_tempest_plugin.verify import claims


class CostTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def test_each_of_our_groups_has_tests(self):
        """A test that is renamed does not make a row empty."""
        names = [f'{claim.test}[' for claim in claims.plan()]
        ours = [(subject, regex) for subject, whose, regex in cost.SUBJECTS
                if whose == cost.OURS]
        for subject, regex in (*ours, *cost.GROWING):
            self.assertNotEqual(
                [], [name for name in names if re.search(regex, name)],
                subject)

    def test_other_number_of_servers_is_all_that_differs(self):
        """The values of the others stay as they are, dollars too."""
        (self.folder / 'tempest.conf').write_text(
            '[auth]\nadmin_password = a$$b%c\n\n[multiattach]\nservers = 2\n')
        name = cost._with_servers(
            lab.Lab(self.folder), 'tempest.conf', 10)
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.folder / name)
        self.assertEqual('a$$b%c', parser['auth']['admin_password'])
        self.assertEqual('10', parser['multiattach']['servers'])

    def test_tests_that_are_not_installed(self):
        """That is one sentence, with what to do."""
        self.useFixture(fixtures.MockPatchObject(
            cost.tempest_run, 'results', lambda *_arguments: []))
        error = self.assertRaises(
            errors.LabError, cost._measure, lab.Lab(self.folder),
            types.SimpleNamespace(check=None), 'Share', cost.CINDER, 'x', 2,
            'tempest.conf')
        self.assertIn('install what has them', str(error))

    def test_other_files_are_no_results(self):
        path = self.folder / 'stability.json'
        path.write_text(json.dumps([{'condition': 'quiet'}]))
        error = self.assertRaises(errors.LabError, cost.read, path)
        self.assertIn(str(path), str(error))
