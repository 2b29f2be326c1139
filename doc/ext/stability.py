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

"""The directive ``stability``: what many runs of the same tests have found."""

import statistics

import formatting
import sources
from sphinx.util import docutils
from sphinx.util import rst

_TESTS = {'negative': 'Refusals', 'all': 'All'}


class Stability(docutils.SphinxDirective):
    """A table with a row a condition, and every false alarm."""

    required_arguments = 1

    def run(self):
        rows = sources.stability(self, self.arguments[0])
        return self.parse_text_to_nodes('\n\n'.join((
            formatting.table(
                ('Tests', 'Runs', 'Alarms', 'Left', 'Seconds', 'Load'),
                [(f'{_TESTS[row.tests]}, {row.condition}', len(row.seconds),
                  len(row.alarms), len(row.left), spread(row.seconds),
                  spread(row.load)) for row in rows]),
            *(f'{formatting.sentence(row.condition)}, '
              f'{_TESTS[row.tests].lower()}: release {row.release}, Tempest '
              f'{row.tempest}, {row.cores} cores, {row.day}.'
              for row in rows),
            *_events(rows))))


def spread(numbers):
    """Say the smallest, the median and the largest of some numbers (str)."""
    return (f'{min(numbers)}, {statistics.median(numbers):.0f}, '
            f'{max(numbers)}')


def _events(rows):
    """Yield a paragraph for each false alarm, and for what was left."""
    for row in rows:
        where = f'{formatting.sentence(row.condition)}, {row.tests}'
        for number, test, words in row.alarms:
            yield (f'{where}, run {number}: ``{test or "the run"}``: '
                   f'{rst.escape(words)}')
        for number, words in row.left:
            yield f'{where}, run {number}: {rst.escape(words)}'


def setup(app):
    app.add_directive('stability', Stability)
    return {'parallel_read_safe': True}
