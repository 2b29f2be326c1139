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

import dataclasses
import pathlib
import sys
import threading

import fixtures
from oslotest import base

from multiattach_lab import environment
from multiattach_lab import errors
from multiattach_lab import releases

ROW = releases.get(releases.DEFAULT)


class EnvironmentTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', str(self.folder)))
        # No test reaches a package index.
        for name, value in (('UV_OFFLINE', '1'),
                            ('UV_CACHE_DIR', str(self.folder / 'uv'))):
            self.useFixture(fixtures.EnvironmentVariable(name, value))

    def kept_name(self, row):
        with environment.kept('databases', row) as folder:
            return folder.name

    def test_cache_is_where_the_user_wants_it(self):
        """XDG_CACHE_HOME moves all that is kept; without it, it is usual."""
        self.assertEqual(self.folder, environment.cache().parent)
        for value in (None, ''):
            self.useFixture(fixtures.EnvironmentVariable(
                'XDG_CACHE_HOME', value))
            self.assertEqual(pathlib.Path.home() / '.cache',
                             environment.cache().parent)

    def test_two_labs_take_turns(self):
        """What one lab makes is not touched by another meanwhile.

        1. Hold the folder, and let a second lab want it: it waits.
        2. Let go: the second lab has the same folder.
        """
        entered = threading.Event()
        seen = []

        def second():
            with environment.kept('databases', ROW) as folder:
                seen.append(folder)
                entered.set()

        other = threading.Thread(target=second, daemon=True)
        with environment.kept('databases', ROW) as folder:
            other.start()
            self.assertFalse(entered.wait(0.3))
        self.assertTrue(entered.wait(20))
        other.join()
        self.assertEqual([folder], seen)

    def test_other_kinds_do_not_wait(self):
        """Who builds an environment does not hold up a database."""
        with (environment.kept('databases', ROW) as databases,
              environment.kept('environments', ROW) as environments):
            self.assertNotEqual(databases, environments)

    def test_changed_row_gets_its_own(self):
        """Nothing that was made for another row is used again.

        The name is told apart by every field, and is the same for the same.
        """
        self.assertEqual(self.kept_name(ROW), self.kept_name(ROW))
        for field in dataclasses.fields(ROW):
            changed = dataclasses.replace(ROW, **{
                field.name: f'{getattr(ROW, field.name)}1'})
            self.assertNotEqual(
                self.kept_name(ROW), self.kept_name(changed), field.name)

    def test_unusable_cache_is_told(self):
        """A cache that cannot be written is told with what to do."""
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', '/proc'))
        error = self.assertRaises(errors.LabError, self.kept_name, ROW)
        self.assertIn('/proc/multiattach-lab', str(error))
        self.assertIn('XDG_CACHE_HOME', str(error))

    def test_whole_environment_is_used_again(self):
        """An environment that was finished is not installed again."""
        with environment.kept('environments', ROW) as folder:
            (folder / 'bin').mkdir(parents=True)
            (folder / 'bin' / 'python').symlink_to(sys.executable)
            (folder / 'complete').touch()
            (folder / 'of the first time').touch()
        self.assertEqual(folder, environment.build(
            ROW, self.folder / 'environment.log'))
        self.assertTrue((folder / 'of the first time').exists())

    def test_half_built_environment_is_made_anew(self):
        """What an interrupted installation left is thrown away.

        1. Leave a folder without the stamp; no package can be had.
        2. Build: the installer's words are told, nothing old is there, and
           no stamp says that this one is whole.
        """
        with environment.kept('environments', ROW) as folder:
            (folder / 'bin').mkdir(parents=True)
            (folder / 'bin' / 'python').symlink_to(sys.executable)
            (folder / 'left').touch()
        log = self.folder / 'environment.log'
        error = self.assertRaises(
            errors.LabError, environment.build, ROW, log)
        self.assertIn(ROW.name, str(error))
        self.assertIn(str(log), str(error))
        self.assertIn('network', str(error))
        self.assertFalse((folder / 'left').exists())
        self.assertFalse((folder / 'complete').exists())
