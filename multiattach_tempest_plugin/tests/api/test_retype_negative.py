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

from tempest import config
from tempest.lib import decorators

from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin import refusals
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin import waiters

CONF = config.CONF

POLICIES = ('never', 'on-demand')


class RetypeTest(base.MultiattachTest):
    """Requests to retype a volume, and all that they must leave alone."""

    @classmethod
    def needs(cls):
        return [*super().needs(), base.PLAIN_TYPE]

    def assertRetypeRefused(self, refusal, volume, volume_type):
        """Check that a retype with either policy changes nothing.

        :param Refusal refusal: row of the table
        :param str volume: UUID of the volume
        :param str volume_type: name of the type
        """
        before = self.state_of(volume)
        for policy in POLICIES:
            self.assertRefused(refusal, self.request_retype, volume,
                               volume_type, migration_policy=policy)
        self.assertThat(self.state_of(volume), matchers.Unchanged(before))


class RetypePolicyNegativeTest(RetypeTest):
    """Cinder asks its policy who may have multiattach volumes."""

    owner = 'limited'

    @classmethod
    def needs(cls):
        return [*super().needs(),
                (CONF.multiattach.roles_without_multiattach,
                 '[multiattach] roles_without_multiattach = roles of a user '
                 'whom the policy volume:multiattach of Cinder refuses')]

    @classmethod
    def setup_credentials(cls):
        cls.credentials = [
            [cls.owner, *CONF.multiattach.roles_without_multiattach], 'admin']
        super().setup_credentials()

    @classmethod
    def boot_servers(cls):
        """Boot none, as the policy is about volumes that no server has."""

    @decorators.idempotent_id('563872f1-1281-4b92-ada4-dcd2b9430814')
    @decorators.attr(type='negative')
    def test_retype_to_multiattach_without_role_is_refused(self):
        """Whom the policy keeps from multiattach volumes cannot make one.

        1. As such a user, create a volume without multiattach.
        2. Ask Cinder to retype it to a type with multiattach, where it is
           and where it may be migrated for it.
        3. Each request is refused, and nothing changed in Cinder.
        """
        self.assertRetypeRefused(
            refusals.RETYPE_TO_MULTIATTACH_WITHOUT_ROLE,
            self.create_volume(self.plain_type), self.multiattach_type)


