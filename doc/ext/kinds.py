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

"""The directive ``kinds``: the kinds of cloud that the lab can be."""

import formatting
from multiattach_lab import kinds
from sphinx.util import docutils


class Kinds(docutils.SphinxDirective):
    """A table with a row a kind."""

    def run(self):
        return self.parse_text_to_nodes(formatting.table(
            ('Kind', 'Who has it', 'What differs'),
            [(f'``{row.name}``', formatting.sentence(row.who),
              formatting.sentence(row.what)) for row in kinds.KINDS.values()]))


def setup(app):
    app.add_directive('kinds', Kinds)
    return {'parallel_read_safe': True}
