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

"""Cinder lets a retype change the multiattach flag at any time."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation of cinder f38e77cb1',
    symptom='The multiattach flag of a volume can be changed while a server '
            'uses it.',
    changes=(Change(
        'cinder.volume.api',
        '            if volume.status != "available":\n'
        "                msg = _('Invalid volume_type passed, retypes "
        "affecting '",
        '            if False:\n'
        "                msg = _('Invalid volume_type passed, retypes "
        "affecting '"),),
)
