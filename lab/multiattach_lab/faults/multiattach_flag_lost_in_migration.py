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

"""Cinder clears the multiattach flag in a migration."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation (the flag is cleared)',
    symptom='After a migration a multiattach volume is not multiattach.',
    changes=(Change(
        'cinder.volume.manager',
        "        updates = {'status': orig_volume_status,\n"
        "                   'previous_status'",
        "        updates = {'status': orig_volume_status,\n"
        "                   'multiattach': False,\n"
        "                   'previous_status'"),),
)
