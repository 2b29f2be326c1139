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

"""Cinder makes the exception for live migration for every server."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1694530 and bug 1762687: mutation of cinder 220dafc65 and '
           'dd93b0c71',
    symptom='A second server gets an attachment of a volume without '
            'multiattach.',
    changes=(Change(
        'cinder.volume.api',
        'if attachment.instance_uuid == instance_uuid:',
        'if attachment.instance_uuid:'),),
)
