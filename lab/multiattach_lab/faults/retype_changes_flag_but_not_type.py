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

"""Cinder ends a retype without the new type."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation (the type is not stored)',
    symptom='After a retype the volume has its old type, but the multiattach '
            'flag of the new one.',
    changes=(Change(
        'cinder.volume.manager',
        "model_update = {'volume_type_id': new_type_id,\n"
        "                            'host': host['host'],",
        "model_update = {'host': host['host'],"),),
)
