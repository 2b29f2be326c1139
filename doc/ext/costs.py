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

"""The directive ``costs``: what tests cost, and with more servers."""

import formatting
import sources
from sphinx.util import docutils

from multiattach_lab import cost


class Costs(docutils.SphinxDirective):
    """Our tests beside upstream's, and two of ours with more servers."""

    required_arguments = 1

    def run(self):
        rows = sources.costs(self, self.arguments[0])
        beside = rows[:len(cost.SUBJECTS)]
        growing = rows[len(beside):]
        first = rows[0]
        return self.parse_text_to_nodes('\n\n'.join((
            formatting.table(
                ('Tests', 'Ran', 'Seconds', 'Requests'),
                [(f'{row.subject}, {row.whose}', row.ran, *each(row))
                 for row in beside]),
            formatting.table(
                ('Test', 'Servers', 'Seconds', 'Requests'),
                [(row.subject, row.servers, *each(row)) for row in growing]),
            f'Release {first.release}, Tempest {first.tempest}, '
            f'{first.cores} cores, {first.day}.')))


def each(row):
    """Say what a test costs on average that was not skipped.

    :param row: :class:`cost.Row`
    :returns: tuple of seconds and requests (str); dashes if none ran
    """
    if not row.ran:
        return '-', '-'
    return f'{row.seconds / row.ran:.1f}', f'{row.requests / row.ran:.0f}'


def setup(app):
    app.add_directive('costs', Costs)
    return {'parallel_read_safe': True}
