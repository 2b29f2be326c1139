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

"""Nova lets everybody ask for a swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1522705: before nova f738483e84 every user could swap',
    symptom='An ordinary member of a project gets past the policy of the '
            'swap.',
    changes=(Change(
        'nova.policies.volumes_attachments',
        "name=POLICY_ROOT % 'swap',\n"
        '        check_str=base.SERVICE_ROLE,',
        "name=POLICY_ROOT % 'swap',\n"
        "        check_str='@',"),),
    releases=('2026.2',),
)
