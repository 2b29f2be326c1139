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

"""What tests hold of each action in each state, with what runs saw."""

import collections

import action_table
import formatting
import sources
from sphinx.util import docutils

from multiattach_tempest_plugin.verify import claims as known

RELEASES = ('2026.2', '2024.1-unfixed')


class Actions(docutils.SphinxDirective):
    """Every action, in each state, and what became of its tests.

    The arguments are the results of runs; a later one is for releases, and
    tests, that no earlier one has.
    """

    required_arguments = 1
    optional_arguments = 1

    def run(self):
        rows = [row for name in self.arguments
                for row in sources.runs(self, name)]
        outcomes = join(paths(), rows)
        return self.parse_text_to_nodes('\n\n'.join(
            formatting.section(
                title, formatting.table(
                    ('Action', *map(formatting.sentence,
                                    action_table.STATES)),
                    [_overview(action, outcomes) for action in actions]),
                *(_entry(action, outcomes) for action in actions))
            for title, actions in action_table.GROUPS.items()),
            allow_section_headings=True)


def paths():
    """Return the whole name of each test of the plugin ({name: path})."""
    return {path.rpartition('.')[2]: path for path in (
        test.id().partition('[')[0]
        for test in known.tests_of(known.load()))}


def join(tests, rows):
    """Find what became of tests on each release.

    :param tests: {name: path}
    :param rows: rows of runs (:class:`matrix.Row`), the best first
    :returns: {name: words, one for each of RELEASES}
    """
    runs = [[row for row in rows if row.cloud == release]
            for release in RELEASES]
    return {name: tuple(outcome(path, run) for run in runs)
            for name, path in tests.items()}


def outcome(path, rows):
    """Say what became of a test in the first row that has it (str).

    :param path: its whole name
    :param rows: rows of runs of one cloud
    """
    # A class that is skipped or fails as a whole has one entry.
    names = {path, f'setUpClass ({path.rpartition(".")[0]})'}
    for row in rows:
        for word, tests in (('passed', row.passed), ('known gap', row.gaps),
                            ('skipped', row.skipped), ('failed', row.failed)):
            if names.intersection(tests):
                return word
    return 'not recorded'


def by_release(words, separator='; '):
    """Join words about each of RELEASES, once if they are the same (str)."""
    if len(set(words)) == 1:
        return words[0]
    return separator.join(
        f'{release}: {word}'
        for release, word in zip(RELEASES, words, strict=True))


def counted(words):
    """Count what became of tests (str), as '2 passed, 1 known gap'."""
    if len(words) == 1:
        return words[0]
    return ', '.join(
        f'{count} {word}s' if word == 'known gap' and count > 1
        else f'{count} {word}'
        for word, count in collections.Counter(words).items())


def _overview(action, outcomes):
    """Return the cells of an action's row in the table."""
    return (formatting.sentence(action.name),
            *(cell(action.held.get(state), outcomes)
              for state in action_table.STATES))


def cell(held, outcomes):
    """Say what is right, and what became of its tests (str).

    Those whose volume one server has count if there are no others.

    :param held: :class:`action_table.Held`, None if no test holds it
    :param outcomes: what :func:`join` returned
    """
    if held is None:
        return 'not tried'
    seen = zip(*(outcomes[test] for test in held.tests or held.alone),
               strict=True)
    right = held.right.partition(';')[0]
    where = '' if held.tests else ' (one server)'
    words = by_release([*map(counted, seen)], '\n\n')
    return f'**{right}**{where}\n\n{words}'


def _entry(action, outcomes):
    """Format an action as an item of a definition list (str)."""
    blocks = [_tests(state, action.held[state], outcomes)
              for state in action_table.ALL_STATES if state in action.held]
    missing = [state for state in action_table.STATES
               if state not in action.held]
    if missing:
        where = 'all four states' if (
            len(missing) == len(action_table.STATES)) else '; '.join(missing)
        blocks.append(f'Not tried: {where}. {action.untried}'.strip())
    return formatting.definition(formatting.sentence(action.name), blocks)


def _tests(state, held, outcomes):
    """Format the tests that hold what is right in a state (str)."""
    tests = [*((test, '') for test in held.tests),
             *((test, ', one server') for test in held.alone)]
    count = f'{len(tests)} test{"s" if len(tests) > 1 else ""}'
    return formatting.folded(
        f'{formatting.sentence(state)}: {held.right} ({count})',
        ['\n'.join(f'* ``{test}``{where}: {by_release(outcomes[test])}'
                   for test, where in tests)])


def setup(app):
    app.add_directive('actions', Actions)
    return {'parallel_read_safe': True}
