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

"""Show what guests lost in a drill, from the words of the tests."""

import html
import re

from docutils import nodes
import formatting
import sources
from sphinx.util import docutils

_LOSS = re.compile(
    r'server (?P<reader>\S+) misses (?P<missing>\d+) of (?P<written>\d+) '
    r'acknowledged writes of server (?P<writer>[^ ,]+), the blocks '
    r'(?P<first>\d+) to (?P<last>\d+)')
_WIDTH, _LEFT, _BAR, _LABEL = 640, 170, 18, 150


class Losses(docutils.SphinxDirective):
    """The disks of two guests after each fault that lost data.

    The argument is the result of a drill with guests.
    """

    required_arguments = 1

    def run(self):
        if not (sources.RESULTS / self.arguments[0]).exists():
            return self.parse_text_to_nodes(
                'No result of such a drill is kept yet: run the second '
                'command below.')
        found = []
        for row in sources.scoreboard(self, self.arguments[0]).rows.values():
            for test, words in row.catches.items():
                losses = losses_in(words)
                if losses:
                    found += _show(
                        self, f'{sources.fault(row.fault).symptom} '
                        f'(``{row.fault}``, seen by ``{_short(test)}``)',
                        losses)
        if not found:
            raise self.error(
                f'Nothing was lost according to {self.arguments[0]}.')
        return found


class LossesOfGap(docutils.SphinxDirective):
    """The disks of two guests after what released code lets happen.

    The arguments are the results of runs and the name of a known gap's test.
    """

    required_arguments = 2

    def run(self):
        path, name = self.arguments
        found = [(row.release, losses_in(words))
                 for row in sources.runs(self, path)
                 for test, words in row.gaps.items() if _short(test) == name]
        if not found:
            return self.parse_text_to_nodes(
                'No run with guests is kept yet.')
        return [node for release, losses in found for node in _show(
            self, f'Seen on {release} by ``{name}``:', losses)]


def _short(test):
    return test.rpartition('.')[2]


def _show(directive, title, losses):
    """Make nodes of a title, a table and a picture of losses."""
    return [
        *directive.parse_text_to_nodes('\n\n'.join((
            title,
            formatting.table(
                ('On the disk of', 'are missing'),
                [(f'server {reader}',
                  f'{missing} of {written} acknowledged writes of server '
                  f'{writer}')
                 for reader, writer, missing, written, *_ in losses])))),
        nodes.raw('', picture(losses), format='html')]


def losses_in(words):
    """Find what was lost in the words of a test.

    :param str words: failure of a test
    :returns: list of (reader, writer, missing, written, first block, last
        block); server 1 is the first one, which writes the even blocks
    """
    found = []
    # Long words are written as literals that follow each other.
    for match in _LOSS.finditer(re.sub(r"' +'", '', words)):
        missing, written, first, last = (int(match[key]) for key in (
            'missing', 'written', 'first', 'last'))
        writer = first % 2 + 1
        reader = (writer if match['reader'] == match['writer']
                  else 3 - writer)
        found.append((reader, writer, missing, written, first, last))
    return found


def picture(losses):
    """Draw the disks of both servers, each with the writes of both.

    :param losses: what :func:`losses_in` returned
    :returns: SVG (str)
    """
    missing = {(reader, writer): (count, written, first, last)
               for reader, writer, count, written, first, last in losses}
    written = {writer: count for _, writer, _, count, *_ in losses}
    # Servers write to every second block.
    end = max(max(last, 2 * written) for _, written, _, last
              in missing.values()) + 1
    scale = (_WIDTH - _LEFT) / end
    lines, top = [], 0
    for disk in (1, 2):
        lines.append(f'<text x="0" y="{top + 14}" font-weight="bold">'
                     f'Disk of server {disk}</text>')
        for writer in (1, 2):
            top += _BAR + 6
            lines += _lane(writer, missing.get((disk, writer)), top, scale,
                           2 * written.get(writer, 0) or end)
        top += 2 * _BAR + 6
    lines.append(f'<text x="{_LEFT}" y="{top}">acknowledged writes, the '
                 'first ones left</text>')
    alternative = html.escape('; '.join(
        f'server {reader} misses {count} of {written} acknowledged writes of '
        f'server {writer}'
        for (reader, writer), (count, written, *_) in missing.items()))
    return (f'<svg class="losses" role="img" aria-label="{alternative}" '
            f'viewBox="0 0 {_WIDTH} {top + 8}" width="100%" '
            'fill="currentColor" font-size="13">' + ''.join(lines) + '</svg>')


def _lane(writer, lost, top, scale, end):
    """Draw what one server wrote up to a block, on one disk."""
    yield (f'<text x="12" y="{top + 14}">writes of server {writer}</text>')
    yield (f'<rect x="{_LEFT}" y="{top}" width="{end * scale:.1f}" '
           f'height="{_BAR}" fill="#2e7d32"/>')
    if lost:
        count, written, first, last = lost
        begin, width = _LEFT + first * scale, (last + 1 - first) * scale
        # Beside a bar that is too short for it.
        place, colour = ((begin + 6, '#fff') if width > _LABEL
                         else (begin + width + 6, 'currentColor'))
        yield (f'<rect x="{begin:.1f}" y="{top}" width="{width:.1f}" '
               f'height="{_BAR}" fill="#c62828"/>'
               f'<text x="{place:.1f}" y="{top + 14}" fill="{colour}">'
               f'{count} of {written} missing</text>')


def setup(app):
    app.add_directive('losses', Losses)
    app.add_directive('losses-of-gap', LossesOfGap)
    return {'parallel_read_safe': True}
