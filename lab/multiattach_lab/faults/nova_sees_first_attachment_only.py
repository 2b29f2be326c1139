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

"""Nova knows one attachment of a volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='before nova cb3a6bfe1a a volume had one attachment',
    symptom='A volume that two servers write to can be swapped on the first '
            'of them, and the second cannot let go of it.',
    changes=(Change(
        'nova.volume.cinder',
        'for attachment in vol.attachments:',
        'for attachment in vol.attachments[:1]:'),),
)
