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

"""Guests: how to log in, find a volume, and have one write or read."""

import textwrap

from tempest.common import compute
from tempest import config
from tempest.lib.common.utils import data_utils
from tempest.lib.common.utils.linux import remote_client
from tempest.lib.common.utils import test_utils
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import waiters

CONF = config.CONF

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
    number={first}
    while [ ! -e {folder}/stop ] && [ $number -lt {limit} ]; do
      printf '{token} %d\\n' $number | dd of={device} bs={block} \\
        seek=$number conv=sync,notrunc,fsync || break
      echo $number >> {folder}/acknowledged
      number=$((number + {step}))
    done
    touch {folder}/ended
    END
    sudo setsid sh {folder}/write < /dev/null > {folder}/log 2>&1 &
    ''')
_READ = textwrap.dedent('''
    sudo blockdev --flushbufs {device}
    sudo dd if={device} bs={block} count={count} | tr -d '\\000'
    ''')


def missing(token, numbers, text):
    """Compare what a guest reads with what was acknowledged.

    :param str token: what each block begins with
    :param numbers: of the blocks that were acknowledged
    :param str text: the blocks as they were read
    :returns: list of the numbers of the blocks that are missing
    """
    read = set(text.splitlines())
    return [number for number in numbers if f'{token} {number}' not in read]


def disks_of(client, volume_id, disks='/sys/block'):
    """Find a volume among the disks of a guest, by its serial.

    :param client: tempest.lib.common.utils.linux.remote_client RemoteClient
    :param str volume_id: UUID of the volume
    :param str disks: folder in which the guest's kernel lists its disks
    :returns: list of paths of devices
    """
    return client.exec_command(_FIND.format(
        disks=disks, serial=volume_id[:SERIAL_LENGTH])).split()


def device_of(volume_id, disks):
    """Take the one disk of a guest that is a volume.

    :param str volume_id: UUID of the volume
    :param list disks: what :func:`disks_of` found
    :returns: path of the device
    :raises tempest.lib.exceptions.InvalidParam: if there is not exactly one
    """
    if len(disks) != 1:
        raise lib_exc.InvalidParam(
            invalid_param=f'disks {disks} as volume {volume_id}')
    return disks[0]


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

    def start_writing(self, token, size, first=0, step=1):
        """Write numbered blocks to the device, one after the other.

        :param str token: what each block begins with
        :param int size: of the device, in GiB
        :param int first: number of the first block
        :param int step: how much more each next number is
        """
        self._run(_START, token=token, limit=size * 2 ** 30 // BLOCK,
                  first=first, step=step)

    def progress(self):
        """Tell how far the writer is.

        :returns: tuple of whether it has ended, and how many blocks the
            device has acknowledged
        """
        # In this order: who ends after the list has written before the count.
        *files, count = self._run(
            'ls {folder}; wc -l < {folder}/acknowledged').split()
        return 'ended' in files, int(count)

    def stop_writing(self):
        """Ask the writer to end after the block it is at."""
        self._run('touch {folder}/stop')

    def last_words(self):
        """Return the last line of what the writer said."""
        return self._run('tail -n 1 {folder}/log').strip()

    def missing(self, token, numbers):
        """Read what was acknowledged, from the device and not from memory.

        :param str token: what each block begins with
        :param range numbers: of the blocks
        :returns: list of the numbers of the blocks that are missing
        """
        return missing(token, numbers, self._run(_READ, count=numbers.stop))


class Written:
    """What a guest writes to a volume, and has acknowledged in the end.

    :ivar guest: :class:`Guest` that writes
    :ivar numbers: of the blocks that were acknowledged (range), once it has
        ended
    :ivar marks: number of the block that it was at, at each moment that was
        marked
    """

    def __init__(self, guest, first, step):
        self.guest = guest
        self.token = data_utils.rand_uuid_hex()
        self.first = first
        self.step = step
        self.numbers = range(0)
        self.marks = []

    def start(self):
        """Begin to write."""
        self.guest.start_writing(self.token, CONF.volume.volume_size,
                                 self.first, self.step)

    def count(self):
        """Take over what was acknowledged."""
        self.numbers = range(self.first, self._next(), self.step)

    def mark(self):
        """Remember how far it is."""
        self.marks.append(self._next())

    def _next(self):
        _ended, count = self.guest.progress()
        return self.first + count * self.step

    def missing_on(self, guest):
        """Tell which blocks a guest does not read.

        :param Guest guest: of the same volume
        :returns: list of their numbers
        """
        return guest.missing(self.token, self.numbers)


class Booting:
    """Waits until servers run, and logs in to their guests where it may.

    The class that has it is one of Tempest's test classes, and has observer
    and a client manager as os_owner.
    """

    @classmethod
    def resource_setup(cls):
        super().resource_setup()
        cls._floating_ips = {}

    @classmethod
    def access_options(cls):
        """Return what to ask for with a server that can be logged in to."""
        resources = cls.get_class_validation_resources(cls.os_owner)
        options = {}
        if 'keypair' in resources:
            options['key_name'] = resources['keypair']['name']
        if 'security_group' in resources:
            options['security_groups'] = [
                {'name': resources['security_group']['name']}]
        return options

    @classmethod
    def wait_for_boot(cls, servers):
        """Wait until servers are built and, where that is to be, log in.

        :param servers: UUIDs
        :raises WaitFailed: if a server cannot be built or logged in to
        """
        waiters.for_booted(cls.observer, servers)
        cls._wait_for_login(servers)

    @classmethod
    def wait_until_active(cls, server):
        """Wait until a server runs again and, where that is to be, log in.

        :param str server: UUID
        :raises WaitFailed: if it does not run, or cannot be logged in to
        """
        waiters.for_server(cls.observer, server, 'ACTIVE')
        cls._wait_for_login([server])

    @classmethod
    def _wait_for_login(cls, servers):
        # A guest that boots ignores that a disk is taken away (bug 1960346).
        if CONF.validation.run_validation:
            for server in servers:
                cls.log_in(server)

    @classmethod
    def log_in(cls, server):
        """Log in to a server.

        :param str server: UUID of a server of the owner
        :returns: RemoteClient
        :raises WaitFailed: if nobody can log in
        """
        user = cls.os_owner
        resources = cls.get_class_validation_resources(user)
        settings = CONF.validation
        if settings.connect_method == 'floating':
            resources = {**resources,
                         'floating_ip': cls._floating_ip_of(server)}
        shown = waiters.look(user.servers_client.show_server, server)['server']
        address = compute.get_server_ip(shown, resources)
        client = remote_client.RemoteClient(
            address, settings.image_ssh_user,
            pkey=resources['keypair']['private_key'], server=shown,
            servers_client=user.servers_client,
            ssh_timeout=settings.ssh_timeout,
            connect_timeout=settings.connect_timeout,
            ssh_shell_prologue=settings.ssh_shell_prologue,
            ssh_key_type=settings.ssh_key_type)
        try:
            client.validate_authentication()
        except lib_exc.SSHTimeout as error:
            raise waiters.WaitFailed(
                what=f'a login to server {server} as '
                     f'{settings.image_ssh_user} at its '
                     f'{settings.connect_method} address {address}',
                reason=f'there was none in {settings.ssh_timeout} s. Check in '
                       f'tempest.conf the options of [validation], such as '
                       f'connect_method, network_for_ssh, image_ssh_user and '
                       f'ssh_timeout, or set run_validation = False'
            ) from error
        return client

    @classmethod
    def _floating_ip_of(cls, server):
        """Return the floating IP of a server, as validation resources have it.

        One for the class, which moves from server to server, would not do:
        several guests write at a time.
        """
        if server not in cls._floating_ips:
            client = cls.os_owner.floating_ips_client
            [port, *_] = waiters.look(
                cls.os_owner.ports_client.list_ports,
                device_id=server)['ports']
            created = client.create_floatingip(
                floating_network_id=CONF.network.public_network_id,
                port_id=port['id'])['floatingip']
            cls.addClassResourceCleanup(
                test_utils.call_and_ignore_notfound_exc,
                client.delete_floatingip, created['id'])
            cls._floating_ips[server] = {
                **created, 'ip': created['floating_ip_address']}
        return cls._floating_ips[server]
