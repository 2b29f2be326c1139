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

"""Nova forgets to roll back an attachment that was refused."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-conductor',
    origin='mutation (the block device is not destroyed)',
    symptom='After a refused attach the server lists a volume that it does '
            'not have.',
    changes=(Change(
        'nova.conductor.manager',
        '            self.compute_rpcapi.attach_volume(context, instance, '
        'volume_bdm)\n'
        '        except Exception:\n'
        '            with excutils.save_and_reraise_exception():\n'
        '                volume_bdm.destroy()',
        '            self.compute_rpcapi.attach_volume(context, instance, '
        'volume_bdm)\n'
        '        except Exception:\n'
        '            with excutils.save_and_reraise_exception():\n'
        '                pass'),),
    releases=('2026.2',),
)
