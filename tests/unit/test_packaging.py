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

import ast
import configparser
import importlib.metadata
import importlib.util
import pathlib
import re
import sys
import tomllib

from setuptools.config import expand
import testtools

import multiattach_tempest_plugin

NAME = 'multiattach-tempest-plugin'
ROOT = pathlib.Path(__file__).parents[2]


def imported_packages(path):
    """Return the names of the top-level packages that a module imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.partition('.')[0] for name in names}


def is_loaded_early(path):
    """Tell if ``tempest help`` imports a module of the commands.

    That is what their entry points name, and what these import.
    """
    points = importlib.metadata.distribution(NAME).entry_points
    modules = {point.module for point in points.select(group='tempest.cm')}
    sources = [pathlib.Path(importlib.util.find_spec(module).origin)
               for module in modules]
    package = f'{multiattach_tempest_plugin.__name__}.verify'
    early = {source.stem for source in sources}
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == package:
                early.update(alias.name for alias in node.names)
    return path.stem in early


class PackagingTest(testtools.TestCase):

    def test_entry_points_load(self):
        """Everything that others find by an entry point is there."""
        points = importlib.metadata.distribution(NAME).entry_points
        self.assertIn('tempest.test_plugins', points.groups)
        for point in points:
            self.assertTrue(callable(point.load()), point)

    def test_wheel_holds_the_plugin_alone(self):
        """Neither the lab nor a unit test is installed with the plugin."""
        project = tomllib.loads((ROOT / 'pyproject.toml').read_text())
        packages = expand.find_packages(
            **project['tool']['setuptools']['packages']['find'],
            root_dir=ROOT)
        self.assertIn('multiattach_tempest_plugin.tests.api', packages)
        self.assertEqual({'multiattach_tempest_plugin'},
                         {name.partition('.')[0] for name in packages})

    def test_plugin_imports_what_tempest_brings(self):
        """The plugin alone can be installed beside Tempest.

        1. Collect every import of the plugin's package, apart from those of
           what the commands load when they run.
        2. Each is of the package, of the standard library, or of a
           distribution that we or Tempest require without an extra.
        """
        allowed = {NAME}
        for name in (NAME, 'tempest'):
            for requirement in importlib.metadata.requires(name):
                if 'extra ==' not in requirement:
                    allowed.add(re.match(r'[\w.-]+', requirement).group())
        owners = importlib.metadata.packages_distributions()
        root = pathlib.Path(multiattach_tempest_plugin.__file__).parent
        for path in root.rglob('*.py'):
            if path.parent.name == 'verify' and not is_loaded_early(path):
                continue
            for package in imported_packages(path):
                if package in (root.name, *sys.stdlib_module_names):
                    continue
                self.assertTrue(
                    allowed.intersection(owners[package]),
                    f'{path} imports {package}, which only an extra brings')

    def test_oldest_versions_that_we_allow_are_run(self):
        """The lab runs with the lower bound of each requirement.

        1. Read the bounds that an installation is held to.
        2. Each is what `tox -e lab-oldest` installs.
        """
        tox = configparser.ConfigParser(interpolation=None)
        tox.read(ROOT / 'tox.ini')
        pins = tox['testenv:lab-oldest']['deps'].split()
        lines = (ROOT / 'requirements.txt').read_text().splitlines()
        self.assertLess(3, len(lines))
        for line in lines:
            bound = line.partition(' ')[0].replace('>=', '==')
            self.assertIn(bound, pins)
