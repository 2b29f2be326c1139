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

import types

from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import operations
from tests.unit.plugin import samples

REFUSAL = refusals.VOLUME_OF_OTHER_PROJECT


class CoversTest(base.BaseTestCase):

    def test_no_range_covers_nothing(self):
        self.assertFalse(operations.covers(None, None, '2.60'))
        self.assertFalse(operations.covers('2.1', '', '2.60'))

    def test_latest_covers_all_from_the_minimum_on(self):
        self.assertTrue(operations.covers(None, 'latest', '2.89'))
        self.assertTrue(operations.covers('2.89', 'latest', '2.89'))
        self.assertFalse(operations.covers('2.90', 'latest', '2.89'))

    def test_each_needed_microversion_counts(self):
        self.assertTrue(operations.covers('2.1', '2.90', '2.60', '2.89'))
        self.assertFalse(operations.covers('2.61', '2.90', '2.60', '2.89'))

    def test_maximum_is_compared_as_a_version(self):
        self.assertTrue(operations.covers('2.1', '2.100', '2.89'))
        self.assertFalse(operations.covers('2.1', '2.9', '2.89'))


class RefusedTest(operations.Operations, base.BaseTestCase):

    words = f'Volume {samples.VOLUME_ID} could not be found.'
    servers_client = types.SimpleNamespace(
        build_timeout=5, build_interval=0.01)

    def refused(self, *args, words=words, status=404, error=lib_exc.NotFound):
        def request(*_args):
            raise error(resp=types.SimpleNamespace(status=status),
                        resp_body={'code': status, 'message': words})

        return self.assertForbidden(REFUSAL, request, *args)

    def test_answer_of_the_table_is_accepted(self):
        self.refused(samples.VOLUME_ID)

    def test_other_answer_fails_with_both(self):
        error = self.assertRaises(
            AssertionError, self.refused, samples.VOLUME_ID, status=409,
            error=lib_exc.Conflict)
        self.assertIn('expected 404 with', str(error))
        self.assertIn('got 409', str(error))

    def test_service_that_is_busy_is_asked_again(self):
        errors = [lib_exc.UnexpectedResponseCode(
            resp=types.SimpleNamespace(status=503)), lib_exc.NotFound(
            resp=types.SimpleNamespace(status=404),
            resp_body={'message': self.words})]

        def request():
            raise errors.pop(0)

        self.assertEqual(
            self.words, self.assertRefused(REFUSAL, request))
        self.assertEqual([], errors)

    def test_server_fault_is_an_answer_too(self):
        error = self.assertRaises(
            AssertionError, self.refused, samples.VOLUME_ID, status=500,
            error=lib_exc.ServerFault)
        self.assertIn('got 500', str(error))

    def test_accepted_request_fails(self):
        error = self.assertRaises(
            AssertionError, self.assertRefused, REFUSAL, lambda: None)
        self.assertIn('but it was accepted', str(error))

    def test_id_that_was_not_asked_for_must_not_be_named(self):
        for other in (samples.SERVER_1, samples.SERVER_1.replace('-', '')):
            self.assertRaises(
                AssertionError, self.refused, samples.VOLUME_ID,
                words=f'{self.words} {other}')

    def test_name_of_the_class_must_not_be_told(self):
        self.assertRaises(
            AssertionError, self.refused, samples.VOLUME_ID,
            words=f'{self.words} tempest-RefusedTest-volume')

    def test_time_out_is_no_refusal(self):
        self.assertRaises(lib_exc.TimeoutException, self.assertRefused,
                          REFUSAL, self._time_out)

    @staticmethod
    def _time_out():
        raise lib_exc.TimeoutException
