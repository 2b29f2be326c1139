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

import losses
import testtools

WORDS = ("MismatchError: [] != ['server <id-1> misses 3 of 4 acknowledged "
         "writes of server <id-2>, the blocks 3 to 7', 'server <id-2> misses "
         "2 of 5 acknowledged writes of server <id-1>, the blocks 6 to 8']")


class LossesTest(testtools.TestCase):

    def test_each_loss_is_found_in_the_words_of_a_test(self):
        self.assertEqual([(1, 2, 3, 4, 3, 7), (2, 1, 2, 5, 6, 8)],
                         losses.losses_in(WORDS))

    def test_first_server_is_the_one_with_the_even_blocks(self):
        """It is the one that is swapped, in whatever order words name it."""
        first, second = losses.losses_in(WORDS)
        self.assertEqual([second, first], losses.losses_in(
            '\n'.join(reversed(WORDS.split("', '")))))

    def test_words_that_were_broken_are_joined(self):
        broken = WORDS.replace('acknowledged ', "acknowledged ' '")
        self.assertEqual(losses.losses_in(WORDS), losses.losses_in(broken))

    def test_other_failures_are_no_loss(self):
        self.assertEqual([], losses.losses_in('[] != [1, 2]'))

    def test_picture_says_what_it_shows(self):
        drawn = losses.picture(losses.losses_in(WORDS))
        self.assertIn('server 1 misses 3 of 4 acknowledged writes of '
                      'server 2', drawn)
        self.assertEqual(2, drawn.count('missing</text>'))
        self.assertEqual(4, drawn.count('writes of server')
                         - drawn.count('acknowledged writes of server'))
