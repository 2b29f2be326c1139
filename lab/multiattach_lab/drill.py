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

"""The drill: bugs are put into the lab, and the tests have to see them."""

from concurrent import futures
import dataclasses
import json
import queue
import re
import threading
import time

from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import progress
from multiattach_lab import tempest_conf
from multiattach_lab import tempest_run

# What is known to fail cannot tell of a fault.
TESTS = rf'{tempest_run.REGEX}(?!.*\.test_known_gaps\.)'
# So many red tests without a green one are as good as all.
_ENOUGH_RED = 5
_GOOD = ('success', 'skip', 'xfail')
# How Tempest calls what becomes of a class rather than of its tests.
_CLASS = re.compile(r'\w+Class \((.+)\)')


class _Ended(Exception):
    """The drill ends; nobody needs what this lab would find."""


@dataclasses.dataclass(frozen=True)
class Row:
    """What became of one fault.

    :ivar fault: its name
    :ivar verdict: 'caught', 'missed' or 'unseen' (nothing outside shows it)
    :ivar catches: {test: words of its failure}, of those that ran
    :ivar green: a test that is green all the same, '' if none that ran is
    :ivar seconds: how long it took (float)
    :ivar together: how many faults were in the services at that time
    """
    fault: str
    verdict: str
    catches: dict
    green: str
    seconds: float
    together: int = 1

    @property
    def extent(self):
        """What else the run says (str): of its company, or of green tests."""
        if self.together > 1:
            return f' (one of {self.together} at once)'
        return '' if self.green else (
            f' (no test of {len(self.catches)} is green)')


@dataclasses.dataclass
class Scoreboard:
    """What a drill found.

    :ivar control: list of :class:`multiattach_lab.tempest_run.Result`, of
        the tests without a fault; the faults ran without those red there
    :ivar rows: {fault: :class:`Row`}
    """
    control: list
    rows: dict

    @property
    def left_out(self):
        """The tests that are red without a fault ({test: words})."""
        return _red(self.control)


class Drill:
    """Runs faults one after the other on one cloud."""

    def __init__(self, lab, cloud, regex, board, whole=False,
                 configuration=tempest_conf.WITH_NETWORK):
        """Prepare.

        :param lab: :class:`multiattach_lab.lab.Lab`
        :param cloud: its running :class:`multiattach_lab.cloud.Cloud`, fresh
        :param regex: which tests have to see the faults
        :param board: :class:`Scoreboard` of earlier drills
        :param whole: whether all tests run with each fault, and not until
            one is red and one is green
        :param configuration: name of a file of
            :func:`multiattach_lab.tempest_conf.write`
        """
        self._lab = lab
        self._cloud = cloud
        self._regex = regex
        self._board = board
        self._whole = whole
        self._configuration = tempest_conf.for_drill(configuration)
        self._ended = threading.Event()

    def end(self):
        """Have what another thread drills end soon, and begin no more."""
        self._ended.set()

    def control(self, tests=(), leave_out_red=False):
        """Run tests on the healthy cloud.

        :param tests: names of tests, or all
        :param leave_out_red: whether tests may be red
        :returns: list of :class:`multiattach_lab.tempest_run.Result`
        :raises LabError: if one is red, or none is green
        """
        self._renew(())
        with self._cloud.progress.step('control run, no fault'):
            found = self._run(tests, _never)
        for test, words in _red(found).items():
            if not leave_out_red:
                raise errors.LabError(
                    f'The tests are red without a fault: {test}: {words}')
            self._cloud.progress.note(f'left out: {test}: {words}')
        if not _green(found):
            raise errors.LabError('No test is green without a fault.')
        return found

    def fault(self, name):
        """Put a fault in and run the tests that are known to tell of it.

        Where they do not, all run. It ends with one red test and one green,
        or five red: such a fault spares hardly anything.

        :param name: name of the fault
        :returns: :class:`Row`
        :raises LabError: if the service does not start with the fault, or
            no test runs
        """
        begin = time.monotonic()
        try:
            self._renew([name])
            found = self._look(name)
        except errors.LabError as error:
            raise errors.LabError(f'With the fault {name}: {error}') from None
        catches, green = _red(found), _green(found)
        if not catches and not green:
            raise errors.LabError(f'No test has run with the fault {name}.')
        return Row(name, _verdict(name, catches), catches,
                   green[0] if green else '', time.monotonic() - begin)

    def _look(self, name):
        known = [] if self._whole else _known(self._board.rows.get(name))
        found = self._run(known, _tell) if known else []
        if _tell(found):
            return found
        return self._run((), _never if self._whole else _tell)

    def faults(self, names):
        """Drill faults at once, and by halves where that shows something.

        :param names: list of names
        :returns: iterator of :class:`Row`
        """
        self._check_ended()
        if len(names) == 1:
            yield self.fault(*names)
            return
        begin = time.monotonic()
        green = self._withstands(names)
        if green:
            seconds = (time.monotonic() - begin) / len(names)
            for name in names:
                yield Row(name, _verdict(name, {}), {}, green, seconds,
                          len(names))
            return
        half = len(names) // 2
        yield from self.faults(names[:half])
        yield from self.faults(names[half:])

    def _withstands(self, names):
        """Return a test that is green with all these faults, '' if one is red.

        Faults that do not go together count as a red test: two may change
        the same line.
        """
        try:
            self._renew(names)
            found = self._run((), _red)
        except errors.LabError as error:
            self._cloud.progress.note(f'not together: {error}')
            return ''
        return '' if _red(found) else next(iter(_green(found)), '')

    def _run(self, tests, enough):
        arguments = ['--regex', _pattern(tests) if tests else self._regex]
        if self._board.left_out:
            arguments += ['--exclude-regex', _pattern(self._board.left_out)]
        return tempest_run.results(
            self._lab, self._check, arguments, self._configuration, enough)

    def _check(self):
        self._check_ended()
        self._cloud.check()

    def _check_ended(self):
        if self._ended.is_set():
            raise _Ended

    def _renew(self, names):
        by_service = {}
        for name in names:
            by_service.setdefault(faults.load(name).service, []).append(name)
        self._cloud.renew(by_service)
        self._lab.record(fault=', '.join(names), services=self._cloud.pids())


