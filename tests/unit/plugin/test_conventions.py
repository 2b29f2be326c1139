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

"""Conventions of our tests, read from their source.

Tempest's own checks of style look at paths inside Tempest only.
"""

import ast
import pathlib

from oslotest import base

import multiattach_tempest_plugin

PACKAGE = pathlib.Path(multiattach_tempest_plugin.__file__).parent


def tests_in(tree):
    return [node for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef)
            and node.name.startswith('test_')]


def decorators_of(function):
    return [ast.unparse(decorator) for decorator in function.decorator_list]


def without_id(tree):
    return [test.name for test in tests_in(tree)
            if not any(text.startswith('decorators.idempotent_id(')
                       for text in decorators_of(test))]


def without_claim(tree):
    return [test.name for test in tests_in(tree)
            if not (ast.get_docstring(test) or ' ').splitlines()[0]
            .endswith('.')]


def without_negative(tree):
    return [test.name for test in tests_in(tree)
            if not any(text.startswith('decorators.attr(')
                       and "'negative'" in text
                       for text in decorators_of(test))]


def imported_names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f'{node.module}.{alias.name}' for alias in node.names)


def unstable_imports(tree):
    unstable = ('tempest.api', 'tempest.scenario', 'tempest.common.waiters',
                'tempest.common.utils', 'tempest.exceptions')
    return [name for name in imported_names(tree)
            if any(f'{name}.'.startswith(f'{module}.')
                   for module in unstable)]


def imports_of_time(tree):
    return [name for name in imported_names(tree)
            if name.split('.')[0] == 'time']


def is_skip(statement):
    if isinstance(statement, ast.Raise):
        return 'skipException' in ast.unparse(statement)
    return (isinstance(statement, ast.Expr)
            and ast.unparse(statement).startswith('self.skipTest('))


def unconditional_skips(tree):
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            continue
        decorated = [
            text for text in decorators_of(node)
            if text.split('(')[0] in ('unittest.skip', 'testtools.skip')
            or (text.startswith('decorators.skip_because(')
                and 'condition=' not in text)]
        if decorated or any(is_skip(statement) for statement in node.body):
            found.append(node.name)
    return found


def unneeded_plain_types(tree):
    """Name what uses the plain type and would not be skipped without one."""
    classes = {node.name: node for node in tree.body
               if isinstance(node, ast.ClassDef)}
    safe = {name for name, node in classes.items()
            if 'base.PLAIN_TYPE' in ast.unparse(node)}
    found = []
    for name, node in classes.items():
        bases = {ast.unparse(each).rpartition('.')[2] for each in node.bases}
        # A class of another module says itself what it needs.
        if name in safe or bases & (safe | {'SafeFlowUnflagged'}):
            continue
        found += [
            function.name for function in node.body
            if isinstance(function, ast.FunctionDef)
            and 'self.plain_type' in ast.unparse(function)
            and 'base.needs_plain_type' not in decorators_of(function)]
    return found


def sources(folder):
    files = sorted((PACKAGE / folder).rglob('*.py'))
    return {str(file.relative_to(PACKAGE)): ast.parse(file.read_text())
            for file in files}


class ConventionsTest(base.BaseTestCase):

    def assertFollowed(self, check, folder='', apart_from=()):
        trees = sources(folder)
        self.assertNotEqual({}, trees)
        self.assertEqual({}, {
            name: check(tree) for name, tree in trees.items()
            if name not in apart_from and check(tree)})

    def assertFound(self, names, check, source):
        self.assertEqual(names, check(ast.parse(source)))

    def test_files_with_tests_are_found(self):
        names = {test.name for tree in sources('tests').values()
                 for test in tests_in(tree)}
        self.assertIn('test_swap_of_shared_volume_is_refused', names)

    def test_each_test_has_an_id(self):
        self.assertFound(['test_a'], without_id, (
            '@decorators.attr(type="negative")\ndef test_a(self):\n  pass'))
        self.assertFollowed(without_id, 'tests')

    def test_each_test_begins_with_its_claim(self):
        self.assertFound(['test_a', 'test_b'], without_claim, (
            'def test_a(self):\n  pass\n'
            'def test_b(self):\n  """Swap\n\n  It works.\n  """\n'
            'def test_c(self):\n  """A claim."""\n'))
        self.assertFollowed(without_claim, 'tests')

    def test_each_test_of_one_request_is_negative(self):
        self.assertFound(['test_a'], without_negative, (
            '@decorators.attr(type="slow")\ndef test_a(self):\n  pass\n'
            '@decorators.attr(type=["negative"])\n'
            'def test_b(self):\n  pass\n'))
        self.assertFollowed(without_negative, 'tests/api')

    def test_only_stable_interfaces_of_tempest_are_imported(self):
        self.assertFound(
            ['tempest.api.compute.base', 'tempest.common.waiters'],
            unstable_imports,
            'from tempest.api.compute import base\n'
            'from tempest.common import compute\n'
            'import tempest.common.waiters\n')
        self.assertFollowed(unstable_imports)

    def test_only_waiters_wait(self):
        self.assertFound(['time', 'time.sleep'], imports_of_time,
                         'import time\nfrom time import sleep\n')
        self.assertFollowed(imports_of_time, apart_from=['waiters.py'])

    def test_plain_type_is_needed_where_it_is_used(self):
        self.assertFound(['test_a'], unneeded_plain_types, (
            'class A:\n  def test_a(self):\n    self.plain_type\n'
            'class B:\n  def needs(self):\n    base.PLAIN_TYPE\n'
            'class C(B):\n  def test_c(self):\n    self.plain_type\n'
            'class D:\n  @base.needs_plain_type\n'
            '  def test_d(self):\n    self.plain_type\n'))
        self.assertFollowed(unneeded_plain_types, 'tests',
                            apart_from=['tests/moves.py'])

    def test_each_skip_has_a_condition(self):
        self.assertFound(['test_a', 'B', 'test_c', 'test_d'],
                         unconditional_skips, (
            '@decorators.skip_because(bug="1")\n'
            'def test_a(self):\n  pass\n'
            '@testtools.skip("later")\nclass B:\n  pass\n'
            'def test_c(self):\n  self.skipTest("later")\n'
            'def test_d(self):\n  raise self.skipException("later")\n'
            '@decorators.skip_because(bug="1", condition=CONF.a.b)\n'
            'def test_e(self):\n  if CONF.a.b:\n    self.skipTest("b")\n'))
        self.assertFollowed(unconditional_skips)
