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

"""Cinder does not take the new type over from the new volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1597247 and bug 1647429: before cinder ef98a0b1b and '
           '7b2563703 the type stayed',
    symptom='After a retype with migration the volume has its old type.',
    changes=(Change(
        'cinder.objects.volume',
        "self.update({'volume_type_id': value})",
        'pass'),),
)
