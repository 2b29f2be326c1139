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

"""Nova counts servers that only read a volume as writers."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 5a1d159d14 (the mode is not looked at)',
    symptom='A volume that two servers only read cannot be swapped.',
    changes=(Change(
        'nova.compute.api',
        "if attachment_record['attach_mode'] == 'rw':",
        'if True:'),),
    unseen='That readers are not counted is a known gap: with this fault '
           'its test passes, and the drill leaves the known gaps out.',
)
