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

"""Run Tempest on a lab."""

import pathlib
import subprocess
import sys

REGEX = '^multiattach_tempest_plugin'


def run(lab, check, arguments, without_network):
    """Run the tests and show the result as Tempest prints it.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param check: called about every second; raises LabError when a service
        of the lab has ended, which ends the tests
    :param arguments: more arguments for ``tempest run``
    :param without_network: whether servers get no network
    :returns: exit code of ``tempest run``
    """
    folder = lab.state / 'tempest'
    folder.mkdir(exist_ok=True)
    name = ('tempest-without-network.conf' if without_network
            else 'tempest.conf')
    process = subprocess.Popen(
        [pathlib.Path(sys.executable).parent / 'tempest', 'run',
         '--config-file', lab.state / name, '--regex', REGEX, *arguments],
        cwd=folder)
    try:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                check()
    finally:
        process.terminate()
        process.wait()
