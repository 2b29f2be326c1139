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

"""Nova does not complete the attachment that a move has made."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='mutation of nova 6d70d6adf9 (it is not completed)',
    symptom='After a migration the attachment of the volume is attaching for '
            'ever.',
    changes=(Change(
        'nova.compute.manager',
        '            if new_attachment_id:\n'
        '                self.volume_api.attachment_complete(',
        '            if False:\n'
        '                self.volume_api.attachment_complete('),),
)
