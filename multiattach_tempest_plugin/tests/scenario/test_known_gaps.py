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

from oslo_log import log
from oslo_serialization import jsonutils
from tempest import config
from tempest.lib.common import api_microversion_fixture
from tempest.lib import decorators
from tempest.lib import exceptions as lib_exc
import testtools

from multiattach_tempest_plugin import gaps
from multiattach_tempest_plugin import matchers
from multiattach_tempest_plugin.tests import base
from multiattach_tempest_plugin.tests import credentials
from multiattach_tempest_plugin.tests import operations
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

# The first that answers before Cinder was asked.
ASYNCHRONOUS_ATTACH_MICROVERSION = '2.101'
MESSAGES_MICROVERSION = '3.3'


on_request = testtools.skipIf(
    CONF.multiattach.known_gaps == 'tolerated',
    'It would leave a real hypervisor or its storage out of step. To run this '
    'test set in tempest.conf: [multiattach] known_gaps = expected')


class KnownGaps(base.MultiattachTest):
    """What should hold and is known not to: see gaps.py."""

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls.first, cls.second, *_ = cls.servers

    def share_with_shelved_server(self, volume):
        """Attach a volume to the first server and a new one; shelve that.

        :param str volume: UUID of the volume
        :returns: UUID of the server that is shelved
        """
        shelved = self.boot_server()
        # It may be that it cannot be unshelved any more.
        self.addCleanup(self.delete_server, shelved)
        self.wait_for_boot([shelved])
        self.attach(volume, [self.first, shelved])
        self.servers_client.shelve_server(shelved)
        waiters.for_server(self.observer, shelved, 'SHELVED_OFFLOADED')
        return shelved

    def assertHolds(self, gap, seen, matcher):
        """Assert what should hold, unless the gap alone keeps it from that.

        :param Gap gap: why it may not hold
        :param seen: what to look at
        :param matcher: what should match
        """
        known_gaps = CONF.multiattach.known_gaps
        mismatch = matcher.match(seen)
        if mismatch and (known_gaps == 'enforced'
                         or not gap.explains(mismatch.describe())):
            self.assertThat(seen, matcher, str(gap))
        elif known_gaps == 'expected':
            self.expectFailure(str(gap), self.assertThat, seen, matcher)
        elif mismatch:
            raise self.skipException(
                f'{gap} To have it fail the run set in tempest.conf: '
                f'[multiattach] known_gaps = enforced')
        else:
            LOG.warning('This cloud does not have a gap any more. %s', gap)


