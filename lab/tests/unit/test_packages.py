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
import sys
import sysconfig
import zipfile

import fixtures
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import packages

METADATA = 'Metadata-Version: 2.1\nName: {}\nVersion: {}\n'
WHEEL = 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'


class PackagesTest(base.BaseTestCase):
    """An environment that has nova 34.0.0, and what takes its place."""

    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.environment = self.folder / 'environment'
        site = pathlib.Path(sysconfig.get_path(
            'purelib', vars={'base': self.environment}))
        (site / 'nova-34.0.0.dist-info').mkdir(parents=True)
        (site / 'nova-34.0.0.dist-info' / 'METADATA').write_text(
            METADATA.format('nova', '34.0.0'))
        (self.environment / 'bin').mkdir()
        (self.environment / 'bin' / 'python').symlink_to(sys.executable)
        (self.environment / 'pyvenv.cfg').write_text(
            f'home = {pathlib.Path(sys.executable).parent}\n')

    def wheel(self, name, version='35.0.0'):
        """Build a wheel with a module and a file in etc; return its path."""
        path = self.folder / f'{name}-{version}-py3-none-any.whl'
        metadata = f'{name}-{version}.dist-info'
        with zipfile.ZipFile(path, 'w') as archive:
            for file, text in (
                    (f'{name}/__init__.py', 'CHANGED = True\n'),
                    (f'{name}-{version}.data/data/etc/{name}/paste.ini', ''),
                    (f'{metadata}/METADATA', METADATA.format(name, version)),
                    (f'{metadata}/WHEEL', WHEEL),
                    (f'{metadata}/RECORD', '')):
                archive.writestr(file, text)
        return path

    def install(self, **sources):
        return packages.install(
            {name: pathlib.Path(path) for name, path in sources.items()},
            self.environment, self.folder / 'python', self.folder)

    def test_wheel_stands_before_the_release(self):
        """What is installed is in the folder, and the release as it was."""
        self.assertEqual({'nova': '35.0.0'},
                         self.install(nova=self.wheel('nova')))
        for path in ('nova/__init__.py', 'etc/nova/paste.ini'):
            self.assertTrue((self.folder / 'python' / path).exists(), path)
        self.assertEqual([], list(self.environment.rglob('nova/*')))

    def test_mistakes_are_reported(self):
        """What is not there, or is something else, is named."""
        for sources, words in (
                ({'nowa': self.wheel('nova')}, 'has no package "nowa"'),
                ({'nova': '/nowhere'}, 'in /nowhere'),
                ({'nova': self.wheel('cinder')}, 'is not nova'),
                ({'nova': self.environment}, 'could not be installed')):
            error = self.assertRaises(errors.LabError, self.install, **sources)
            self.assertIn(words, str(error))
