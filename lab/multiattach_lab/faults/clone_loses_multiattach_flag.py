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

"""Cinder does not look at the type that a clone inherits."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1770671: before cinder 23f26555b only a type that was asked '
           'for counted',
    symptom='The clone of a multiattach volume, or the volume from its '
            'snapshot, has its type but not the flag.',
    changes=(Change(
        'cinder.volume.flows.api.create_volume',
        "multiattach = (extra_specs.get('multiattach', '') == '<is> True')",
        "multiattach = (extra_specs.get('multiattach', '') == '<is> True'\n"
        '                           and not (source_volid or snapshot_id))'),),
)
