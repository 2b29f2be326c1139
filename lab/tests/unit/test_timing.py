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

import contextlib
import datetime
import io
import json
import pathlib
import uuid

import fixtures
from oslotest import base
import subunit

from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import timing

BEGIN = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
PROJECT = uuid.uuid4().hex
URLS = {'keystone': 'http://127.0.0.1:20001', 'nova': 'http://127.0.0.1:20005',
        'cinder': 'http://127.0.0.1:20006'}


class TimingTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.lab = lab.Lab(folder)
        (folder / 'logs').mkdir()
        (folder / 'lab.json').write_text(json.dumps({'urls': URLS}))

    def printed(self, show, *arguments):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            show(self.lab, *arguments)
        return output.getvalue().splitlines()


class SlowestTest(TimingTest):

    def record(self, *tests):
        """Write a run of (test, its seconds, what it logged)."""
        with open(self.lab.state / 'tempest.subunit', 'wb') as output:
            stream = subunit.StreamResultToBytes(output)
            for test, _seconds, _logged in tests:
                stream.status(test_id=test, test_status='exists')
            for test, seconds, logged in tests:
                stream.status(
                    test_id=test, test_status='inprogress',
                    timestamp=BEGIN, file_name='pythonlogging',
                    file_bytes=logged.encode(), mime_type='text/plain')
                stream.status(
                    test_id=test, test_status='success',
                    timestamp=BEGIN + datetime.timedelta(seconds=seconds))

    def test_slowest_come_first_with_their_waits(self):
        """Waits for the same, of whatever volume or server, are one."""
        logged = '\n'.join(
            f'INFO Waited {seconds} s for {what}' for seconds, what in (
                ('0.5', f'volume {uuid.uuid4()} to settle'),
                ('2.0', f'servers {uuid.uuid4()}, {uuid.uuid4()} to be '
                        'ACTIVE'),
                ('2.5', f'volume {uuid.uuid4()} to settle')))
        self.record(('a.b.test_quick', 0.1, ''),
                    ('a.b.test_slow[id-1]', 6, logged),
                    ('a.b.test_other', 1, ''))
        self.assertEqual(
            ['6.0 s  a.b.test_slow',
             '    5.0 s of waits: 3.0 s for volume to settle, '
             '2.0 s for servers to be ACTIVE',
             '1.0 s  a.b.test_other'],
            self.printed(timing.print_slowest, 2))

    def test_lab_without_a_run(self):
        """Before any test was run, that is said in one sentence."""
        error = self.assertRaises(
            errors.LabError, timing.print_slowest, self.lab, 10)
        self.assertEqual(
            f'No tests were run in {self.lab.state}: run some first.',
            str(error))


class RequestsTest(TimingTest):

    def log(self, *requests):
        """Write Tempest's log of (method, URL, seconds)."""
        (self.lab.state / 'logs' / 'tempest.log').write_text(''.join(
            '2026-11-28 00:33:25.726 3539 INFO tempest.lib.common.rest_client '
            f'[req-{uuid.uuid4()} ] Request (SwapTest:test_swap): 200 '
            f'{method} {url} {seconds}s\n    Body: None\n'
            for method, url, seconds in requests))

    def test_requests_of_a_kind_are_added_up(self):
        """Ids, projects and queries make no other kind, services do.

        1. Log the same requests for different resources.
        2. They are one line; those of another service or method are not.
        """
        nova, cinder = URLS['nova'] + '/v2.1', f'{URLS["cinder"]}/v3/{PROJECT}'
        self.log(
            ('GET', f'{nova}/servers/{uuid.uuid4()}/os-instance-actions', 1),
            ('GET', f'{nova}/servers/{uuid.uuid4()}/os-instance-actions', 2),
            ('GET', f'{cinder}/volumes/detail?all_tenants=1', 0.5),
            ('GET', f'{cinder}/volumes/detail', 0.5),
            ('POST', f'{cinder}/volumes', 3.5),
            ('DELETE', f'{URLS["keystone"]}/v3/users/{uuid.uuid4().hex}', 2.5))
        self.assertEqual(
            ['', '6 requests took 10.0 s; 4 looks took 40 % of that.',
             '     3.5 s      1  POST cinder /volumes',
             '     3.0 s      2  GET nova /servers/ID/os-instance-actions',
             '     2.5 s      1  DELETE keystone /users/ID',
             '     1.0 s      2  GET cinder /volumes/detail'],
            self.printed(timing.print_requests))

    def test_looks_are_what_waits_and_states_ask(self):
        """A look is a GET of what changes, and no other request."""
        nova, cinder = URLS['nova'] + '/v2.1', f'{URLS["cinder"]}/v3/{PROJECT}'
        looks = [f'{nova}/servers/detail',
                 f'{nova}/servers/{uuid.uuid4()}/os-volume_attachments',
                 f'{nova}/servers/{uuid.uuid4()}/os-instance-actions/'
                 f'req-{uuid.uuid4()}',
                 f'{cinder}/volumes/{uuid.uuid4()}',
                 f'{cinder}/attachments/detail',
                 f'{cinder}/os-quota-sets/{PROJECT}?usage=True']
        others = [f'{nova}/flavors', f'{cinder}/types',
                  f'{URLS["keystone"]}/v3/projects/{PROJECT}']
        self.log(*(('GET', url, 1) for url in looks + others),
                 *(('PUT', url, 1) for url in looks))
        self.assertIn('15 requests took 15.0 s; 6 looks took 40 % of that.',
                      self.printed(timing.print_requests))

    def test_many_kinds_fit_on_a_screen(self):
        """The cheapest kinds share the last line."""
        self.log(*(('GET', f'{URLS["nova"]}/v2.1/kind-{number:02}', number)
                   for number in range(1, 15)))
        lines = self.printed(timing.print_requests)
        self.assertEqual(13, len(lines))
        self.assertEqual('    14.0 s      1  GET nova /kind-14', lines[2])
        self.assertEqual('    10.0 s      4  4 other kinds', lines[-1])

    def test_log_that_is_gone(self):
        """A lab that was started again has no log of the last run."""
        self.assertEqual(['', 'No request of that run is in the log.'],
                         self.printed(timing.print_requests))


class SpanTest(TimingTest):

    def test_from_the_first_request_to_the_last(self):
        """What Tempest logs before and after them counts for nothing."""
        (self.lab.state / 'logs' / 'tempest.log').write_text('\n'.join(
            f'2026-11-28 00:33:{second} 35 INFO tempest.client [-] {words}'
            for second, words in (
                ('01.000', 'Using tempest config file'),
                ('05.250', 'Request (A:test_a): 200 GET http://a/b 0.1s'),
                ('06.000', 'Body: None'),
                ('09.500', 'Request (A:test_a): 200 GET http://a/b 0.1s'),
                ('30.000', 'The end'))))
        self.assertEqual((2, 4.25), timing.span(self.lab))

    def test_no_request(self):
        (self.lab.state / 'logs' / 'tempest.log').touch()
        self.assertEqual((0, 0.0), timing.span(self.lab))
