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

"""Cinder takes the source of a migration off the quota."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation of cinder 94dfad99c (bug 1923828), as in bug 1778774',
    symptom='After a migration the quota counts one volume too few.',
    changes=(Change(
        'cinder.volume.manager',
        "use_quota=False,  # Don't use quota for temporary volume",
        'use_quota=True,'),),
)
