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

"""Cinder takes every backend for the one that a retyped volume is on."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='bug 1652802: before cinder dafd68ead none was taken for another',
    symptom='A retype with migration ends well, and the volume is where '
            'it was.',
    changes=(Change(
        'cinder.volume.manager',
        '                (cluster_name and\n'
        '                 volume_utils.hosts_are_equivalent('
        'self.driver.cluster_name,\n'
        '                                                   '
        'cluster_name)))\n',
        '                self.driver.cluster_name == cluster_name)\n'),),
)
