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

"""Nova asks the policy for an update where a request is a swap too."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova fcf5863662 (only old microversions ask the '
           'policy for a swap)',
    symptom='From microversion 2.85 on an ordinary member of a project gets '
            'past the policy of the swap.',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        'if only_swap or id != volume_id:',
        'if only_swap:'),),
    releases=('2026.2',),
)
