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

"""Nova does not listen which volume id Cinder wants to keep."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='before nova 0e4bd7f93b the answer of Cinder did not count',
    symptom='After a migration the server has another volume than before it.',
    changes=(Change(
        'nova.compute.manager',
        "save_volume_id = comp_ret['save_volume_id']",
        'save_volume_id = new_volume_id'),),
)
