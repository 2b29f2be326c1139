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

"""Nova takes a migration for a swap that a user asked for."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='nova-compute',
    origin='bug 1803961: before nova 53c3cfa7a0 only a retype was told back',
    symptom='The migration of an attached volume never ends, and its server '
            'is left on the temporary volume.',
    changes=(Change(
        'nova.compute.manager',
        "is_cinder_migration = old_volume['migration_status'] == 'migrating'",
        "is_cinder_migration = old_volume['status'] == 'retyping'"),),
)
