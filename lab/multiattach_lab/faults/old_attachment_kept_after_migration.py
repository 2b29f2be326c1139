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

"""Nova does not delete the attachment of before a move."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='bug 1697060: before nova ae53c22457 it was kept',
    symptom='After a migration one server has two attachments of the volume.',
    changes=(Change(
        'nova.compute.manager',
        '                    if not failed:\n'
        '                        self.volume_api.attachment_delete(',
        '                    if failed:\n'
        '                        self.volume_api.attachment_delete('),),
    unseen='Cinder takes it away too where only Cinder moves volumes; where '
           'an administrator may swap, the safe flow by swap shows it.',
)
