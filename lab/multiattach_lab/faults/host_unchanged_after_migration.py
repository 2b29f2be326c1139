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

"""Cinder keeps the old host of a volume that has moved."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation of cinder 08b4d136c',
    symptom='A migration ends with success, but the volume is shown on its '
            'old host.',
    changes=(Change(
        'cinder.objects.volume',
        "skip = ({'id', 'provider_location',",
        "skip = ({'id', 'host', 'provider_location',"),),
)
