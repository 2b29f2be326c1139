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

"""Nova does not delete the attachment of a detached volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='mutation (attachment_delete is left out)',
    symptom='Nova no longer lists the volume, but Cinder keeps its attachment '
            'and says it is detaching.',
    changes=(Change(
        'nova.virt.block_device',
        '            try:\n'
        "                volume_api.attachment_delete(context, "
        "self['attachment_id'])\n"
        '            except',
        '            try:\n'
        '                pass\n'
        '            except'),),
)
