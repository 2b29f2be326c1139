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

import collections

from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import observer
from tests.unit.plugin import samples


class ObserverTest(base.BaseTestCase):

    build_timeout = 5
    build_interval = 0.01

    def show_quota_set(self, _project, params):
        self.assertEqual({'usage': True}, params)
        return {'quota_set': {
            **samples.QUOTA_SET,
            'volumes_tempest-AnyTest-type-1': {
                'limit': -1, 'in_use': 1, 'reserved': 0}}}

    def look(self, owns_project):
        found = object.__new__(observer.Observer)
        found.quotas_client = self
        found.project_id, found.name = samples.QUOTA_SET['id'], 'AnyTest'
        found.owns_project = owns_project
        return found

    def test_all_usage_of_an_own_project_is_compared(self):
        seen = self.look(owns_project=True)
        self.assertIn('volumes', seen.quota_usage())
        self.assertEqual(3, seen.in_use('volumes'))

    def test_usage_by_others_is_not_compared(self):
        seen = self.look(owns_project=False)
        self.assertEqual(['volumes_tempest-AnyTest-type-1'],
                         list(seen.quota_usage()))
        self.assertEqual(1, seen.in_use('volumes'))

    def test_only_own_types_count_in_a_project_that_others_use(self):
        usage = {'volumes': 1, 'volumes_multiattach': 1,
                 'volumes_tempest-AnyTest-type-1': 1}
        for owns_project, expected in (
                (True, usage),
                (False, {'volumes_tempest-AnyTest-type-1': 1})):
            self.assertEqual(expected, self.look(owns_project).ours(usage))


class Counting(observer.Observer):
    """Sees one volume on no server, and counts its looks."""

    project_id = 'project'

    def __init__(self):
        self.requests, self._seen = [], {}
        self.asked = lambda: len(self.requests)

    def _list_volumes(self, **_params):
        self.requests.append('volumes')
        return {'volumes': [samples.VOLUME]}

    def _attachments(self, _volume):
        self.requests.append('attachments')
        return []

    def nova_attachments(self, _server):
        self.requests.append('nova_attachments')
        return {}

    def actions(self, _server):
        self.requests.append('actions')
        return {}

    def quota_usage(self):
        self.requests.append('quota')
        return {}


class StateTest(base.BaseTestCase):
    """A state is looked at once, until anything is asked."""

    what = [samples.VOLUME_ID], [samples.SERVER_1]

    def setUp(self):
        super().setUp()
        self.observer = Counting()
        self.first = self.observer.state(*self.what)
        self.looks = list(self.observer.requests)

    def test_same_state_is_not_looked_at_again(self):
        self.assertIs(self.first, self.observer.state(*self.what))
        self.assertEqual(self.looks, self.observer.requests)

    def test_any_request_makes_it_look_again(self):
        self.observer.requests.append('a refused swap')
        self.assertEqual(self.first, self.observer.state(*self.what))
        self.assertEqual([*self.looks, 'a refused swap', *self.looks],
                         self.observer.requests)

    def test_state_of_other_servers_is_looked_at(self):
        self.observer.state(self.what[0], [samples.SERVER_2])
        self.assertEqual(2 * self.looks, self.observer.requests)

    def test_records_are_always_looked_at(self):
        for _ in range(2):
            self.observer.records(*self.what)
        self.assertEqual(3, self.observer.requests.count('volumes'))

    def test_state_that_was_just_seen_holds_the_records(self):
        self.assertIs(self.first, self.observer.last_records(*self.what))
        self.observer.requests.append('a refused swap')
        self.observer.last_records(*self.what)
        self.assertEqual(2, self.observer.requests.count('volumes'))

    def test_records_that_were_just_seen_are_part_of_the_state(self):
        self.observer.records(*self.what)
        self.observer.state(*self.what)
        self.assertEqual(
            {'volumes': 2, 'attachments': 2, 'nova_attachments': 2,
             'actions': 2, 'quota': 2},
            collections.Counter(self.observer.requests))


class PagesTest(base.BaseTestCase):

    def test_links_of_volume_types_are_followed(self):
        answers = iter([
            {'volume_types': [{'id': 'a'}], 'volume_type_links': ['next']},
            {'volume_types': [{'id': 'b'}]}])
        self.assertEqual([{'id': 'a'}, {'id': 'b'}], observer.pages(
            lambda **_params: next(answers), 'volume_types'))

    answers = ({'volumes': [{'id': 'a'}, {'id': 'b'}],
                'volumes_links': [{'rel': 'next', 'href': '...'}]},
               {'volumes': [{'id': 'c'}]})

    def list_page(self, **params):
        self.asked.append(params)
        answer = self.answers[len(self.asked) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def test_next_page_begins_after_the_last_entry(self):
        self.asked = []
        self.assertEqual(
            [{'id': 'a'}, {'id': 'b'}, {'id': 'c'}],
            observer.pages(self.list_page, 'volumes', all_tenants=1))
        self.assertEqual([{'all_tenants': 1},
                          {'all_tenants': 1, 'marker': 'b'}], self.asked)

    def test_list_begins_again_when_its_place_is_lost(self):
        self.asked = []
        self.answers = (self.answers[0], lib_exc.NotFound(), self.answers[1])
        self.assertEqual([{'id': 'c'}],
                         observer.pages(self.list_page, 'volumes'))
        self.assertEqual([{}, {'marker': 'b'}, {}], self.asked)

    def test_list_that_is_not_found_is_reported(self):
        self.asked = []
        self.answers = (lib_exc.NotFound(),)
        self.assertRaises(
            lib_exc.NotFound, observer.pages, self.list_page, 'volumes')
