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

"""Nova does not look whether the server of a swap has the volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='before nova fe2442fd83 the server was not looked at',
    symptom='A swap on a server that does not have the volume leaves it in '
            'the status detaching.',
    changes=(Change(
        'nova.compute.api',
        "if not old_volume.get('attachments', {}).get(instance.uuid):",
        'if False:'),),
)
