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

"""Cinder retypes to a type that is encrypted and multiattach."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='before cinder 293be4f81 only the creation was refused',
    symptom='A volume can be retyped to a type that is both encrypted and '
            'multiattach.',
    changes=(Change(
        'cinder.volume.api',
        'if tgt_is_multiattach and self._is_encrypted(new_type):',
        'if False:'),),
)
