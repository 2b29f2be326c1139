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

"""Cinder does not count the snapshots of a retyped volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1877164: before cinder b77fb72aa the volume alone counted',
    symptom='The snapshots of a retyped volume still count for the quota of '
            'its old type.',
    changes=(Change(
        'cinder.quota_utils',
        'if volume.snapshots:',
        'if False:'),),
)
