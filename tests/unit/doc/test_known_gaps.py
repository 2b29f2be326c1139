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

import formatting
import known_gaps
import testtools


class EvidenceTest(testtools.TestCase):

    def test_only_fields_that_differ_are_shown(self):
        [table] = known_gaps.evidence(
            "volumes 1: {'mode': 'ro', 'id': 'a|b'} before, "
            "{'mode': 'rw', 'id': 'a|b'} after\n"
            "volumes 1 status: 'available' before, 'detaching' after")
        self.assertEqual(formatting.table(
            ('Record', 'Before', 'After'),
            [('volumes 1', '| mode: ro', '| mode: rw'),
             ('volumes 1 status', '| available', '| detaching')]), table)

    def test_record_that_is_new_has_one_field_a_line(self):
        [table] = known_gaps.evidence(
            "volumes 1: absent before, {'mode': 'rw', 'tag': None} after")
        self.assertEqual(formatting.table(
            ('Record', 'Before', 'After'),
            [('volumes 1', '| absent', '| mode: rw\n| tag: None')]), table)

    def test_other_words_stand_alone(self):
        self.assertEqual(
            ['| no message\n| of volume 1'],
            known_gaps.evidence('no message\nof volume 1'))


class TestOfGapTest(testtools.TestCase):

    def test_whole_name_of_test(self):
        self.assertEqual(
            'multiattach_tempest_plugin.tests.scenario.test_known_gaps.'
            'KnownGapsTest.test_flag_after_failed_retype',
            known_gaps.test_of('FLAG_AFTER_FAILED_RETYPE'))

    def test_gap_without_test(self):
        self.assertIsNone(known_gaps.test_of('FLAG_AFTER_FAILED'))
