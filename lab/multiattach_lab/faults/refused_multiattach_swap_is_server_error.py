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

"""Nova has no answer for the refusal of a multiattach swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 5a1d159d14 (an exception that the API does not '
           'know), as in bug 1750064 (nova 5754ac0ab3)',
    symptom='The swap of a volume that two servers write to gives error 500.',
    changes=(Change(
        'nova.compute.api',
        'raise exception.MultiattachSwapVolumeNotSupported()',
        'raise exception.NovaException()'),),
)
