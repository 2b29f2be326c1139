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

"""Cinder reserves a volume that no server has, whatever its status."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1785050: before cinder 9c0123eb7 no status was wrong',
    symptom='A volume that is being retyped, or is in any status, can be '
            'attached as long as no server has it.',
    changes=(
        Change(
            'cinder.volume.api',
            '            override = False\n'
            '            if instance_uuid and vref.status in '
            "('in-use', 'reserved'):",
            '            override = bool(instance_uuid)\n'
            '            if instance_uuid:'),
        Change(
            'cinder.volume.api',
            'if attachment.instance_uuid == instance_uuid:\n'
            '                        override = True',
            'if attachment.instance_uuid != instance_uuid:\n'
            '                        override = False'),
    ),
)
