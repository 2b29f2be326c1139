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

"""Nova does not record that a server had a volume swapped."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='before nova 1cea4f0135 only other actions were recorded',
    symptom='The list of what was done to a server does not have the swap.',
    changes=(
        Change(
            'nova.compute.api',
            '        self._record_action_start(\n'
            '            context, instance, instance_actions.SWAP_VOLUME)\n',
            ''),
        Change(
            'nova.compute.manager',
            "    @wrap_instance_event(prefix='compute')\n"
            '    @wrap_instance_fault\n'
            '    def swap_volume(',
            '    @wrap_instance_fault\n'
            '    def swap_volume('),
    ),
)
