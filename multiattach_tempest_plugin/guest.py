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

import textwrap

from tempest.lib import exceptions as lib_exc

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

    def lost(self, token, count):
        """Read what was acknowledged, from the device and not from memory.

        :returns: list of the numbers of the blocks that are missing
        """
        return lost(token, count, self._run(_READ, count=count))
