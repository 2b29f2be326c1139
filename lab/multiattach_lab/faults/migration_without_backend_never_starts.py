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

"""Cinder does not record that no backend takes a volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-scheduler',
    origin='mutation of cinder 62105c150 (the status of the failure is not '
           'stored)',
    symptom='A migration to a pool that cannot take the volume stays at '
            'starting.',
    changes=(Change(
        'cinder.scheduler.manager',
        '            else:\n'
        "                volume_state = {'volume_state': "
        "{'migration_status': 'error'}}\n",
        '            else:\n'
        "                volume_state = {'volume_state': {}}\n"),),
)
