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

"""Nova does not look whether a server has the volume already."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='before nova 4dd0656961 the new attachments let it pass',
    symptom='A multiattach volume can be attached twice to one server.',
    changes=(
        Change(
            'nova.compute.api',
            'if any(b for b in bdms if b.instance_uuid == instance.uuid):',
            'if False:'),
        # It looks once more, with the lock that the API does not have.
        Change(
            'nova.compute.manager',
            'if any(b for b in bdms if b.volume_id == volume_id):',
            'if False:')),
)
