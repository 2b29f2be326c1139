#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License. You may obtain
#    a copy of the License at
#
#         http://www.apache.org/licenses/LICENSE-2.0
#
#    Unless required by applicable law or agreed to in writing, software
#    distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
#    WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
#    License for the specific language governing permissions and limitations
#    under the License.

from http import client
from http import server
import threading

import fixtures
from oslotest import base

from multiattach_lab import processes
from multiattach_lab import proxy


class Service(server.BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(409)
        self.send_header('X-Host', self.headers['Host'])
        self.send_header('X-Path', self.path)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_args):
        pass


class ProxyTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.proxy._DELAY', 0))
        service = self.serve(server.HTTPServer(('127.0.0.1', 0), Service))
        self.proxy = self.serve(proxy.Server(
            processes.listen(), f'127.0.0.1:{service}'))

    def serve(self, running):
        self.addCleanup(running.server_close)
        self.addCleanup(running.shutdown)
        threading.Thread(target=running.serve_forever, daemon=True).start()
        return running.socket.getsockname()[1]

    def ask(self, method, *arguments):
        connection = client.HTTPConnection('127.0.0.1', self.proxy)
        self.addCleanup(connection.close)
        connection.request(method, *arguments)
        answer = connection.getresponse()
        return answer, answer.read()

    def test_requests_and_answers_pass_unchanged(self):
        """A refusal arrives, and links would be those of the proxy."""
        answer, body = self.ask('POST', '/v3/a?b=c', b'{"d": 1}')
        self.assertEqual((409, b'{"d": 1}'), (answer.status, body))
        self.assertEqual('/v3/a?b=c', answer.headers['X-Path'])
        self.assertEqual(f'127.0.0.1:{self.proxy}', answer.headers['X-Host'])

    def test_some_gets_fail(self):
        """One of a hundred gets 503, others 429, without Retry-After."""
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.proxy._EVERY', {429: 3, 503: 2}))
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.proxy.Handler.gets', iter(range(1, 7))))
        answers = [self.ask('GET', '/')[0] for _ in range(6)]
        self.assertEqual([204, 503, 429, 503, 204, 429],
                         [answer.status for answer in answers])
        self.assertNotIn('Retry-After', answers[2].headers)

    def test_trouble_is_rare(self):
        """Most requests pass; each kind of trouble comes up."""
        found = [proxy.trouble(number) for number in range(1, 1001)]
        self.assertEqual(
            {'held': 2, 429: 2, 503: 8, None: 988},
            {what: found.count(what) for what in set(found)})
