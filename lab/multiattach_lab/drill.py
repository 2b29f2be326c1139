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

"""The drill, mutation testing: bugs are put into the lab, one at a time.

The tests have to detect them.
"""

from concurrent import futures
import queue
import re
import threading
import time

from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import outcomes
from multiattach_lab import progress
from multiattach_lab import scoreboard
from multiattach_lab import tempest_conf
from multiattach_lab import tempest_run
from multiattach_tempest_plugin.verify import streams

# Known gaps fail without a fault, so they detect none.
TESTS = rf'{tempest_run.REGEX}(?!.*\.test_known_gaps)'
# How Tempest calls what becomes of a class rather than of its tests.
_CLASS = re.compile(r'\w+Class \((.+)\)')


class _Ended(Exception):
    """The drill ends; nobody needs what this lab would find."""


class Drill:
    """Runs faults one after the other on one cloud."""

    def __init__(self, lab, cloud, regex, board, all_tests=False,
                 configuration=tempest_conf.WITH_NETWORK):
        """Prepare.

        :param lab: :class:`multiattach_lab.lab.Lab`
        :param cloud: its running :class:`multiattach_lab.cloud.Cloud`, fresh
        :param regex: which tests have to see the faults
        :param board: :class:`multiattach_lab.scoreboard.Scoreboard` of
            earlier drills
        :param all_tests: whether all tests run with each fault, however
            early that is conclusive
        :param configuration: name of a file of
            :func:`multiattach_lab.tempest_conf.write`
        """
        self._lab = lab
        self._cloud = cloud
        self._regex = regex
        self._board = board
        self._all_tests = all_tests
        self._configuration = tempest_conf.for_drill(configuration)
        self._ended = threading.Event()

    def end(self):
        """Have what another thread drills end soon, and begin no more."""
        self._ended.set()

    def control(self, tests=(), leave_out_red=False):
        """Run tests on the healthy cloud.

        :param tests: names of tests, or all
        :param leave_out_red: whether tests may fail
        :returns: :class:`multiattach_lab.outcomes.Outcomes`
        :raises LabError: if one fails, or none passes
        """
        self._renew()
        with self._cloud.progress.step('control run, no fault'):
            found = self._run(tests)
        for test, words in found.failed.items():
            if not leave_out_red:
                raise errors.LabError(
                    f'The tests fail without a fault: {test}: {words}')
            self._cloud.progress.note(f'left out: {test}: {words}')
        if not found.passed:
            raise errors.LabError('No test passes without a fault.')
        return found

    def fault(self, name):
        """Put a fault in and run the tests that are known to detect it.

        Where they do not as expected, all run until that is conclusive.

        :param name: name of the fault
        :returns: :class:`multiattach_lab.scoreboard.Row`
        :raises LabError: if the service does not start with the fault, or
            no test runs
        """
        self._check_ended()
        try:
            self._renew(name)
            found = self._detect(name)
        except errors.LabError as error:
            raise errors.LabError(f'With the fault {name}: {error}') from None
        if not found.failed and not found.passed:
            raise errors.LabError(f'No test has run with the fault {name}.')
        return scoreboard.Row(
            name, found.failed, found.passed[0] if found.passed else '')

    def _detect(self, name):
        def is_conclusive(found):
            return scoreboard.is_conclusive(name, outcomes.Outcomes.of(found))

        if self._all_tests:
            return self._run()
        known = name in self._board.rows and self._board.rows[name].known
        if known:
            # To their end, so that no catch is lost that still is one.
            found = self._run(known)
            if scoreboard.is_conclusive(name, found):
                return found
        return self._run(enough=is_conclusive)

    def _run(self, tests=(), enough=lambda _found: False):
        found = self._results(tests, enough)
        if any(result.status == 'unknown' for result in found):
            raise errors.LabError(streams.problem(found))
        return outcomes.Outcomes.of(found)

    def _results(self, tests, enough):
        arguments = ['--regex', _pattern(tests) if tests else self._regex]
        if self._board.control.failed:
            arguments += [
                '--exclude-regex', _pattern(self._board.control.failed)]
        return tempest_run.results(
            self._lab, self._check, arguments, self._configuration, enough)

    def _check(self):
        self._check_ended()
        self._cloud.check()

    def _check_ended(self):
        if self._ended.is_set():
            raise _Ended

    def _renew(self, name=''):
        self._cloud.renew({faults.load(name).service: [name]} if name else {})
        self._lab.record(fault=name, services=self._cloud.pids())


