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

"""Cinder removes all attachments of a volume with one."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (all attachments instead of one)',
    symptom='When a shared volume is detached from one server, Cinder forgets '
            'all the others.',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        for other in list(volume.volume_attachment):\n'
        '            volume.finish_detach(other.id)\n'),),
)
