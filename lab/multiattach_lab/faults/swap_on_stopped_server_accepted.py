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

"""Nova accepts a swap on a server that is stopped."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1673090: before nova b40d949b31 any server would do',
    symptom='A volume of a stopped server can be swapped, and is not copied.',
    changes=(Change(
        'nova.compute.api',
        '                                    vm_states.RESIZED])\n'
        '    def swap_volume(',
        '                                    vm_states.RESIZED,\n'
        '                                    vm_states.STOPPED])\n'
        '    def swap_volume('),),
)
