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

"""Nova swaps a volume that Cinder is not migrating."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 2112187: before nova 93c0f9bc74 any volume could be swapped',
    symptom='A volume that is not being migrated can be swapped, and is lost '
            'at the next live migration.',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        'raise exc.HTTPConflict(explanation=message)',
        'pass'),),
    releases=('2026.2',),
)
