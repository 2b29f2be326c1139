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

"""Cinder does not save what a completed attachment changes."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1710295: before cinder 7e2b3dbc8 it was not saved',
    symptom='A volume that was attached stays in the status attaching.',
    changes=(Change(
        'cinder.api.v3.attachments',
        "volume_ref.update({'status': 'in-use', 'attach_status': "
        "'attached'})\n"
        '        volume_ref.save()',
        'pass'),),
)
