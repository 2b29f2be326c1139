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

"""Cinder changes the status before it looks at the quota."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1308819: before cinder 3305f9dd0 the status was changed first',
    symptom='A retype that the quota does not allow leaves the volume in the '
            'status retyping.',
    changes=(Change(
        'cinder.volume.api',
        '        reservations = quota_utils.get_volume_type_reservation(\n'
        '            context, volume, new_type_id, '
        'reserve_vol_type_only=True)\n',
        '        try:\n'
        '            reservations = '
        'quota_utils.get_volume_type_reservation(\n'
        '                context, volume, new_type_id, '
        'reserve_vol_type_only=True)\n'
        '        except exception.CinderException:\n'
        "            volume.update({'status': 'retyping'})\n"
        '            volume.save()\n'
        '            raise\n'),),
)
