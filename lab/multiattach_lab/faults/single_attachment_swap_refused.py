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

"""Nova refuses a swap from the first writer on."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 5a1d159d14 (> 1 becomes >= 1)',
    symptom='No attached volume can be moved, not even one that a single '
            'server uses.',
    changes=(Change(
        'nova.compute.api',
        'self._count_attachments_for_swap(context, old_volume) > 1:',
        'self._count_attachments_for_swap(context, old_volume) >= 1:'),),
)
