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

"""Cinder keeps the record of a temporary volume that it has deleted."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1490445: before cinder 566a09c32 it was kept',
    symptom='After a refused migration a volume is listed that nobody made '
            'and nobody can delete.',
    changes=(Change(
        'cinder.volume.manager',
        '        volume.destroy()\n\n'
        '        # If deleting source/destination volume in a migration or a '
        'temp\n',
        '        if not volume.is_migration_target():\n'
        '            volume.destroy()\n\n'),),
)
