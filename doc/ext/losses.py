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

import dataclasses
import html
import re
import string

from docutils import nodes
import sources
from sphinx.util import docutils

_LOSS = re.compile(
    r'server (?P<reader>\S+) misses (?P<missing>\d+) of (?P<written>\d+) '
    r'acknowledged writes of server (?P<writer>[^ ,]+), the blocks '
    r'(?P<first>\d+) to (?P<last>\d+); the move began at its block '
    r'(?P<began>\d+) and ended at its block (?P<ended>\d+)')
# What both services said of it, and one of its parts.
_AGREED = re.compile('Nova and Cinder agree: [^:]*')
_ID = re.compile(r'<id-\d+>')
_WIDTH, _LEFT, _BAR, _LABEL = 640, 170, 18, 150
# Each as wide as the others, so that what both servers wrote at a time is
# above each other, however fast they wrote.
_PHASES = ('before', 'Nova swaps it', 'afterwards')
_PHASE = (_WIDTH - _LEFT) / len(_PHASES)


@dataclasses.dataclass(frozen=True)
class Loss:
    """What of the writes of one server is not on the disk of another.

    :ivar reader: 1 or 2; server 1 is the first one, which writes the even
        blocks, and has its volume swapped
    :ivar writer: the other number
    :ivar missing: how many writes are not there
    :ivar written: how many were acknowledged
    :ivar first: number of the first block that is not there
    :ivar last: number of the last one
    :ivar began: number of the block that was next when the move began
    :ivar ended: when it ended
    """
    reader: int
    writer: int
    missing: int
    written: int
    first: int
    last: int
    began: int
    ended: int

    def __str__(self):
        return (f'server {self.reader} misses {self.missing} of '
                f'{self.written} acknowledged writes of server {self.writer}')

    def place(self, block):
        """Tell where in time a block was written.

        :param int block: its number
        :returns: how many phases had gone by (float)
        """
        # Servers write to every second block.
        ends = (self.began, self.ended, 2 * self.written)
        start = 0
        for index, end in enumerate(ends):
            if block < end:
                return index + (block - start) / (end - start)
            start = end
        return len(ends)


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
                if losses_in(words):
                    found += _show(
                        self, f'{sources.fault(row.fault).symptom} '
                        f'(``{row.fault}``, seen by ``{_short(test)}``)',
                        words)
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
        found = [(row.release, words)
                 for row in sources.runs(self, path)
                 for test, words in row.gaps.items()
                 if _short(test) == name and losses_in(words)]
        if not found:
            return self.parse_text_to_nodes(
                'No run with guests is kept yet.')
        return [node for release, words in found for node in _show(
            self, f'Seen on {release} by ``{name}``:', words)]


def _short(test):
    return test.rpartition('.')[2]


def _show(directive, title, words):
    """Make nodes of a title, a picture of losses, and what services said."""
    return [
        *directive.parse_text_to_nodes(title),
        nodes.raw('', picture(losses_in(words)), format='html'),
        *directive.parse_text_to_nodes(agreement_in(words))]


def losses_in(words):
    """Find what was lost in the words of a test.

    :param str words: failure of a test
    :returns: list of :class:`Loss`
    """
    found = []
    for match in _LOSS.finditer(_joined(words)):
        values = {key: int(match[key]) for key in (
            'missing', 'written', 'first', 'last', 'began', 'ended')}
        servers = _servers(match)
        found.append(Loss(servers[match['reader']], servers[match['writer']],
                          **values))
    return found


def agreement_in(words):
    """Find what both services said once data was lost.

    :param str words: failure of a test
    :returns: sentence with the numbers of servers and letters for volumes;
        '' if there is none
    """
    said = _AGREED.search(_joined(words))
    if not said:
        return ''
    names = {}
    for match in _LOSS.finditer(_joined(words)):
        names.update(_servers(match))
    letters = iter(string.ascii_uppercase)
    for id_ in _ID.findall(said[0]):
        if id_ not in names:
            names[id_] = next(letters)
    return _ID.sub(lambda match: str(names[match[0]]), said[0]).strip() + '.'


def _joined(words):
    # Long words are written as literals that follow each other.
    return re.sub(r"' +'", '', words)


def _servers(match):
    """Number the two servers that a loss names ({id: number})."""
    writer = int(match['first']) % 2 + 1
    return {match['reader']: 3 - writer, match['writer']: writer}


def picture(losses):
    """Draw the disks of both servers, each with the writes of both.

    :param losses: what :func:`losses_in` returned
    :returns: SVG (str)
    """
    missing = {(loss.reader, loss.writer): loss for loss in losses}
    lines, top = [], 0
    for disk in (1, 2):
        lines.append(f'<text x="0" y="{top + 14}" font-weight="bold">'
                     f'Disk of server {disk}</text>')
        for writer in (1, 2):
            top += _BAR + 6
            lines += _lane(writer, missing.get((disk, writer)), top)
        top += 2 * _BAR + 6
    for index, phase in enumerate(_PHASES):
        left = _LEFT + index * _PHASE
        lines.append(
            f'<line x1="{left:.1f}" y1="0" x2="{left:.1f}" y2="{top}" '
            'stroke="currentColor" stroke-dasharray="3 3"/>'
            f'<text x="{left + 6:.1f}" y="{top}">{phase}</text>')
    alternative = html.escape('; '.join(map(str, losses)))
    return (f'<svg class="losses" role="img" aria-label="{alternative}" '
            f'viewBox="0 0 {_WIDTH} {top + 8}" width="100%" '
            'fill="currentColor" font-size="13">' + ''.join(lines) + '</svg>')


def _lane(writer, loss, top):
    """Draw what of the writes of a server is on a disk."""
    yield (f'<text x="12" y="{top + 14}">writes of server {writer}</text>')
    yield (f'<rect x="{_LEFT}" y="{top}" width="{_WIDTH - _LEFT}" '
           f'height="{_BAR}" fill="#2e7d32"/>')
    if loss:
        begin = _LEFT + loss.place(loss.first) * _PHASE
        end = _LEFT + loss.place(loss.last + 1) * _PHASE
        # Before a bar that is too short for it, and on the lane anyway.
        place = begin if end - begin > _LABEL else max(
            _LEFT, begin - _LABEL)
        yield (f'<rect x="{begin:.1f}" y="{top}" width="{end - begin:.1f}" '
               f'height="{_BAR}" fill="#c62828"/>'
               f'<text x="{place + 6:.1f}" y="{top + 14}" fill="#fff">'
               f'{loss.missing} of {loss.written} missing</text>')


def setup(app):
    app.add_directive('losses', Losses)
    app.add_directive('losses-of-gap', LossesOfGap)
    return {'parallel_read_safe': True}
