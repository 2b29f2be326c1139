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

import copy
import dataclasses

from oslotest import base

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import state
from tests.unit.plugin import samples


class UnchangedTest(base.BaseTestCase):

    def assertDiffers(self, expected, before, after):
        mismatch = matchers.Unchanged(before).match(after)
        self.assertEqual(expected, mismatch.describe())

    def test_same_answers_match(self):
        self.assertIsNone(
            matchers.Unchanged(samples.shared_state()).match(
                copy.deepcopy(samples.shared_state())))

    def test_only_the_field_that_differs_is_reported(self):
        after = samples.shared_state().with_volume(
            samples.VOLUME_ID, status='detaching')
        self.assertDiffers(
            f"volumes {samples.VOLUME_ID} status: 'in-use' before, "
            f"'detaching' after", samples.shared_state(), after)

    def test_lost_attachment_is_reported(self):
        before = samples.shared_state()
        attachments = dict(before.volumes[samples.VOLUME_ID].attachments)
        del attachments[samples.ATTACHMENT_2]
        after = before.with_volume(samples.VOLUME_ID, attachments=attachments)
        self.assertDiffers(
            f"volumes {samples.VOLUME_ID} attachments "
            f"{samples.ATTACHMENT_2}: {{'id': '{samples.ATTACHMENT_2}', "
            f"'server_id': '{samples.SERVER_2}', 'mode': 'rw', "
            f"'status': 'attached', 'device': '/dev/sdc'}} before, "
            f"absent after", before, after)

    def test_new_action_is_reported(self):
        before = samples.shared_state()
        after = dataclasses.replace(
            before, actions={
                samples.SERVER_1: {'req-3': 'swap_volume', **samples.ACTIONS}})
        self.assertDiffers(
            f"actions {samples.SERVER_1} req-3: absent before, "
            f"'swap_volume' after", before, after)

    def test_changed_detail_of_an_attachment_in_nova_is_reported(self):
        before = samples.shared_state()
        body = {**samples.nova_attachment(samples.SERVER_2,
                                          samples.ATTACHMENT_2),
                'delete_on_termination': True}
        after = dataclasses.replace(before, nova_attachments={
            **before.nova_attachments, samples.SERVER_2: {
                samples.VOLUME_ID: state.NovaAttachment.from_api(body)}})
        self.assertDiffers(
            f'nova_attachments {samples.SERVER_2} {samples.VOLUME_ID} '
            f'delete_on_termination: False before, True after',
            before, after)

    def test_temporary_volume_and_quota_are_reported(self):
        before = samples.shared_state()
        quota_set = {**samples.QUOTA_SET, 'volumes': {
            'limit': 10, 'in_use': 3, 'reserved': 0}}
        after = dataclasses.replace(
            before, quota_usage=state.quota_usage(quota_set),
            temporary_volumes={
                samples.VOLUME_ID: {samples.TEMPORARY: 'deleting'}})
        self.assertDiffers(
            f"temporary_volumes {samples.VOLUME_ID} {samples.TEMPORARY}: "
            f"absent before, 'deleting' after\n"
            f"quota_usage volumes in_use: 2 before, 3 after", before, after)


class AgreeingTest(base.BaseTestCase):

    def mismatch(self, volume_id=samples.VOLUME_ID, **changes):
        seen = dataclasses.replace(samples.shared_state(), **changes)
        return matchers.Agreeing(volume_id).match(seen)

    def test_same_attachments_agree(self):
        self.assertIsNone(self.mismatch())

    def test_attachment_that_nova_alone_has_is_reported(self):
        volume = samples.shared_state().volumes[samples.VOLUME_ID]
        del volume.attachments[samples.ATTACHMENT_2]
        self.assertEqual(
            f'only Nova: volume {samples.VOLUME_ID} on server '
            f'{samples.SERVER_2} by attachment {samples.ATTACHMENT_2}',
            self.mismatch(volumes={volume.id: volume}).describe())

    def test_attachment_that_cinder_alone_has_is_reported(self):
        attachments = samples.shared_state().nova_attachments
        del attachments[samples.SERVER_1][samples.VOLUME_ID]
        self.assertEqual(
            f'only Cinder: volume {samples.VOLUME_ID} on server '
            f'{samples.SERVER_1} by attachment {samples.ATTACHMENT_1}',
            self.mismatch(nova_attachments=attachments).describe())

    def test_other_volumes_of_the_servers_do_not_count(self):
        attachments = samples.shared_state().nova_attachments
        for server in attachments.values():
            server[samples.TEMPORARY] = server[samples.VOLUME_ID]
        self.assertIsNone(self.mismatch(nova_attachments=attachments))


class AttachmentsTest(base.BaseTestCase):

    both = (samples.SERVER_1, samples.SERVER_2)

    def attached(self, seen, servers=both):
        return matchers.AttachedTo(samples.VOLUME_ID, servers).match(seen)

    def detached(self, seen):
        return matchers.DetachedFrom(
            samples.VOLUME_ID, samples.SERVER_2).match(seen)

    def on_first_server(self, **changes):
        """Make the state after a proper detach from the second server."""
        seen = samples.shared_state()
        del seen.nova_attachments[samples.SERVER_2][samples.VOLUME_ID]
        del seen.volumes[samples.VOLUME_ID].attachments[samples.ATTACHMENT_2]
        return seen.with_volume(samples.VOLUME_ID, **changes)

    def test_volume_on_both_servers_is_attached(self):
        self.assertIsNone(self.attached(samples.shared_state()))
        self.assertIsNotNone(self.detached(samples.shared_state()))

    def test_server_without_the_volume_is_reported(self):
        self.assertIsNone(self.attached(self.on_first_server(), self.both[:1]))
        self.assertEqual(
            f'server {samples.SERVER_2} does not have volume '
            f'{samples.VOLUME_ID}',
            self.attached(self.on_first_server()).describe())

    def test_volume_off_one_of_two_servers_is_detached(self):
        self.assertIsNone(self.detached(self.on_first_server()))

    def test_status_that_contradicts_the_attachments_is_reported(self):
        for match, seen in (
                (self.detached, self.on_first_server(status='available')),
                (self.attached, samples.shared_state().with_volume(
                    samples.VOLUME_ID, status='available'))):
            self.assertRegex(match(seen).describe(),
                             'with [12] attachments is available')

    def test_unfinished_attachment_is_reported(self):
        seen = samples.shared_state().with_volume(
            samples.VOLUME_ID, attachments={
                samples.ATTACHMENT_1: dataclasses.replace(
                    samples.shared_state().volumes[samples.VOLUME_ID]
                    .attachments[samples.ATTACHMENT_1], status='attaching')})
        self.assertIn(f'attachment {samples.ATTACHMENT_1} of volume '
                      f'{samples.VOLUME_ID} is attaching',
                      self.attached(seen).describe())

    def test_attachment_of_one_service_alone_is_reported(self):
        seen = samples.shared_state()
        del seen.nova_attachments[samples.SERVER_2][samples.VOLUME_ID]
        self.assertEqual(
            f'only Cinder: volume {samples.VOLUME_ID} on server '
            f'{samples.SERVER_2} by attachment {samples.ATTACHMENT_2}',
            self.detached(seen).describe())
