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

"""Cinder hides the status of a volume after its migration."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation of cinder 21bc0537e (as if the migration went on)',
    symptom='A volume that was migrated stays in the status detaching when it '
            'is detached.',
    changes=(Change(
        'cinder.db.api',
        "or volume.migration_status in ('success', 'error')\n",
        ''),),
    releases=('2026.2',),
)
