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

"""What a guest writes to a volume, and what guests read of it later."""

import contextlib
import textwrap

from oslo_log import log
from tempest.common import compute
from tempest import config
from tempest.lib.common.utils import data_utils
from tempest.lib.common.utils.linux import remote_client
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import waiters

CONF = config.CONF
LOG = log.getLogger(__name__)

BLOCK = 4096

# A virtio disk shows no more of its serial.
SERIAL_LENGTH = 20

_FIND = textwrap.dedent('''
    for disk in {disks}/*; do
      if sudo grep -aqs {serial} $disk/serial $disk/device/vpd_pg80; then
        echo /dev/${{disk##*/}}
      fi
    done
    ''')
_START = textwrap.dedent('''
    sudo rm -rf {folder}; mkdir {folder}; touch {folder}/acknowledged
    cat > {folder}/write <<'END'
    number=0
    while [ ! -e {folder}/stop ] && [ $number -lt {limit} ]; do
      printf '{token} %d\\n' $number | dd of={device} bs={block} \\
        seek=$number conv=sync,notrunc,fsync || break
      echo $number >> {folder}/acknowledged
      number=$((number + 1))
    done
    touch {folder}/ended
    END
    sudo setsid sh {folder}/write < /dev/null > {folder}/log 2>&1 &
    ''')
_READ = textwrap.dedent('''
    sudo blockdev --flushbufs {device}
    sudo dd if={device} bs={block} count={count} | tr -d '\\000'
    ''')


def lost(token, count, text):
    """Compare what a guest reads with what was acknowledged.

    :param str token: what each block begins with
    :param int count: how many blocks were acknowledged, from the first on
    :param str text: the blocks as they were read
    :returns: list of the numbers of the blocks that are missing
    """
    read = set(text.splitlines())
    return [number for number in range(count)
            if f'{token} {number}' not in read]


def device_of(client, volume_id, disks='/sys/block'):
    """Find a volume among the disks of a guest, by its serial.

    :param client: tempest.lib.common.utils.linux.remote_client RemoteClient
    :param str volume_id: UUID of the volume
    :param str disks: folder in which the guest's kernel lists its disks
    :returns: path of the device
    :raises tempest.lib.exceptions.InvalidParam: if not exactly one disk has
        that serial
    """
    found = client.exec_command(_FIND.format(
        disks=disks, serial=volume_id[:SERIAL_LENGTH])).split()
    if len(found) != 1:
        raise lib_exc.InvalidParam(
            invalid_param=f'disks {found} as volume {volume_id}')
    return found[0]


class Guest:
    """A guest that writes to a device, or reads it."""

    def __init__(self, client, device, folder='/tmp/multiattach'):
        """Prepare.

        :param client: RemoteClient of the guest
        :param str device: path of the device
        :param str folder: where the guest keeps account
        """
        self._client = client
        self._values = {'device': device, 'folder': folder, 'block': BLOCK}

    def _run(self, script, **values):
        return self._client.exec_command(
            script.format(**self._values, **values))

    def start_writing(self, token, size):
        """Write numbered blocks to the device, one after the other.

        :param str token: what each block begins with
        :param int size: of the device, in GiB
        """
        self._run(_START, token=token, limit=size * 2 ** 30 // BLOCK)

    def acknowledged(self):
        """Count the blocks that the device has acknowledged."""
        return int(self._run('wc -l < {folder}/acknowledged'))

    def stop_writing(self):
        """Ask the writer to end after the block it is at."""
        self._run('touch {folder}/stop')

    def has_ended(self):
        """Tell if the writer has ended."""
        return 'ended' in self._run('ls {folder}').split()

    def last_words(self):
        """Return the last line of what the writer said."""
        return self._run('tail -n 1 {folder}/log').strip()

    def lost(self, token, count):
        """Read what was acknowledged, from the device and not from memory.

        :returns: list of the numbers of the blocks that are missing
        """
        return lost(token, count, self._run(_READ, count=count))


class Guests:
    """Has the guests of a class write to a volume, and read it.

    The class that has it has a client manager as os_owner, servers_client and
    get_class_validation_resources.
    """

    @contextlib.contextmanager
    def writing(self, server, volume):
        """Keep a server writing to a volume inside the block.

        What was acknowledged is read on that server before this ends. It
        keeps its device in a move, though not always the serial (bug
        2112187).

        :param str server: UUID of the server
        :param str volume: UUID of the volume
        :returns: context manager; gives a callable that takes the UUIDs of
            another server and of the volume it has afterwards, and checks
            that it reads the same
        """
        if not CONF.validation.run_validation:
            LOG.warning('Records are checked, data is not: to check it set '
                        'in tempest.conf: [validation] run_validation = True')
            yield lambda server, moved: None
            return
        token = data_utils.rand_uuid_hex()
        writer = self.log_in(server, volume)
        count = None

        def check(server, moved):
            self.assertEqual(
                [], self.log_in(server, moved).lost(token, count))

        writer.start_writing(token, CONF.volume.volume_size)
        try:
            self._wait_for_writes(writer)
            yield check
            self._wait_for_writes(writer)
        finally:
            writer.stop_writing()
            self._wait('the writer to end', writer.has_ended,
                       lambda ended: None if ended else 'it goes on')
        count = writer.acknowledged()
        self.assertEqual([], writer.lost(token, count))

    def _wait_for_writes(self, writer):
        """Wait until a guest has written more than it has now.

        :raises tempest.lib.exceptions.TempestException: if it has ended
        """
        before = writer.acknowledged()

        def poll():
            # In this order: who ends after the count has written before it.
            ended = writer.has_ended()
            return ended, writer.acknowledged()

        ended, count = self._wait(
            'more acknowledged writes', poll,
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

    def log_in(self, server, volume):
        """Log in to a server.

        The servers of a class share one floating IP, where they need one.

        :param str server: UUID of the server
        :param str volume: UUID of a volume that it has
        :returns: :class:`Guest`
        """
        resources = self.get_class_validation_resources(self.os_owner)
        shown = self.observer.show_server(server)
        if CONF.validation.connect_method == 'floating':
            [port, *_] = self.os_owner.ports_client.list_ports(
                device_id=server)['ports']
            self.os_owner.floating_ips_client.update_floatingip(
                resources['floating_ip']['id'], port_id=port['id'])
        client = remote_client.RemoteClient(
            compute.get_server_ip(shown, resources),
            CONF.validation.image_ssh_user,
            pkey=resources['keypair']['private_key'], server=shown,
            servers_client=self.servers_client,
            ssh_timeout=CONF.validation.ssh_timeout,
            connect_timeout=CONF.validation.connect_timeout,
            ssh_shell_prologue=CONF.validation.ssh_shell_prologue,
            ssh_key_type=CONF.validation.ssh_key_type)
        return Guest(client, device_of(client, volume))
