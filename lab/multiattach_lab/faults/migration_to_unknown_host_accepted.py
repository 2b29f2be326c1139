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

"""Cinder does not look for the host of a migration."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (a service that is not found is made up)',
    symptom='A migration to a host that does not exist is accepted, and ends '
            'in error.',
    changes=(Change(
        'cinder.volume.api',
        'raise exception.InvalidHost(reason=msg)',
        'svc = objects.Service(context, cluster_name=None)'),),
)
