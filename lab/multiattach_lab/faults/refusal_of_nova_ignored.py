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

"""Cinder does not look at the answer to its swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation (the answer of Nova is ignored)',
    symptom='A migration that Nova refused never ends, and leaves a temporary '
            'volume.',
    changes=(Change(
        'cinder.compute.nova',
        '        nova.volumes.update_server_volume(server_id,\n'
        '                                          src_volid,\n'
        '                                          new_volume_id)\n',
        '        try:\n'
        '            nova.volumes.update_server_volume(server_id,\n'
        '                                              src_volid,\n'
        '                                              new_volume_id)\n'
        '        except Exception:\n'
        '            pass\n'),),
)
