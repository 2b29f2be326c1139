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

"""Cinder does not put the status back when no backend is found."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-scheduler',
    origin='mutation (the status of before is not put back), as in bug '
           '1308819 (cinder 3305f9dd0)',
    symptom='A retype to a type that no backend can serve leaves the volume '
            'in the status retyping.',
    changes=(Change(
        'cinder.scheduler.manager',
        "volume_state = {'volume_state': {'status': previous_status}}",
        "volume_state = {'volume_state': {'status': 'retyping'}}"),),
)
