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
import types

import fixtures
from oslotest import base
import urllib3

from multiattach_tempest_plugin import journal


class JournalTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = self.create_tempfiles([('keep', '')])[0]
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_tempest_plugin.journal.folder',
            lambda: pathlib.Path(folder).parent))
        self.journal = journal.Journal('SomeTest')

    def ask(self, method, path, status, body=None, answer=None):
        """Note a request as if a client had made it."""
        client = types.SimpleNamespace(user='u', service='volume')
        response = types.SimpleNamespace(
            status=status, get=lambda _name, default: default)
        self.journal._record(
            lambda *_args, **_kwargs: (response, json.dumps(answer)), client,
            f'http://cloud/v3/{path}', method, None, json.dumps(body))

    def states(self):
        """What is known of all that was created ({id: state})."""
        return {entry['id']: entry['state']
                for entry in self.journal._entries}

    def create(self, kind, key, uuid):
        self.ask('POST', kind, 202, {key: {'name': 'n'}}, {key: {'id': uuid}})

    def test_what_was_created_is_there_until_nobody_finds_it(self):
        self.create('volumes', 'volume', 'v')
        self.ask('GET', 'volumes/v', 404)
        self.assertEqual({'v': journal.CREATED}, self.states())
        self.ask('DELETE', 'volumes/v', 202)
        self.assertEqual({'v': journal.DELETING}, self.states())
        self.ask('GET', 'volumes/v', 404)
        self.assertEqual({'v': journal.GONE}, self.states())

    def test_refused_request_left_nothing(self):
        self.ask('POST', 'volumes', 413, {'volume': {'name': 'n'}}, {})
        self.assertEqual({'': journal.GONE}, self.states())

    def test_request_that_a_gateway_gave_up_was_asked_all_the_same(self):
        self.ask('POST', 'volumes', 504, {'volume': {'name': 'n'}}, {})
        self.assertEqual({'': journal.ASKED}, self.states())

    def test_group_is_deleted_by_an_action(self):
        self.create('groups', 'group', 'g')
        self.ask('POST', 'groups/g/action', 202, {'reset_status': {}})
        self.assertEqual({'g': journal.CREATED}, self.states())
        self.ask('POST', 'groups/g/action', 202, {'delete': {}})
        self.ask('GET', 'groups/g', 404)
        self.assertEqual({'g': journal.GONE}, self.states())

    def test_type_is_gone_with_the_answer(self):
        self.create('types', 'volume_type', 't')
        self.ask('DELETE', 'types/t', 202)
        self.assertEqual({'t': journal.GONE}, self.states())

    def test_request_without_an_answer_was_asked_all_the_same(self):
        def time_out(*_args, **_kwargs):
            raise urllib3.exceptions.ReadTimeoutError(None, '/', 'Too late.')

        self.assertRaises(
            urllib3.exceptions.ReadTimeoutError, self.journal._record,
            time_out, types.SimpleNamespace(user='u', service='compute'),
            'http://cloud/v2.1/servers/s/os-volume_attachments/v', 'PUT',
            None, '{}')
        self.assertEqual((1, []), (self.journal.asked, self.journal.requests))
