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

"""Nova does not store the attachment that a move has made."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='mutation of nova ae53c22457',
    symptom='After a move Nova still shows the attachment of before, which '
            'Cinder has deleted.',
    changes=(Change(
        'nova.compute.manager',
        "values['attachment_id'] = new_attachment_id",
        'pass'),),
)
