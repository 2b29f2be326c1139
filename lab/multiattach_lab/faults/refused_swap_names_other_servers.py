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

"""Nova names all servers that have a volume when it refuses a swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 5a1d159d14 (the answer names every server that '
           'has the volume)',
    symptom='Who is refused a swap learns the ids of the other servers, '
            'which can belong to anybody.',
    changes=(Change(
        'nova.compute.api',
        'raise exception.MultiattachSwapVolumeNotSupported()',
        'raise exception.MultiattachSwapVolumeNotSupported(\n'
        "                    exception.MultiattachSwapVolumeNotSupported."
        'msg_fmt\n'
        "                    + str(list(old_volume['attachments'])))"),),
)
