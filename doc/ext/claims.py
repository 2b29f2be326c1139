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

"""Tables of claims, refusals and faults, from what the code itself reads."""

import pathlib
import unittest

from sphinx.util import docutils

from multiattach_lab import drill
from multiattach_lab import faults
import multiattach_tempest_plugin
from multiattach_tempest_plugin import plugin
from multiattach_tempest_plugin import refusals


def tests(suite):
    """Yield every test of a unittest suite."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests(item)
        else:
            yield item


def table(*rows):
    """Format rows of text, the first of them a header, as a list-table."""
    lines = ['.. list-table::', '   :header-rows: 1', '']
    for row in rows:
        first, *others = row
        lines.append(f'   * - {first}')
        lines.extend(f'     - {cell}' for cell in others)
    return '\n'.join(lines)


class Claims(docutils.SphinxDirective):
    """Every test, by the claim in the first line of its docstring."""

    def run(self):
        folder, top = plugin.MultiattachTempestPlugin().load_tests()
        found = unittest.defaultTestLoader.discover(folder, top_level_dir=top)
        rows = []
        for test in tests(found):
            path = test.id().partition('[')[0]
            method = getattr(test, path.rpartition('.')[2])
            # Tempest puts the test's id before the docstring.
            _, claim, *_ = method.__doc__.split('\n\n')
            short = path.removeprefix(
                f'{multiattach_tempest_plugin.__name__}.tests.')
            rows.append((f'``{short}``', claim.strip()))
        return self.parse_text_to_nodes(
            table(('Test', 'Claim'), *sorted(rows)))


class Refusals(docutils.SphinxDirective):
    """Every request that must be refused, with its answer and the reason."""

    def run(self):
        return self.parse_text_to_nodes(table(
            ('Request', '``refused``', '``allowed``', 'Why'),
            *((row.request, row.answer_of('refused'),
               row.answer_of('allowed'), f'{row.reason} ({row.source})')
              for _, row in refusals.rows())))


class Scoreboard(docutils.SphinxDirective):
    """Every fault of a release, with the tests that turn red."""

    required_arguments = 1

    def run(self):
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        rows = drill.read(pathlib.Path(path))
        return self.parse_text_to_nodes(table(
            ('Fault', 'Where', 'What a user would see', 'Verdict'),
            *(self._row(rows[name]) for name in rows)))

    @staticmethod
    def _row(row):
        fault = faults.load(row.fault)
        tests = ', '.join(f'``{test.rpartition(".")[2]}``'
                          for test in row.catches)
        return (f'``{row.fault}``', f'{fault.part}: {fault.origin}',
                fault.symptom, f'{row.verdict} {tests}')


def setup(app):
    app.add_directive('claims', Claims)
    app.add_directive('refusals', Refusals)
    app.add_directive('scoreboard', Scoreboard)
    return {'parallel_read_safe': True}
