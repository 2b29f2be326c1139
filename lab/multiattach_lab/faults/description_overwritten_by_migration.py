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

"""Cinder gives a moved volume the description of its source."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation of cinder cdf5e92f1 (the wrong one is named)',
    symptom='After a migration the description of the volume says that it is '
            'the source of one.',
    changes=(Change(
        'cinder.objects.volume',
        "value_to_dst = 'migration src for ' + self.id",
        "value = value_to_dst = 'migration src for ' + self.id"),),
)
