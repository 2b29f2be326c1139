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

"""Cinder does not look whose attachments are listed."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='mutation (the project is not looked at)',
    symptom='The list of attachments has those of other projects.',
    changes=(Change(
        'cinder.objects.volume_attachment',
        'attachments = db.volume_attachment_get_all_by_project(\n'
        '            context, project_id, search_opts',
        'attachments = db.volume_attachment_get_all(\n'
        '            context.elevated(), search_opts'),),
)
