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

import logging
import types
from unittest import mock

import fixtures
from oslotest import base
import testtools
from testtools import matchers

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin.tests.scenario import test_known_gaps

GAP = gaps.READONLY_SWITCHED_OFF


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
            GAP, seen, matchers.Equals('rw')))

    def test_gap_is_an_expected_failure(self):
        result = self.outcome('expected', 'ro')
        self.assertEqual(1, len(result.expectedFailures))
        self.assertTrue(result.wasSuccessful())

    def test_fixed_gap_fails_with_what_to_remove(self):
        result = self.outcome('expected', 'rw')
        self.assertEqual(1, len(result.unexpectedSuccesses))
        self.assertFalse(result.wasSuccessful())
        self.assertIn('remove it from gaps.py', str(GAP))

    def test_enforced_gap_fails_with_its_words(self):
        result = self.outcome('enforced', 'ro')
        [(_, words)] = result.failures
        self.assertIn(GAP.happens, words)

    def test_enforced_gap_that_is_fixed_passes(self):
        result = self.outcome('enforced', 'rw')
        self.assertTrue(result.wasSuccessful())
        self.assertEqual([], result.unexpectedSuccesses)

    def test_tolerated_gap_is_skipped_with_what_would_enforce_it(self):
        result = self.outcome('tolerated', 'ro')
        [reason] = result.skip_reasons
        self.assertIn(GAP.happens, reason)
        self.assertIn('[multiattach] known_gaps = enforced', reason)

    def test_tolerated_gap_that_is_fixed_passes_and_is_logged(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.WARNING))
        result = self.outcome('tolerated', 'rw')
        self.assertTrue(result.wasSuccessful())
        self.assertEqual({}, result.skip_reasons)
        self.assertIn('does not have a gap any more', log.output)

    def test_other_difference_is_a_failure_in_each_mode(self):
        for known_gaps in ('tolerated', 'expected', 'enforced'):
            result = self.outcome(known_gaps, 'broken')
            self.assertEqual(1, len(result.failures), known_gaps)

    def test_error_on_the_way_is_no_expected_failure(self):
        result = self.run_with('expected', lambda case: case.assertHolds(
            GAP, 'ro', None))
        self.assertEqual([], result.expectedFailures)
        self.assertFalse(result.wasSuccessful())


class ExplainsTest(base.BaseTestCase):

    swap = [
        "volumes 1 status: 'in-use' before, 'available' after",
        'volumes 1 attachments 3: {} before, absent after',
        "volumes 2 status: 'available' before, 'in-use' after",
        'volumes 2 attachments 4: absent before, {} after',
        "actions 5 req-6: absent before, 'swap_volume' after",
        'nova_attachments 5 1: {} before, absent after',
        'nova_attachments 5 2: absent before, {} after']

    def explains(self, gap, lines):
        return gap.explains('\n'.join(lines))

    def test_each_line_has_to_be_of_the_gap(self):
        self.assertTrue(self.explains(gaps.SWAP_AFTER_MIGRATION, self.swap))
        self.assertFalse(self.explains(gaps.SWAP_AFTER_MIGRATION, [
            *self.swap, 'quota_usage volumes in_use: 2 before, 3 after']))
        self.assertFalse(self.explains(
            gaps.REFUSED_SWAP_CHANGES_ATTACHMENT, self.swap))

    def test_part_of_a_swap_is_another_one(self):
        """One that loses both volumes is, above all."""
        for line in self.swap:
            self.assertFalse(self.explains(
                gaps.SWAP_AFTER_MIGRATION,
                [each for each in self.swap if each != line]), line)

    def test_swap_that_was_put_back_is_the_gap(self):
        """It was accepted: what then failed is the hypervisor."""
        self.assertTrue(self.explains(gaps.SWAP_AFTER_MIGRATION, [
            line for line in self.swap if line.startswith('actions')]))

    def test_losses_explain_without_records(self):
        loss = ('server 5 misses 2 of 9 acknowledged writes of server 7, the '
                'blocks 1 to 8; the move began at its block 0 and ended at '
                'its block 9')
        self.assertTrue(self.explains(gaps.SWAP_WITH_SHELVED_SERVER, [loss]))
        self.assertFalse(self.explains(gaps.SWAP_AFTER_MIGRATION, [loss]))

    def test_no_gap_explains_another_status(self):
        for name, gap in gaps.rows():
            self.assertFalse(gap.explains(
                "volumes 1 status: 'in-use' before, 'error' after"), name)
