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
from importlib import metadata
from importlib import util
import pathlib
import re

import testtools

from tests.unit.plugin import test_conventions

ROOT = pathlib.Path(__file__).parents[2]
# Modules of Tempest that test swaps.
MODULES = ('tempest.api.compute.admin.test_volume_swap',
           'tempest.api.compute.admin.test_volumes_negative')
# Those that Tempest skips since bug 2112187, so that no list holds them.
SKIPPED = ['test_multiattach_rw_volume_update_failure',
           'test_update_attached_volume_with_nonexistent_volume_in_body',
           'test_volume_swap']


def trees():
    """Return {module: syntax tree} of the installed Tempest; import none."""
    return {name: ast.parse(pathlib.Path(
        util.find_spec(name).origin).read_text()) for name in MODULES}


def ids_of_tests():
    """Return the ids of the modules' tests, as a run shows them."""
    return [f'{module}.{node.name}.{test.name}[id]'
            for module, tree in trees().items() for node in tree.body
            if isinstance(node, ast.ClassDef) for test in node.body
            if isinstance(test, ast.FunctionDef)
            and test.name.startswith('test_')]


def skipped_tests():
    """Return the names of the modules' tests that never run, sorted."""
    return sorted(name for tree in trees().values()
                  for name in test_conventions.unconditional_skips(tree)
                  if name.startswith('test_'))


def has_fix():
    """Whether the installed Tempest expects Nova's fix of bug 2112187."""
    return int(metadata.version('tempest').partition('.')[0]) >= 45


def excluded():
    """Return the expressions of the list for the installed Tempest."""
    name = 'tempest-45.txt' if has_fix() else 'tempest-39.txt'
    lines = (ROOT / 'exclude' / name).read_text()
    return [line for line in lines.splitlines()
            if line and not line.startswith('#')]


class ExcludeListTest(testtools.TestCase):
    """The list of tests that a job leaves out is that of this Tempest."""

    def test_each_line_excludes_one_test_that_runs(self):
        """A test that is gone, renamed or skipped is no longer listed."""
        self.assertNotEqual([], excluded())
        for line in excluded():
            found = [each for each in ids_of_tests() if re.search(line, each)]
            self.assertEqual(1, len(found), f'{line} finds {found}')
            name = found[0].rpartition('.')[2].removesuffix('[id]')
            self.assertNotIn(name, skipped_tests())

    def test_tests_that_tempest_skips_are_known(self):
        """A test that runs again is reported, so that somebody looks at it."""
        self.assertEqual(SKIPPED if has_fix() else [], skipped_tests())

    def test_each_line_names_the_claim_in_its_place(self):
        """Above each line stands a test of ours that is there."""
        tests = [ast.unparse(node) for path in
                 (ROOT / 'multiattach_tempest_plugin').rglob('test_*.py')
                 for node in ast.parse(path.read_text()).body
                 if isinstance(node, ast.ClassDef)]
        for path in (ROOT / 'exclude').iterdir():
            named = re.findall(r'^# .+: (\w+)\.(\w+)\n\^', path.read_text(),
                               re.M)
            self.assertEqual(
                path.read_text().count('\n^'), len(named), path)
            for owner, name in named:
                self.assertTrue(any(
                    text.startswith(f'class {owner}(') and
                    f'def {name}(' in text for text in tests),
                    f'{owner}.{name} in {path}')
