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

import itertools

from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin import waiters
from tests.unit.plugin import samples


def volume(status='in-use', attachments=samples.ATTACHMENTS):
    return state.Volume.from_api({**samples.VOLUME, 'status': status},
                                 attachments)


def server(uuid, attachment, has_volume=True):
    body, actions, attachments = samples.server(uuid, attachment, '/dev/vdb')
    return state.Server.from_api(body, actions,
                                 attachments if has_volume else [])


SERVER_1 = server(samples.SERVER_1, samples.ATTACHMENT_1)
SERVER_2 = server(samples.SERVER_2, samples.ATTACHMENT_2)


class WaitUntilTest(base.BaseTestCase):

    def wait(self, seen, timeout=5, interval=0.01,
             reached='in-use', hopeless=lambda status: None):
        looks = iter(seen)
        self.looks = 0

        def look():
            self.looks += 1
            return next(looks)

        return waiters.wait_until(
            'the volume', look, lambda status: status == reached, hopeless,
            timeout=timeout, interval=interval)

    def test_ends_at_the_first_look_that_shows_it(self):
        self.assertEqual(
            'in-use', self.wait(['reserved', 'attaching', 'in-use']))
        self.assertEqual(3, self.looks)

    def test_gives_up_at_once_and_tells_what_it_saw(self):
        error = self.assertRaises(
            waiters.WaitEnded, self.wait,
            ['attaching', 'error_attaching', 'in-use'],
            hopeless=lambda status: ('it failed' if 'error' in status
                                     else None))
        self.assertIn('Waited for the volume: it failed. Seen last:\n'
                      'error_attaching', str(error))
        self.assertEqual(2, self.looks)

    def test_time_out_tells_what_it_saw_last(self):
        error = self.assertRaises(
            lib_exc.TimeoutException, self.wait,
            ['in-use'] + 100 * ['detaching'], timeout=0.05,
            reached='available')
        self.assertIn('Waited 0.05 s for the volume. Seen last:\ndetaching',
                      str(error))

    def test_looks_once_more_when_the_time_is_over(self):
        self.assertEqual('available', self.wait(
            ['detaching', 'available'], timeout=0.05, interval=10,
            reached='available'))

    def test_pauses_grow_up_to_the_interval(self):
        self.assertEqual(
            [0.2, 0.3, 0.45, 0.5, 0.5],
            [round(pause, 3) for pause in
             itertools.islice(waiters.pauses(0.5), 5)])

    def test_pauses_are_never_longer_than_the_interval(self):
        self.assertEqual(0.1, next(waiters.pauses(0.1)))


class RecordsTest(base.BaseTestCase):

    def test_attached_where_both_services_agree(self):
        self.assertTrue(waiters.is_attached(volume(), [SERVER_1, SERVER_2]))

    def test_not_attached_while_the_attachment_is_reserved(self):
        reserved = [samples.ATTACHMENTS[0], samples.cinder_attachment(
            samples.ATTACHMENT_2, samples.SERVER_2, status='reserved')]
        self.assertFalse(waiters.is_attached(
            volume(attachments=reserved), [SERVER_1, SERVER_2]))

    def test_not_attached_while_nova_has_another_attachment(self):
        moved = server(samples.SERVER_2, samples.RESERVED)
        self.assertFalse(waiters.is_attached(volume(), [SERVER_1, moved]))

    def test_not_attached_where_a_server_is_left_out(self):
        self.assertFalse(waiters.is_attached(volume(), [SERVER_1]))

    def test_not_attached_where_nova_lists_no_volume(self):
        bare = server(samples.SERVER_2, samples.ATTACHMENT_2,
                      has_volume=False)
        self.assertFalse(waiters.is_attached(volume(), [SERVER_1, bare]))

    def test_not_attached_while_the_status_is_on_its_way(self):
        self.assertFalse(waiters.is_attached(
            volume('attaching'), [SERVER_1, SERVER_2]))

    def test_detached_from_one_server_leaves_the_volume_in_use(self):
        bare = server(samples.SERVER_2, samples.ATTACHMENT_2,
                      has_volume=False)
        left = samples.ATTACHMENTS[:1]
        self.assertTrue(waiters.is_detached(
            volume(attachments=left), bare))
        self.assertFalse(waiters.is_detached(
            volume('detaching', attachments=left), bare))

    def test_detached_from_the_last_server_leaves_it_available(self):
        bare = server(samples.SERVER_1, samples.ATTACHMENT_1,
                      has_volume=False)
        self.assertTrue(waiters.is_detached(
            volume('available', attachments=[]), bare))
        self.assertFalse(waiters.is_detached(volume(attachments=[]), bare))

    def test_not_detached_while_one_service_has_the_attachment(self):
        bare = server(samples.SERVER_2, samples.ATTACHMENT_2,
                      has_volume=False)
        self.assertFalse(waiters.is_detached(volume(), bare))
        self.assertFalse(waiters.is_detached(
            volume(attachments=samples.ATTACHMENTS[:1]), SERVER_2))

    def test_not_settled_with_a_temporary_volume(self):
        seen = state.State(
            volumes={samples.VOLUME_ID: volume()}, servers={},
            temporary_volumes={samples.VOLUME_ID: {}})
        self.assertTrue(waiters.is_settled(seen, samples.VOLUME_ID))
        for changed in (
                state.State(seen.volumes, {}, {
                    samples.VOLUME_ID: {samples.TEMPORARY: 'deleting'}}),
                seen.with_volume(samples.VOLUME_ID,
                                 migration_status='completing'),
                seen.with_volume(samples.VOLUME_ID, status='retyping')):
            self.assertFalse(waiters.is_settled(changed, samples.VOLUME_ID))

    def test_error_of_a_volume_an_attachment_or_a_server_is_found(self):
        healthy = state.State(
            volumes={samples.VOLUME_ID: volume()},
            servers={samples.SERVER_1: SERVER_1})
        self.assertIsNone(waiters.error_in(healthy))
        self.assertEqual(
            f'volume {samples.VOLUME_ID} is in status error_extending',
            waiters.error_in(healthy.with_volume(
                samples.VOLUME_ID, status='error_extending')))
        broken = [samples.cinder_attachment(
            samples.ATTACHMENT_1, samples.SERVER_1, status='error_attaching')]
        self.assertEqual(
            f'attachment {samples.ATTACHMENT_1} is in status '
            f'error_attaching',
            waiters.error_in(state.State(
                {samples.VOLUME_ID: volume(attachments=broken)}, {})))
        self.assertEqual(
            f'server {samples.SERVER_1} is in status ERROR: lost',
            waiters.error_in(healthy.with_server(
                samples.SERVER_1, status='ERROR', fault='lost')))
