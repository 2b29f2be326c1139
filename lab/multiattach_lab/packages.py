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

"""Packages under review, in front of those of a release."""

from importlib import metadata
import os
import subprocess
import sysconfig

import uv

from multiattach_lab import errors


def install(sources, environment, folder, logs):
    """Install packages, without what they require, into a folder.

    What comes first on the path of Python takes the place of what the release
    has. So the environment, which others use too, stays as it is.

    :param sources: {distribution: pathlib.Path of a checkout or a wheel}
    :param environment: pathlib.Path of the environment of a release
    :param folder: pathlib.Path, first on the path of all services
    :param logs: pathlib.Path of the folder of logs
    :returns: {distribution: version}
    :raises LabError: if the release does not have the distribution, or a
        source is not there, is another one, or cannot be installed
    """
    released = sysconfig.get_path('purelib', vars={'base': environment})
    return {name: _install(name, path, _version(name, released), environment,
                           folder, logs / f'package-{name}.log')
            for name, path in sources.items()}


def _install(name, path, released, environment, folder, log):
    if not released:
        raise errors.LabError(
            f'The release has no package "{name}" that {path} could take the '
            f'place of.')
    if not path.exists():
        raise errors.LabError(
            f'There is no checkout and no wheel of {name} in {path}.')
    with open(log, 'w') as output:
        run = subprocess.run(
            [uv.find_uv_bin(), '--system-certs', '--no-progress', 'pip',
             'install', '--no-deps', '--python', environment, '--target',
             folder,
             # Of a folder it would know no change but that of its metadata.
             '--refresh-package', name, path],
            env={**os.environ,
                 # A copy without history has no version of its own.
                 'PBR_VERSION': f'{released}+change',
                 'SKIP_GENERATE_AUTHORS': '1',
                 'SKIP_WRITE_GIT_CHANGELOG': '1'},
            stdout=output, stderr=subprocess.STDOUT)
    if run.returncode:
        raise errors.LabError(f'{path} could not be installed.', log)
    version = _version(name, folder)
    if not version:
        raise errors.LabError(f'{path} is not {name}: nothing of that name '
                              f'was installed from it.')
    return version


def _version(name, folder):
    """Return the version (str) of what is in a folder, '' if it is not."""
    found = metadata.distributions(name=name, path=[str(folder)])
    return next((each.version for each in found), '')
