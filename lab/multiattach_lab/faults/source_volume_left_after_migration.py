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

"""Cinder does not delete the source volume of a migration."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1344341, bug 1316079 and bug 1483157: before cinder '
           '1945b82ff, 910575997 and cdf5e92f1 it stayed',
    symptom='After a migration the source volume is left in the status '
            'deleting.',
    changes=(Change(
        'cinder.volume.manager',
        'rpcapi.delete_volume(ctxt, updated_new)',
        'pass'),),
)
