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

"""A busy front of a service: slow, and some requests fail in it.

``python -m multiattach_lab.proxy DESCRIPTOR URL``, where the descriptor is
that of a listening socket, and the URL that of the service.

Only a GET fails here, since only that can be asked again.
"""

import http.client
from http import server
import itertools
import json
import socket
import sys
import time
import urllib.parse

_DELAY = 0.3  # seconds, of each request
_HELD = 30  # seconds, more than a client waits for
# Every so many GETs get no answer in time, 429, 503.
_EVERY = {'held': 500, 429: 250, 503: 100}
_OF_A_CONNECTION = ('connection', 'content-length', 'transfer-encoding')


def trouble(number):
    """Tell what becomes of a GET.

    :param number: how many there were, with this one
    :returns: 'held', status code (int) or None
    """
    return next((what for what, every in _EVERY.items()
                 if number % every == 0), None)


class Handler(server.BaseHTTPRequestHandler):
    """Passes on one request after the other of a connection."""

    protocol_version = 'HTTP/1.1'
    target = ''  # host:port of the service
    gets = itertools.count(1)

    def do_any(self):
        """Pass on a request, unless it fails."""
        body = self.rfile.read(int(self.headers.get('Content-Length', 0)))
        time.sleep(_DELAY)
        what = trouble(next(self.gets)) if self.command == 'GET' else None
        if what == 'held':
            time.sleep(_HELD)
        elif what:
            self._answer(what, [('Content-Type', 'application/json')],
                         json.dumps({'error': {'message': 'Busy'}}).encode())
            return
        connection = http.client.HTTPConnection(self.target, timeout=600)
        # With the Host of the request, of which services make their links.
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        self._answer(answer.status, answer.getheaders(), answer.read())
        connection.close()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_any

    def _answer(self, status, headers, body):
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _OF_A_CONNECTION:
                self.send_header(name, value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(server.ThreadingHTTPServer):
    """Serves on a socket that is open."""

    daemon_threads = True

    def __init__(self, listening, target):
        super().__init__(listening.getsockname(), type(
            'BusyHandler', (Handler,), {'target': target}),
            bind_and_activate=False)
        self.socket.close()
        self.socket = listening


def main(descriptor, url):
    """Serve until killed.

    :param descriptor: number of the listening socket
    :param url: of the service
    """
    Server(socket.socket(fileno=descriptor),
           urllib.parse.urlsplit(url).netloc).serve_forever()


if __name__ == '__main__':
    main(int(sys.argv[1]), sys.argv[2])
