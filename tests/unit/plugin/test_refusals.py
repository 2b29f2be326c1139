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

from oslotest import base

from multiattach_tempest_plugin import refusals
from tests.unit.plugin import samples

# What released services answered, by the value of [multiattach] direct_swap
# that such a cloud has.
NOVA_29_4 = ('refused', 409,
             'volume 5d6a8a3c is not migrating this api should only be '
             'called by Cinder')
NOVA_32 = ('refused', 409,
           'volume 5d6a8a3c is not migrating; this API should only be called '
           'by Cinder')
NOVA_RULE = 'Swapping multi-attach volumes with more than one read/write ' \
    'attachment is not supported.'
CINDER_FLAG = 'Invalid input received: Invalid volume_type passed, retypes ' \
    'affecting multiattach are only allowed on available volumes, the ' \
    'specified volume however currently has a status of: in-use.'
NOVA_SHUTOFF = "Cannot 'swap_volume' instance 0f5c1b1e while it is in " \
    'vm_state stopped'
NOVA_DETACHING = 'Invalid volume: Invalid input received: Invalid volume: ' \
    "Unable to detach volume. Volume status must be 'in-use' and " \
    "attach_status must be 'attached' to detach."


class RefusalsTest(base.BaseTestCase):

    def assertAnswered(self, refusal, direct_swap, status, text):
        self.assertIsNone(
            refusal.answer_of(direct_swap).mismatch(status, text))

    def assertNotAnswered(self, refusal, direct_swap, status, text):
        self.assertIsNotNone(
            refusal.answer_of(direct_swap).mismatch(status, text))

    def test_swap_of_shared_volume_is_answered_by_era(self):
        for direct_swap, status, text in (
                NOVA_29_4, NOVA_32, ('allowed', 400, NOVA_RULE)):
            self.assertAnswered(refusals.SWAP_SHARED_VOLUME, direct_swap,
                                status, text)

    def test_answer_of_one_era_is_wrong_in_the_other(self):
        refusal = refusals.SWAP_SHARED_VOLUME
        self.assertNotAnswered(refusal, 'allowed', *NOVA_32[1:])
        self.assertNotAnswered(refusal, 'refused', 400, NOVA_RULE)

    def test_other_refusals_of_nova_do_not_count(self):
        for direct_swap, status, text in (
                ('refused', 409, NOVA_SHUTOFF),
                ('allowed', 400, NOVA_DETACHING)):
            self.assertNotAnswered(refusals.SWAP_SHARED_VOLUME, direct_swap,
                                   status, text)

    def test_migration_status_gets_one_answer_in_both_eras(self):
        refusal = refusals.SWAP_SHARED_VOLUME.with_migration_status()
        for direct_swap in ('refused', 'allowed'):
            self.assertAnswered(refusal, direct_swap, 400, NOVA_RULE)
            self.assertNotAnswered(refusal, direct_swap, *NOVA_32[1:])

    def test_migration_status_changes_no_answer_that_all_clouds_give(self):
        refusal = refusals.SWAP_WITHOUT_ROLE.with_migration_status()
        self.assertEqual(refusals.SWAP_WITHOUT_ROLE.answer, refusal.answer)
        self.assertEqual(f'{refusals.SWAP_WITHOUT_ROLE.request}, with a '
                         f'migration status', refusal.request)

    def test_each_swap_has_its_words_past_the_check_for_cinder(self):
        for refusal, status, text in (
                (refusals.SWAP_TO_UNKNOWN_VOLUME, 400,
                 f'Volume {samples.VOLUME_ID} could not be found.'),
                (refusals.SWAP_TO_ATTACHED_VOLUME, 400,
                 'Invalid volume: New volume must be detached in order to '
                 'swap.'),
                (refusals.SWAP_TO_SMALLER_VOLUME, 400,
                 'Invalid volume: New volume must be the same size or '
                 'larger.'),
                (refusals.SWAP_ON_OTHER_SERVER, 400,
                 'Invalid volume: Old volume is attached to a different '
                 'instance.'),
                (refusals.SWAP_ON_STOPPED_SERVER, 409, NOVA_SHUTOFF)):
            self.assertAnswered(refusal, 'refused', *NOVA_32[1:])
            self.assertAnswered(refusal, 'allowed', status, text)
            self.assertAnswered(refusal.with_migration_status(), 'refused',
                                status, text)
            self.assertNotAnswered(refusal, 'allowed', 400, NOVA_DETACHING)

    def test_flag_in_use_is_answered(self):
        for refusal in (refusals.UNFLAG_IN_USE, refusals.REFLAG_IN_USE):
            self.assertAnswered(refusal, 'refused', 400, CINDER_FLAG)
            self.assertNotAnswered(
                refusal, 'refused', 400,
                CINDER_FLAG.replace('in-use', 'error'))

    def test_second_server_is_answered(self):
        self.assertAnswered(
            refusals.ATTACH_PLAIN_VOLUME_TWICE, 'refused', 400,
            'Invalid volume: volume 5d6a8a3c is already attached to '
            'instances: 0f5c1b1e')
        self.assertNotAnswered(
            refusals.ATTACH_PLAIN_VOLUME_TWICE, 'refused', 400,
            'Invalid volume: volume 5d6a8a3c already attached')

    def test_volume_type_that_is_not_found_is_no_volume(self):
        words = f'{samples.VOLUME_ID} could not be found.'
        self.assertAnswered(refusals.VOLUME_OF_OTHER_PROJECT, 'refused', 404,
                            f'Volume {words}')
        self.assertNotAnswered(refusals.VOLUME_OF_OTHER_PROJECT, 'refused',
                               404, f'Volume type {words}')

    def test_mismatch_tells_what_was_expected_and_what_came(self):
        self.assertEqual(
            'expected 409 with "is not migrating" and "only be called by '
            'Cinder", got 409 "' + NOVA_SHUTOFF + '"',
            refusals.SWAP_SHARED_VOLUME.answer_of('refused').mismatch(
                409, NOVA_SHUTOFF))

    def test_mismatch_tells_of_the_wrong_setting(self):
        refusal = refusals.SWAP_SHARED_VOLUME
        hint = 'Set [multiattach] direct_swap = '
        self.assertIn(f'{hint}refused?',
                      refusal.mismatch('allowed', *NOVA_32[1:]))
        self.assertIn(f'{hint}allowed?',
                      refusal.mismatch('refused', 400, NOVA_RULE))
        self.assertNotIn(hint, refusal.mismatch('allowed', 409, NOVA_SHUTOFF))
        self.assertIsNone(refusal.mismatch('allowed', 400, NOVA_RULE))

    def test_each_row_is_complete(self):
        rows = refusals.rows()
        self.assertIn('UNFLAG_IN_USE', dict(rows))
        for name, row in rows:
            self.assertRegex(row.request, '^(Nova|Cinder): [a-z]', name)
            self.assertRegex(row.reason, r'^[A-Z].*\.$', name)
            self.assertNotEqual('', row.source, name)
            for answer in {row.answer_of('refused'),
                           row.answer_of('allowed')}:
                self.assertIn(answer.status, range(400, 500), name)
                self.assertNotEqual((), answer.words, name)
                self.assertNotIn('', answer.words, name)
