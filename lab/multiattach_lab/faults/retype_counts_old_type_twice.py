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

"""Cinder adds to the usage of the old type in a retype."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (the old type is not given back); compare bug 1877164 '
           '(cinder b77fb72aa)',
    symptom='After a retype the quota counts the volume for its old type '
            'twice.',
    changes=(Change(
        'cinder.volume.api',
        'reserve_vol_type_only=True, negative=True)',
        'reserve_vol_type_only=True)'),),
)
