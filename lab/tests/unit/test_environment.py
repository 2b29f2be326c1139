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
from importlib import metadata
import json
import pathlib
import sys
import sysconfig
import threading
import types

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

    def cached_name(self, row):
        with environment.cached('databases', row) as folder:
            return folder.name

    def test_cache_is_where_the_user_wants_it(self):
        """XDG_CACHE_HOME moves the cache from where it usually is."""
        self.assertEqual(self.folder, environment.cache().parent)
        for value in (None, ''):
            self.useFixture(fixtures.EnvironmentVariable(
                'XDG_CACHE_HOME', value))
            self.assertEqual(pathlib.Path.home() / '.cache',
                             environment.cache().parent)

    def test_two_labs_take_turns(self):
        """What one lab makes is not touched by another meanwhile.

        1. Lock the folder, and let a second lab want it: it waits.
        2. Unlock it: the second lab has the same folder.
        """
        entered = threading.Event()
        seen = []

        def second():
            with environment.cached('databases', ROW) as folder:
                seen.append(folder)
                entered.set()

        other = threading.Thread(target=second, daemon=True)
        with environment.cached('databases', ROW) as folder:
            other.start()
            self.assertFalse(entered.wait(0.3))
        self.assertTrue(entered.wait(20))
        other.join()
        self.assertEqual([folder], seen)

    def test_other_kinds_do_not_wait(self):
        """Building an environment does not delay a database."""
        with (environment.cached('databases', ROW) as databases,
              environment.cached('environments', ROW) as environments):
            self.assertNotEqual(databases, environments)

    def test_other_packages_get_their_own(self):
        """Nothing that was made of other packages is used again.

        What is installed decides, and not how the lab then runs it.
        """
        same = dataclasses.replace(ROW, threads=(), direct_swap='allowed')
        self.assertEqual(self.cached_name(ROW), self.cached_name(same))
        for changed in ({'date': '2026-01-01'}, {'neutron': 1},
                        {'services_date': '2026-01-01'},
                        {'libraries': ('SQLAlchemy<2',)}):
            self.assertNotEqual(
                self.cached_name(ROW),
                self.cached_name(dataclasses.replace(ROW, **changed)), changed)

    def test_unusable_cache_is_reported(self):
        """A cache that cannot be written is reported with what to do."""
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', '/proc'))
        error = self.assertRaises(errors.LabError, self.cached_name, ROW)
        self.assertIn('/proc/multiattach-lab', str(error))
        self.assertIn('XDG_CACHE_HOME', str(error))

    def make_whole(self):
        """Make what a finished installation leaves; return its folder."""
        with environment.cached('environments', ROW) as folder:
            (folder / 'bin').mkdir(parents=True)
            (folder / 'bin' / 'python').symlink_to(sys.executable)
            (folder / 'installed').write_text('12345')
            self.stamp = {'versions': {'nova': '34.0.0'}, 'bytes': 5,
                          'files': 3}
            (folder / 'complete').write_text(json.dumps(self.stamp))
        return folder

    def assert_made_anew(self, folder):
        """Build, which no index lets us finish; the old one has to go."""
        log = self.folder / 'environment.log'
        error = self.assertRaises(
            errors.LabError, environment.build, ROW, log)
        self.assertIn(ROW.name, str(error))
        self.assertIn(str(log), str(error))
        self.assertIn('network', str(error))
        self.assertFalse((folder / 'installed').exists())
        self.assertIsNone(environment.installed(ROW))

    def test_whole_environment_is_used_again(self):
        """An environment that was finished is not installed again.

        What Python compiled for itself since then makes no difference.
        """
        folder = self.make_whole()
        (folder / 'any.pyc').touch()
        self.assertEqual(folder, environment.build(
            ROW, self.folder / 'environment.log'))
        self.assertTrue((folder / 'installed').exists())
        self.assertEqual(self.stamp, environment.installed(ROW))

    def test_half_built_environment_is_made_anew(self):
        """What an interrupted installation left is thrown away."""
        folder = self.make_whole()
        (folder / 'complete').unlink()
        self.assert_made_anew(folder)

    def test_environment_that_lost_a_file_is_made_anew(self):
        """One that somebody cleaned up in is not taken for whole."""
        folder = self.make_whole()
        (folder / 'installed').unlink()
        self.assert_made_anew(folder)

    def test_environment_without_its_python_is_made_anew(self):
        """One whose Python was taken off the machine serves nothing."""
        folder = self.make_whole()
        (folder / 'bin' / 'python').unlink()
        (folder / 'bin' / 'python').symlink_to('/nowhere')
        self.assert_made_anew(folder)

    def test_measure_of_an_installation(self):
        """Versions are read from it, and its files counted.

        The environment of these tests is an installation of its own.
        """
        row = types.SimpleNamespace(services={'oslo-config': 1, 'uv': 1})
        (self.folder / 'one').write_text('12345')
        (self.folder / 'two.pyc').write_text('1')
        site = pathlib.Path(sysconfig.get_path(
            'purelib', vars={'base': self.folder}))
        site.parent.mkdir(parents=True)
        site.symlink_to(sysconfig.get_path('purelib'))
        self.assertEqual(
            {'versions': {name: metadata.version(name)
                          for name in row.services},
             'bytes': 5, 'files': 1},
            environment._measure(self.folder, row))
