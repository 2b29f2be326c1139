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

"""Bugs of cinder-scheduler."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAILED_RETYPE_KEEPS_QUOTA_RESERVED = Fault(
    origin='bug 1616875: before cinder b4b1cdeb0 the reservations were passed '
           'on wrongly',
    symptom='After a retype to a type that no backend can serve, quota of '
            'that type stays reserved.',
    expected='quota is reserved',
    changes=(Change(
        'cinder.scheduler.manager',
        '            if reservations:\n'
        '                QUOTAS.rollback(context, reservations)\n'
        '            previous_status',
        '            previous_status'),),
)

FAILED_RETYPE_LEAVES_VOLUME_RETYPING = Fault(
    origin='mutation (the former status is not set again), as in bug '
           '1308819 (cinder 3305f9dd0)',
    symptom='A retype to a type that no backend can serve leaves the volume '
            'in the status retyping.',
    expected='but it is retyping',
    changes=(Change(
        'cinder.scheduler.manager',
        "volume_state = {'volume_state': {'status': previous_status}}",
        "volume_state = {'volume_state': {'status': 'retyping'}}"),),
)

MIGRATION_WITHOUT_BACKEND_NEVER_STARTS = Fault(
    origin='mutation of cinder 62105c150 (the status of the failure is not '
           'stored)',
    symptom='A migration to a pool that cannot take the volume stays at '
            'starting.',
    expected='migration status starting',
    changes=(Change(
        'cinder.scheduler.manager',
        '            else:\n'
        "                volume_state = {'volume_state': "
        "{'migration_status': 'error'}}\n",
        '            else:\n'
        "                volume_state = {'volume_state': {}}\n"),),
)
