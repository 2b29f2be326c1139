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

"""What the drills and the runs over the releases have found."""

import itertools
import pathlib
import textwrap

import formatting
import sources
from sphinx.util import docutils
from sphinx.util import rst


class Scoreboard(docutils.SphinxDirective):
    """Every fault of a release, with the tests of each drill that fail.

    The arguments are the results, in a file named as the release: of our own
    tests and then, if there are such, of Tempest's and Cinder's.
    """

    required_arguments = 1
    optional_arguments = 1

    def run(self):
        boards = dict(zip(
            ('This plugin', 'Upstream'),
            (sources.scoreboard(self, name) for name in self.arguments),
            strict=False))
        faults = sources.faults_of(pathlib.Path(self.arguments[0]).stem) | {
            name: sources.fault(name)
            for board in boards.values() for name in board.rows}
        return self.parse_text_to_nodes('\n\n'.join((
            formatting.table(('', *boards), list(_counts(boards.values())),
                             'numbers'),
            formatting.folded('Tests that were skipped or left out',
                              [_not_run(boards)]),
            *_programs(faults, boards))), allow_section_headings=True)


def _counts(boards):
    """Yield a row of numbers for each thing that is counted."""
    for kind, meaning in (('passed', 'Tests that pass without a fault'),
                          ('gaps', 'Tests that fail as expected'),
                          ('skipped', 'Tests that are skipped'),
                          ('failed', 'Tests that fail without a fault, left '
                                     'out')):
        yield meaning, *(len(getattr(board.control, kind))
                         for board in boards)
    for verdict in sources.VERDICTS:
        yield f'Faults {verdict}', *(
            sum(row.verdict == verdict for row in board.rows.values())
            for board in boards)


def _not_run(boards):
    """Format a table of the tests that saw no fault, with the reasons."""
    return formatting.table(
        ('Test', 'Why'),
        [(f'{title}: ``{test}``', rst.escape(words))
         for title, board in boards.items()
         for test, words in {**board.control.skipped,
                             **board.control.failed}.items()])


def _programs(faults, boards):
    """Yield a section for each program, with a table of its faults."""
    def part(name):
        return faults[name].part
    for program, names in itertools.groupby(sorted(faults, key=part), part):
        rows = [(f'{faults[name].symptom}\n\n'
                 f'``{name}`` ({faults[name].origin})',
                 *(verdict(board.rows.get(name), faults[name])
                   for board in boards.values())) for name in names]
        yield formatting.section(
            program, formatting.table(('Fault', *boards), rows))


def verdict(row, fault):
    """Format what became of a fault (str).

    :param row: its row on a scoreboard, None if it was not drilled
    :param fault: the fault
    """
    if row is None:
        return 'not drilled'
    if row.verdict == 'unseen':
        return f'unseen: {fault.unseen}'
    if not row.catches:
        return row.verdict
    count = len(row.catches)
    summary = f'{row.verdict} by {count} test{"s" if count > 1 else ""}'
    return formatting.folded(
        summary if row.green else f'{summary}, and no test passed',
        (f'``{test.rpartition(".")[2]}``: {rst.escape(_short(words))}'
         for test, words in row.catches.items()))


def _short(words):
    """Return the beginning of a failure, without the name of its class."""
    return textwrap.shorten(words.partition(': ')[2] or words, 120,
                            placeholder=' ...')


class Matrix(docutils.SphinxDirective):
    """What became of every release that was run."""

    required_arguments = 1

    def run(self):
        rows = sources.runs(self, self.arguments[0])
        return self.parse_text_to_nodes('\n\n'.join((
            formatting.table(
                ('Release', 'Nova', 'Cinder', 'Direct swap', 'Tests'),
                [(row.release, row.versions['nova'], row.versions['cinder'],
                  sources.direct_swap(row.release), outcome(row))
                 for row in rows], 'numbers'),
            f'{_span(row.day for row in rows)}, with Tempest '
            f'{_span(row.tempest for row in rows)}. A lab took '
            f'{_span(row.start for row in rows)} seconds to start, and the '
            f'tests {_span(row.seconds for row in rows)}.')))


class Clouds(docutils.SphinxDirective):
    """What became of every kind of cloud that was run, on each release."""

    required_arguments = 1

    def run(self):
        rows = sources.runs(self, self.arguments[0])
        names = list(dict.fromkeys(row.release for row in rows))
        ran = {(row.kind, row.release): f'{outcome(row)}, {row.seconds} s'
               for row in rows}
        return self.parse_text_to_nodes(formatting.table(
            ('Kind', *names),
            [(f'``{kind}``', *(ran.get((kind, name), 'not run')
                               for name in names))
             for kind in dict.fromkeys(row.kind for row in rows)]))


def outcome(row):
    """Say what the tests on a cloud did (str)."""
    counts = {'passed': row.passed, 'skipped': row.skipped,
              'known gaps': row.gaps, 'failed': row.failed}
    words = ', '.join(f'{len(tests)} {name}'
                      for name, tests in counts.items() if tests)
    return '. '.join(filter(None, (words, row.error)))


def _span(values):
    """Say from what to what some values go (str)."""
    first, *_, last = sorted(values) * 2
    return f'{first}' if first == last else f'{first} to {last}'


class Skipped(docutils.SphinxDirective):
    """Every test that a cloud skipped, and why."""

    required_arguments = 1

    def run(self):
        return _listing(self, ('Test', 'Reason', 'Clouds'),
                        lambda row: row.skipped.items())


class Gaps(docutils.SphinxDirective):
    """Every test that saw a known gap, and where."""

    required_arguments = 1

    def run(self):
        return _listing(self, ('Test', 'Clouds'),
                        lambda row: ((test,) for test in row.gaps))


def _listing(directive, header, entries):
    """Return nodes of what clouds have in common."""
    rows = common(sources.runs(directive, directive.arguments[0]), entries)
    return directive.parse_text_to_nodes(formatting.table(header, rows))


def common(runs, entries):
    """Find what clouds have in common.

    :param runs: a row for each cloud
    :param entries: function of a row, for tuples that begin with a test
    :returns: list of tuples of a test, more words and the clouds
    """
    found = {}
    for row in runs:
        for entry in entries(row):
            found.setdefault(entry, []).append(row.cloud)
    return [(f'``{test.rpartition(".")[2].rstrip(")")}``', *words,
             'all' if len(names) == len(runs) else ', '.join(names))
            for (test, *words), names in found.items()]


def setup(app):
    app.add_directive('scoreboard', Scoreboard)
    app.add_directive('matrix', Matrix)
    app.add_directive('clouds', Clouds)
    app.add_directive('matrix-skipped', Skipped)
    app.add_directive('matrix-gaps', Gaps)
    return {'parallel_read_safe': True}
