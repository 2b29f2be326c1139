# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.

"""Cinder does not ask who may retype a volume to multiattach."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation of cinder f38e77cb1',
    symptom='Who may not have multiattach volumes gets one by a retype.',
    changes=(Change(
        'cinder.volume.api',
        '            if tgt_is_multiattach:\n'
        '                context.authorize(vol_policy.MULTIATTACH_POLICY,',
        '            if False:\n'
        '                context.authorize(vol_policy.MULTIATTACH_POLICY,'),),
)
