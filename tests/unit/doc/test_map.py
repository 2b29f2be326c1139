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
import fnmatch
import graphlib
import re

import testtools

from tests.unit import doc
from tests.unit.plugin import test_conventions

MAP = doc.ROOT / 'doc' / 'source' / 'contributor' / 'index.rst'
PLUGIN = doc.ROOT / 'multiattach_tempest_plugin'
LAB = doc.ROOT / 'lab' / 'multiattach_lab'


def on_map(package):
    """Return the names of a package's table, in its order."""
    _, _, text = MAP.read_text().partition(f'``{package.name}``\n~')
    return re.findall(r'^   \* - ``([\w.*]+)``$', text.split('\n~')[0], re.M)


def modules(package):
    """Return {name: path} of modules; an empty __init__.py is none."""
    found = {}
    for path in package.rglob('*.py'):
        parts = path.relative_to(package).with_suffix('').parts
        if parts[-1] == '__init__':
            parts = parts[:-1]
            if not (parts and ast.parse(path.read_text()).body):
                continue
        found['.'.join(parts)] = path
    return found


def imports(path):
    """Return the whole names of all that a module imports, at any place."""
    return set(test_conventions.imported_names(ast.parse(path.read_text())))


def graph(package):
    """Return {module: modules of the same package that it imports}."""
    found = modules(package)
    names = {f'{package.name}.{name}': name for name in found}
    return {name: {names[other] for other in imports(path) & names.keys()}
            for name, path in found.items()}


class MapTest(testtools.TestCase):
    """The contributor's map is that of the folders."""

    def assertMapped(self, package):
        rows, found = on_map(package), modules(package)
        self.assertNotEqual([], rows)
        self.assertEqual([], [
            name for name in found
            if not any(fnmatch.fnmatch(name, row) for row in rows)],
            f'not in {MAP}')
        self.assertEqual([], [row for row in rows
                              if not fnmatch.filter(found, row)],
                         f'in {MAP}, and not in {package}')

    def assertOneWay(self, package):
        """Check that there is no circle, and the order of the map."""
        links = graph(package)
        self.assertNotEqual(set(), set().union(*links.values()))
        tuple(graphlib.TopologicalSorter(links).static_order())
        rows = on_map(package)
        self.assertEqual([], [
            f'{name} imports {other}' for name, others in links.items()
            for other in others
            if place(name, rows) > place(other, rows)])

    def test_modules_of_plugin(self):
        self.assertMapped(PLUGIN)

    def test_modules_of_lab(self):
        self.assertMapped(LAB)

    def test_imports_of_plugin_go_one_way(self):
        self.assertOneWay(PLUGIN)

    def test_imports_of_lab_go_one_way(self):
        self.assertOneWay(LAB)

    def test_plugin_never_imports_lab(self):
        self.assertEqual([], [
            name for name, path in modules(PLUGIN).items()
            if any(other.partition('.')[0] == LAB.name
                   for other in imports(path))])


def place(name, rows):
    """Return the place on the map of the row that names a module best."""
    return max((len(row), index) for index, row in enumerate(rows)
               if fnmatch.fnmatch(name, row))[1]
