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

"""Stand-ins for what a drill needs: faults, tests and a cloud."""

import dataclasses

import fixtures

from multiattach_lab import drill
from multiattach_lab import faults
from multiattach_lab import outcomes
from multiattach_lab import progress
from multiattach_lab import scoreboard
from multiattach_tempest_plugin.verify import streams

NOVA = faults.Fault('bug 1', 'It swaps.', (), expected='accepted|tak(en)',
                    since='2026.2', part='nova-api')
CINDER = faults.Fault('bug 2', 'It forgets.', (), expected='accepted',
                      part='cinder-volume')
UNSEEN = faults.Fault('bug 3', 'A log line is missing.', (),
                      unseen='Only the log says it.', part='nova-compute')
SWAP = 'multiattach_tempest_plugin.tests.api.test_swap.SwapTest.test_swap'
FLOW = 'multiattach_tempest_plugin.tests.scenario.test_flow.F.test_flow'
GREEN = streams.Result(FLOW, 'success', 1.5, '')
RED = streams.Result(SWAP, 'fail', 2.5, 'AssertionError: accepted')
SWAPPED = streams.Result(SWAP, 'success', 1.5, '')
OTHERWISE = streams.Result(
    f'{SWAP}_late', 'fail', 2.5, 'Waited 20 s for a volume.')
SKIPPED = streams.Result(FLOW, 'skip', 0.0, 'Set [a] b to c.')


def caught(name, green=FLOW):
    return scoreboard.Row(name, {SWAP: RED.words}, green)


def sort(*found):
    return outcomes.Outcomes.of(found)


class Cloud:
    """The part of a cloud that a drill turns on and off."""

    def __init__(self):
        self.progress = progress.Progress()
        self.log = []
        self.before_fault = lambda: None

    def renew(self, faults):
        self.log.append(faults)
        if faults:
            self.before_fault()

    def check(self):
        pass

    def pids(self):
        return {'nova': len(self.log)}


class Drill(drill.Drill):
    """A drill whose tests have run already, one list or error a run."""

    def __init__(self, state, *found, rows=None, board=None):
        self.cloud = Cloud()
        self.board = board or scoreboard.Scoreboard(rows=rows or {})
        super().__init__(state, self.cloud, 'all', self.board)
        self._found = list(found)
        self.asked = []

    def _results(self, tests, enough):
        self.asked.append(list(tests))
        found = self._found.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


class FaultsFixture(fixtures.Fixture):
    """A few faults instead of those that come with the lab."""

    faults = {'a_swap': NOVA, 'b_cinder': CINDER, 'c_unseen': UNSEEN,
              'd_guest': dataclasses.replace(CINDER, guests=True)}

    def _setUp(self):
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.faults.names', lambda: sorted(self.faults)))
        self.useFixture(fixtures.MonkeyPatch(
            'multiattach_lab.faults.load', self.faults.__getitem__))
