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

"""Cinder does not change the type of the snapshots in a retype."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1877164: before cinder b77fb72aa it stayed',
    symptom='A volume from the snapshot of a retyped volume has the type and '
            'the flag that the volume had before.',
    changes=(Change(
        'cinder.volume.manager',
        'snap.volume_type_id = new_type_id',
        'pass'),),
)
