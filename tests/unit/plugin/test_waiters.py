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
import itertools

from oslotest import base

from multiattach_tempest_plugin import state
from multiattach_tempest_plugin import waiters
from tests.unit.plugin import samples


BOTH = {samples.SERVER_1: samples.ATTACHMENT_1,
        samples.SERVER_2: samples.ATTACHMENT_2}


def seen(nova, cinder=samples.ATTACHMENTS, status='in-use'):
    """Make a state.

    :param nova: dict of server to the id of its attachment, or None
    :param cinder: attachments of the volume in Cinder
    :param status: status of the volume
    """
    return state.State(
        volumes={samples.VOLUME_ID: state.Volume.from_api(
            {**samples.VOLUME, 'status': status}, cinder)},
        nova_attachments={
            server: {samples.VOLUME_ID: state.NovaAttachment.from_api(
                samples.nova_attachment(server, attachment))}
            if attachment else {}
            for server, attachment in nova.items()},
        temporary_volumes={samples.VOLUME_ID: {}})


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
        self.assertEqual('Waited for the volume: it failed. Seen last:\n'
                         'error_attaching', str(error))
        self.assertEqual(2, self.looks)

    def test_time_out_tells_what_it_saw_last(self):
        error = self.assertRaises(
            waiters.WaitTimedOut, self.wait,
            ['in-use'] + 100 * ['detaching'], timeout=0.05,
            reached='available')
        self.assertEqual(
            'Waited 0.05 s for the volume. Seen last:\ndetaching',
            str(error))

    def test_looks_once_more_when_the_time_is_over(self):
        self.assertEqual('available', self.wait(
            ['detaching', 'available'], timeout=0.05, interval=10,
            reached='available'))

    def test_pauses_grow_up_to_the_interval(self):
        self.assertEqual(
            [0.5, 0.75, 1, 1], list(itertools.islice(waiters.pauses(1), 4)))

    def test_pauses_are_never_longer_than_the_interval(self):
        self.assertEqual(0.1, next(waiters.pauses(0.1)))


class AttachedTest(base.BaseTestCase):

    def assertAttached(self, expected, *args, **kwargs):
        self.assertEqual(expected, waiters.is_attached(
            seen(*args, **kwargs), samples.VOLUME_ID))

    def test_both_services_agree(self):
        self.assertAttached(True, BOTH)

    def test_not_while_the_attachment_is_reserved(self):
        reserved = [samples.ATTACHMENTS[0], samples.cinder_attachment(
            samples.ATTACHMENT_2, samples.SERVER_2, status='reserved')]
        self.assertAttached(False, BOTH, cinder=reserved)

    def test_not_while_nova_has_the_attachment_from_before_a_move(self):
        self.assertAttached(
            False, {**BOTH, samples.SERVER_2: samples.RESERVED})

    def test_not_where_cinder_has_one_more_server(self):
        self.assertAttached(False, {samples.SERVER_1: samples.ATTACHMENT_1})

    def test_not_where_nova_lists_no_volume(self):
        self.assertAttached(False, {**BOTH, samples.SERVER_2: None})

    def test_not_where_neither_lists_the_server(self):
        self.assertAttached(False, {**BOTH, samples.SERVER_2: None},
                            cinder=samples.ATTACHMENTS[:1])

    def test_not_while_the_status_is_on_its_way(self):
        self.assertAttached(False, BOTH, status='attaching')


class DetachedTest(base.BaseTestCase):

    left = samples.ATTACHMENTS[:1]
    bare = {samples.SERVER_2: None}

    def assertDetached(self, expected, *args, **kwargs):
        self.assertEqual(expected, waiters.is_detached(
            seen(*args, **kwargs), samples.VOLUME_ID))

    def test_volume_of_another_server_stays_in_use(self):
        self.assertDetached(True, self.bare, cinder=self.left)
        self.assertDetached(False, self.bare, cinder=self.left,
                            status='detaching')

    def test_volume_of_no_server_becomes_available(self):
        self.assertDetached(True, self.bare, cinder=[], status='available')
        self.assertDetached(False, self.bare, cinder=[])

    def test_not_while_one_service_has_the_attachment(self):
        self.assertDetached(False, self.bare)
        self.assertDetached(
            False, {samples.SERVER_2: samples.ATTACHMENT_2},
            cinder=self.left)


class SettledTest(base.BaseTestCase):

    def test_not_while_something_moves_or_is_left(self):
        calm = seen(BOTH)
        self.assertTrue(waiters.is_settled(calm, samples.VOLUME_ID))
        for moving in (
                dataclasses.replace(calm, temporary_volumes={
                    samples.VOLUME_ID: {samples.TEMPORARY: 'deleting'}}),
                dataclasses.replace(calm, quota_usage={
                    'volumes_plain': {'in_use': 0, 'reserved': 1}}),
                calm.with_volume(samples.VOLUME_ID,
                                 migration_status='completing'),
                calm.with_volume(samples.VOLUME_ID, status='retyping')):
            self.assertFalse(waiters.is_settled(moving, samples.VOLUME_ID))


class ErrorInTest(base.BaseTestCase):

    def test_none_where_all_is_well(self):
        self.assertIsNone(waiters.error_in(seen(BOTH)))

    def test_error_of_a_volume_is_told(self):
        self.assertEqual(
            f'volume {samples.VOLUME_ID} is in status error_extending',
            waiters.error_in(seen(BOTH, status='error_extending')))

    def test_error_of_an_attachment_is_told(self):
        broken = [samples.cinder_attachment(
            samples.ATTACHMENT_1, samples.SERVER_1, status='error_attaching')]
        self.assertEqual(
            f'attachment {samples.ATTACHMENT_1} is in status '
            f'error_attaching', waiters.error_in(seen(BOTH, cinder=broken)))

    def test_fault_of_a_server_is_told(self):
        server = state.Server.from_api(
            {**samples.SERVER, 'status': 'ERROR',
             'fault': {'message': 'No valid host was found.'}})
        self.assertEqual(
            f'server {samples.SERVER_1} is in status ERROR: '
            f'No valid host was found.',
            waiters.error_in(state.State(
                servers={samples.SERVER_1: server})))
