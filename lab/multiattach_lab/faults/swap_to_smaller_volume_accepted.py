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

"""Nova does not compare the sizes of the volumes of a swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 8f51b120b4 (the sizes are not compared)',
    symptom='A volume can be swapped for a smaller one, and its end is lost.',
    changes=(Change(
        'nova.compute.api',
        "if int(new_volume['size']) < int(old_volume['size']):",
        'if False:'),),
)
