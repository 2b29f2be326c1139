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
import subprocess
import types

import fixtures
from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.tests import data
from multiattach_tempest_plugin.tests import guests
from multiattach_tempest_plugin import waiters

# What the scripts ask of root needs none for a file.
PROGRAMS = {'sudo': 'exec "$@"', 'blockdev': 'exit 0'}

# What Tempest puts before each script, so that a failing line ends it.
PROLOGUE = 'set -eu -o pipefail;'


class Shell:
    """Runs here what a guest would run."""

    def __init__(self, folder):
        self.path = f'{folder}:{os.environ["PATH"]}'
        for name, script in PROGRAMS.items():
            program = pathlib.Path(folder, name)
            program.write_text(f'#!/bin/sh\n{script}\n')
            program.chmod(0o700)

    def exec_command(self, command):
        return subprocess.run(
            ['bash', '-c', PROLOGUE + command], check=True,
            capture_output=True, text=True, timeout=60,
            env={'PATH': self.path}).stdout


class MissingTest(base.BaseTestCase):

    def test_each_acknowledged_block_that_is_not_read_is_lost(self):
        self.assertEqual(
            [1, 3], guests.missing(
                'word', range(4), 'word 0\nother 1\nword 2\n'))

    def test_number_that_begins_another_is_not_taken_for_it(self):
        self.assertEqual([1], guests.missing(
            'word', range(2), 'word 0\nword 10\n'))

    def test_blocks_of_another_writer_are_not_looked_for(self):
        self.assertEqual([3], guests.missing(
            'word', range(1, 5, 2), 'word 1\nother 2\n'))


class DeviceTest(base.BaseTestCase):

    volume = '5d6a8a3c-4d0f-4a2e-9f38-5b2b7c0a4e11'

    def setUp(self):
        super().setUp()
        self.shell = Shell(self.useFixture(fixtures.TempDir()).path)
        self.disks = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def add(self, name, serial):
        (self.disks / name).mkdir()
        (self.disks / name / 'serial').write_text(serial)

    def device(self):
        return guests.device_of(self.volume, guests.disks_of(
            self.shell, self.volume, self.disks))

    def test_disk_with_the_begin_of_the_id_as_serial_is_the_volume(self):
        self.add('vda', '')
        self.add('vdb', '9a1e7f52-3b6c-4c8e-8')
        self.add('vdc', '5d6a8a3c-4d0f-4a2e-9')
        self.assertEqual('/dev/vdc', self.device())

    def test_no_device_is_guessed(self):
        self.add('vda', '')
        error = self.assertRaises(lib_exc.InvalidParam, self.device)
        self.assertIn(self.volume, str(error))


class WritingTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.device = folder / 'device'
        self.device.touch()
        self.guest = guests.Guest(
            Shell(folder), self.device, folder / 'account')

    def write(self, first=0, step=1):
        """Let the guest write; return the numbers of its blocks."""
        written = guests.Written(self.guest, first, step)
        self.guest.start_writing(written.token, 1, first, step)
        self.wait(lambda: self.guest.progress()[1] > 2)
        self.guest.stop_writing()
        self.wait(lambda: self.guest.progress()[0])
        written.count()
        return written

    def wait(self, reached):
        waiters.wait_until(
            'the writer', reached, lambda seen: None if seen else 'not yet',
            timeout=60, interval=1)

    def test_what_was_written_is_read(self):
        self.assertEqual([], self.write().missing_on(self.guest))

    def test_two_writers_do_not_overwrite_each_other(self):
        written = [self.write(first, 2) for first in (0, 1)]
        for each in written:
            self.assertEqual([], each.missing_on(self.guest))
        self.assertEqual(0, written[0].numbers[1] % 2)

    def test_block_that_was_overwritten_is_lost(self):
        written = self.write()
        with self.device.open('r+b') as device:
            device.seek(guests.BLOCK)
            device.write(bytes(guests.BLOCK))
        self.assertEqual([1], written.missing_on(self.guest))


class Writer:
    """A writer whose count a test lists, and which ends after that."""

    def __init__(self, *counts):
        self._counts = list(counts)

    def progress(self):
        ended = len(self._counts) == 1
        return ended, self._counts[0] if ended else self._counts.pop(0)

    def last_words(self):
        return 'dd: No space left on device'


class WaitForWritesTest(data.Data, base.BaseTestCase):

    servers_client = types.SimpleNamespace(
        build_timeout=5, build_interval=0.01)

    def test_more_writes_end_the_wait(self):
        self._wait_for_writes(Writer(3, 4, 5), 3)

    def test_writer_that_ended_without_more_is_reported(self):
        error = self.assertRaises(
            waiters.WaitFailed, self._wait_for_writes, Writer(3, 3), 3)
        self.assertIn('the writer has ended after 3: dd: No space left',
                      str(error))

    def test_writer_that_ended_after_more_has_written(self):
        self._wait_for_writes(Writer(4), 3)


class DisksTest(data.Data, base.BaseTestCase):
    """Two guests whose disks are files."""

    servers_client = types.SimpleNamespace(
        build_timeout=20, build_interval=0.1)

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.shell = Shell(self.useFixture(fixtures.TempDir()).path)

    def guest(self, server, volume):
        device = self.folder / volume
        if not device.exists():
            device.touch()
        return guests.Guest(self.shell, device, self.folder / server)

    def write(self, **volumes):
        """Have each server write to its volume; return what was written."""
        written = {}
        for first, (server, volume) in enumerate(volumes.items()):
            blocks = guests.Written(self.guest(server, volume), first, 2)
            blocks.start()
            with self.moving({server: blocks}):
                self._wait_for_writes(blocks.guest, 0)
            self._end_writing(blocks.guest)
            blocks.count()
            written[server] = blocks
        return written

    def test_disk_that_is_shared_loses_nothing(self):
        self.assertEqual([], self.losses(self.write(one='a', two='a')))

    def test_disks_that_went_apart_miss_what_the_other_has(self):
        first, second = self.losses(self.write(one='a', two='b'))
        self.assertRegex(first, r'^server two misses (\d+) of \1 acknowledged '
                                r'writes of server one, the blocks 0 to '
                                r'\d+; the move began at its block \d+ and '
                                r'ended at its block [1-9]')
        self.assertRegex(second, r'^server one misses .* of server two, the '
                                 r'blocks 1 to ')

    def test_reader_that_did_not_write(self):
        written = self.write(one='a')
        self.assertEqual(
            [], self.losses(written, {'two': self.guest('two', 'a')}))
        [loss] = self.losses(written, {'two': self.guest('two', 'b')})
        self.assertIn('server two misses', loss)

    def test_server_that_can_write_is_named(self):
        self.assertRegex(' '.join(self.writes_to(['one'], 'a')),
                         r'^server one wrote \d+ blocks of volume a$')

    def test_server_that_cannot_write(self):
        (self.folder / 'a').symlink_to('/dev/full')
        self.assertEqual([], self.writes_to(['one', 'two'], 'a'))
