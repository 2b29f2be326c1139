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
import types

from oslotest import base
from tempest.lib import exceptions as lib_exc
import urllib3

from multiattach_tempest_plugin import waiters
from tests.unit.plugin import samples

CLIENT = types.SimpleNamespace(build_timeout=5, build_interval=0.01)


class Observer:
    """Answers with what a test lists, one after the other."""

    volumes_client = servers_client = CLIENT

    def __init__(self, *answers):
        self._answers = iter(answers)

    def show(self, *_args, **_filters):
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    show_volume = show_server = server_ids = action_results = records = show

    def quota_usage(self):
        return {}


class WaitUntilTest(base.BaseTestCase):

    def wait(self, answers, timeout=5, interval=0.01):
        self.polls = 0

        def poll():
            self.polls += 1
            return next(answers)

        return waiters.wait_until(
            'the volume', poll,
            lambda seen: f'it is {seen}' if seen.endswith('ing') else None,
            timeout=timeout, interval=interval)

    def test_ends_at_the_first_poll_with_nothing_pending(self):
        self.assertEqual('error', self.wait(
            iter(['reserving', 'attaching', 'error', 'in-use'])))
        self.assertEqual(3, self.polls)

    def test_time_out_says_what_was_pending(self):
        error = self.assertRaises(
            waiters.WaitTimedOut, self.wait, itertools.repeat('attaching'),
            timeout=0.02)
        self.assertEqual('Waited 0.02 s for the volume, but it is attaching',
                         str(error).partition('\n')[0])

    def test_pauses_grow_up_to_the_interval(self):
        for pause, expected in ((0.5, [0.5, 0.75, 1.125, 1.6875, 2, 2]),
                                (3, [2, 2, 2, 2, 2, 2])):
            self.assertEqual(expected, list(itertools.islice(
                waiters.pauses(interval=2, pause=pause), 6)))


class LookTest(base.BaseTestCase):

    build_timeout = 5
    build_interval = 0.01

    def ask(self, *, answers):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    @staticmethod
    def refusal(status):
        return lib_exc.UnexpectedResponseCode(
            str(status), resp=types.SimpleNamespace(status=status))

    def look(self, *answers):
        left = iter(answers)
        return waiters.look(self.ask, answers=left), list(left)

    def test_answer_is_returned_at_once(self):
        self.assertEqual(('in-use', ['error']), self.look('in-use', 'error'))

    def test_busy_service_is_asked_again(self):
        self.assertEqual(('in-use', []), self.look(
            *(self.refusal(status) for status in waiters.BUSY),
            urllib3.exceptions.ReadTimeoutError(None, '/', 'late'),
            'in-use'))

    def test_refusal_and_fault_are_answers(self):
        response = types.SimpleNamespace(status=500)
        for error in (lib_exc.NotFound(), lib_exc.Forbidden(),
                      lib_exc.ServerFault(resp=response),
                      self.refusal(418)):
            self.assertRaises(type(error), self.look, error, 'in-use')

    def test_time_is_limited(self):
        self.build_timeout = 0.05
        error = self.assertRaises(
            lib_exc.UnexpectedResponseCode, waiters.look, self.ask,
            answers=itertools.repeat(self.refusal(503)))
        self.assertEqual(503, error.resp.status)


class CreatedTest(base.BaseTestCase):

    def wait(self, *statuses):
        observer = Observer(*({'status': status} for status in statuses))
        waiters.for_created(observer.show_volume, 'id', CLIENT)

    def test_volume_that_is_available_is_created(self):
        self.wait('creating', 'available')

    def test_any_other_end_fails_at_once(self):
        error = self.assertRaises(waiters.WaitFailed, self.wait,
                                  'downloading', 'error', 'available')
        self.assertIn('it is error', str(error))


class DeletedTest(base.BaseTestCase):

    def wait(self, *answers):
        waiters.for_deleted(Observer(*answers).show_volume, 'id', CLIENT)

    def test_what_is_not_found_is_deleted(self):
        self.wait({'status': 'deleting'}, lib_exc.NotFound())

    def test_failure_of_cinder_is_reported(self):
        error = self.assertRaises(
            waiters.WaitFailed, self.wait, {'status': 'deleting'},
            {'status': 'error_deleting'}, lib_exc.NotFound())
        self.assertIn('Cinder could not delete it', str(error))


