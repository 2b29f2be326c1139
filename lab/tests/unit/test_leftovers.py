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

from oslotest import base

from multiattach_lab import kinds
from multiattach_lab import leftovers

SERVER = ['server', 'id-1', 'old']
VOLUME = ['volume', 'id-2', 'new']
USED = ['quota in use', '7', 'volumes']
RESERVED = ['quota reserved', '7', 'volumes']


class LeftTest(base.BaseTestCase):

    def left(self, before, after, kind=kinds.DEFAULT):
        return leftovers.left(before, after, kinds.get(kind))

    def test_what_was_there_is_not_left(self):
        self.assertEqual('', self.left([SERVER, USED], [SERVER]))

    def test_what_is_left_is_named(self):
        self.assertEqual(
            'The tests left behind: volume id-2 (new), '
            'quota in use 7 (volumes), quota reserved 7 (volumes).',
            self.left([SERVER], [SERVER, VOLUME, USED, RESERVED]))

    def test_workers_in_one_project_leave_no_quota_in_use(self):
        self.assertEqual(
            'The tests left behind: quota in use 7 (volumes).',
            self.left([], [USED, RESERVED], 'accounts-minimal'))

    def test_quota_that_a_neighbour_uses_is_not_ours(self):
        self.assertEqual(
            'The tests left behind: volume id-2 (new).',
            self.left([], [VOLUME, USED, RESERVED], 'accounts'))
