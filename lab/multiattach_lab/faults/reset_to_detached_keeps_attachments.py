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

"""Cinder keeps the attachments of a volume reset to detached."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-api',
    origin='bug 1568034: before cinder ea19c4a54 they were kept',
    symptom='A volume that was reset to detached still has its attachments.',
    changes=(Change(
        'cinder.api.contrib.admin_actions',
        '            _clean_volume_attachment(context, id)\n'
        '\n'
        "        self._notify_reset_status(context, id, 'reset_status.end')\n"
        '\n'
        '    @wsgi.response(HTTPStatus.ACCEPTED)\n'
        "    @wsgi.action('os-force_detach')\n",
        '            pass\n'
        '\n'
        "        self._notify_reset_status(context, id, 'reset_status.end')\n"
        '\n'
        '    @wsgi.response(HTTPStatus.ACCEPTED)\n'
        "    @wsgi.action('os-force_detach')\n"),),
)
