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

"""Cinder does not give back what a failed retype has reserved."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-scheduler',
    origin='bug 1616875: before cinder b4b1cdeb0 the reservations were passed '
           'on wrongly',
    symptom='After a retype to a type that no backend can serve, quota of '
            'that type stays reserved.',
    changes=(Change(
        'cinder.scheduler.manager',
        '            if reservations:\n'
        '                QUOTAS.rollback(context, reservations)\n'
        '            previous_status',
        '            previous_status'),),
)
