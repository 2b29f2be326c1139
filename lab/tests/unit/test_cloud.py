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

import http.server
import pathlib
import shutil
import threading
import time
import types

import fixtures
from oslotest import base

from multiattach_lab import cloud
from multiattach_lab import database
from multiattach_lab import kinds
from multiattach_lab import progress
from multiattach_lab import releases

PACKAGE = pathlib.Path(cloud.__file__).parent


class Statuses(fixtures.Fixture):
    """An HTTP server that answers with one status after the other."""

    def __init__(self, *statuses):
        super().__init__()
        self.left = list(statuses)

    def _setUp(self):
        left = self.left

        class Handler(http.server.BaseHTTPRequestHandler):

            def do_GET(self):
                self.send_response(left.pop(0))
                self.end_headers()

            def log_message(self, *_arguments):
                pass

        server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, args=(0.01,)).start()
        self.socket = server.socket


class WaitForTest(base.BaseTestCase):

    def wait_for(self, *statuses):
        """Wait for a service; return the seconds, and statuses left over."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        server = self.useFixture(Statuses(*statuses))
        waiting = cloud.Cloud(folder, releases.get(releases.DEFAULT),
                              kinds.get(kinds.DEFAULT), progress.Progress())
        waiting._sockets['nova'] = server.socket
        begin = time.monotonic()
        waiting.wait_for({'nova'})
        return time.monotonic() - begin, server.left

    def test_server_error_is_not_ready(self):
        """A service that answers with a 5xx is waited for, with pauses."""
        seconds, left = self.wait_for(500, 503, 300, 404)
        self.assertEqual([404], left)
        self.assertGreater(seconds, 0.2)

    def test_any_other_answer_is_ready(self):
        """A service that wants a token, or another path, does serve."""
        for status in (200, 300, 401, 404):
            _seconds, left = self.wait_for(status, 500)
            self.assertEqual([500], left, status)


class RecipeTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.package = folder / 'multiattach_lab'
        shutil.copytree(PACKAGE, self.package)
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.database.__file__',
            str(self.package / 'database.py')))
        self.before = database.recipe()

    def change(self, name):
        with open(self.package / name, 'a') as source:
            source.write('# changed')

    def test_whatever_makes_a_database_names_it(self):
        """A cached database is not used once its making has changed.

        The password and the common sections of the services are in
        services/__init__.py, the options of initdb in database.py.
        """
        seen = {self.before}
        for name in ('services/__init__.py', 'services/keystone.py',
                     'services/nova.py', 'database.py', 'cloud.py',
                     'create_databases.py'):
            self.change(name)
            self.assertNotIn(database.recipe(), seen, name)
            seen.add(database.recipe())

    def test_other_changes_do_not(self):
        """What has no part in it does not make a database again."""
        self.change('matrix.py')
        self.assertEqual(self.before, database.recipe())

    def test_other_postgresql_names_it(self):
        """A cluster is not served by another version than made it."""
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.database.metadata',
            types.SimpleNamespace(version=lambda _name: '0')))
        self.assertNotEqual(self.before, database.recipe())
