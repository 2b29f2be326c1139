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

"""Nova attaches a multiattach volume at any microversion."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-conductor',
    origin='mutation of nova 7e6ae9afd9',
    symptom='A multiattach volume can be attached with a microversion below '
            '2.60.',
    changes=(Change(
        'nova.compute.utils',
        "if volume['multiattach'] and not supports_multiattach:",
        'if False:'),),
    releases=('2026.2',),
)
