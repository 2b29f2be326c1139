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

"""How the pages show things: tables, folded text, sentences."""

import html
import textwrap

from docutils import nodes
from sphinx.util import docutils


def table(header, rows, style='words'):
    """Format a table.

    :param header: its column titles
    :param rows: tuples of cells; a cell is reStructuredText of any length
    :param style: 'words', or 'numbers' whose cells are too short to break
    :returns: a list-table (str), or 'None.' if there is no row
    """
    if not rows:
        return 'None.'
    lines = ['.. list-table::', '   :header-rows: 1', '   :widths: auto',
             f'   :class: {style}', '']
    for first, *others in (header, *rows):
        lines.append(_indented(first, '   * - '))
        lines += (_indented(cell, '     - ') for cell in others)
    return '\n'.join(lines)


def _indented(cell, bullet):
    text = textwrap.indent(str(cell), ' ' * len(bullet))
    return bullet + text.lstrip()


def section(title, *blocks):
    """Format a section of a page (str), below those of the page itself."""
    return '\n\n'.join((f'{title}\n{"~" * len(title)}', *blocks))


def definition(term, blocks):
    """Format an item of a definition list (str)."""
    return f'{term}\n' + textwrap.indent('\n\n'.join(blocks), '    ')


def folded(summary, blocks):
    """Format text that a reader has to open.

    :param summary: what is seen of it (str)
    :param blocks: its paragraphs, reStructuredText
    """
    return f'.. details:: {summary}\n\n' + textwrap.indent(
        '\n\n'.join(blocks), '   ')


def sentence(words):
    """Return words with a capital letter at the beginning (str)."""
    return words[:1].upper() + words[1:]


class Details(docutils.SphinxDirective):
    """Text that a reader has to open; the argument is what is seen of it."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self):
        summary = html.escape(self.arguments[0])
        return [nodes.raw('', f'<details><summary>{summary}</summary>',
                          format='html'),
                *self.parse_content_to_nodes(),
                nodes.raw('', '</details>', format='html')]


def setup(app):
    app.add_directive('details', Details)
    return {'parallel_read_safe': True}
