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

"""Cinder does not look whose attachment is asked for."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 2138566: before cinder 894767987 nobody looked',
    symptom='A user who knows its id can read the attachment of another '
            'project.',
    changes=(Change(
        'cinder.db.api',
        '    read_deleted=False,\n'
        '    project_only=True,\n',
        '    read_deleted=False,\n'
        '    project_only=False,\n'),),
    releases=('2026.2',),
)
