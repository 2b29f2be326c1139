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

"""One virtual environment a release, built once and cached."""

import contextlib
import fcntl
import hashlib
from importlib import metadata
import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig

import uv

from multiattach_lab import errors

# Database drivers, and what serves WSGI under threads and eventlet alike.
_EXTRA = ('psycopg2-binary', 'PyMySQL', 'waitress')
_STAMP = 'complete'


def cache():
    """Return the folder (pathlib.Path) of what outlives a single lab."""
    home = os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache'
    return pathlib.Path(home) / 'multiattach-lab'


@contextlib.contextmanager
def cached(kind, release, recipe=''):
    """Lock and yield the folder of something that is made once a release.

    The folder is named after all that it depends on, so that other packages
    or another Python get their own.

    :param kind: 'environments' or 'databases'
    :param release: :class:`multiattach_lab.releases.Release`
    :param recipe: what else it depends on (str)
    :raises LabError: if the cache cannot be written
    """
    folder = _folder(kind, release, recipe)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        lock = open(f'{folder}.lock', 'w')
    except OSError as error:
        raise errors.LabError(
            f'{folder.parent} cannot be used: {error.strerror}. Name another '
            'folder for the cache with XDG_CACHE_HOME.') from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def _folder(kind, release, recipe=''):
    facts = (f'{_requirements(release)} {sys.version_info[:2]} '
             f'{sys.base_prefix} {recipe}')
    digest = hashlib.sha256(facts.encode()).hexdigest()[:8]
    return cache() / kind / f'{release.name}-{digest}'


def build(release, log):
    """Make the environment of a release unless a complete one is there.

    One that was not finished has no stamp and is made again, and so is one
    that has lost files, or whose Python no longer runs.

    :param release: :class:`multiattach_lab.releases.Release`
    :param log: pathlib.Path of the installer's output
    :returns: pathlib.Path of the environment
    :raises LabError: if the packages cannot be installed
    """
    with cached('environments', release) as folder:
        if _is_complete(folder):
            return folder
        shutil.rmtree(folder, ignore_errors=True)
        # The system's certificates too: many sites reach their package
        # index through a proxy that signs with its own.
        command = [uv.find_uv_bin(), '--system-certs', '--no-progress']
        with open(log, 'w') as output:
            for arguments in (
                    ['venv', '--python', sys.executable, str(folder)],
                    ['pip', 'install', '--python', str(folder),
                     *_requirements(release)]):
                run = subprocess.run(command + arguments, stdout=output,
                                     stderr=subprocess.STDOUT)
                if run.returncode:
                    raise errors.LabError(
                        f'The packages of release {release.name} could not '
                        'be installed.', log)
        # First, since it is one of the files that are counted.
        (folder / _STAMP).touch()
        (folder / _STAMP).write_text(json.dumps(_measure(folder, release)))
        return folder


def installed(release):
    """Return what is in the environment of a release.

    :param release: :class:`multiattach_lab.releases.Release`
    :returns: {'versions': {package: version}, 'bytes': int, 'files': int},
        or None if it has not been built
    """
    return _stamp(_folder('environments', release))


def _stamp(folder):
    try:
        return json.loads((folder / _STAMP).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def _requirements(release):
    arguments = ['--exclude-newer', release.date, *_EXTRA,
                 *release.libraries]
    for package, series in release.services.items():
        arguments += ['--exclude-newer-package',
                      f'{package}={release.services_date}',
                      f'{package}=={series}.*']
    return arguments


def _measure(folder, release):
    site = [sysconfig.get_path('purelib', vars={'base': folder})]
    files = _files(folder)
    return {
        'versions': {
            name: next(metadata.distributions(name=name, path=site)).version
            for name in release.services},
        'bytes': sum(os.lstat(file).st_size for file in files),
        'files': len(files),
    }


def _files(folder):
    """List the files, but for what Python compiles for itself."""
    return [os.path.join(path, name) for path, _, names in os.walk(folder)
            for name in names if not name.endswith('.pyc')]


def _is_complete(folder):
    stamp = _stamp(folder)
    if stamp is None or stamp['files'] != len(_files(folder)):
        return False
    try:
        return subprocess.run(
            [folder / 'bin' / 'python', '-c', '']).returncode == 0
    except OSError:
        return False
