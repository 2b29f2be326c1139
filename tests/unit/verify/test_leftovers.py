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

import json
import pathlib

import fixtures
from oslotest import base

from multiattach_tempest_plugin import journal
from multiattach_tempest_plugin.verify import leftovers


class LeftoversTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def write(self, *entries, tail=''):
        self.path = self.folder / 'SomeTest-1.jsonl'
        self.path.write_text(''.join(
            json.dumps({'time': 0, 'owner': 'SomeTest', 'user': 'u',
                        **entry}) + '\n' for entry in entries) + tail)

    def commands(self):
        return leftovers.commands(*leftovers.read(self.folder))

    def entry(self, number, kind, uuid, state=journal.CREATED):
        return {'number': number, 'kind': kind, 'id': uuid, 'state': state,
                'name': f'tempest-{kind}-{number}'}

    def test_what_was_created_is_removed_servers_first(self):
        self.write(self.entry(0, 'volumes', 'v'),
                   self.entry(1, 'servers', 's'))
        lines = self.commands()
        self.assertEqual('openstack server delete --wait s', lines[0])
        self.assertIn('openstack volume delete --force v', lines)
        self.assertEqual(f'rm {self.path}', lines[-1])

    def test_what_is_gone_is_left_alone(self):
        self.write(self.entry(0, 'volumes', 'v'),
                   self.entry(0, 'volumes', 'v', journal.GONE))
        self.assertEqual([f'rm {self.path}'], self.commands())

    def test_line_that_was_cut_off_is_ignored(self):
        self.write(self.entry(0, 'servers', 's'), tail='{"number": 1, "ki')
        self.assertIn('openstack server delete --wait s', self.commands())

    def test_resource_without_id_is_found_by_its_name(self):
        self.write(self.entry(0, 'servers', '', journal.ASKED))
        self.assertIn('--name tempest-servers-0', self.commands()[0])
