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

from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import services


class KindsTest(base.BaseTestCase):

    def test_unknown_kind_is_reported_with_the_choices(self):
        """A mistyped kind is answered with those that there are."""
        error = self.assertRaises(errors.LabError, kinds.get, 'perfect')
        self.assertIn('"perfect"', str(error))
        for name in kinds.KINDS:
            self.assertIn(name, str(error))

    def test_default_is_the_first_and_differs_in_nothing(self):
        """Every other row says what is not as in the first one."""
        first, *others = kinds.KINDS.values()
        self.assertEqual(kinds.DEFAULT, first.name)
        self.assertEqual(
            kinds.Kind(first.name, first.who, first.what), first)
        for row in others:
            self.assertNotEqual(
                kinds.Kind(row.name, row.who, row.what), row, row.name)

    def test_rows_name_services_that_there_are(self):
        """An option of a service that does not exist would go unseen."""
        for row in kinds.KINDS.values():
            named = {*row.options, *row.policies, *row.busy}
            self.assertLessEqual(named, set(services.SERVICES), row.name)

    def test_pools_have_names_of_their_own(self):
        """Two pools of one name are on two hosts."""
        for row in kinds.KINDS.values():
            backends = [pool.backend for pool in row.pools]
            self.assertEqual(len(backends), len(set(backends)), row.name)

    def test_who_is_in_a_project_has_accounts(self):
        """There is a project for a neighbour, a crowd and private types."""
        for row in kinds.KINDS.values():
            if row.neighbour or row.crowd or row.private_types:
                self.assertTrue(row.accounts, row.name)

    def test_crowd_is_more_than_a_page(self):
        """A list that is not read to its end misses something."""
        row = kinds.get('small-pages')
        self.assertGreater(row.crowd, row.options['nova']['api']['max_limit'])
        self.assertGreater(
            row.crowd, row.options['cinder']['DEFAULT']['osapi_max_limit'])