def run(drills, board, chosen, path, resume=False, leave_out_red=False,
        together=1):
    """Drill, print and write the results.

    :param drills: list of :class:`Drill`, each on a lab of its own; the first
        one does the runs without a fault
    :param board: the :class:`Scoreboard` that they share
    :param chosen: what :func:`select` returned
    :param path: pathlib.Path of the results
    :param resume: whether results that are there count; those of tests that
        are not there any more do not
    :param leave_out_red: whether tests may be red without a fault
    :param together: how many faults are put in at once, beside those that
        cannot be seen, which are all put in at once; each has its own run
        where a test is red then
    :returns: exit code: 0 if every fault was caught or cannot be seen
    :raises LabError: if a run without a fault is not green, or a service does
        not start with one
    """
    note = progress.Progress().note
    board.control = []
    board.control = drills[0].control(leave_out_red=leave_out_red)
    write(path, board)
    tests = {result.test for result in board.control}
    waiting = [name for name in chosen
               if not resume or name not in board.rows
               or not board.rows[name].catches.keys() <= tests]
    begin = time.monotonic()
    rows = _side_by_side(drills, _batches(waiting, chosen, together))
    for done, row in enumerate(rows, 1):
        board.rows[row.fault] = row
        write(path, board)
        left = (time.monotonic() - begin) / done * (len(waiting) - done)
        note(f'{done}/{len(waiting)} {_summary(row)}; '
             f'{left / 60:.0f} min left')
    drills[0].control()
    return _conclude([board.rows[name] for name in chosen], note)


def check(drills, board, chosen):
    """Drill faults that were caught before; write nothing.

    Without a fault, only the tests that have caught them run.

    :param drills: as for :func:`run`
    :param board: as for :func:`run`
    :param chosen: what :func:`handful` returned
    :returns: exit code: 0 if every fault was caught
    :raises LabError: if the run without a fault is not green
    """
    drills[0].control({test for name in chosen
                       for test in _known(board.rows[name])})
    note = progress.Progress().note
    rows = []
    for row in _side_by_side(drills, [[name] for name in chosen]):
        rows.append(row)
        note(_summary(row))
    return _conclude(rows, note)


