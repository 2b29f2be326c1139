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

"""Nova does not look who else has a plain volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1908075: before nova 1252588d4e only Cinder looked at its '
           'status',
    symptom='A volume without multiattach whose status was reset to available '
            'can be attached to a second server.',
    changes=(Change(
        'nova.compute.api',
        "if not volume.get('multiattach'):\n"
        '            instance_uuids',
        'if False:\n'
        '            instance_uuids'),),
)
