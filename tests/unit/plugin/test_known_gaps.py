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

import types
from unittest import mock

from oslotest import base
import testtools
from testtools import matchers

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin.tests.scenario import test_known_gaps

GAP = gaps.SWAP_AFTER_MIGRATION


class AssertHoldsTest(base.BaseTestCase):

    def run_with(self, known_gaps, body):
        """Run a test of a known gap, as if tempest.conf said so."""
        class Case(testtools.TestCase):
            assertHolds = test_known_gaps.KnownGapsTest.assertHolds

            def test(self):
                body(self)

        result = testtools.TestResult()
        with mock.patch.object(test_known_gaps, 'CONF', types.SimpleNamespace(
                multiattach=types.SimpleNamespace(known_gaps=known_gaps))):
            Case('test').run(result)
        return result

    def outcome(self, known_gaps, seen):
        return self.run_with(known_gaps, lambda case: case.assertHolds(
            GAP, seen, matchers.Equals('held')))

    def test_gap_is_an_expected_failure(self):
        result = self.outcome('expected', 'broken')
        self.assertEqual(1, len(result.expectedFailures))
        self.assertTrue(result.wasSuccessful())

    def test_mended_gap_fails_with_what_to_remove(self):
        result = self.outcome('expected', 'held')
        self.assertEqual(1, len(result.unexpectedSuccesses))
        self.assertFalse(result.wasSuccessful())
        self.assertIn('take it out of gaps.py', str(GAP))

    def test_enforced_gap_fails_with_its_words(self):
        result = self.outcome('enforced', 'broken')
        [(_, words)] = result.failures
        self.assertIn(GAP.happens, words)

    def test_enforced_gap_that_is_mended_passes(self):
        result = self.outcome('enforced', 'held')
        self.assertTrue(result.wasSuccessful())
        self.assertEqual([], result.unexpectedSuccesses)

    def test_error_on_the_way_is_no_expected_failure(self):
        result = self.run_with('expected', lambda case: case.assertHolds(
            GAP, 'broken', None))
        self.assertEqual([], result.expectedFailures)
        self.assertFalse(result.wasSuccessful())
