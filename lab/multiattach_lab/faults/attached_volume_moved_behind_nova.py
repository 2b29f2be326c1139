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

"""Cinder lets the driver move a volume that servers use."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 2019190: taken out by cinder 13196c700, put right by '
           'b8610a01b',
    symptom='A volume that servers use moves to another pool without them.',
    changes=(
        Change(
            'cinder.volume.manager',
            'if (len(volume.volume_attachment) == 0 and\n'
            '                not force_host_copy and',
            'if (not force_host_copy and'),
        Change(
            'cinder.volume.manager',
            '                moved, model_update = '
            'self.driver.migrate_volume(ctxt,\n'
            '                                                                '
            ' volume,\n'
            '                                                                '
            ' host)\n',
            '                moved, model_update = (\n'
            '                    (True, None) if volume.volume_attachment '
            'else\n'
            '                    self.driver.migrate_volume(ctxt, volume, '
            'host))\n'),
    ),
    releases=('2026.2',),
)
