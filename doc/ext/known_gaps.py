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

import inspect
import re

import claims
from sphinx.util import docutils

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin.tests.scenario import test_known_gaps

_ID = re.compile(r'\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b')


class KnownGaps(docutils.SphinxDirective):
    """Every known gap, and what the newest release showed of it.

    The argument is the result of a run over the releases.
    """

    required_arguments = 1

    def run(self):
        rows = claims.read_matrix(self)
        lines = []
        for name, gap in gaps.rows():
            release, words = self._seen(name, rows)
            lines += [f'.. rubric:: {name}', '', f'It should be: {gap.holds}.',
                      '', f'It is: {gap.happens}.', '',
                      f'Where: {gap.where}. Seen on: {gap.seen}.',
                      '', f'On {release}::', '',
                      *(f'    {line}' for line in words), '']
        return self.parse_text_to_nodes('\n'.join(lines))

    def _seen(self, name, rows):
        """Return a release and the lines of what its run saw of a gap."""
        test = _test(name)
        seen = [(row.release, row.gaps[test]) for row in rows
                if test in row.gaps]
        if not seen:
            raise self.error(f'No run in {self.arguments[0]} shows {name}.')
        release, words = seen[-1]
        return release, _ID.sub(r'\1', words.partition(': ')[2]).splitlines()


def _test(name):
    """Return the whole name of the test that shows a gap, None if none does.
    """
    for _, kind in inspect.getmembers(test_known_gaps, inspect.isclass):
        for _, method in inspect.getmembers(kind, inspect.isfunction):
            if f'gaps.{name},' in inspect.getsource(method):
                return f'{method.__module__}.{method.__qualname__}'
    return None


def setup(app):
    app.add_directive('known-gaps', KnownGaps)
    return {'parallel_read_safe': True}
