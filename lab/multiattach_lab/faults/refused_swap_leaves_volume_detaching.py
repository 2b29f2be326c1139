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

"""Nova forgets to roll back when it refuses a swap."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-api',
    origin='mutation of nova 5a1d159d14, as in bug 1786318 (nova 3a4b4b91b0)',
    symptom='After a refused swap the volume stays in the status detaching.',
    changes=(Change(
        'nova.compute.api',
        'except Exception:  # This is generic to handle failures while '
        'counting',
        'except exception.VolumeAttachmentNotFound:'),),
)
