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

"""Nova asks Cinder to begin what Cinder refuses when reserved."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1808089: before nova 41b982c9fe it asked always',
    symptom='A volume cannot be detached from a server that is shelved.',
    changes=(Change(
        'nova.compute.api',
        'if not bdms[0].attachment_id:',
        'if True:'),),
)
