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

"""The folder of a cloud: enough disk, empty folders, what services import."""

import pathlib
import shutil

from multiattach_lab import errors
from multiattach_lab import services

_GIBIBYTE = 2 ** 30
_NEEDED_DISK = 2 * _GIBIBYTE


def check_disk(state):
    """Make the folder of a cloud; raise LabError if its disk is full."""
    state.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(state).free
    if free < _NEEDED_DISK:
        raise errors.LabError(
            f'{state} has {free / _GIBIBYTE:.1f} GiB of free disk '
            f'and the lab needs {_NEEDED_DISK / _GIBIBYTE:.0f} GiB: free '
            'some, or name another folder with --state.')


def lay_out(state):
    """Empty the folders that a cloud writes to."""
    for name in ('logs', 'etc', 'database', 'fresh', 'volumes', 'home',
                 'python', 'guest', 'tempest-locks', *services.SERVICES):
        shutil.rmtree(state / name, ignore_errors=True)
    for name in ('logs', 'home', 'python'):
        (state / name).mkdir()


def link_drivers(state):
    """Let a release import the lab, and find its drivers of Neutron.

    Neutron finds its drivers by entry point alone.
    """
    package = pathlib.Path(__file__).parent
    python = state / 'python'
    (python / package.name).symlink_to(package)
    metadata = python / f'{package.name}-1.dist-info'
    metadata.mkdir()
    (metadata / 'METADATA').write_text(
        f'Metadata-Version: 2.1\nName: {package.name}\nVersion: 1\n')
    (metadata / 'entry_points.txt').write_text(
        '[neutron.ml2.mechanism_drivers]\n'
        'multiattach_lab = multiattach_lab.drivers.network:Mechanism\n'
        'multiattach_lab_guests = '
        'multiattach_lab.drivers.network:GuestMechanism\n')
