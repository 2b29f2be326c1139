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

"""Nova does not know the refusal of Cinder."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1632513: before nova 21961e7bc5 it was not expected',
    symptom='To attach a volume that another server has gives an error 500.',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            exception.InvalidInput,\n'
        '            exception.VolumeTaggedAttachNotSupported,\n',
        '            exception.VolumeTaggedAttachNotSupported,\n'),),
    releases=('2026.2',),
)
