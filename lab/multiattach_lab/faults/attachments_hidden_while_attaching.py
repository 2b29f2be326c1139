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

"""Cinder shows no attachment while another one is being made."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1713521: before cinder a95c9e566 the volume as a whole '
           'counted',
    symptom='A volume that is being attached to a second server, or migrated, '
            'is shown without its first.',
    changes=(Change(
        'cinder.api.v3.views.volumes',
        '        for attachment in volume.volume_attachment:\n',
        "        if volume.attach_status != 'attached':\n"
        '            return attachments\n'
        '        for attachment in volume.volume_attachment:\n'),),
    releases=('2026.2',),
    unseen='It shows while Nova connects a second server, for less time than '
           'a look takes.',
)
