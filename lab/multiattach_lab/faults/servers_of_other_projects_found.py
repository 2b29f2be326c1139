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

"""Nova does not look whose server is asked for."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation (the project is not looked at), as in bug 2138566 '
           '(cinder 894767987)',
    symptom='A user who knows the id of a server learns that another project '
            'has it.',
    changes=(Change(
        'nova.db.main.api',
        '        context, models.Instance, project_only=True,\n'
        '    ).options(\n'
        '        orm.joinedload(\n'
        '            models.Instance.security_groups\n',
        '        context, models.Instance, project_only=False,\n'
        '    ).options(\n'
        '        orm.joinedload(\n'
        '            models.Instance.security_groups\n'),),
    releases=('2026.2',),
)
