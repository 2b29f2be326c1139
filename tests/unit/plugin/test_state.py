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

from multiattach_tempest_plugin import state
from tests.unit.plugin import samples


ACTIONS = {'req-2': 'attach_volume', 'req-1': 'create'}


def shared_state():
    return state.State(
        volumes={samples.VOLUME_ID: state.Volume.from_api(
            samples.VOLUME, samples.ATTACHMENTS)},
        servers={samples.SERVER_1: state.Server.from_api(
            samples.SERVER)},
        actions={samples.SERVER_1: ACTIONS},
        nova_attachments={
            server: {samples.VOLUME_ID: state.NovaAttachment.from_api(
                samples.nova_attachment(server, attachment))}
            for server, attachment in (
                (samples.SERVER_1, samples.ATTACHMENT_1),
                (samples.SERVER_2, samples.ATTACHMENT_2))},
        temporary_volumes={samples.VOLUME_ID: {}},
        quota_usage=state.quota_usage(samples.QUOTA_SET))


class VolumeTest(base.BaseTestCase):

    def test_attachment_has_the_device_of_the_volume_view(self):
        volume = state.Volume.from_api(samples.VOLUME, samples.ATTACHMENTS)
        self.assertEqual(
            state.CinderAttachment(
                id=samples.ATTACHMENT_2, server_id=samples.SERVER_2,
                mode='rw', status='attached', device='/dev/sdc'),
            volume.attachments[samples.ATTACHMENT_2])

    def test_reserved_attachment_is_seen_without_device(self):
        reserved = samples.cinder_attachment(
            samples.RESERVED, samples.SERVER_2, status='reserved', mode=None)
        volume = state.Volume.from_api(
            samples.VOLUME, [*samples.ATTACHMENTS, reserved])
        self.assertEqual(
            state.CinderAttachment(
                id=samples.RESERVED, server_id=samples.SERVER_2, mode=None,
                status='reserved', device=None),
            volume.attachments[samples.RESERVED])

    def test_secrets_of_the_storage_are_not_kept(self):
        self.assertNotIn('not to be kept', str(shared_state()))
        self.assertNotIn('not to be kept', repr(shared_state()))


class ServerTest(base.BaseTestCase):

    def test_fault_of_a_server_is_its_message(self):
        body = {**samples.SERVER, 'status': 'ERROR', 'fault': {
            'code': 500, 'message': 'No valid host was found.',
            'created': '2026-11-23T11:40:15Z'}}
        server = state.Server.from_api(body)
        self.assertEqual('No valid host was found.', server.fault)


class TemporaryVolumesTest(base.BaseTestCase):

    def test_target_of_a_migration_is_temporary(self):
        self.assertEqual(
            {samples.TEMPORARY: 'reserved'},
            state.temporary_volumes(samples.VOLUMES_DURING_MIGRATION,
                                    samples.VOLUME_ID))

    def test_source_of_a_migration_is_temporary_until_deleted(self):
        self.assertEqual(
            {samples.TEMPORARY: 'deleting'},
            state.temporary_volumes(samples.VOLUMES_RIGHT_AFTER_MIGRATION,
                                    samples.VOLUME_ID))

    def test_temporary_volume_of_another_migration_does_not_count(self):
        self.assertEqual(
            {}, state.temporary_volumes(samples.VOLUMES_DURING_MIGRATION,
                                        samples.TEMPORARY))


