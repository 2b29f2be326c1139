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

"""One running cloud a folder: its lock, and what is known of it."""

import contextlib
import fcntl
import json
import os
import pathlib
import shlex
import signal
import sys
import threading

from multiattach_lab import cloud
from multiattach_lab import environment
from multiattach_lab import errors
from multiattach_lab import guests
from multiattach_lab import kinds
from multiattach_lab import namespace
from multiattach_lab import progress
from multiattach_lab import releases


class Lab:
    """A folder in which at most one cloud runs.

    The process that runs the cloud locks the folder, so that whether a cloud
    runs is never a guess from process ids.

    :ivar state: pathlib.Path
    """

    def __init__(self, state=None):
        """Name the folder; touch nothing.

        :param state: path, or None for the one in the user's cache
        """
        self.state = pathlib.Path(
            state or environment.cache() / 'state').absolute()

    @property
    def tempest_conf(self):
        """Path of the running cloud's tempest.conf."""
        return self.state / 'tempest.conf'

    def call_with_guests(self, function, rows):
        """Call a function where clouds may have real guests.

        :param function: callable; returns an exit code, or None for 0
        :param rows: releases (:class:`multiattach_lab.releases.Release`)
            that it may start; there is no network to get them from
        :returns: exit code (int)
        :raises LabError: if the system lacks something
        """
        guests.check()
        with self._lock_or_refuse():
            (self.state / 'logs').mkdir(exist_ok=True)
            for row in rows:
                with progress.Progress().step(f'environment {row.name}'):
                    environment.build(
                        row, self.state / 'logs' / 'environment.log')
        return namespace.call(
            function, self.state,
            lambda process: self._namespace.write_text(str(process)))

    def call_beside(self, function):
        """Call a function where the cloud of the folder runs, if one does.

        :param function: callable; returns an exit code, or None for 0
        :returns: exit code (int)
        """
        if self._namespace.exists() and self._is_locked():
            return namespace.enter(
                function, int(self._namespace.read_text()))
        return function()

    @property
    def _namespace(self):
        return self.state / 'namespace'

    def facts(self):
        """Return what :meth:`record` wrote (dict), {} if nothing."""
        try:
            return json.loads((self.state / 'lab.json').read_text())
        except (FileNotFoundError, NotADirectoryError):
            return {}

    def running(self):
        """Return the facts of the running cloud.

        :raises LabError: if none runs; says why where that is known
        """
        facts = self.facts()
        if self._is_locked():
            if facts.get('ready'):
                return facts
            raise errors.LabError(
                f'The lab in {self.state} is still starting.')
        reason = facts.get('failure')
        raise errors.LabError(
            f'The lab in {self.state} has stopped: {reason}' if reason else
            f'No lab runs in {self.state}: start one with '
            f'"multiattach-lab up{self.option}".')

    @property
    def option(self):
        """The option that names this folder on a command line (str)."""
        default = Lab().state
        return ('' if self.state == default
                else f' --state {shlex.quote(str(self.state))}')

    @contextlib.contextmanager
    def _lock(self, how=fcntl.LOCK_EX):
        try:
            self.state.mkdir(parents=True, exist_ok=True)
            lock = open(self.state / 'lock', 'a')
        except OSError as error:
            raise errors.LabError(
                f'{self.state} cannot be used: {error.strerror}. Name '
                'another folder with --state.') from None
        with lock:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
            yield lock

    def _is_locked(self):
        """Whether a process runs a cloud here (bool)."""
        if not (self.state / 'lock').exists():
            return False
        try:
            # Shared, so that two commands that look do not see each other.
            with self._lock(fcntl.LOCK_SH):
                return False
        except BlockingIOError:
            return True

    def record(self, **facts):
        """Add facts about the running cloud to those of :meth:`facts`."""
        temporary = self.state / 'lab.json.new'
        temporary.write_text(json.dumps(self.facts() | facts, indent=1))
        temporary.rename(self.state / 'lab.json')

    @contextlib.contextmanager
    def started(self, release, kind, database_url=None, sources=None,
                fault=''):
        """Run a cloud in this process for as long as the context lasts.

        :param release: name of a release
        :param kind: name of a kind of cloud
        :param database_url: SQLAlchemy URL of a server to use, or None
        :param sources: as for :class:`multiattach_lab.cloud.Cloud`
        :param fault: as for :class:`multiattach_lab.cloud.Cloud`
        :returns: context manager of :class:`multiattach_lab.cloud.Cloud`
        :raises LabError: if it cannot start, or one runs here already
        """
        row, kind_row = releases.get(release), kinds.get(kind)
        signal.signal(signal.SIGTERM, _terminate)
        with self._lock_or_refuse() as lock:
            lock.truncate(0)
            print(os.getpid(), file=lock, flush=True)
            (self.state / 'lab.json').unlink(missing_ok=True)
            if not kind_row.guests:
                self._namespace.unlink(missing_ok=True)
            self.record(release=release, kind=kind, fault=fault)
            running = cloud.Cloud(
                self.state, row, kind_row, progress.Progress(),
                database_url, sources, fault)
            try:
                running.start()
                self.record(ready=True, services=running.pids(),
                            urls=running.urls())
                yield running
            except errors.LabError as error:
                self.record(failure=str(error))
                raise
            finally:
                running.stop()
                self.record(ready=False)

    def check_free(self):
        """Raise LabError unless a cloud could run in the folder."""
        with self._lock_or_refuse():
            pass

    @contextlib.contextmanager
    def _lock_or_refuse(self):
        try:
            with self._lock() as lock:
                yield lock
        except BlockingIOError:
            raise errors.LabError(
                f'A lab runs in {self.state} already: stop it with '
                f'"multiattach-lab down{self.option}", or name another '
                'folder with --state.') from None

    def start(self, release, kind, database_url=None):
        """Start a cloud that runs on after this process has ended.

        If this process ends before the cloud is ready, the cloud ends too.

        :raises LabError: as :meth:`started` does
        """
        ours, theirs = os.pipe()
        lease, held = os.pipe()
        child = os.fork()
        if not child:
            os.close(ours)
            os.close(held)
            os.setsid()
            os._exit(self._run(
                lambda: self.started(release, kind, database_url),
                theirs, lease))
        os.close(theirs)
        os.close(lease)
        try:
            message = os.read(ours, 65536).decode()
        except BaseException:
            os.close(held)
            os.waitpid(child, 0)
            raise
        if message != _READY:
            os.waitpid(child, 0)
            raise errors.LabError(message or 'The lab was stopped.')

    def _run(self, started, report, lease):
        """Run the cloud in this process until SIGTERM.

        :param started: callable that returns what :meth:`started` does
        :returns: exit code of the process
        """
        ready = threading.Event()
        threading.Thread(target=_watch_lease, args=(lease, ready),
                         daemon=True).start()
        try:
            with started() as running:
                signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
                _leave_terminal(self.state / 'logs' / 'lab.log')
                ready.set()
                os.write(report, _READY.encode())
                os.close(report)
                report = None
                running.check()
                while signal.sigwait(_SIGNALS) == signal.SIGCHLD:
                    running.check()
        except errors.LabError as error:
            if report is not None:
                os.write(report, str(error).encode())
            return 1
        return 0

    def stop(self):
        """Stop the cloud; return whether one was running (bool).

        A command that runs a cloud for itself, such as ``test``, ends too.

        :raises LabError: if its process has not written its id yet
        """
        if not self._is_locked():
            return False
        with open(self.state / 'lock') as lock:
            pid = lock.read()
            if not pid:
                raise errors.LabError(
                    f'The lab in {self.state} has only just begun to start: '
                    'try again.')
            os.kill(int(pid), signal.SIGTERM)
            fcntl.flock(lock, fcntl.LOCK_SH)
        return True


_READY = 'ready'
_SIGNALS = {signal.SIGTERM, signal.SIGCHLD}


def _terminate(_number, _frame):
    raise SystemExit('The lab was stopped.')


def _watch_lease(lease, ready):
    os.read(lease, 1)  # nothing is ever written: this is the end of `up`
    if not ready.is_set():
        os.kill(os.getpid(), signal.SIGTERM)


def _leave_terminal(log):
    sys.stdout.flush()
    with open(log, 'w') as output, open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