def run(drills, board, chosen, path, resume=False, leave_out_red=False):
    """Drill, print and write the results.

    :param drills: list of :class:`Drill`, each on a lab of its own; the first
        one does the runs without a fault
    :param board: the :class:`multiattach_lab.scoreboard.Scoreboard` that they
        share
    :param chosen: what :func:`select` returned
    :param path: pathlib.Path of the results
    :param resume: whether results that are there count; those of tests that
        are not there any more, or that fail in other words than expected, do
        not
    :param leave_out_red: whether tests may fail without a fault
    :returns: exit code: 0 if every fault was caught or cannot be seen
    :raises LabError: if a run without a fault fails, or a service does not
        start with one
    """
    note = progress.Progress().note
    board.control = outcomes.Outcomes.of([])
    board.control = drills[0].control(leave_out_red=leave_out_red)
    scoreboard.write(path, board)
    waiting = [name for name in chosen
               if not resume or name not in board.rows
               or board.rows[name].verdict == scoreboard.CAUGHT_OTHERWISE
               or not board.rows[name].catches.keys() <= board.control.tests]
    begin = time.monotonic()
    # All tests run where nothing shows a fault. Such a run comes early, since
    # no lab should wait for another one at the end.
    waiting.sort(key=lambda name: not chosen[name].unseen)
    for done, row in enumerate(_side_by_side(drills, waiting), 1):
        board.rows[row.fault] = row
        scoreboard.write(path, board)
        left = (time.monotonic() - begin) / done * (len(waiting) - done)
        note(f'{done}/{len(waiting)} {_describe(row)}; '
             f'{left / 60:.0f} min left')
    drills[0].control()
    return _conclude([board.rows[name] for name in chosen], note)


def check(drills, board, chosen):
    """Drill faults that were caught before; write nothing.

    Without a fault, only the tests that have caught them run.

    :param drills: as for :func:`run`
    :param board: as for :func:`run`
    :param chosen: what :func:`sample` returned
    :returns: exit code: 0 if every fault was caught
    :raises LabError: if the run without a fault fails
    """
    drills[0].control({test for name in chosen
                       for test in board.rows[name].known})
    note = progress.Progress().note
    rows = []
    for row in _side_by_side(drills, chosen):
        rows.append(row)
        note(_describe(row))
    return _conclude(rows, note)


def _side_by_side(drills, names):
    """Drill each fault on the next lab that is idle.

    The services of a lab end with the thread that started them, which is
    why each run begins with new ones.

    :returns: iterator of :class:`multiattach_lab.scoreboard.Row`, in the
        order in which they end
    """
    idle = queue.SimpleQueue()
    for each in drills:
        idle.put(each)

    def end():
        for each in drills:
            each.end()

    def drill(name):
        each = idle.get()
        try:
            return each.fault(name)
        except _Ended:
            return None
        except BaseException:
            end()
            raise
        finally:
            idle.put(each)

    with futures.ThreadPoolExecutor(len(drills)) as pool:
        waiting = [pool.submit(drill, name) for name in names]
        try:
            for done in futures.as_completed(waiting):
                if row := done.result():
                    yield row
        except BaseException:
            # Somebody interrupted the wait, or a lab failed.
            end()
            raise


def _conclude(rows, note):
    note(scoreboard.summary(rows))
    return int(any(row.verdict == scoreboard.MISSED for row in rows))


def _pattern(tests):
    """Return a regular expression for these tests and no other.

    A class that could not be set up stands for its tests.

    :param tests: iterable of names
    """
    classes = {test: _CLASS.fullmatch(test) for test in tests if test}
    return '|'.join(
        rf'^{re.escape(match[1])}\.' if match
        else rf'^{re.escape(test)}(\[|$)' for test, match in classes.items())


def select(release, names=None, service=None, guests=False):
    """Choose faults.

    :param release: name of the release that they have to fit
    :param names: names of faults, or None for all that fit
    :param service: 'nova', 'cinder' or None for both
    :param bool guests: whether the servers are real guests: of all that fit
        those that only guests show are chosen, and otherwise the others
    :returns: {name: :class:`multiattach_lab.faults.Fault`}, sorted
    :raises LabError: if there is no such fault, or none that fits
    """
    every = {name: faults.load(name) for name in faults.names()}
    for name in names or ():
        if name not in every:
            raise errors.LabError(
                f'There is no fault "{name}": see "drill --list".')
        if not every[name].fits(release):
            raise errors.LabError(
                f'The fault "{name}" fits {every[name].since} and later, not '
                f'{release}.')
        if every[name].guests and not guests:
            raise errors.LabError(
                f'Only guests show the fault "{name}": add --guests.')
    chosen = {name: fault for name, fault in every.items()
              if fault.fits(release) and service in (None, fault.service)
              and (name in names if names else fault.guests == guests)}
    if not chosen:
        raise errors.LabError(
            f'None of these faults of {service or "any service"} fits '
            f'{release}: see "drill --list".')
    return chosen


def sample(chosen, board, number, day):
    """Choose some of the faults that were caught before, others each day.

    :param chosen: what :func:`select` returned
    :param board: :class:`multiattach_lab.scoreboard.Scoreboard` of earlier
        drills
    :param number: how many
    :param day: number of the day
    :returns: {name: :class:`multiattach_lab.faults.Fault`}
    :raises LabError: if none was caught
    """
    caught = [name for name in chosen
              if name in board.rows and board.rows[name].catches]
    if not caught:
        raise errors.LabError(
            'According to the results that are there no fault was caught: '
            'drill without --sample first.')
    first = day * number % len(caught)
    return {name: chosen[name] for name in (caught * 2)[first:][:number]}


def _describe(row):
    tests = ', '.join(test.rpartition('.')[2] for test in row.catches)
    return f'{row.fault}: {row.verdict}{row.remark} {tests}'
