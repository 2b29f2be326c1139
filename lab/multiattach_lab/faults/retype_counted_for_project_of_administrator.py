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

"""Cinder counts a retype for the project that asks for it."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1505307: before cinder ceb65b6f8 the owner was not looked at',
    symptom='A retype by an administrator changes the quota usage of the '
            "administrator's project, not that of the volume's.",
    changes=(Change(
        'cinder.quota_utils',
        "project_id = volume['project_id']",
        'project_id = ctxt.project_id'),),
)
