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

import pathlib

import fixtures
from oslotest import base

from multiattach_lab import outcomes
from multiattach_lab import scoreboard

CAUGHT = 'tag_lost_in_migration'
OTHERWISE = 'metadata_lost_in_migration'
MISSED = 'clone_loses_multiattach_flag'
UNSEEN = 'old_attachment_kept_after_migration'
TEST = 'multiattach_tempest_plugin.tests.scenario.test_flow.F.test_flow'
ROWS = {row.fault: row for row in (
    scoreboard.Row(CAUGHT, {TEST: "tag: 'one' before, None after"}, 'green'),
    scoreboard.Row(OTHERWISE, {TEST: 'got "409" – no'}, ''),
    scoreboard.Row(MISSED, {}, 'green'),
    scoreboard.Row(UNSEEN, {}, 'green'))}


class SummaryTest(base.BaseTestCase):

    def test_what_was_not_caught_as_expected_is_named(self):
        """The share is of the faults that can be seen at all."""
        self.assertEqual(
            '1 of 3 faults caught as expected (33%); '
            f'caught for another reason: {OTHERWISE}; '
            f'missed: {MISSED}; unseen: {UNSEEN}.',
            scoreboard.summary(ROWS.values()))

    def test_nothing_to_name(self):
        """A drill without blemish says no more than that."""
        self.assertEqual('1 of 1 faults caught as expected (100%).',
                         scoreboard.summary([ROWS[CAUGHT]]))
        self.assertEqual(
            f'0 of 0 faults caught as expected; unseen: {UNSEEN}.',
            scoreboard.summary([ROWS[UNSEEN]]))


class ResultsTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = folder / 'drill' / '2026.2.json'

    def test_results_are_read_as_they_were_written(self):
        """A drill that is resumed knows what an earlier one found."""
        board = scoreboard.Scoreboard(outcomes.Outcomes(
            ['a', 'b'], {'c': 'Set [d] e to f.'}, {}, {'g': 'no'}), ROWS)
        scoreboard.write(self.path, board)
        self.assertEqual(board, scoreboard.read(self.path))

    def test_results_say_the_same_whatever_the_ids(self):
        """Results that are renewed differ where what was found differs."""
        texts = []
        for digit in '12':
            words = (f'volume {digit * 8}-1111-4111-8111-{digit * 12} of '
                     f'tempest-F-{digit * 9} at 2026-0{digit}-11T00:00:00.5')
            scoreboard.write(self.path, scoreboard.Scoreboard(
                rows={CAUGHT: scoreboard.Row(CAUGHT, {TEST: words}, '')}))
            texts.append(self.path.read_text())
        self.assertEqual(*texts)
        self.assertIn('volume <id-1> of tempest-F-<unique> at <unique>',
                      texts[0])

    def test_faults_that_are_gone_are_left_out(self):
        """A fault that was renamed leaves no row behind."""
        scoreboard.write(self.path, scoreboard.Scoreboard(rows={
            'old_name': scoreboard.Row('old_name', {}, ''), **ROWS}))
        self.assertEqual(ROWS, scoreboard.read(self.path).rows)

    def test_no_results_yet(self):
        """The first drill of all begins with nothing."""
        self.assertEqual(scoreboard.Scoreboard(), scoreboard.read(self.path))