def _side_by_side(drills, batches):
    """Drill each batch on the next lab that has nothing to do.

    The services of a lab end with the thread that started them, which is
    why each run begins with new ones.

    :param drills: list of :class:`Drill`
    :param batches: list of lists of names
    :returns: iterator of :class:`Row`, in the order in which they end
    """
    idle = queue.SimpleQueue()
    for each in drills:
        idle.put(each)

    def end():
        for each in drills:
            each.end()

    def drill(batch):
        each = idle.get()
        try:
            return list(each.faults(batch))
        except _Ended:
            return []
        except BaseException:
            end()
            raise
        finally:
            idle.put(each)

    with futures.ThreadPoolExecutor(len(drills)) as pool:
        waiting = [pool.submit(drill, batch) for batch in batches]
        try:
            for batch in futures.as_completed(waiting):
                yield from batch.result()
        except BaseException:
            # Somebody interrupted the wait, or a lab failed.
            end()
            raise


def _conclude(rows, note):
    missed = [row.fault for row in rows if row.verdict == 'missed']
    note(f'{len(rows) - len(missed)} of {len(rows)} faults caught or '
         f'explained; missed: {", ".join(missed) or "none"}.')
    return 1 if missed else 0


def _batches(waiting, chosen, together):
    """Return which faults are put in at once (list of lists).

    Only all tests can tell that a fault is not seen, so those that nothing
    is known to show share one run. It is the first, as it takes longest and
    other labs should not wait for it.
    """
    unseen = [name for name in waiting if chosen[name].unseen]
    others = [name for name in waiting if not chosen[name].unseen]
    return [*([unseen] if unseen else []),
            *(others[first:first + together]
              for first in range(0, len(others), together))]


def _red(found):
    return {result.test: result.words for result in found
            if result.status not in _GOOD}


def _green(found):
    return [result.test for result in found if result.status == 'success']


def _verdict(name, catches):
    if catches:
        return 'caught'
    return 'unseen' if faults.load(name).unseen else 'missed'


def _never(_found):
    """Let every test run to its end."""
    return False


def _tell(found):
    """Whether a fault is caught, and whether it spares a test (bool)."""
    red = _red(found)
    return bool(red and _green(found)) or len(red) >= _ENOUGH_RED


def _known(row):
    """Return the tests that told of a fault before (list of str)."""
    return [*row.catches, row.green] if row and row.catches else []


def _pattern(tests):
    """Return a regular expression for these tests and no other.

    A class that could not be set up stands for its tests.

    :param tests: iterable of names
    """
    classes = {test: _CLASS.fullmatch(test) for test in tests if test}
    return '|'.join(
        rf'^{re.escape(match[1])}\.' if match
        else rf'^{re.escape(test)}(\[|$)' for test, match in classes.items())


def select(release, names=None, service=None):
    """Choose faults.

    :param release: name of the release that they have to fit
    :param names: names of faults, or None for all that fit
    :param service: 'nova', 'cinder' or None for both
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
                f'The fault "{name}" does not fit {release}, but '
                f'{", ".join(every[name].releases)}.')
    chosen = {name: fault for name, fault in every.items()
              if fault.fits(release) and (not names or name in names)
              and service in (None, fault.service)}
    if not chosen:
        raise errors.LabError(
            f'None of these faults of {service or "any service"} fits '
            f'{release}: see "drill --list".')
    return chosen


def handful(chosen, board, number, day):
    """Choose some of the faults that were caught before, others each day.

    :param chosen: what :func:`select` returned
    :param board: :class:`Scoreboard` of earlier drills
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
            'drill without --handful first.')
    first = day * number % len(caught)
    return {name: chosen[name] for name in (caught * 2)[first:][:number]}


def _summary(row):
    tests = ', '.join(test.rpartition('.')[2] for test in row.catches)
    return (f'{row.fault}: {row.verdict}{row.extent} {tests} '
            f'in {row.seconds:.0f} s')


def read(path):
    """Return the :class:`Scoreboard` of earlier drills.

    :param path: pathlib.Path of its JSON; it need not be there
    """
    if not path.exists():
        return Scoreboard([], {})
    board = json.loads(path.read_text())
    return Scoreboard(
        [tempest_run.Result(**result) for result in board['control']],
        {row['fault']: Row(**row) for row in board['faults']})


def write(path, board):
    """Write what is known so far, sorted by fault.

    :param path: pathlib.Path of the JSON
    :param board: :class:`Scoreboard`
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({
        'control': [dataclasses.asdict(result) for result in board.control],
        'faults': [dataclasses.asdict(board.rows[name])
                   for name in sorted(board.rows)],
    }, indent=1) + '\n')