class KnownGapsOfSwapTest(KnownGaps):
    """What a swap does to records, and should not."""

    optional_credentials = [credentials.SERVICE_USER]

    def assertSwapChangesNothing(self, gap, volume, target, **options):
        """Ask for a swap on the first server, and assert what should hold.

        :param Gap gap: why it does not
        :param str volume: UUID of the volume
        :param str target: UUID of the volume to swap it for
        :param options: of the request
        """
        before = self.state_of(volume, target)
        self.ask(self.request_swap, self.first, volume, target, **options)
        self.assertHolds(gap, self.state_of(volume, target),
                         matchers.Unchanged(before))

    def reset_afterwards(self, volume, **statuses):
        """Have an administrator set statuses of a volume after the test."""
        self.addCleanup(self.admin_volumes_client.reset_volume_status,
                        volume, **statuses)

    @decorators.idempotent_id('155cf5ec-c6c3-4582-abaf-054c850c64fd')
    def test_swap_of_migrated_volume(self):
        """Only Cinder can swap a volume, also one that was migrated.

        1. Attach a volume to one server, and give it the migration status
           that a migration leaves.
        2. Ask Nova, as an administrator, to swap it.
        3. Nothing changed.
        """
        self.skip_unless_only_cinder_swaps()
        volume = self.create_attached_volume([self.first])
        target = self.create_volume()
        self.set_migration_status(volume, 'success')
        self.assertSwapChangesNothing(
            gaps.SWAP_AFTER_MIGRATION, volume, target)

    @decorators.idempotent_id('c55c29ae-d739-4acd-ae26-f6e3eef95020')
    def test_refused_swap_with_property_of_attachment(self):
        """A refused swap changes no property of the attachment.

        1. Attach a volume to all servers.
        2. Ask Nova to swap it on one, and to set delete_on_termination, and
           be refused.
        3. Nothing changed.
        """
        volume = self.create_attached_volume(self.servers)
        target = self.create_volume()
        self.assertSwapChangesNothing(
            gaps.REFUSED_SWAP_CHANGES_ATTACHMENT, volume, target,
            microversion=operations.UPDATE_MICROVERSION,
            delete_on_termination=True)

    @decorators.idempotent_id('ab68e3f3-153d-4c0a-8b04-eca27bf08fe0')
    def test_swap_to_volume_in_error(self):
        """A swap to a volume that cannot be attached changes nothing.

        1. Attach a volume to one server, and give it a migration status, so
           that Nova lets an administrator swap it.
        2. Ask Nova to swap it for a volume in status error.
        3. Nothing changed.
        """
        volume = self.create_attached_volume([self.first])
        target = self.create_volume()
        self.set_migration_status(volume, 'error')
        self.set_status(target, 'error')
        self.reset_afterwards(volume, status='in-use')
        self.assertSwapChangesNothing(
            gaps.SWAP_TO_BROKEN_VOLUME, volume, target)

    @decorators.idempotent_id('2e27572c-bd34-4c92-9c45-b29787a011ad')
    def test_swap_on_server_without_record(self):
        """A swap on a server that has the volume in Cinder only is refused.

        1. Have Cinder attach a volume to a server, without Nova.
        2. Give it a migration status, so that Nova lets an administrator
           swap it.
        3. Ask Nova to swap it on that server.
        4. Nothing changed.
        """
        volume = self.create_volume()
        target = self.create_volume()
        client = self.observer.attachments_client
        attachment = client.create_attachment(
            volume, self.first, mode='rw')['attachment']['id']
        self.addCleanup(client.delete_attachment, attachment)
        client.complete_attachment(attachment)
        self.set_migration_status(volume, 'error')
        self.reset_afterwards(volume, status='in-use')
        self.assertSwapChangesNothing(
            gaps.SWAP_WITHOUT_NOVA_RECORD, volume, target)

    @decorators.idempotent_id('4dbf03d8-8402-4074-9cd2-3d538412279a')
    @on_request
    @base.needs_swap
    def test_swap_of_migrating_volume(self):
        """Nova and Cinder agree after a swap of a volume marked migrating.

        1. Attach a volume to one server, and give it the migration status
           migrating.
        2. Ask Nova to swap it.
        3. Both services list the old and the new volume on the same servers.
        """
        volume = self.create_attached_volume([self.first])
        target = self.create_volume()
        for each in (volume, target):
            self.addCleanup(self._cleanup().reconcile_attachments, each)
        self.set_migration_status(volume, 'migrating')
        self.ask(self.request_swap, self.first, volume, target)
        self.assertHolds(gaps.SWAP_OF_MIGRATING_VOLUME,
                         self.state_of(volume, target),
                         matchers.Agreeing(volume, target))

    @decorators.idempotent_id('2bd74de4-c62e-4717-a587-3fae05fda509')
    def test_swap_while_other_server_is_shelved(self):
        """A shared volume is not swapped while a server of it is shelved.

        1. Attach a volume to one server and to a second, and shelve that.
        2. Give the volume a migration status, so that Nova lets an
           administrator swap it.
        3. Ask Nova to swap it on the first server.
        4. Nothing changed.
        """
        self.skip_unless_servers_are_offloaded()
        volume = self.create_volume()
        target = self.create_volume()
        self.share_with_shelved_server(volume)
        self.set_migration_status(volume, 'error')
        self.assertSwapChangesNothing(
            gaps.SWAP_WITH_SHELVED_SERVER, volume, target)

    @decorators.idempotent_id('cc845e3d-8aec-4bdf-9aee-4b68f6c7dc0b')
    def test_swap_of_volume_that_servers_read(self):
        """A volume that several servers only read is not swapped on one.

        1. Make a volume read-only and attach it to all servers.
        2. Give it a migration status, so that Nova lets an administrator
           swap it.
        3. Ask Nova to swap it on the first server.
        4. Nothing changed.
        """
        volume = self.create_volume()
        target = self.create_volume()
        self.volumes_client.update_volume_readonly(volume, readonly=True)
        self.attach(volume, self.servers)
        self.set_migration_status(volume, 'error')
        self.assertSwapChangesNothing(gaps.SWAP_OF_READ_VOLUME, volume, target)


