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

"""Cinder calls a volume available that other servers use."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (the attachments that remain are not looked at)',
    symptom='When a shared volume is detached from one server it is '
            'available, although others use it.',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        volume.finish_detach(attachment.id)\n'
        "        volume.update({'status': 'available',\n"
        "                       'attach_status': 'detached'})\n"
        '        volume.save()\n'),),
)
