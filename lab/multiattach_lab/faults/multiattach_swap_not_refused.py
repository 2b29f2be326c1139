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

"""Nova does not count the servers that write to a volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1775418: before nova 5a1d159d14 nobody counted',
    symptom='A volume that two servers write to can be swapped; what the '
            'other server wrote is lost.',
    changes=(Change(
        'nova.compute.api',
        'if self._count_attachments_for_swap(context, old_volume) > 1:',
        'if False:'),),
)
