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

"""Cinder does not ask Nova whether an attachment is in use."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 2004555: before cinder 6df1839bd nobody asked',
    symptom='A user can delete the attachment of a running server in Cinder, '
            'which goes on writing.',
    changes=(Change(
        'cinder.volume.api',
        'raise exception.ConflictNovaUsingAttachment(instance_id=server_id)',
        'return'),),
)
