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

import re

import losses
import testtools

LOSSES = (
    'server <id-1> misses 3 of 4 acknowledged writes of server <id-2>, the '
    'blocks 3 to 7; the move began at its block 3 and ended at its block 5',
    'server <id-2> misses 2 of 5 acknowledged writes of server <id-1>, the '
    'blocks 6 to 8; the move began at its block 4 and ended at its block 6')
WORDS = ' '.join(LOSSES) + (
    ': Nova and Cinder agree: server <id-1> has volume <id-4>, which is '
    'in-use, server <id-2> has volume <id-3>, which is in-use')
FIRST = losses.Loss(1, 2, 3, 4, 3, 7, 3, 5)
SECOND = losses.Loss(2, 1, 2, 5, 6, 8, 4, 6)


class LossesTest(testtools.TestCase):

    def test_each_loss_is_found_in_the_words_of_a_test(self):
        self.assertEqual([FIRST, SECOND], losses.losses_in(WORDS))

    def test_first_server_is_the_one_with_the_even_blocks(self):
        """It is the one that is swapped, in whatever order words name it."""
        self.assertEqual([SECOND, FIRST],
                         losses.losses_in(' '.join(reversed(LOSSES))))

    def test_words_that_were_broken_are_joined(self):
        broken = WORDS.replace('acknowledged ', "acknowledged ' '")
        self.assertEqual([FIRST, SECOND], losses.losses_in(broken))

    def test_other_failures_are_no_loss(self):
        self.assertEqual([], losses.losses_in('[] != [1, 2]'))

    def test_services_are_quoted_with_names_for_ids(self):
        self.assertEqual(
            'Nova and Cinder agree: server 1 has volume A, which is in-use, '
            'server 2 has volume B, which is in-use.',
            losses.agreement_in(WORDS))
        self.assertEqual('', losses.agreement_in(' '.join(LOSSES)))

    def test_block_is_placed_in_its_phase(self):
        """The second server wrote 1, the move began, 3, it ended, 5, 7."""
        self.assertEqual(
            [1 / 3, 1, 2, 2 + 2 / 3, 3],
            [FIRST.place(block) for block in (1, 3, 5, 7, 8)])

    def test_phase_without_writes_has_no_width(self):
        self.assertEqual(2, losses.Loss(1, 2, 3, 4, 3, 7, 3, 3).place(3))

    def test_picture_says_what_it_shows(self):
        drawn = losses.picture([FIRST, SECOND])
        self.assertIn('server 1 misses 3 of 4 acknowledged writes of '
                      'server 2', drawn)
        self.assertEqual(2, drawn.count('missing</text>'))
        for phase in ('before', 'Nova swaps it', 'afterwards'):
            self.assertEqual(1, drawn.count(f'>{phase}</text>'))
        self.assertEqual(4, drawn.count('writes of server')
                         - drawn.count('acknowledged writes of server'))

    def test_words_about_a_short_loss_stay_on_the_lane(self):
        """Left of it is the name of the lane, and white on white."""
        begins = [float(place) for place in re.findall(
            r'<text x="([\d.]+)" y="\d+" fill="#fff">', losses.picture(
                [losses.Loss(2, 1, 1, 90, 2, 2, 60, 120)]))]
        self.assertEqual([176.0], begins)
