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

"""Cinder attaches a volume in any status to a server that has it."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1813267: before cinder 6eba403ba no status was wrong',
    symptom='A server that has a volume gets a second attachment of it while '
            'it is in maintenance.',
    changes=(Change(
        'cinder.volume.api',
        "if instance_uuid and vref.status in ('in-use', 'reserved'):",
        'if instance_uuid:'),),
)
