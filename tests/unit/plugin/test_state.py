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

import dataclasses

from oslotest import base

from multiattach_tempest_plugin import state
from tests.unit.plugin import samples


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

    def test_metadata_of_drivers_is_left_out(self):
        volume = {**samples.VOLUME, 'metadata': {
            'owner': 'tests', 'array_name': 'array'}}
        self.assertEqual({'owner': 'tests'},
                         state.Volume.from_api(volume, []).metadata)

    def test_secrets_of_the_storage_are_not_kept(self):
        self.assertNotIn('not to be kept', str(samples.shared_state()))
        self.assertNotIn('not to be kept', repr(samples.shared_state()))


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

    def test_copy_that_was_forgotten_has_the_name_of_the_original(self):
        original, copy = samples.VOLUMES_DURING_MIGRATION
        other = {**copy, 'id': 'other', 'name': 'other',
                 'migration_status': None}
        self.assertEqual(
            {samples.TEMPORARY: 'reserved'}, state.temporary_volumes(
                [original, {**copy, 'migration_status': None}, other],
                samples.VOLUME_ID))

    def test_volume_described_as_its_own_source_is_not_temporary(self):
        volume = {**samples.VOLUMES_RIGHT_AFTER_MIGRATION[0],
                  'description': f'migration src for {samples.VOLUME_ID}'}
        self.assertEqual(
            {}, state.temporary_volumes([volume], samples.VOLUME_ID))

    def test_temporary_volume_of_another_migration_does_not_count(self):
        volumes = [*samples.VOLUMES_DURING_MIGRATION,
                   {**samples.VOLUMES_DURING_MIGRATION[0], 'id': 'other',
                    'name': 'other'}]
        self.assertEqual({}, state.temporary_volumes(volumes, 'other'))


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
        old = samples.shared_state().volumes[samples.VOLUME_ID]
        new = dataclasses.replace(old, volume_type='plain')
        usage = state.quota_usage(samples.QUOTA_SET)
        one, two = ({'in_use': number, 'reserved': 0} for number in (1, 2))
        self.assertEqual(
            {'volumes': two, 'gigabytes': two,
             'volumes_multiattach': one, 'gigabytes_multiattach': one,
             'volumes_plain': one, 'gigabytes_plain': one},
            state.counted(state.counted(usage, old, -1), new, 1))

    def test_type_without_volumes_does_not_count(self):
        volume = samples.shared_state().volumes[samples.VOLUME_ID]
        large = dataclasses.replace(volume, size=3)
        self.assertEqual({}, state.counted(
            state.counted({}, large, 1), large, -1))
