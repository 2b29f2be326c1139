# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""Cinder attaches a volume that is in error."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (the status error is as good as in-use)',
    symptom='A volume in the status error can be attached.',
    changes=(
        Change(
            'cinder.volume.api',
            '        if "error" in volume_ref.status:\n'
            "            msg = ('Volume attachments can not be created",
            '        if False:\n'
            "            msg = ('Volume attachments can not be created"),
        Change(
            'cinder.volume.api',
            "(('available', 'in-use', 'downloading')",
            "(('available', 'in-use', 'downloading', 'error')"),
    ),
)
