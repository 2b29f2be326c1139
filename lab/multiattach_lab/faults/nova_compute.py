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

"""Bugs of nova-compute."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

DELETED_SERVER_LEAVES_ATTACHMENT = Fault(
    origin='mutation (attachment_delete is left out)',
    symptom='A volume stays attached to a server that was deleted.',
    expected='attachments .* absent (before|after)|CinderAttachment|in-use',
    changes=(Change(
        'nova.compute.manager',
        '                if bdm.attachment_id:\n'
        '                    self.volume_api.attachment_delete(context,\n'
        '                                                      '
        'bdm.attachment_id)\n'
        '                else:\n'
        '                    # NOTE(vish): actual driver detach done',
        '                if bdm.attachment_id:\n'
        '                    pass\n'
        '                else:\n'
        '                    # NOTE(vish): actual driver detach done'),),
)

DETACH_DELETES_ATTACHMENT_OF_OTHER_SERVER = Fault(
    origin='before nova cb3a6bfe1a no attachment was named to Cinder',
    symptom='Detaching a shared volume from the second server takes it from '
            'the first in Cinder.',
    expected='only (Nova|Cinder): volume',
    changes=(Change(
        'nova.virt.block_device',
        '            try:\n'
        "                volume_api.attachment_delete(context, "
        "self['attachment_id'])\n"
        '            except',
        '            try:\n'
        "                attachments = volume_api.get(context, "
        "volume_id)['attachments']\n"
        '                first = next(iter(attachments.values()))\n'
        "                volume_api.attachment_delete(context, "
        "first['attachment_id'])\n"
        '            except'),),
)

DETACH_LEAVES_ATTACHMENT_IN_CINDER = Fault(
    origin='mutation (attachment_delete is left out)',
    symptom='Nova no longer lists the volume, but Cinder keeps its attachment '
            'and says it is detaching.',
    expected='only Cinder: volume',
    changes=(Change(
        'nova.virt.block_device',
        '            try:\n'
        "                volume_api.attachment_delete(context, "
        "self['attachment_id'])\n"
        '            except',
        '            try:\n'
        '                pass\n'
        '            except'),),
)

DEVICE_UNKNOWN_AFTER_MIGRATION = Fault(
    origin='bug 1737779: before nova 16d0ad344e the device was not passed',
    symptom='After a migration Cinder shows the device of the volume as na.',
    expected=r"device: '/dev/\w+' before, 'na' after",
    changes=(Change(
        'nova.compute.manager',
        '                context, new_attachment_id, connector,\n'
        "                mountpoint)['connection_info']",
        '                context, new_attachment_id, connector,\n'
        "                None)['connection_info']"),),
)

MIGRATED_SERVER_LEAVES_OLD_ATTACHMENT = Fault(
    origin='mutation (attachment_delete is left out)',
    symptom='A volume stays attached to the host that its server has left.',
    expected='only Cinder: volume',
    changes=(Change(
        'nova.compute.manager',
        '                    self.volume_api.attachment_delete(context,\n'
        '                                                      '
        'bdm.attachment_id)\n'
        '                    bdm.attachment_id = attachment_id\n',
        '                    bdm.attachment_id = attachment_id\n'),),
)

MIGRATION_OF_ATTACHED_VOLUME_NEVER_ENDS = Fault(
    origin='bug 1803961: before nova 53c3cfa7a0 only a retype was reported',
    symptom='The migration of an attached volume never ends, and its server '
            'is left on the temporary volume.',
    expected='migration status migrating',
    changes=(Change(
        'nova.compute.manager',
        "is_cinder_migration = old_volume['migration_status'] == 'migrating'",
        "is_cinder_migration = old_volume['status'] == 'retyping'"),),
)

NEW_ATTACHMENT_LEFT_ATTACHING_AFTER_MIGRATION = Fault(
    origin='mutation of nova 6d70d6adf9 (it is not completed)',
    symptom='After a migration the attachment of the volume is attaching for '
            'ever.',
    expected='attachment .* is attaching',
    changes=(Change(
        'nova.compute.manager',
        '            if new_attachment_id:\n'
        '                self.volume_api.attachment_complete(',
        '            if False:\n'
        '                self.volume_api.attachment_complete('),),
)

NOVA_KEEPS_OLD_ATTACHMENT_ID = Fault(
    origin='mutation of nova ae53c22457',
    symptom='After a move Nova still shows the attachment of before, which '
            'Cinder has deleted.',
    expected='only Nova: volume',
    changes=(Change(
        'nova.compute.manager',
        "values['attachment_id'] = new_attachment_id",
        'pass'),),
)

OLD_ATTACHMENT_KEPT_AFTER_MIGRATION = Fault(
    origin='bug 1697060: before nova ae53c22457 it was kept',
    symptom='After a migration one server has two attachments of the volume.',
    changes=(Change(
        'nova.compute.manager',
        '                    if not failed:\n'
        '                        self.volume_api.attachment_delete(',
        '                    if failed:\n'
        '                        self.volume_api.attachment_delete('),),
    unseen='Cinder takes it away too where only Cinder moves volumes; where '
           'an administrator may swap, the safe flow by swap shows it.',
)

REBUILT_SERVER_KEEPS_OLD_ATTACHMENT_ID = Fault(
    origin='mutation (the new attachment is not stored)',
    symptom='A server that was rebuilt has lost its volume.',
    expected='only (Nova|Cinder): volume|Waited for|it is ERROR',
    changes=(Change(
        'nova.compute.manager',
        '                    if attachment_id:\n'
        '                        bdm.attachment_id = attachment_id\n'
        '                        bdm.save()\n',
        ''),),
)

REVERTED_RESIZE_LEAVES_VOLUME_ATTACHING = Fault(
    origin='mutation (attachment_complete is left out)',
    symptom='A volume is attaching for ever once a resize of its server was '
            'taken back.',
    expected='attaching',
    changes=(Change(
        'nova.compute.manager',
        '            self._complete_volume_attachments(context, bdms)\n',
        ''),),
)

SERVER_KEEPS_TEMPORARY_VOLUME = Fault(
    origin='before nova 0e4bd7f93b the answer of Cinder did not count',
    symptom='After a migration the server has another volume than before it.',
    expected='does not have volume',
    changes=(Change(
        'nova.compute.manager',
        "save_volume_id = comp_ret['save_volume_id']",
        'save_volume_id = new_volume_id'),),
)

SHELVED_SERVER_RELEASES_VOLUME = Fault(
    origin='mutation (no attachment reserves the volume meanwhile)',
    symptom='A server that was shelved with its volume does not come back.',
    expected='ACTIVE, but it is SHELVED_OFFLOADED|'
             r'ERROR: Volume attachment \S+ could not be found',
    changes=(Change(
        'nova.compute.manager',
        '                    bdm.attachment_id = attachment_id\n'
        '                    bdm.save()\n'
        '\n'
        '                else:\n'
        '                    if connector is None:\n'
        '                        connector = '
        'self.driver.get_volume_connector(instance)\n'
        '                    self.volume_api.terminate_connection(context,\n'
        '                                                         '
        'bdm.volume_id,\n'
        '                                                         '
        'connector)\n'
        '\n'
        '    @staticmethod\n',
        '                    self.volume_api.attachment_delete(\n'
        '                        context, attachment_id)\n'
        '\n'
        '    @staticmethod\n'),),
)

TAG_LOST_IN_MIGRATION = Fault(
    origin='mutation (the tag is overwritten)',
    symptom='After a migration the tag of the attachment is gone.',
    expected=r"tag: '\S+' before, None after",
    changes=(Change(
        'nova.compute.manager',
        "            'no_device': None}\n"
        '\n'
        '        if resize_to:',
        "            'no_device': None,\n"
        "            'tag': None}\n"
        '\n'
        '        if resize_to:'),),
)

VOLUME_DELETED_WITH_SERVER_AFTER_MIGRATION = Fault(
    origin='mutation (the setting is overwritten)',
    symptom='A volume that has moved is deleted together with its server.',
    expected='delete_on_termination: False before, True after',
    changes=(Change(
        'nova.compute.manager',
        "            'no_device': None}\n"
        '\n'
        '        if resize_to:',
        "            'no_device': None,\n"
        "            'delete_on_termination': True}\n"
        '\n'
        '        if resize_to:'),),
)

VOLUME_LEFT_BY_SERVER_AFTER_MIGRATION = Fault(
    origin='mutation (the setting is overwritten)',
    symptom='A volume that should go with its server stays after a move.',
    expected='delete_on_termination: True before, False after',
    changes=(Change(
        'nova.compute.manager',
        "            'no_device': None}\n"
        '\n'
        '        if resize_to:',
        "            'no_device': None,\n"
        "            'delete_on_termination': False}\n"
        '\n'
        '        if resize_to:'),),
)
