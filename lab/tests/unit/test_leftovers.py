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

from multiattach_lab import leftovers

SERVER = ['server', 'id-1', 'old']
VOLUME = ['volume', 'id-2', 'new']
USED = ['quota in use', '7', 'volumes']


class LeftTest(base.BaseTestCase):

    def test_what_was_there_is_not_left(self):
        self.assertEqual('', leftovers.left([SERVER, USED], [SERVER], False))

    def test_what_is_left_is_named(self):
        self.assertEqual(
            'The tests left behind: volume id-2 (new), '
            'quota in use 7 (volumes).',
            leftovers.left([SERVER], [SERVER, VOLUME, USED], False))

    def test_quota_that_a_neighbour_uses_is_not_ours(self):
        self.assertEqual(
            'The tests left behind: volume id-2 (new).',
            leftovers.left([], [VOLUME, USED], True))
