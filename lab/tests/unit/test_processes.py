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

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

import fixtures
from oslotest import base
import psutil

from multiattach_lab import processes

PARENT = """
import os, pathlib, sys, time
from multiattach_lab import processes
child = processes.start(['sleep', '600'], pathlib.Path(sys.argv[1]),
                        dict(os.environ))
print(child.pid, flush=True)
time.sleep(600)
"""


def runs(pid):
    """Whether a process runs; one not waited for does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class ProcessesTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.log = folder / 'any.log'

    def start(self, *command, **environment):
        process = processes.start(
            command, self.log, {'PATH': os.environ['PATH'], **environment})
        self.addCleanup(processes.kill, process)
        return process

    def wait_until(self, condition):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, 'waited for 20 s')
            time.sleep(0.02)

    def test_killed_process_is_gone_with_its_children(self):
        """Nothing is left of a process and of what it started.

        1. Start a shell that starts another process, and prints its id.
        2. Kill the shell: both are gone, and a second time does nothing.
        """
        process = self.start('sh', '-c', 'sleep 600 & echo $!; wait')
        self.wait_until(lambda: self.log.read_text().endswith('\n'))
        grandchild = int(self.log.read_text())
        self.assertTrue(runs(grandchild))
        processes.kill(process)
        self.assertEqual(-signal.SIGKILL, process.returncode)
        self.wait_until(lambda: not runs(grandchild))
        processes.kill(process)

    def test_process_ends_with_its_parent(self):
        """A lab that is killed leaves no service behind."""
        parent = subprocess.Popen(
            [sys.executable, '-c', PARENT, self.log],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(parent.stdout.close)
        self.addCleanup(parent.wait)
        self.addCleanup(parent.kill)
        child = int(parent.stdout.readline())
        self.assertTrue(runs(child))
        parent.kill()
        self.wait_until(lambda: not runs(child))

    def test_process_sees_what_it_is_given_alone(self):
        """No setting of the user's shell reaches a service."""
        self.useFixture(fixtures.EnvironmentVariable('OS_CLOUD', 'other'))
        self.start('env', LANG='C').wait()
        self.assertEqual(
            {f'PATH={os.environ["PATH"]}', 'LANG=C'},
            set(self.log.read_text().splitlines()))

    def test_each_listener_has_a_free_port(self):
        """Ports are free, differ, and outgoing connections get none of them.

        1. Open a listener, and occupy the port behind it.
        2. The next listener gets neither of the two.
        """
        first = processes.listen()
        self.addCleanup(first.close)
        host, port = first.getsockname()
        self.assertEqual('127.0.0.1', host)
        taken = self.useFixture(TakenPort(port + 1))
        second = processes.listen()
        self.addCleanup(second.close)
        self.assertNotIn(second.getsockname()[1], (port, taken.port))
        for listener in (first, second):
            self.assertLess(listener.getsockname()[1], 32768)
            with socket.create_connection(listener.getsockname(), 5):
                pass

    def test_reserved_port_is_for_one_program(self):
        """What listens on a reserved port is who it was reserved for.

        1. Reserve a port: neither a listener nor another reservation gets it.
        2. Listen on it, as PostgreSQL does.
        """
        reserved = processes.reserve()
        self.addCleanup(reserved.close)
        for take in (processes.listen, processes.reserve):
            other = take()
            self.addCleanup(other.close)
            self.assertNotEqual(reserved.getsockname(), other.getsockname())
        program = socket.socket()
        self.addCleanup(program.close)
        program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        program.bind(reserved.getsockname())
        program.listen()

    def test_tail_is_the_end(self):
        """The last lines of a log are shown, in whatever bytes it holds."""
        self.log.write_bytes(b'one\ntwo \xff\nthree\n')
        self.assertEqual('two \ufffd\nthree', processes.tail(self.log, 2))


class TakenPort(fixtures.Fixture):
    """A port that somebody listens on, this test or anybody else."""

    def __init__(self, port):
        super().__init__()
        self.port = port

    def _setUp(self):
        listener = socket.socket()
        self.addCleanup(listener.close)
        try:
            listener.bind(('127.0.0.1', self.port))
            listener.listen()
        except OSError:  # taken by somebody else, which serves as well
            pass