class SettledTest(base.BaseTestCase):

    calm = samples.shared_state()

    def left(self, usage=(), temporary=(), **changes):
        seen = self.calm.with_volume(samples.VOLUME_ID, **changes)
        return waiters.left_of_move(
            dataclasses.replace(seen, temporary_volumes={
                samples.VOLUME_ID: dict(temporary)}),
            dict(usage), samples.VOLUME_ID)

    def test_nothing_is_left_of_a_move_that_ended(self):
        for status in 'success', 'error', None:
            self.assertIsNone(self.left(migration_status=status))

    def test_each_thing_that_is_left_is_named(self):
        for expected, left in (
                ('completing', self.left(migration_status='completing')),
                ('retyping', self.left(status='retyping')),
                (samples.TEMPORARY, self.left(
                    temporary={samples.TEMPORARY: 'deleting'})),
                ('volumes_plain', self.left(usage={
                    'volumes_plain': {'in_use': 0, 'reserved': 1}}))):
            self.assertIn(expected, left)

    def test_last_record_counts(self):
        """The migration status is unset for a moment while it ends."""
        moving = {'status': 'in-use', 'migration_status': 'migrating'}
        unset = self.calm.with_volume(samples.VOLUME_ID, migration_status=None)
        during = dataclasses.replace(unset, temporary_volumes={
            samples.VOLUME_ID: {samples.TEMPORARY: 'in-use'}})
        ended = self.calm.with_volume(
            samples.VOLUME_ID, migration_status='success')
        volume = waiters.for_settled(
            Observer(moving, {**moving, 'migration_status': None},
                     during, ended), samples.VOLUME_ID)
        self.assertEqual('success', volume.migration_status)


class ServerTest(base.BaseTestCase):

    def wait(self, status, *answers):
        waiters.for_server(Observer(*(
            {'status': seen, 'OS-EXT-STS:task_state': task,
             **({'fault': {'message': 'No valid host was found.'}}
                if seen == 'ERROR' else {})}
            for seen, task in answers)), 'id', status)

    def test_task_goes_on_whatever_the_status(self):
        self.wait('PAUSED', ('ACTIVE', 'pausing'), ('PAUSED', None))

    def test_shelved_server_is_yet_to_be_offloaded(self):
        self.wait('SHELVED_OFFLOADED', ('SHELVED', None),
                  ('SHELVED_OFFLOADED', None))

    def test_resize_is_confirmed_without_a_task(self):
        self.wait('ACTIVE', ('VERIFY_RESIZE', None), ('ACTIVE', None))
        self.wait('VERIFY_RESIZE', ('RESIZE', 'resize_finish'),
                  ('VERIFY_RESIZE', None))

    def test_other_status_fails_with_the_fault(self):
        error = self.assertRaises(
            waiters.WaitFailed, self.wait, 'ACTIVE',
            ('SHUTOFF', 'powering-on'), ('ERROR', None))
        self.assertIn('it is ERROR: No valid host was found.', str(error))

    def test_task_that_outlives_an_error_is_not_waited_for(self):
        self.assertRaises(waiters.WaitFailed, self.wait, 'ACTIVE',
                          ('ERROR', 'spawning'))

    def test_server_that_was_built_wrong_is_shown(self):
        error = self.assertRaises(
            waiters.WaitFailed, waiters.for_booted,
            Observer({'a', 'b'}, {'b'}, {'other'}, {'a'},
                     {'status': 'ERROR', 'OS-EXT-STS:task_state': None}),
            ['a', 'b'])
        self.assertIn('server b to be ACTIVE', str(error))

    def test_built_servers_are_not_shown(self):
        waiters.for_booted(Observer({'other'}, {'a', 'other'}), ['a'])

    def test_deleted_server_is_not_listed(self):
        waiters.for_server_deleted(Observer({'a'}, {'other'}), 'a')


class ActionTest(base.BaseTestCase):

    def wait(self, *answers):
        waiters.for_action(Observer(*answers), 'server', 'req-1')

    def test_each_event_has_to_have_a_result(self):
        self.wait([], [None], ['Success', None], ['Success', 'Success'])

    def test_failed_event_is_reported(self):
        error = self.assertRaises(
            waiters.WaitFailed, self.wait, ['Success', 'Error'])
        self.assertIn("its results are ['Success', 'Error']", str(error))
