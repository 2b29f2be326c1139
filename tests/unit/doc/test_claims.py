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

import claims
import testtools

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.verify import claims as known


class Helpers:

    def assertTwiceRefused(self):
        self.assertRefusedAgain()
        return refusals.SWAP_TO_ITSELF

    def assertRefusedAgain(self):
        self.assertTwiceRefused()
        return refusals.SWAP_SHARED_VOLUME.with_migration_status()


class SampleTest(Helpers):

    attribute = None

    def test_in_helper(self):
        return self.attribute, refusals.UNFLAG_IN_USE, self.assertTwiceRefused

    def test_of_nothing(self):
        return self.unknown


class RefusedInTest(testtools.TestCase):

    def test_helpers_are_searched(self):
        """Also those that helpers call, in a circle or not."""
        self.assertEqual(
            ['UNFLAG_IN_USE', 'SWAP_TO_ITSELF', 'SWAP_SHARED_VOLUME'],
            claims.refused_in(SampleTest, 'test_in_helper'))

    def test_test_without_refusal(self):
        self.assertEqual(
            [], claims.refused_in(SampleTest, 'test_of_nothing'))


class GroupsTest(testtools.TestCase):

    def test_class_without_group_is_named(self):
        error = self.assertRaises(KeyError, known.group_of, SampleTest)
        self.assertIn('SampleTest has no group', error.args[0])

    def test_groups_name_the_classes_that_are_there(self):
        self.assertEqual(
            sorted({type(test).__name__
                    for test in known.tests_of(known.load())}),
            sorted(name for names in known.GROUPS.values()
                   for name in names))
