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

import json
import os
import pathlib
import subprocess
import sys
import time

import fixtures
from oslotest import base
import psutil

SCRIPT = '''
import json, os, pathlib, socket, subprocess, sys, time
from multiattach_lab import errors
from multiattach_lab import namespace

folder, marker, last = sys.argv[1:]

def inside():
    # Has left our session, as guests have.
    subprocess.Popen(['tail', '-f', '/dev/null', marker],
                     start_new_session=True, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL)
    with socket.socket() as guest:
        guest.bind(('172.20.1.2', 22))
    print(json.dumps({'user': os.getuid(), 'run': os.listdir('/run'),
                      'interfaces': [name for _, name
                                     in socket.if_nameindex()]}), flush=True)
    if last == 'stay':
        time.sleep(60)
    return 7

try:
    sys.exit(namespace.call(inside, pathlib.Path(folder), lambda _: None))
except errors.LabError as error:
    sys.exit(str(error))
'''


def runs(marker):
    """Whether a process of that name in its command line runs."""
    return any(marker in (process.info['cmdline'] or ())
               and process.info['status'] != psutil.STATUS_ZOMBIE
               for process in psutil.process_iter(['cmdline', 'status']))


class NamespaceTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        # Its name is in the command line of nothing else.
        self.marker = str(self.folder / 'marker')

    def start(self, last, folder=None, script=SCRIPT):
        process = subprocess.Popen(
            [sys.executable, '-c', script, folder or self.folder, self.marker,
             last], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for clean_up in (process.wait, process.stdout.close,
                         process.stderr.close, process.kill):
            self.addCleanup(clean_up)
        return process

    def facts(self, process):
        """Return what is seen inside; skip where the system forbids it."""
        line = process.stdout.readline()
        if not line:
            self.skipTest(f'To run this test allow user namespaces. '
                          f'{process.communicate()[1]}')
        return json.loads(line)

    def wait_until_gone(self):
        deadline = time.monotonic() + 20
        while runs(self.marker):
            self.assertLess(time.monotonic(), deadline, 'waited for 20 s')
            time.sleep(0.05)

    def test_inside_is_a_system_of_its_own(self):
        """A function sees no other interface, and no root.

        1. Call a function in namespaces; it binds a guest's address.
        2. It saw the loopback alone, an empty /run and a user who is not
           root, and its exit code is the answer.
        """
        process = self.start('end')
        seen = self.facts(process)
        self.assertEqual(['lo'], seen['interfaces'])
        self.assertEqual([], seen['run'])
        self.assertEqual(os.getuid() or 1000, seen['user'])
        self.assertEqual(7, process.wait(20))

    def test_exit_code_that_is_there_first_is_read_too(self):
        """What is remembered is the process alone, though both are there.

        The process that would read them waits until both were written.
        """
        script = SCRIPT.replace('import json', """
import os, time
wait, first = os.waitpid, os.getpid()
os.waitpid = lambda *each: (
    wait(*each), time.sleep(2 * (os.getpid() == first)))[0]
import json""", 1).replace('lambda _: None', 'print')
        process = self.start('end', script=script)
        self.facts(process)
        self.assertEqual(7, process.wait(20))
        self.assertLessEqual(
            int(process.stdout.read()),
            int(pathlib.Path('/proc/sys/kernel/pid_max').read_text()))

    def test_what_was_left_behind_ends_with_the_function(self):
        """A process that nobody waits for does not outlive its namespaces."""
        process = self.start('end')
        self.facts(process)
        process.wait(20)
        self.wait_until_gone()

    def test_what_was_left_behind_ends_with_who_called(self):
        """A lab that is killed leaves no guest behind.

        1. Call a function that starts a process and stays.
        2. Kill the caller: that process is gone.
        """
        process = self.start('stay')
        self.facts(process)
        self.assertTrue(runs(self.marker))
        process.kill()
        self.wait_until_gone()

    def test_what_cannot_be_had_is_reported_in_one_sentence(self):
        """Where the namespaces cannot be made, that is said, and why."""
        file = self.folder / 'file'
        file.touch()
        process = self.start('end', file)
        _, words = process.communicate(timeout=20)
        self.assertEqual(1, process.returncode)
        self.assertIn('A lab with guests needs user namespaces', words)
        self.assertNotIn('Traceback', words)
