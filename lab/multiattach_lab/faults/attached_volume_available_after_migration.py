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

"""Cinder gives a volume the wrong status after a migration."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1316079: before cinder 910575997 the status was wrong',
    symptom='After a migration a volume that a server uses is available.',
    changes=(Change(
        'cinder.volume.manager',
        "        updates = {'status': orig_volume_status,\n"
        "                   'previous_status'",
        "        updates = {'status': 'available',\n"
        "                   'previous_status'"),),
)
