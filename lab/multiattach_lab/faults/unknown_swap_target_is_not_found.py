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

"""Nova answers as if the server had no such volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='bug 1629110: before nova edd86d9dac both volumes were answered '
           'alike',
    symptom='A swap to a volume that does not exist is refused with 404, as '
            'if the old one did not exist.',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            # NotFound response if that is not existent.\n'
        '            raise exc.HTTPBadRequest(',
        '            raise exc.HTTPNotFound('),),
    releases=('2026.2',),
)
