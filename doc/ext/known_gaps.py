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

"""What the table of known gaps says, with records of a run."""

import json
import pathlib

from sphinx.util import docutils

from multiattach_tempest_plugin import gaps


class KnownGaps(docutils.SphinxDirective):
    """Every known gap, and what a run saw of it."""

    required_arguments = 1

    def run(self):
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        seen = json.loads(pathlib.Path(path).read_text())
        lines = []
        for name, gap in gaps.rows():
            lines += [f'.. rubric:: {name}', '', f'It should be: {gap.holds}.',
                      '', f'It is: {gap.happens}.', '',
                      f'Where: {gap.where}. Seen on: {gap.seen}.', '', '::',
                      '', *(f'    {line}' for line in seen[name]), '']
        return self.parse_text_to_nodes('\n'.join(lines))


def setup(app):
    app.add_directive('known-gaps', KnownGaps)
    return {'parallel_read_safe': True}
