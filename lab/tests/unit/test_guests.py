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

import pathlib
import re
import subprocess
import sys

import fixtures
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import guests

BINDEP = pathlib.Path(__file__).parents[3] / 'bindep.txt'


def profile():
    """Return the packages of the profile of guests (set of str)."""
    return set(re.findall(r'^(\S+) \[.*\bguests\]$', BINDEP.read_text(), re.M))


class CheckTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.guests._SYSTEM_PATH', str(self.folder)))

    def test_each_missing_program_is_named_with_its_package(self):
        """Who lacks everything is told every program and package at once."""
        words = str(self.assertRaises(errors.LabError, guests.check))
        self.assertNotIn('\n', words)
        for program in ('qemu-system-x86_64', 'qemu-img', 'libvirtd',
                        'busybox', 'dropbear'):
            self.assertIn(f'{program} (package ', words)
        for package in re.findall(r'\(package ([^)]*)\)', words):
            # It is part of every system.
            if package != 'libc-bin':
                self.assertLessEqual(
                    set(package.split(' and ')), profile(), package)

    def test_old_libvirt_is_refused(self):
        """A libvirt that Nova does not take is reported with its version."""
        for name in guests._PROGRAMS:
            path = self.folder / name
            path.write_text('#!/bin/sh\necho "libvirtd (libvirt) 7.9.0"\n')
            path.chmod(0o755)
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.guests._kernels', lambda: iter([True])))
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.guests._LIBRARY', self.library()))
        words = str(self.assertRaises(errors.LabError, guests.check))
        self.assertIn('needs libvirt 8.0, and this is 7.9.0', words)

    def library(self):
        folder = self.folder / 'library'
        folder.mkdir()
        version = ''.join(map(str, sys.version_info[:2]))
        (folder / f'libvirtmod.cpython-{version}-any.so').touch()
        return folder


class ImageTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)

    def test_guest_has_what_it_boots(self):
        """The first file system has a first process, and modules in order."""
        try:
            guests.check()
        except errors.LabError as error:
            self.skipTest(str(error))
        kernel, image = guests.make_image(self.folder / 'guest')
        self.assertTrue(kernel.exists())
        names = subprocess.run(
            ['busybox', 'cpio', '-t'], check=True, stderr=subprocess.DEVNULL,
            stdin=image.open(), stdout=subprocess.PIPE, text=True
        ).stdout.split()
        self.assertLessEqual({'init', 'bin/busybox', 'bin/dropbear',
                              'etc/dropbear/key'}, set(names))
        order = (self.folder / 'guest/root/modules/order').read_text().split()
        self.assertLess(order.index('virtio_ring.ko'),
                        order.index('virtio_blk.ko'))


class LibvirtdTest(base.BaseTestCase):

    def test_nothing_is_kept_from_an_earlier_start(self):
        """Guests of an earlier start are unknown to the next one."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        guests.libvirtd(folder)
        old = folder / 'libvirt' / 'config' / 'libvirt' / 'qemu' / 'guest.xml'
        old.parent.mkdir()
        old.touch()
        guests.libvirtd(folder)
        self.assertFalse(old.exists())

    def test_every_path_is_below_run(self):
        """No path is longer than a socket allows, whatever the folder."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        command, environment = guests.libvirtd(folder)
        for word in (*command[1:], *environment.values()):
            self.assertNotIn(str(folder), str(word))
