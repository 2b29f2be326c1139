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

import pathlib
import socket

import fixtures
from oslotest import base

from multiattach_lab import database
from multiattach_lab import errors
from multiattach_lab import processes


class DatabaseTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.data = self.folder / 'data'
        self.log = self.folder / 'postgresql.log'

    def serve(self):
        server = database.Server(self.data, self.log)
        self.start(server)
        return server

    def start(self, server):
        server.start()
        self.addCleanup(processes.kill, server.process)

    def address(self, server):
        port = int(server.url.rpartition(':')[2])
        return '127.0.0.1', port

    def test_server_serves_stops_and_serves_again(self):
        """A cluster is usable when waited for, and can be copied when stopped.

        1. Make a cluster and serve it: it accepts a connection.
        2. Stop: it ends in order, and its port is free.
        3. Serve it again: it comes up without a recovery, where it was.
        """
        database.create_cluster(self.data, self.folder / 'initdb.log')
        server = self.serve()
        server.wait()
        with socket.create_connection(self.address(server), 5):
            pass
        server.stop()
        self.assertEqual(0, server.process.returncode)
        self.assertRaises(ConnectionRefusedError, socket.create_connection,
                          self.address(server), 5)
        self.start(server)
        server.wait()
        self.assertIn('was shut down', self.log.read_text())
        with socket.create_connection(self.address(server), 5):
            pass

    def test_server_holds_what_it_held_at_first(self):
        """Whatever was written since the first call is gone after others.

        1. Renew a cluster that is served, and change it: the first call
           changes nothing.
        2. Renew it twice: each time it is served as it was.
        """
        database.create_cluster(self.data, self.folder / 'initdb.log')
        (self.data / 'before').touch()
        server = self.serve()
        server.wait()
        for _ in range(3):
            server.renew(self.folder / 'fresh')
            self.addCleanup(processes.kill, server.process)
            self.assertTrue((self.data / 'before').exists())
            self.assertFalse((self.data / 'since').exists())
            with socket.create_connection(self.address(server), 5):
                (self.data / 'since').touch()

    def test_server_that_ends_is_reported_with_its_log(self):
        """A server that cannot start is reported at once, in its own words."""
        server = self.serve()
        error = self.assertRaises(errors.LabError, server.wait)
        self.assertIn(str(self.log), str(error))
        self.assertIn(str(self.data), str(error))
        self.assertIsNotNone(server.process.poll())

    def test_cluster_is_not_made_over_another(self):
        """A folder that is not empty is reported, and left as it is."""
        self.data.mkdir()
        (self.data / 'mine').touch()
        log = self.folder / 'initdb.log'
        error = self.assertRaises(
            errors.LabError, database.create_cluster, self.data, log)
        self.assertIn('--database', str(error))
        self.assertIn('not empty', str(error))
        self.assertEqual(['mine'], [file.name for file in
                                    self.data.iterdir()])
