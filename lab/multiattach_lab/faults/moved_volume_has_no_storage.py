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

"""Cinder forgets under which name the storage of a moved volume is."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation of cinder 20ac9cac7 (bug 1487952)',
    symptom='A volume that has moved cannot be attached any more: its '
            'storage is not found.',
    changes=(Change(
        'cinder.volume.manager',
        "model_update_default = {'_name_id': new_volume.name_id,",
        "model_update_default = {'_name_id': volume.name_id,"),),
)
