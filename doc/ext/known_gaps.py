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

"""What the table of known gaps says, with what a run saw of each."""

import ast
import inspect
import re
import textwrap

import formatting
import sources
from sphinx.util import docutils
from sphinx.util import rst

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin.tests.scenario import test_known_gaps
from multiattach_tempest_plugin.tests.scenario import test_known_gaps_of_actions  # noqa: E501
from multiattach_tempest_plugin.tests.scenario import test_known_gaps_of_data

_CHANGE = re.compile(r'(.+?): (.+) before, (.+) after')


class KnownGaps(docutils.SphinxDirective):
    """Every known gap, and what the newest release showed of it.

    The arguments are the results of runs over the releases, and over the
    kinds of cloud for what the first ones did not see.
    """

    required_arguments = 2

    def run(self):
        runs = [sources.runs(self, name) for name in self.arguments]
        return self.parse_text_to_nodes(
            '\n\n'.join(self._section(name, gap, runs)
                        for name, gap in gaps.rows()),
            allow_section_headings=True)

    def _section(self, name, gap, runs):
        test = test_of(name)
        seen = next(filter(None, (
            [(row.release, row.gaps[test]) for row in rows
             if test in row.gaps] for rows in runs)), ())
        saw = ['No run of the whole suite has seen it yet.']
        if seen:
            release, words = seen[-1]
            saw = [formatting.folded(f'What the test saw on {release}',
                                     evidence(words.partition(': ')[2]))]
        return formatting.section(
            formatting.sentence(gap.happens),
            f'It should be: {gap.holds}.',
            f'To fix in: {gap.where}. Seen on {gap.seen}. Row of gaps.py: '
            f'``{name}``.',
            *saw,
            formatting.folded('Bug report, to paste', [bug_report(gap)]))


def bug_report(gap):
    """Format a gap as a bug report that shows as it is (str)."""
    steps = '\n'.join(f'{number}. {step}'
                      for number, step in enumerate(gap.steps, 1))
    project = gap.where.partition('.')[0]
    return '::\n\n' + textwrap.indent('\n'.join((
        f'{project}: {formatting.sentence(gap.happens)}', '',
        'V is a volume of a type with multiattach, W another one; S1 and S2',
        'are servers.', '', steps, '',
        *textwrap.wrap(f'What happens: {gap.happens}.'),
        *textwrap.wrap(f'What should happen: {gap.holds}.'),
        f'Where: {gap.where}.',
        f'Seen on: {gap.seen}.')), '   ')


def evidence(words):
    """Format what a failed assertion says of records.

    :param words: a line for each record that differs; others stand alone
    :returns: list of blocks of reStructuredText
    """
    changes, others = [], []
    for line in words.splitlines():
        change = _CHANGE.fullmatch(line)
        if change:
            record, before, after = change.groups()
            changes.append((record, *_only_different(before, after)))
        else:
            others.append(f'| {rst.escape(line)}')
    blocks = ['\n'.join(others)] if others else []
    if changes:
        blocks.append(formatting.table(('Record', 'Before', 'After'), changes))
    return blocks


def _only_different(*values):
    """Format two values, one field a line, without what they share."""
    parsed = [_fields(value) for value in values]
    shared = dict(parsed[0].items() & parsed[1].items())
    return ('\n'.join(f'| {key}{rst.escape(value)}'
                      for key, value in fields.items() if key not in shared)
            for fields in parsed)


def _fields(value):
    """Split a record into {name: value}; what is no record has no name."""
    if not value.startswith('{'):
        return {'': value.strip("'")}
    return {f'{key}: ': str(field)
            for key, field in ast.literal_eval(value).items()}


def test_of(name):
    """Return the whole name of the test that shows a gap, None if none does.
    """
    kinds = [kind for module in (test_known_gaps, test_known_gaps_of_actions,
                                 test_known_gaps_of_data)
             for _, kind in inspect.getmembers(module, inspect.isclass)]
    for kind in kinds:
        for _, method in inspect.getmembers(kind, inspect.isfunction):
            if re.search(rf'\bgaps\.{name}\b', inspect.getsource(method)):
                return f'{method.__module__}.{method.__qualname__}'
    return None


def setup(app):
    app.add_directive('known-gaps', KnownGaps)
    return {'parallel_read_safe': True}
