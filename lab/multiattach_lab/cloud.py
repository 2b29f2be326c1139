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

"""The cloud: what starts in which order, and how it ends."""

import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request

from multiattach_lab import database
from multiattach_lab import environment
from multiattach_lab import errors
from multiattach_lab import faults
from multiattach_lab import guests
from multiattach_lab import layout
from multiattach_lab import packages
from multiattach_lab import processes
from multiattach_lab import seed
from multiattach_lab import services
from multiattach_lab import tempest_conf

# Those that a drill puts bugs into.
RENEWED = ('nova', 'cinder')
# After the name of a service: what is in front of it.
_PROXY = '-proxy'
_PREFIX = 'multiattach_lab_'
_SECONDS_TO_START = 180


class Cloud:
    """The services of one release on this machine.

    :ivar state: pathlib.Path of the folder that holds all of this cloud
    :ivar release: :class:`multiattach_lab.releases.Release`
    :ivar kind: :class:`multiattach_lab.kinds.Kind`
    :ivar packages: {distribution: version} of those under review
    """

    def __init__(self, state, release, kind, progress, database_url=None,
                 sources=None, fault=''):
        """Prepare, start nothing.

        :param state: pathlib.Path
        :param release: :class:`multiattach_lab.releases.Release`
        :param kind: :class:`multiattach_lab.kinds.Kind`
        :param progress: :class:`multiattach_lab.progress.Progress`
        :param database_url: SQLAlchemy URL of a server to use, or None
        :param sources: {distribution: path} of what takes the place of a
            package of the release, or None
        :param fault: name of a fault to start with, or ''
        """
        self.state = state
        self.release = release
        self.kind = kind
        self.logs = state / 'logs'
        self.database_folder = state / 'database'
        self.progress = progress
        self.packages = {}
        self._sources = sources or {}
        self._faults = {faults.load(fault).service: [fault]} if fault else {}
        self._given_database = database_url
        self._database = None
        self._environment = None
        self._modules = services.modules()
        self._sockets = {}
        self._processes = {}

    # What the services' modules ask for.

    def etc(self, service):
        """Return the folder (pathlib.Path) of a service's configuration."""
        return self.state / 'etc' / service

    def packaged(self, path):
        """Return the path of a file that a release's package installs."""
        reviewed = self.state / 'python' / 'etc' / path
        return (reviewed if reviewed.exists()
                else self._environment / 'etc' / path)

    def url(self, service):
        """Return the URL (str) where a service listens, without a path."""
        host, port = self._sockets[service].getsockname()
        return f'http://{host}:{port}'

    def public_url(self, service):
        """Return the URL (str) where users reach a service."""
        proxy = f'{service}{_PROXY}'
        return self.url(proxy if proxy in self._sockets else service)

    def database_url(self, name):
        """Return the SQLAlchemy URL (str) of a database."""
        return f'{self._server_url}/{_PREFIX}{name}'

    @property
    def _server_url(self):
        return self._given_database or self._database.url

    # Start.

    def start(self):
        """Start everything and wait until it serves.

        :raises LabError: if a step fails; nothing is left running then
        """
        try:
            layout.check_disk(self.state)
            layout.lay_out(self.state)
            with self.progress.step(f'environment {self.release.name}'):
                self._environment = environment.build(
                    self.release, self.logs / 'environment.log')
            layout.link_drivers(self.state)
            self._sockets = {name: processes.listen() for name in (
                *services.SERVICES,
                *(f'{name}{_PROXY}' for name in self.kind.busy))}
            self._start_database()
            if self.kind.guests:
                guests.link_library(self.state / 'python')
                self._start_libvirtd()
            if self._sources:
                with self.progress.step('packages under review'):
                    self._install_packages()
            with self.progress.step('services'):
                for module in self._modules.values():
                    module.configure(self)
                self._serve()
            with self.progress.step('flavors, images, networks, types'):
                tempest_conf.write(self, seed.resources(self))
            self._start_neighbour()
            self.check()
        except BaseException:
            self.stop()
            raise

    def _install_packages(self):
        # Not before the database is there, which is kept for others.
        self.packages = packages.install(
            self._sources, self._environment, self.state / 'python',
            self.logs)
        for name in self.packages.keys() & self._modules.keys():
            module = self._modules[name]
            module.configure(self)
            self._upgrade(name, getattr(module, 'upgrade', module.migrations))

    def _start_database(self):
        if self._given_database:
            with self.progress.step('database migrations'):
                self._migrate()
            return
        with environment.cached(
                'databases', self.release, database.recipe()) as cached:
            if not (cached / 'complete').exists():
                with self.progress.step('database migrations (once)'):
                    self._make_database(cached)
            with self.progress.step('database'):
                shutil.copytree(cached, self.database_folder, symlinks=True)
                self._serve_database(self.database_folder)

    def _make_database(self, cached):
        shutil.rmtree(cached, ignore_errors=True)
        cached.mkdir()
        self.database_folder = cached
        database.create_cluster(cached / 'data', self.logs / 'initdb.log')
        self._serve_database(cached)
        self._migrate()
        self._processes.pop('postgresql')
        self._database.stop()
        self.database_folder = self.state / 'database'
        (cached / 'complete').touch()

    def _serve_database(self, folder):
        self._database = database.Server(
            folder / 'data', self.logs / 'postgresql.log')
        self._database.start()
        self._processes['postgresql'] = self._database.process
        self._database.wait()

    def _migrate(self):
        names = [_PREFIX + name for module in self._modules.values()
                 for name in module.DATABASES]
        self._run('databases', ['python', '-m',
                                'multiattach_lab.create_databases',
                                self._server_url, *names])
        for module in self._modules.values():
            module.configure(self)

        # The services are independent of each other.
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            waiting = [pool.submit(self._upgrade, name, module.migrations)
                       for name, module in self._modules.items()]
            try:
                for done in waiting:
                    done.result()
            finally:
                # A failure or an interrupt does not wait for the rest.
                pool.shutdown(cancel_futures=True)

    def _upgrade(self, service, commands):
        module = self._modules[service]
        configuration = self.etc(service) / module.CONFIGURATION
        for number, (program, *arguments) in enumerate(commands(self)):
            self._run(f'{service}-migration-{number}', [
                program, '--config-file', configuration, *arguments])

    def _run(self, name, command):
        log = self.logs / f'{name}.log'
        program = self._environment / 'bin' / command[0]
        with open(log, 'w') as output:
            done = subprocess.run(
                [program, *command[1:]], env=self._process_environment(),
                stdout=output, stderr=subprocess.STDOUT)
        if done.returncode:
            raise errors.LabError(f'The step {name} failed.', log)

    def _process_environment(self):
        """Return all environment variables of a service's process."""
        folders = {f'OS_{name.upper()}_CONFIG_DIR': str(self.etc(name))
                   for name in services.SERVICES}
        files = {}
        for module in self._modules.values():
            files |= getattr(module, 'ENVIRONMENT', {})
        return folders | files | {
            # Not the caller's: os-brick takes a program that is missing for a
            # broken one where a folder on the path cannot be entered.
            'PATH': f'{self._environment}/bin:{os.defpath}',
            'PYTHONPATH': str(self.state / 'python'),
            # Nobody's requests.py, in the folder that the lab is started in,
            # takes the place of a package.
            'PYTHONSAFEPATH': '1',
            'PYTHONUNBUFFERED': '1',
            'HOME': str(self.state / 'home'),
            'LANG': 'C.UTF-8',
            # Cinder repeats the same ones in every request.
            'PYTHONWARNINGS': 'ignore::DeprecationWarning',
        }

    def _serve(self):
        for name in services.SERVICES:
            self.start_service(name, self._faults.get(name, ()))
        for name in self.kind.busy:
            listening = self._sockets[f'{name}{_PROXY}'].fileno()
            self._start_ours(f'{name}{_PROXY}', 'proxy', listening,
                             self.url(name), descriptors=(listening,))
        # Nova waits for Placement, and finds it in the catalog.
        self.wait_for({'keystone'})
        seed.identity(self)
        self.wait_for(set(services.SERVICES))

    def start_service(self, name, names=()):
        """Start one service's process; its socket is open all along.

        :param name: one of :data:`multiattach_lab.services.SERVICES`
        :param names: of faults to put into it
        """
        listening = self._sockets[name].fileno()
        concurrency = ('threading' if name in self.release.threads
                       else 'eventlet')
        self._processes[name] = processes.start(
            [self._environment / 'bin' / 'python', '-m',
             'multiattach_lab.serve', name, listening,
             concurrency, *names],
            self.logs / f'{name}.log', self._process_environment(),
            descriptors=(listening,))

    def _start_neighbour(self):
        if self.kind.neighbour:
            self._start_ours('neighbour', 'neighbour', self.url('keystone'),
                             self.kind.name)

    def _start_libvirtd(self):
        command, environment = guests.libvirtd(self.state / 'run')
        self._processes['libvirtd'] = processes.start(
            command, self.logs / 'libvirtd.log', environment)

    def _start_ours(self, name, module, *arguments, descriptors=()):
        """Start a module of the lab in the lab's own environment."""
        self._processes[name] = processes.start(
            [sys.executable, '-m', f'multiattach_lab.{module}', *arguments],
            self.logs / f'{name}.log',
            {'PATH': os.defpath, 'HOME': str(self.state / 'home'),
             'PYTHONSAFEPATH': '1', 'PYTHONUNBUFFERED': '1',
             'LANG': 'C.UTF-8'}, descriptors)

    def renew(self, chosen):
        """Restore the databases as of the first call, and delete the volumes.

        Nova and Cinder are restarted. The others run on: they reconnect to
        their databases.

        :param chosen: {service: names of faults to put into it}
        :raises LabError: if one of them does not start
        """
        for name in {*RENEWED, 'neighbour',
                     'libvirtd'} & self._processes.keys():
            processes.kill(self._processes.pop(name))
        self._database.renew(self.state / 'fresh')
        self._processes['postgresql'] = self._database.process
        volumes = self.state / 'volumes'
        # Cinder makes it, if it gets as far as that.
        if volumes.exists():
            shutil.rmtree(volumes)
        if self.kind.guests:
            guests.kill(self.state / 'nova')
            self._start_libvirtd()
        for name in RENEWED:
            self.start_service(name, chosen.get(name, ()))
        self.wait_for(set(RENEWED))
        self._start_neighbour()

    def wait_for(self, names):
        """Return once all of these services (set of str) are ready.

        :raises LabError: if one ends, or is not ready within 180 s
        """
        waiting = set(names)
        deadline = time.monotonic() + _SECONDS_TO_START
        while True:
            self.check()
            waiting = {name for name in waiting if not self._is_ready(name)}
            if not waiting:
                return
            if time.monotonic() > deadline:
                raise errors.LabError(
                    f'{" and ".join(sorted(waiting))} did not answer, or '
                    f'with a server error, for {_SECONDS_TO_START} s.',
                    self.logs / f'{sorted(waiting)[0]}.log')
            time.sleep(0.1)

    def _is_ready(self, name):
        """Whether a service answers within 0.2 s, and with no 5xx."""
        try:
            with urllib.request.urlopen(self.url(name), timeout=0.2):
                return True
        except urllib.error.HTTPError as error:
            return error.code < 500
        except OSError:  # No answer yet; that it ended is seen by check().
            return False

    # Watch and end.

    def check(self):
        """Raise LabError if a process of the cloud has ended."""
        for name, process in self._processes.items():
            code = process.poll()
            if code is not None:
                how = (f'was killed by signal {-code}' if code < 0
                       else f'ended with exit code {code}')
                raise errors.LabError(
                    f'The service {name} {how}.',
                    self.logs / f'{name}.log')

    def records(self):
        """List what users can leave behind (list of [what, id, name])."""
        output = subprocess.run(
            [self._environment / 'bin' / 'python', '-m',
             'multiattach_lab.list_records', self.database_url('nova'),
             self.database_url('cinder')],
            env=self._process_environment(), stdout=subprocess.PIPE,
            check=True).stdout
        return json.loads(output)

    def pids(self):
        """Return {service: process id}."""
        return {name: process.pid
                for name, process in self._processes.items()}

    def urls(self):
        """Return {service: URL} of the services that listen."""
        return {name: self.url(name) for name in self._sockets}

    def stop(self):
        """End every process and close every port."""
        for process in self._processes.values():
            processes.kill(process)
        self._processes.clear()
        for listening in self._sockets.values():
            listening.close()
        self._sockets.clear()
