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

"""Cinder does not give a moved volume its attachment."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1697060: before cinder d79b9224d it was not handed over',
    symptom='After a migration Cinder shows no attachment of a volume that a '
            'server uses.',
    changes=(Change(
        'cinder.volume.manager',
        'attachment.volume_id = volume.id',
        'pass'),),
)