class RetypeNegativeTest(RetypeTest):
    """Cinder leaves a volume the type that it must not change."""

    def _assert_retype_fails(self, volume, volume_type, policy, **changes):
        """Check that an accepted retype changes no more than some fields."""
        before = self.state_of(volume)
        self.request_retype(volume, volume_type, migration_policy=policy)
        waiters.for_settled(self.observer, volume)
        self.assertThat(
            self.state_of(volume),
            matchers.Unchanged(before.with_volume(volume, **changes)))

    @decorators.idempotent_id('7e555d93-b373-41a2-b889-74022b5ca957')
    @decorators.attr(type='negative')
    def test_unflag_while_one_server_uses_volume_is_refused(self):
        """The flag of a volume that one server uses cannot be taken away.

        1. Attach a multiattach volume to one server.
        2. Ask Cinder to retype it to a type without multiattach, where it is
           and where it may be migrated for it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        self.assertRetypeRefused(refusals.UNFLAG_IN_USE, volume,
                                 self.plain_type)

    @decorators.idempotent_id('40db73ea-d6e6-4228-ae87-2dd0c4a3d2f0')
    @decorators.attr(type='negative')
    def test_unflag_while_all_servers_use_volume_is_refused(self):
        """The flag of a volume that several servers use cannot be taken away.

        1. Attach a multiattach volume to all servers.
        2. Ask Cinder to retype it to a type without multiattach, where it is
           and where it may be migrated for it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers)
        self.assertRetypeRefused(refusals.UNFLAG_IN_USE, volume,
                                 self.plain_type)

    @decorators.idempotent_id('d0b9f39f-8f4e-473b-aa74-3a81d6d5201d')
    @decorators.attr(type='negative')
    def test_reflag_while_one_server_uses_volume_is_refused(self):
        """A plain volume that a server uses cannot be given the flag.

        1. Attach a volume without multiattach to one server.
        2. Ask Cinder to retype it to a type with multiattach, where it is
           and where it may be migrated for it.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1], self.plain_type)
        self.assertRetypeRefused(refusals.REFLAG_IN_USE, volume,
                                 self.multiattach_type)

    @decorators.idempotent_id('f25de54f-63e5-4762-ac66-0f66a97fa671')
    @decorators.attr(type='negative')
    def test_retype_to_own_type_is_refused(self):
        """A volume cannot be retyped to the type that it has.

        1. Attach a volume to all servers.
        2. Ask Cinder to retype it to its own type.
        3. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self.assertRetypeRefused(refusals.RETYPE_TO_OWN_TYPE,
                                 self.shared_volume(self.servers),
                                 self.multiattach_type)

    @decorators.idempotent_id('a37bcefc-6b58-455c-b697-14a7a99b0745')
    @decorators.attr(type='negative')
    def test_retype_while_migrating_is_refused(self):
        """A volume that is being migrated cannot be retyped.

        1. Attach a volume to one server.
        2. As an administrator, set its migration status to migrating.
        3. Ask Cinder to retype it to another multiattach type.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        volume = self.shared_volume(self.servers[:1])
        self.set_migration_status(volume, 'migrating')
        self.assertRetypeRefused(refusals.RETYPE_WHILE_MIGRATING, volume,
                                 self.create_volume_type())

    @decorators.idempotent_id('6a95105a-b868-4801-bfe6-41a0e7f492d5')
    @decorators.attr(type='negative')
    def test_retype_to_encrypted_type_does_nothing(self):
        """A shared volume does not become one of an encrypted type.

        Cinder accepts the request, which is a known gap; where the volume
        is, it cannot be encrypted. One that refuses it is right.

        1. Create a multiattach type, and have Cinder encrypt its volumes.
        2. Attach a volume to one server, and another to all servers.
        3. Ask Cinder to retype each to that type where it is.
        4. Nothing changed in Nova or Cinder.
        """
        encrypted = self.create_encrypted_type()
        for servers in self.servers[:1], self.servers:
            volume = self.shared_volume(servers)
            before = self.state_of(volume)
            self.answer_of(self.request_retype, volume, encrypted)
            waiters.for_settled(self.observer, volume)
            self.assertThat(self.state_of(volume), matchers.Unchanged(before))

    @decorators.idempotent_id('67971aad-9bdb-4e1f-a1d6-02d1f25a7107')
    @decorators.attr(type='negative')
    def test_retype_to_front_end_qos_is_refused(self):
        """What a hypervisor limits is not changed while servers use a volume.

        1. Create a multiattach type with front-end QoS.
        2. Attach a volume to all servers.
        3. Ask Cinder to retype it to that type.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        self.assertRetypeRefused(
            refusals.RETYPE_WITH_FRONT_END_QOS,
            self.shared_volume(self.servers),
            self.create_qos_type(consumer='front-end', total_iops_sec='500'))

    @decorators.idempotent_id('65939448-39f4-41d6-a1c9-74c48f90c4b0')
    @decorators.attr(type='negative')
    def test_retype_over_quota_is_refused(self):
        """A volume cannot be retyped to a type that the quota is used up for.

        1. Create a multiattach type, of which the project may have no volume.
        2. Attach a volume to all servers.
        3. Ask Cinder to retype it to that type.
        4. Each request is refused, and nothing changed in Nova or Cinder.
        """
        if not self.observer.owns_project:
            # Cinder deletes all quotas of a project, or none.
            raise self.skipException(
                'Others use the project too, and the quota of a volume type '
                'cannot be deleted alone. To run this test set in '
                'tempest.conf: [auth] use_dynamic_credentials = True')
        name = self.create_volume_type()
        quotas = self.os_admin.volume_quotas_client_latest
        project = self.os_owner.credentials.project_id
        self.addCleanup(quotas.delete_quota_set, project)
        quotas.update_quota_set(project, **{f'volumes_{name}': 0})
        self.assertRetypeRefused(refusals.RETYPE_OVER_QUOTA,
                                 self.shared_volume(self.servers), name)

    @decorators.idempotent_id('1df08a89-d85e-4e62-8fcc-06db26a6cddd')
    @decorators.attr(type='negative')
    def test_retype_to_type_that_no_pool_serves_fails(self):
        """A volume keeps its type when no pool serves the other one.

        1. Create a multiattach type that no pool of the cloud serves.
        2. Attach a volume to all servers.
        3. Ask Cinder to retype it to that type, where it is and where it may
           be migrated for it.
        4. Each retype ends, and nothing changed in Nova or Cinder.
        """
        name = self.resource_name('no-backend')
        unserved = self.create_volume_type(volume_backend_name=name)
        volume = self.shared_volume(self.servers)
        for policy in POLICIES:
            self._assert_retype_fails(volume, unserved, policy)

    @decorators.idempotent_id('adaed1cf-3baf-4e24-85a0-feba195433ba')
    @decorators.attr(type='negative')
    def test_retype_of_shared_volume_to_other_pool_fails(self):
        """A volume that several servers write to is not moved by a retype.

        Where Cinder may migrate the volume it asks Nova to swap it on each
        server, and Nova refuses. As with a migration this proves that
        nothing is lost, and not Nova's rule.

        1. Attach a volume to all servers.
        2. Create a multiattach type that only another pool serves.
        3. Ask Cinder to retype the volume to that type where it is: nothing
           changed in Nova or Cinder.
        4. Ask for the same where it may be migrated for it: its migration
           status is error, no temporary volume is left, and nothing else
           changed.
        5. Detach the volume from one server and attach it again.
        """
        volume = self.create_attached_volume(self.servers)
        elsewhere = self.type_elsewhere(
            self.observer.show_volume(volume), self.destination_of(volume),
            multiattach=True)
        self._assert_retype_fails(volume, elsewhere, 'never')
        self._assert_retype_fails(volume, elsewhere, 'on-demand',
                                  migration_status='error')
        self.detach(self.servers[-1], volume)
        self.attach(volume, self.servers[-1:])
