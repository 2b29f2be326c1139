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

"""Cinder does not delete the temporary volume of a refused swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1398177 and bug 1403916: before cinder 5221f181f and '
           'd96c40c0a it stayed',
    symptom='After a refused migration a temporary volume is left.',
    changes=(Change(
        'cinder.volume.manager',
        '                self._clean_temporary_volume(ctxt, volume,\n'
        '                                             new_volume)\n',
        '                pass\n'),),
)
