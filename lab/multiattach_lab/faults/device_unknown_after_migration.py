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

"""Nova does not tell Cinder the device after a move."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='bug 1737779: before nova 16d0ad344e the device was not passed',
    symptom='After a migration Cinder shows the device of the volume as na.',
    changes=(Change(
        'nova.compute.manager',
        '                context, new_attachment_id, connector,\n'
        "                mountpoint)['connection_info']",
        '                context, new_attachment_id, connector,\n'
        "                None)['connection_info']"),),
)
