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

"""Nova has no answer for a swap of a volume that does not exist."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova edd86d9dac (an exception that the API does not '
           'know), as in bug 1750064 (nova 5754ac0ab3)',
    symptom='The swap of a volume that does not exist gives error 500.',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            old_volume = self.volume_api.get(context, '
        'old_volume_id)\n'
        '        except exception.VolumeNotFound as e:\n',
        '            old_volume = self.volume_api.get(context, '
        'old_volume_id)\n'
        '        except exception.InstanceNotFound as e:\n'),),
    releases=('2026.2',),
)
