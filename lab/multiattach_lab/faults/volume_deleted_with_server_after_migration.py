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

"""Nova switches delete_on_termination on in a move."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='mutation (the setting is overwritten)',
    symptom='A volume that has moved is deleted together with its server.',
    changes=(Change(
        'nova.compute.manager',
        "            'no_device': None}\n"
        '\n'
        '        if resize_to:',
        "            'no_device': None,\n"
        "            'delete_on_termination': True}\n"
        '\n'
        '        if resize_to:'),),
)
