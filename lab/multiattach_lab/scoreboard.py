#    Licensed under the Apache License, Version 2.0 (the "License"); you may
#    not use this file except in compliance with the License. You may obtain
#    a copy of the License at
#
#         http://www.apache.org/licenses/LICENSE-2.0
#
#    Unless required by applicable law or agreed to in writing, software
#    distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
#    WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
#    License for the specific language governing permissions and limitations
#    under the License.

"""The scoreboard: what a drill found, how it is judged and kept."""

import dataclasses
import json
import re

from multiattach_lab import faults
from multiattach_lab import outcomes

CAUGHT = 'caught'
# Tests failed, but none in the words that the fault is expected to be seen
# in: what failed may be something else.
CAUGHT_OTHERWISE = 'caught for another reason'
MISSED = 'missed'
# Nothing outside shows it.
UNSEEN = 'unseen'
# So many failed tests without a passed one are as good as all.
_MANY = 5


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one fault.

    :ivar fault: its name
    :ivar catches: {test: words of its failure}, of those that ran
    :ivar green: a test that passed all the same, '' if none that ran did
    """
    fault: str
    catches: dict
    green: str

    @property
    def verdict(self):
        """One of the constants of this module (str)."""
        fault = faults.load(self.fault)
        if not self.catches:
            return UNSEEN if fault.unseen else MISSED
        return CAUGHT if _as_expected(fault, self.catches) else (
            CAUGHT_OTHERWISE)

    @property
    def remark(self):
        """What limits the verdict (str), '' if nothing does."""
        return '' if self.green else (
            f' (no test of {len(self.catches)} passed)')

    @property
    def known(self):
        """The tests that show the fault, and one that does not (list)."""
        return [*self.catches, self.green] if self.catches else []


@dataclasses.dataclass
class Scoreboard:
    """What a drill found.

    :ivar control: :class:`multiattach_lab.outcomes.Outcomes` without a
        fault; the faults ran without the tests that failed there
    :ivar rows: {fault: :class:`Row`}
    """
    control: outcomes.Outcomes = dataclasses.field(
        default_factory=lambda: outcomes.Outcomes.of([]))
    rows: dict = dataclasses.field(default_factory=dict)


def is_conclusive(name, found):
    """Whether nothing more is to be learned of a fault (bool).

    Either a test failed as expected and another passed, or so many failed
    that the fault leaves hardly any alone.

    :param name: name of the fault
    :param found: :class:`multiattach_lab.outcomes.Outcomes`
    """
    return (len(found.failed) >= _MANY or bool(
        found.passed and _as_expected(faults.load(name), found.failed)))


def _as_expected(fault, failed):
    # Nobody expects particular words of the tests of others.
    return any(
        'multiattach_tempest_plugin.' not in test
        or re.search(fault.expected, words)
        for test, words in failed.items())


def summary(rows):
    """Return what became of faults, in one sentence (str).

    :param rows: iterable of :class:`Row`
    """
    by_verdict = {}
    for row in rows:
        by_verdict.setdefault(row.verdict, []).append(row.fault)
    visible = sum(len(names) for verdict, names in by_verdict.items()
                  if verdict != UNSEEN)
    caught = len(by_verdict.get(CAUGHT, ()))
    share = f' ({caught / visible:.0%})' if visible else ''
    return '; '.join([
        f'{caught} of {visible} faults caught as expected{share}',
        *(f'{verdict}: {", ".join(by_verdict[verdict])}'
          for verdict in (CAUGHT_OTHERWISE, MISSED, UNSEEN)
          if verdict in by_verdict)]) + '.'


def read(path):
    """Return the :class:`Scoreboard` of earlier drills.

    Faults that are not there any more are left out.

    :param path: pathlib.Path of its JSON; it need not be there
    """
    if not path.exists():
        return Scoreboard()
    board = json.loads(path.read_text())
    return Scoreboard(
        outcomes.Outcomes(**board['control']),
        {name: Row(name, **row) for name, row in board['faults'].items()
         if name in faults.names()})


def write(path, board):
    """Write what is known so far, sorted by fault, without ids.

    :param path: pathlib.Path of the JSON
    :param board: :class:`Scoreboard`
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = {name: {'catches': outcomes.mask(board.rows[name].catches),
                   'green': board.rows[name].green}
            for name in sorted(board.rows)}
    path.write_text(json.dumps({
        'control': outcomes.mask(dataclasses.asdict(board.control)),
        'faults': rows,
    }, indent=1) + '\n')
