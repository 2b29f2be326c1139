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

"""Cinder's attachments, of which Tempest's own client knows but a few."""

from urllib import parse

from oslo_serialization import jsonutils
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib.common import rest_client
from tempest.lib.services.volume.v3 import attachments_client

# The first with /attachments; later ones filter a list in the ways only that
# the cloud's configuration names.
MICROVERSION = '3.27'
# The first that chooses the mode of a new attachment.
MODE_MICROVERSION = '3.54'


class AttachmentsClient(attachments_client.AttachmentsClient):
    """Asks for attachments, and keeps the way to their storage out of logs."""

    @classmethod
    def of(cls, user):
        """Make the client of a user.

        :param user: client manager
        """
        return cls(user.auth_provider,
                   **config.service_client_config('volume'))

    def request(self, method, *args, **kwargs):
        """Send a request with a microversion that has what it asks for."""
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=(
                    MODE_MICROVERSION if method in ('POST', 'PUT')
                    else MICROVERSION)):
            return super().request(method, *args, **kwargs)

    def create_attachment(self, volume_id, server_id, **options):
        """Reserve a volume for a server, which Nova is not told of.

        :param str volume_id: UUID of the volume
        :param str server_id: UUID of the server; it need not exist
        :param options: mode, as 'ro' for reading only
        :returns: response body with the key 'attachment'
        """
        resp, body = self.post('attachments', jsonutils.dumps(
            {'attachment': {'volume_uuid': volume_id,
                            'instance_uuid': server_id, **options}}))
        self.expected_success(200, resp.status)
        return rest_client.ResponseBody(resp, jsonutils.loads(body))

    def update_attachment(self, attachment_id, connector):
        """Connect an attachment, as Nova does.

        :param str attachment_id: UUID of the attachment
        :param dict connector: of the host
        :returns: response body, without the way to the storage
        """
        resp, _body = self.put(f'attachments/{attachment_id}',
                               jsonutils.dumps(
                                   {'attachment': {'connector': connector}}))
        return rest_client.ResponseBody(resp)

    def complete_attachment(self, attachment_id):
        """Make a reserved attachment one in use.

        :param str attachment_id: UUID of the attachment
        """
        resp, _body = self.post(f'attachments/{attachment_id}/action',
                                jsonutils.dumps({'os-complete': {}}))
        self.expected_success(204, resp.status)

    def list_attachments(self, **filters):
        """List attachments of the project, the reserved ones too.

        :param filters: what they must have, as volume_id
        :returns: response body with the key 'attachments'
        """
        resp, body = self.get(
            'attachments/detail?' + parse.urlencode(filters))
        self.expected_success(200, resp.status)
        return rest_client.ResponseBody(resp, jsonutils.loads(body))

    def _log_request_full(self, resp, req_headers=None, req_body=None,
                          resp_body=None, extra=None):
        # connection_info holds secrets on some backends.
        super()._log_request_full(
            resp, req_headers, req_body, '<omitted>', extra)
