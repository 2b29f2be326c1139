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

"""What the tests claim, and which answers they must get."""

import collections
import inspect
import re

import formatting
import sources
from sphinx.util import docutils
from sphinx.util import rst

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.verify import claims as known


class Claims(docutils.SphinxDirective):
    """Every claim, what is refused in its test, and what made it fail.

    The arguments are the results of drills.
    """

    required_arguments = 1
    optional_arguments = 3

    def run(self):
        caught = self._caught()
        groups = {title: [] for title in known.GROUPS}
        for test in known.tests_of(known.load()):
            kind = type(test)
            try:
                group = groups[known.group_of(kind)]
            except KeyError as error:
                raise self.error(error.args[0]) from error
            group.append((kind, test.id().partition('[')[0]))
        return self.parse_text_to_nodes(
            '\n\n'.join(
                formatting.section(title, *(
                    _entry(kind, path, caught)
                    for kind, path in sorted(group, key=_place)))
                for title, group in groups.items()),
            allow_section_headings=True)

    def _caught(self):
        """Return the faults that each test has caught ({test: names})."""
        caught = collections.defaultdict(set)
        for name in self.arguments:
            for row in sources.scoreboard(self, name).rows.values():
                for test in row.catches:
                    caught[test].add(row.fault)
        return caught


def refused_in(kind, name):
    """Find the requests of the table that a test names.

    :param kind: class of the test
    :param name: name of a method; the methods of the class that it calls are
        searched too
    :returns: list of names of rows, in their order
    """
    found, searched, waiting = {}, set(), [name]
    while waiting:
        method = getattr(kind, waiting.pop(0), None)
        if not inspect.isfunction(method) or method in searched:
            continue
        searched.add(method)
        source = inspect.getsource(method)
        found |= dict.fromkeys(re.findall(r'\brefusals\.([A-Z_]+)', source))
        waiting += re.findall(r'\bself\.(\w+)', source)
    return list(found)


def _place(test):
    """Return what sorts tests as GROUPS and their modules do."""
    kind, path = test
    method = inspect.unwrap(getattr(kind, path.rpartition('.')[2]))
    return (known.GROUPS[known.group_of(kind)].index(kind.__name__),
            method.__code__.co_firstlineno)


def _entry(kind, path, caught):
    """Format a test as an item of a definition list (str)."""
    name = path.rpartition('.')[2]
    # Tempest puts the test's id before the docstring.
    _, claim, *_ = getattr(kind, name).__doc__.split('\n\n')
    blocks = [f'``{path.partition(".tests.")[2]}``']
    table = dict(refusals.rows())
    refused = [table[row].request for row in refused_in(kind, name)
               if row in table]
    if refused:
        blocks.append(f'Refused: {"; ".join(refused)}.')
    faults = sorted(caught[path])
    if faults:
        blocks.append(formatting.folded(
            f'Seen to fail with {len(faults)} '
            f'fault{"s" if len(faults) > 1 else ""}',
            (f'* ``{fault}``: {sources.fault(fault).symptom}'
             for fault in faults)))
    return formatting.definition(' '.join(claim.split()), blocks)


class Refusals(docutils.SphinxDirective):
    """Every request that must be refused, with its answer and the reason."""

    def run(self):
        return self.parse_text_to_nodes(formatting.table(
            ('Request, and why it is refused', 'Answer'),
            sorted((f'{row.request}.\n\n{row.reason} ({row.source})',
                    _answer(row)) for _, row in refusals.rows())))


def _answer(row):
    answers = {value: rst.escape(str(row.answer_of(value)))
               for value in ('refused', 'allowed')}
    if answers['refused'] == answers['allowed']:
        return answers['refused']
    return '\n\n'.join(f'``{value}``: {answer}'
                       for value, answer in answers.items())


def setup(app):
    app.add_directive('claims', Claims)
    app.add_directive('refusals', Refusals)
    return {'parallel_read_safe': True}
