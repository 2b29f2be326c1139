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

"""What guests write to volumes, and what they read of it later."""

import contextlib

from oslo_log import log
from tempest import config

from multiattach_tempest_plugin.tests import guests
from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)


class Data:
    """Has the guests of a class write to a volume, and read it.

    The class that has it has servers_client and :class:`guests.Booting`.
    """

    @contextlib.contextmanager
    def writing(self, server, volume, first=0, step=1):
        """Keep a server writing to a volume inside the block.

        What was acknowledged is read on that server before this ends. It
        keeps its device in a move, though not always the serial (bug
        2112187).

        :param str server: UUID of the server
        :param str volume: UUID of the volume
        :param int first: number of the first block
        :param int step: how much more each next number is
        :returns: context manager; gives :class:`guests.Written`, or None where
            nobody can log in
        """
        if not CONF.validation.run_validation:
            LOG.warning('Records are checked, data is not: to check it set '
                        'in tempest.conf: [validation] run_validation = True')
            yield None
            return
        written = guests.Written(self.guest(server, volume), first, step)
        written.start()
        try:
            self._wait_for_writes(written.guest, 0)
            yield written
            _ended, before = written.guest.progress()
            self._wait_for_writes(written.guest, before)
        finally:
            self._end_writing(written.guest)
        written.count()
        self.assertEqual([], written.missing_on(written.guest))

    @contextlib.contextmanager
    def all_writing(self, servers, volume):
        """Keep servers writing inside the block, each to blocks of its own.

        :param servers: UUIDs
        :param str volume: UUID of a volume that they share
        :returns: context manager; gives {UUID: :class:`guests.Written`}
        """
        with contextlib.ExitStack() as stack:
            yield {server: stack.enter_context(self.writing(
                server, volume, first, len(servers)))
                for first, server in enumerate(servers)}

    @contextlib.contextmanager
    def moving(self, written):
        """Note how far each server is when the block begins, and ends.

        :param dict written: {UUID of a server: :class:`guests.Written`}
        """
        for blocks in written.values():
            blocks.mark()
        yield
        for blocks in written.values():
            blocks.mark()

    def losses(self, written, readers=None):
        """Tell which writes of servers are missing on which disks.

        :param dict written: {UUID of a server: :class:`guests.Written`}, when
            all have ended, after :meth:`moving`
        :param dict readers: {UUID of a server: :class:`guests.Guest`}; None
            for those that wrote
        :returns: list of sentences
        """
        readers = readers or {server: blocks.guest
                              for server, blocks in written.items()}
        found = []
        for writer, blocks in written.items():
            for reader, guest in readers.items():
                missing = blocks.missing_on(guest)
                if missing:
                    began, ended = blocks.marks
                    found.append(
                        f'server {reader} misses {len(missing)} of '
                        f'{len(blocks.numbers)} acknowledged writes of '
                        f'server {writer}, the blocks {missing[0]} to '
                        f'{missing[-1]}; the move began at its block {began} '
                        f'and ended at its block {ended}')
        return found

    def assertShared(self, written, servers, volume):
        """Check that servers read what was written, and are read in turn.

        :param written: what :meth:`writing` gave
        :param servers: UUIDs of other servers
        :param str volume: UUID of the volume that all have now
        """
        if not written:
            return
        # All of them before one writes to the same blocks.
        self.assertReadBy(written, servers, volume)
        for server in servers:
            with self.writing(server, volume) as answer:
                pass
            self.assertEqual([], answer.missing_on(written.guest))

    def assertReadBy(self, written, servers, volume):
        """Check that servers read what was written.

        :param written: what :meth:`writing` gave
        :param servers: UUIDs of servers that have the volume
        :param str volume: UUID of the volume
        """
        if written:
            for server in servers:
                self.assertEqual(
                    [], written.missing_on(self.guest(server, volume)))

    def writes_to(self, servers, volume):
        """Try to write to a volume on servers that should only read it.

        :param servers: UUIDs
        :param str volume: UUID of the volume
        :returns: list of sentences, one for each server that could
        """
        found = []
        for server in servers:
            guest = self.guest(server, volume)
            guest.start_writing('', CONF.volume.volume_size)
            _ended, count = self._wait(
                'the writer to end', guest.progress,
                lambda seen: None if any(seen) else 'it has not begun')
            self._end_writing(guest)
            if count:
                found.append(f'server {server} wrote {count} blocks of '
                             f'volume {volume}')
        return found

    def _end_writing(self, guest):
        guest.stop_writing()
        self._wait('the writer to end', guest.progress,
                   lambda seen: None if seen[0] else 'it goes on')

    def _wait_for_writes(self, writer, before):
        """Wait until a guest has written more.

        :param writer: :class:`guests.Guest`
        :param int before: how many blocks it had written
        :raises tempest.lib.exceptions.TempestException: if it has ended
        """
        ended, count = self._wait(
            'more acknowledged writes', writer.progress,
            lambda seen: None if seen[0] or seen[1] > before
            else f'there are {before} as before')
        if ended and count <= before:
            raise waiters.WaitFailed(
                what='more acknowledged writes',
                reason=f'the writer has ended after {count}: '
                       f'{writer.last_words()}')

    def _wait(self, what, poll, pending):
        return waiters.wait_until(
            what, poll, pending, timeout=self.servers_client.build_timeout,
            interval=self.servers_client.build_interval)

    def guest(self, server, volume):
        """Log in to a server that has a volume, and wait for its disk.

        :param str server: UUID of the server
        :param str volume: UUID of the volume
        :returns: :class:`guests.Guest`
        """
        client = self.log_in(server)
        # A guest sees it a while after Nova said that it is attached.
        disks = self._wait(
            f'server {server} to see a volume',
            lambda: guests.disks_of(client, volume),
            lambda found: None if found
            else f'it has the disks {found} as volume {volume}')
        return guests.Guest(client, guests.device_of(volume, disks))