class QuotaUsageTest(base.BaseTestCase):

    def test_only_volumes_and_types_in_use_count(self):
        used = {'in_use': 2, 'reserved': 0}
        self.assertEqual(
            {'volumes': used, 'gigabytes': used,
             'volumes_multiattach': used, 'gigabytes_multiattach': used},
            state.quota_usage(samples.QUOTA_SET))

    def test_reserved_volume_of_a_type_counts(self):
        quota_set = {**samples.QUOTA_SET, 'volumes_plain': {
            'limit': -1, 'in_use': 0, 'reserved': 1}}
        self.assertEqual({'in_use': 0, 'reserved': 1},
                         state.quota_usage(quota_set)['volumes_plain'])

    def test_volume_that_changes_its_type_counts_for_the_new_one(self):
        old = shared_state().volumes[samples.VOLUME_ID]
        new = dataclasses.replace(old, volume_type='plain')
        usage = state.quota_usage(samples.QUOTA_SET)
        one, two = ({'in_use': number, 'reserved': 0} for number in (1, 2))
        self.assertEqual(
            {'volumes': two, 'gigabytes': two,
             'volumes_multiattach': one, 'gigabytes_multiattach': one,
             'volumes_plain': one, 'gigabytes_plain': one},
            state.counted(state.counted(usage, old, -1), new, 1))

    def test_type_without_volumes_does_not_count(self):
        volume = shared_state().volumes[samples.VOLUME_ID]
        large = dataclasses.replace(volume, size=3)
        self.assertEqual({}, state.counted(
            state.counted({}, large, 1), large, -1))


class UnchangedTest(base.BaseTestCase):

    def assertDiffers(self, expected, before, after):
        mismatch = state.Unchanged(before).match(after)
        self.assertEqual(expected, mismatch.describe())

    def test_same_answers_match(self):
        self.assertIsNone(
            state.Unchanged(shared_state()).match(
                copy.deepcopy(shared_state())))

    def test_only_the_field_that_differs_is_told(self):
        after = shared_state().with_volume(samples.VOLUME_ID,
                                           status='detaching')
        self.assertDiffers(
            f"volumes {samples.VOLUME_ID} status: 'in-use' before, "
            f"'detaching' after", shared_state(), after)

    def test_lost_attachment_is_told(self):
        before = shared_state()
        attachments = dict(before.volumes[samples.VOLUME_ID].attachments)
        del attachments[samples.ATTACHMENT_2]
        after = before.with_volume(samples.VOLUME_ID, attachments=attachments)
        self.assertDiffers(
            f"volumes {samples.VOLUME_ID} attachments "
            f"{samples.ATTACHMENT_2}: {{'id': '{samples.ATTACHMENT_2}', "
            f"'server_id': '{samples.SERVER_2}', 'mode': 'rw', "
            f"'status': 'attached', 'device': '/dev/sdc'}} before, "
            f"absent after", before, after)

    def test_new_action_is_told(self):
        before = shared_state()
        after = dataclasses.replace(
            before, actions={
                samples.SERVER_1: {'req-3': 'swap_volume', **ACTIONS}})
        self.assertDiffers(
            f"actions {samples.SERVER_1} req-3: absent before, "
            f"'swap_volume' after", before, after)

    def test_changed_detail_of_an_attachment_in_nova_is_told(self):
        before = shared_state()
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

    def test_temporary_volume_and_quota_are_told(self):
        before = shared_state()
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
        seen = dataclasses.replace(shared_state(), **changes)
        return state.Agreeing(volume_id).match(seen)

    def test_same_attachments_agree(self):
        self.assertIsNone(self.mismatch())

    def test_attachment_that_nova_alone_has_is_told(self):
        volume = shared_state().volumes[samples.VOLUME_ID]
        del volume.attachments[samples.ATTACHMENT_2]
        self.assertEqual(
            f'only Nova: volume {samples.VOLUME_ID} on server '
            f'{samples.SERVER_2} by attachment {samples.ATTACHMENT_2}',
            self.mismatch(volumes={volume.id: volume}).describe())

    def test_attachment_that_cinder_alone_has_is_told(self):
        attachments = shared_state().nova_attachments
        del attachments[samples.SERVER_1][samples.VOLUME_ID]
        self.assertEqual(
            f'only Cinder: volume {samples.VOLUME_ID} on server '
            f'{samples.SERVER_1} by attachment {samples.ATTACHMENT_1}',
            self.mismatch(nova_attachments=attachments).describe())

    def test_other_volumes_of_the_servers_do_not_count(self):
        attachments = shared_state().nova_attachments
        for server in attachments.values():
            server[samples.TEMPORARY] = server[samples.VOLUME_ID]
        self.assertIsNone(self.mismatch(nova_attachments=attachments))