class KnownGapsTest(KnownGaps):
    """What other requests do to records, and should not."""

    @classmethod
    def needs(cls):
        return [*super().needs(), base.PLAIN_TYPE]

    @decorators.idempotent_id('54c4270b-147c-4a93-bdcc-5bbbef06ee00')
    def test_attach_of_migrating_volume(self):
        """A volume that is being migrated is not attached to another server.

        1. Attach a volume to one server, and another to none; give both the
           migration status migrating.
        2. Ask Nova to attach each to a second server.
        3. Nothing changed.
        """
        volumes = [self.create_attached_volume([self.first]),
                   self.create_volume()]
        for volume in volumes:
            self.set_migration_status(volume, 'migrating')
        before = self.state_of(*volumes)
        for volume in volumes:
            self.ask(self.request_attach, self.second, volume)
        self.assertHolds(gaps.ATTACH_DURING_MIGRATION,
                         self.state_of(*volumes), matchers.Unchanged(before))

    @decorators.idempotent_id('d2a0bc61-bb6a-4109-b1b3-f87bd8c6772f')
    def test_attach_after_readonly_was_switched_off(self):
        """A volume that is not read-only any more is attached for writing.

        1. Switch the read-only flag of a volume on, and off again.
        2. Attach it to a server: Cinder has an attachment for writing.
        """
        volume = self.create_volume()
        for readonly in (True, False):
            self.volumes_client.update_volume_readonly(
                volume, readonly=readonly)
        self.attach(volume, [self.first])
        [attachment] = self.observer.volume(volume).attachments.values()
        self.assertHolds(gaps.READONLY_SWITCHED_OFF, attachment.mode,
                         testtools.matchers.Equals('rw'))

    @decorators.idempotent_id('26acc9ac-911a-4487-96ec-51a8f6d6c3a9')
    def test_flag_after_retype_with_migration(self):
        """A volume has the flag of its new type, also in another pool.

        1. Retype a multiattach volume to a plain type of another pool.
        2. Retype a plain volume to a multiattach type of another pool.
        3. Each has the flag of its new type.
        """
        flags = []
        for old_type, flag in ((self.multiattach_type, False),
                               (self.plain_type, True)):
            volume = self.create_volume(old_type)
            new_type = self.type_elsewhere(
                self.observer.show_volume(volume),
                self.destination_of(volume), flag)
            self.retype(volume, new_type, migration_policy='on-demand')
            flags.append(self.observer.show_volume(volume)['multiattach'])
        self.assertHolds(gaps.FLAG_AFTER_RETYPE_WITH_MIGRATION, flags,
                         testtools.matchers.Equals([False, True]))

    @decorators.idempotent_id('53c903ae-17e4-4e66-8496-fc39716efa92')
    def test_flag_after_failed_retype(self):
        """A retype that fails leaves the flag of the volume as it was.

        1. Retype a plain volume to a multiattach type of another pool, and
           do not let it move.
        2. Once that failed, nothing changed.
        """
        volume = self.create_volume(self.plain_type)
        elsewhere = self.type_elsewhere(
            self.observer.show_volume(volume), self.destination_of(volume),
            multiattach=True)
        before = self.state_of(volume)
        self.request_retype(volume, elsewhere)
        waiters.for_settled(self.observer, volume)
        self.assertHolds(gaps.FLAG_AFTER_FAILED_RETYPE, self.state_of(volume),
                         matchers.Unchanged(before))

    @decorators.idempotent_id('a1224185-ea43-42b2-987f-cb7459e0324c')
    def test_message_of_refused_migration(self):
        """A migration that is refused leaves its user a message.

        1. Attach a volume to all servers.
        2. Migrate it; that ends in error.
        3. Cinder has a message about it for the user.
        """
        volume = self.create_attached_volume(self.servers)
        self.migrate(volume, self.destination_of(volume), outcome='error')
        with api_microversion_fixture.APIMicroversionFixture(
                volume_microversion=MESSAGES_MICROVERSION):
            messages = waiters.look(
                self.os_owner.volume_messages_client_latest
                .list_messages)['messages']
        self.assertHolds(
            gaps.REFUSED_MIGRATION_WITHOUT_MESSAGE,
            [message for message in messages
             if message['resource_uuid'] == volume],
            testtools.matchers.Not(testtools.matchers.Equals([])))

    @decorators.idempotent_id('a3613362-322a-4f9d-88bc-6addc8a3c99d')
    @testtools.skipUnless(
        operations.covers(CONF.compute.min_microversion,
                          CONF.compute.max_microversion,
                          ASYNCHRONOUS_ATTACH_MICROVERSION),
        f'To run this test set in tempest.conf: [compute] max_microversion = '
        f'{ASYNCHRONOUS_ATTACH_MICROVERSION} or later')
    def test_failed_asynchronous_attach_is_reported(self):
        """An attachment that fails after the answer is reported.

        1. Ask Nova, at microversion 2.101, to attach a volume in status
           error.
        2. Attach another volume, and wait until it is.
        3. The server has an action for each of both requests.
        """
        broken = self.create_volume()
        self.set_status(broken, 'error')
        before = self.observer.actions(self.first)
        try:
            with api_microversion_fixture.APIMicroversionFixture(
                    compute_microversion=ASYNCHRONOUS_ATTACH_MICROVERSION):
                # Tempest's own method reads a body that there is not.
                self.servers_client.post(
                    f'servers/{self.first}/os-volume_attachments',
                    jsonutils.dumps(
                        {'volumeAttachment': {'volumeId': broken}}))
        except lib_exc.RestClientException as error:
            # Not every Tempest has an exception of its own for it.
            if error.resp.status != 406:
                raise
            raise self.skipException(
                f'This Nova is older than {ASYNCHRONOUS_ATTACH_MICROVERSION}: '
                f'[compute] max_microversion = latest runs this test on one '
                f'that is not') from error
        self.create_attached_volume([self.first])
        after = self.observer.actions(self.first)
        self.assertHolds(
            gaps.REFUSED_ATTACH_WITHOUT_ACTION,
            [after[key] for key in after if key not in before],
            testtools.matchers.Equals(['attach_volume', 'attach_volume']))
