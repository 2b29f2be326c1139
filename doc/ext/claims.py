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

"""Tables of what is claimed and what was run, from what the code reads."""

import collections
import inspect
import pathlib
import re
import textwrap
import unittest

from sphinx.util import docutils
from sphinx.util import rst

from multiattach_lab import drill
from multiattach_lab import faults
from multiattach_lab import matrix
from multiattach_lab import releases
from multiattach_lab import scoreboard
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
    """Every test: its claim, what is refused in it, what turned it red.

    The arguments are the results of drills.
    """

    required_arguments = 1
    optional_arguments = 3

    def run(self):
        folder, top = plugin.MultiattachTempestPlugin().load_tests()
        found = unittest.defaultTestLoader.discover(folder, top_level_dir=top)
        caught = self._caught()
        rows = []
        for test in tests(found):
            path = test.id().partition('[')[0]
            method = getattr(test, path.rpartition('.')[2])
            # Tempest puts the test's id before the docstring.
            _, claim, *_ = method.__doc__.split('\n\n')
            short = path.removeprefix(
                f'{multiattach_tempest_plugin.__name__}.tests.')
            rows.append((f'``{short}``', claim.strip(), _refused(method),
                         ', '.join(f'``{name}``'
                                   for name in sorted(caught[path]))))
        return self.parse_text_to_nodes(
            table(('Test', 'Claim', 'Refused in it', 'Seen red with'),
                  *sorted(rows)))

    def _caught(self):
        """Return the faults that each test has caught ({test: names})."""
        caught = collections.defaultdict(set)
        for name in self.arguments:
            for row in read_drill(self, name).rows.values():
                for test in row.catches:
                    caught[test].add(row.fault)
        return caught


def _refused(method):
    """Return the requests of the table that a test names."""
    names = re.findall(r'refusals\.([A-Z_]+)', inspect.getsource(method))
    return '; '.join(getattr(refusals, name).request
                     for name in dict.fromkeys(names))


class Refusals(docutils.SphinxDirective):
    """Every request that must be refused, with its answer and the reason."""

    def run(self):
        return self.parse_text_to_nodes(table(
            ('Request', '``refused``', '``allowed``', 'Why'),
            *((row.request, row.answer_of('refused'),
               row.answer_of('allowed'), f'{row.reason} ({row.source})')
              for _, row in refusals.rows())))


class Scoreboard(docutils.SphinxDirective):
    """Every fault of a release, with the tests of each drill that turn red.

    The arguments are the results, in a file named as the release: of our own
    tests and then, if there are such, of Tempest's and Cinder's.
    """

    required_arguments = 1
    optional_arguments = 1

    def run(self):
        boards = [read_drill(self, name) for name in self.arguments]
        names = drill.select(pathlib.Path(self.arguments[0]).stem)
        titles = ('This plugin', 'Upstream')[:len(boards)]
        return self.parse_text_to_nodes('\n\n'.join((
            table(('', *titles), *_counts(boards)),
            *_not_run(titles, boards),
            table(('Fault', 'Where', 'What a user would see', *titles),
                  *(_row(name, boards) for name in names)))))


def _counts(boards):
    """Yield a row of numbers for each thing that is counted."""
    for name, meaning in (
            ('passed', 'Tests, green without a fault'),
            ('gaps', 'Tests, red as expected'),
            ('skipped', 'Tests, skipped'),
            ('failed', 'Tests, left out as they are red without a fault')):
        yield meaning, *(len(getattr(board.control, name))
                         for board in boards)
    for verdict in (scoreboard.CAUGHT, scoreboard.CAUGHT_OTHERWISE,
                    scoreboard.MISSED, scoreboard.UNSEEN):
        yield f'Faults, {verdict}', *(
            sum(row.verdict == verdict for row in board.rows.values())
            for board in boards)


def _not_run(titles, boards):
    """Yield a table of the tests that saw no fault, with the reasons."""
    rows = [(title, f'``{test}``', rst.escape(words))
            for title, board in zip(titles, boards, strict=True)
            for test, words in (board.control.skipped
                                | board.control.failed).items()]
    if rows:
        yield table(('', 'Skipped or left out', 'Why'), *rows)


def _row(name, boards):
    fault = faults.load(name)
    return (f'``{name}``', f'{fault.part}: {fault.origin}', fault.symptom,
            *(_verdict(board.rows.get(name), fault) for board in boards))


def _verdict(row, fault):
    if row is None:
        return 'not drilled'
    if row.verdict == scoreboard.UNSEEN:
        return f'unseen: {fault.unseen}'
    catches = '; '.join(
        f'``{test.rpartition(".")[2]}``: {rst.escape(_short(words))}'
        for test, words in row.catches.items())
    return f'{row.verdict}{row.remark} {catches}'


def _short(words):
    """Return the beginning of a failure, without the name of its class."""
    return textwrap.shorten(words.partition(': ')[2] or words, 120,
                            placeholder=' ...')


class Matrix(docutils.SphinxDirective):
    """What became of every release that was run."""

    required_arguments = 1

    def run(self):
        rows = [self._row(row) for row in read_matrix(self)]
        return self.parse_text_to_nodes(table(
            ('Release', 'Versions', 'Direct swap', 'Passed', 'Skipped',
             'Known gaps', 'Failed', 'Tempest', 'Day',
             'Start (s)', 'Tests (s)'), *rows) if rows else 'None.')

    @staticmethod
    def _row(row):
        versions = ', '.join(f'{name} {version}'
                             for name, version in row.versions.items())
        return (row.release, versions,
                f'``{releases.get(row.release).direct_swap}``',
                len(row.passed), len(row.skipped), len(row.gaps),
                row.error or len(row.failed), row.tempest, row.day,
                row.start, row.seconds)


class Skipped(docutils.SphinxDirective):
    """Every test that a release skipped, and why."""

    required_arguments = 1

    def run(self):
        return listing(self, ('Test', 'Reason', 'Releases'),
                       lambda row: row.skipped.items())


class Gaps(docutils.SphinxDirective):
    """Every test that saw a known gap, and where."""

    required_arguments = 1

    def run(self):
        return listing(self, ('Test', 'Releases'),
                       lambda row: ((test,) for test in row.gaps))


def listing(directive, header, entries):
    """Return nodes of what releases have in common.

    :param entries: function of a row, for tuples that begin with a test
    """
    found = {}
    for row in read_matrix(directive):
        for entry in entries(row):
            found.setdefault(entry, []).append(row.release)
    rows = [(f'``{test.rpartition(".")[2].rstrip(")")}``', *words,
             ', '.join(names)) for (test, *words), names in found.items()]
    return directive.parse_text_to_nodes(
        table(header, *rows) if rows else 'None.')


def path_of(directive, name):
    """Return the path of a file that a directive names, and depend on it."""
    _, path = directive.env.relfn2path(name)
    directive.env.note_dependency(path)
    return pathlib.Path(path)


def read_drill(directive, name):
    """Return the :class:`scoreboard.Scoreboard` in a file."""
    return scoreboard.read(path_of(directive, name))


def read_matrix(directive):
    """Return the rows of the JSON that a directive names first."""
    return matrix.read(path_of(directive, directive.arguments[0])).values()


def setup(app):
    app.add_directive('claims', Claims)
    app.add_directive('refusals', Refusals)
    app.add_directive('scoreboard', Scoreboard)
    app.add_directive('matrix', Matrix)
    app.add_directive('matrix-skipped', Skipped)
    app.add_directive('matrix-gaps', Gaps)
    return {'parallel_read_safe': True}
