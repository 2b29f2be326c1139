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

"""Cinder migrates a volume that has snapshots."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation of cinder 135e094f3 (snapshots are not looked at)',
    symptom='A volume with snapshots can be migrated, and its snapshots stay '
            'behind.',
    changes=(Change(
        'cinder.volume.api',
        'filters = [~db.volume_has_snapshots_filter()]\n'
        '\n'
        '        updates =',
        'filters = []\n'
        '\n'
        '        updates ='),),
)
