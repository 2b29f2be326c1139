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

from tempest.lib import decorators

from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import swaps


class SwapPolicyNegativeTest(swaps.SwapTest):
    """Nova lets no user of a project swap a volume."""

    optional_credentials = [
        credentials.SERVICE_USER, 'project_reader', credentials.STRANGER,
        ['service_alone', 'service']]

    def assertUserRefused(self, refusal, user):
        """Check that a user is refused below microversion 2.85, and at it.

        At it the request also asks for another delete_on_termination.

        :param Refusal refusal: row of the table
        :param user: client manager of who asks
        """
        self.assertNeverSwapped(
            refusal, self.servers, self.shared_volume(self.servers),
            self.shared_volume(), {'delete_on_termination': True}, user=user)

    @decorators.idempotent_id('bc987917-d74e-4f43-a5d5-87bc218d31d4')
    @decorators.attr(type='negative')
    def test_swap_by_member_is_refused(self):
        """A member of the project cannot swap a shared volume.

        1. Attach a volume to all servers.
        2. As a member of their project, ask Nova at microversion 2.85 to
           swap it for another volume and to delete it with the server, on
           each server in turn.
        3. Ask for the swap alone below 2.85, as the volume stands and with a
           migration status.
        4. Each answer is that the policy does not allow it, names nothing
           but what was asked for, and nothing changed in Nova or Cinder.
        """
        self.assertUserRefused(refusals.SWAP_WITHOUT_ROLE, self.os_primary)

    @decorators.idempotent_id('522381d6-081a-4765-82ea-9b6b5f01e535')
    @decorators.attr(type='negative')
    def test_swap_by_reader_is_refused(self):
        """A reader of the project cannot swap a shared volume.

        1. Attach a volume to all servers.
        2. As a reader of their project, ask as a member does above.
        3. Each answer is that the policy does not allow it, names nothing
           but what was asked for, and nothing changed in Nova or Cinder.
        """
        self.assertUserRefused(refusals.SWAP_WITHOUT_ROLE, self.reader())

    @decorators.idempotent_id('c72b75b8-b10d-4e6b-9337-15b6fd22db31')
    @decorators.attr(type='negative')
    def test_swap_by_member_of_other_project_is_refused(self):
        """To a member of another project there is nothing to swap.

        1. Attach a volume to all servers.
        2. As a member of another project, ask as a member does above.
        3. Each answer is that there is no such server, names nothing but
           what was asked for, and nothing changed in Nova or Cinder.
        """
        self.assertUserRefused(refusals.SWAP_ON_SERVER_OF_OTHER_PROJECT,
                               self.stranger())

    @decorators.idempotent_id('c07736e6-97bc-4b4b-a2af-811676fd4d19')
    @decorators.attr(type='negative')
    def test_swap_by_service_of_other_project_is_refused(self):
        """The role service alone does not open the servers of a project.

        1. Attach a volume to all servers.
        2. As a user with the role service alone, in another project, ask as
           a member does above.
        3. Each answer is that there is no such server, names nothing but
           what was asked for, and nothing changed in Nova or Cinder.
        """
        self.assertUserRefused(refusals.SWAP_ON_SERVER_OF_OTHER_PROJECT,
                               self.user('service_alone'))

    @decorators.idempotent_id('ea8f9dcc-9395-4424-b635-99afda19b383')
    @decorators.attr(type='negative')
    def test_swap_by_administrator_is_refused(self):
        """An administrator who is no service cannot swap a shared volume.

        The policy lets an administrator of any project through, so that the
        answers are those that Cinder gets.

        1. Attach a volume to all servers.
        2. As an administrator of another project, without the role service,
           ask Nova to swap it for another volume, on each server in turn, as
           it stands and with a migration status.
        3. Each request is refused, names nothing but what was asked for, and
           nothing changed in Nova or Cinder.
        """
        self.assertNeverSwapped(
            refusals.SWAP_SHARED_VOLUME, self.servers,
            self.shared_volume(self.servers), self.shared_volume(),
            user=self.os_admin)
