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

"""Faults of Nova's libvirt driver, and of how nova-compute asks it.

Only guests show them: what Nova and Cinder say is as without them.
"""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

# A guest that reads its disk misses what was acknowledged.
_MISSING = r'\[\] (!=|actual =) \[\d'
_NO_DISK = r'disks \[\] as volume'

ATTACHED_DISK_CANNOT_BE_SHARED = Fault(
    origin='before nova baa8278ca7 no disk was shareable',
    symptom='No second guest gets a volume that one has.',
    expected='Waited for action',
    changes=(Change(
        'nova.virt.block_device',
        "            connection_info['multiattach'] = True\n"
        '\n'
        '        if do_driver_attach:\n',
        '            pass\n'
        '\n'
        '        if do_driver_attach:\n'),),
    guests=True,
)

DETACHED_DISK_STAYS_IN_GUEST = Fault(
    origin='mutation (the driver is not asked)',
    symptom='A guest still has the disk of a volume that was detached.',
    expected=r"\[\] != \['/dev/",
    changes=(Change(
        'nova.virt.block_device',
        '            self.driver_detach(context, instance, volume_api, '
        'virt_driver)\n'
        '        elif not destroy_bdm:\n',
        '            pass\n'
        '        elif not destroy_bdm:\n'),),
    guests=True,
)

DISK_HAS_NO_SERIAL = Fault(
    origin='bug 1004328: before nova 3a47c02c58 it had none',
    symptom='A guest cannot tell which disk is which volume.',
    expected=_NO_DISK,
    changes=(Change(
        'nova.virt.libvirt.volume.volume',
        "conf.serial = connection_info.get('serial')",
        'conf.serial = None'),),
    guests=True,
)

GUEST_STAYS_ON_OLD_VOLUME = Fault(
    origin='mutation (the copy is ended without the switch to it)',
    symptom='After a move the guest still writes to the old volume.',
    expected=_MISSING,
    changes=(Change(
        'nova.virt.libvirt.driver',
        'dev.abort_job(pivot=True)',
        'dev.abort_job()'),),
    guests=True,
)

MOVE_IS_KEPT_FROM_DRIVER = Fault(
    origin='mutation (the driver is not asked)',
    symptom='After a move the new volume holds nothing, and the guest still '
            'writes to the old one.',
    expected=_MISSING,
    changes=(Change(
        'nova.compute.manager',
        '            self.driver.swap_volume(context, old_cinfo, new_cinfo, '
        'instance,\n'
        '                                    mountpoint, resize_to)\n',
        ''),),
    guests=True,
)

MOVED_DISK_CANNOT_BE_SHARED = Fault(
    origin='before nova ecd19ce45b the flag did not count in a swap',
    symptom='No second guest gets a volume that has moved.',
    expected='Waited for action',
    changes=(Change(
        'nova.compute.manager',
        "                new_cinfo['multiattach'] = True\n",
        '                pass\n'),),
    guests=True,
)

READ_ONLY_DISK_IS_WRITTEN = Fault(
    origin='before nova 50eb2b3fc5 every disk could be written',
    symptom='A guest writes to a volume that was made read-only.',
    expected=r'wrote \d+ blocks',
    changes=(Change(
        'nova.virt.libvirt.volume.volume',
        "conf.readonly = access_mode == 'ro'",
        'conf.readonly = False'),),
    guests=True,
)

REBOOTED_SERVER_LOSES_VOLUMES = Fault(
    origin='mutation (the driver is not told of them)',
    symptom='A server that was rebooted has no volumes, and is said to have '
            'them.',
    expected=_NO_DISK,
    changes=(Change(
        'nova.compute.manager',
        '            self.driver.reboot(context, instance,\n'
        '                               network_info,\n'
        '                               reboot_type,\n'
        '                               '
        'block_device_info=block_device_info,\n',
        '            self.driver.reboot(context, instance,\n'
        '                               network_info,\n'
        '                               reboot_type,\n'
        '                               block_device_info=None,\n'),),
    guests=True,
)

STARTED_SERVER_LOOKS_FOR_OLD_VOLUME = Fault(
    origin='mutation (the new connection is not stored)',
    symptom='After a move a server does not start, or has the old volume.',
    expected=f'to be ACTIVE, but it is|{_MISSING}',
    changes=(Change(
        'nova.compute.manager',
        "            'connection_info': jsonutils.dumps(new_cinfo),\n"
        "            'source_type': 'volume',\n",
        "            'source_type': 'volume',\n"),),
    guests=True,
)

STARTED_SERVER_NAMES_TEMPORARY_VOLUME = Fault(
    origin='mutation of nova 6fd071b904 (bug 1943431)',
    symptom='After a move and a start the disk has the serial of the '
            'temporary volume.',
    expected=_NO_DISK,
    changes=(Change(
        'nova.compute.manager',
        "        new_cinfo['serial'] = save_volume_id\n",
        ''),),
    guests=True,
)
