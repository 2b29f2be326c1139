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

"""Cinder does not look whose volume is asked for."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (the project is not looked at)',
    symptom='A user who knows the id of a volume of another project is told '
            'that it exists.',
    changes=(Change(
        'cinder.db.api',
        '        project_only=True,\n'
        '        joined_load=joined_load,',
        '        project_only=False,\n'
        '        joined_load=joined_load,'),),
    releases=('2026.2',),
)
