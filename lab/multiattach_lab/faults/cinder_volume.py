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

"""Bugs of cinder-volume."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

ATTACHED_VOLUME_AVAILABLE_AFTER_MIGRATION = Fault(
    origin='bug 1316079: before cinder 910575997 the status was wrong',
    symptom='After a migration a volume that a server uses is available.',
    expected='with 1 attachments is available',
    changes=(Change(
        'cinder.volume.manager',
        "        updates = {'status': orig_volume_status,\n"
        "                   'previous_status'",
        "        updates = {'status': 'available',\n"
        "                   'previous_status'"),),
)

ATTACHED_VOLUME_MOVED_BEHIND_NOVA = Fault(
    origin='bug 2019190: taken out by cinder 13196c700, fixed by '
           'b8610a01b',
    symptom='A volume that servers use moves to another pool without them.',
    expected="'error' != 'success': migration status",
    changes=(
        Change(
            'cinder.volume.manager',
            'if (len(volume.volume_attachment) == 0 and\n'
            '                not force_host_copy and',
            'if (not force_host_copy and'),
        Change(
            'cinder.volume.manager',
            '                moved, model_update = '
            'self.driver.migrate_volume(ctxt,\n'
            '                                                                '
            ' volume,\n'
            '                                                                '
            ' host)\n',
            '                moved, model_update = (\n'
            '                    (True, None) if volume.volume_attachment '
            'else\n'
            '                    self.driver.migrate_volume(ctxt, volume, '
            'host))\n'),
    ),
    since='2026.2',
)

ATTACHMENT_STAYS_WITH_TEMPORARY_VOLUME = Fault(
    origin='bug 1697060: before cinder d79b9224d it was not handed over',
    symptom='After a migration Cinder shows no attachment of a volume that a '
            'server uses.',
    expected='only Nova: volume',
    changes=(Change(
        'cinder.volume.manager',
        'attachment.volume_id = volume.id',
        'pass'),),
)

COPY_OF_DETACHED_VOLUME_IS_EMPTY = Fault(
    origin='mutation (nothing is copied)',
    symptom='A volume that moves while nobody has it loses what it held.',
    expected=r'\[\] (!=|actual =) \[\d',
    changes=(Change(
        'cinder.volume.manager',
        "                self._copy_volume_data(ctxt, volume, new_volume, "
        "remote='dest')\n",
        ''),),
    guests=True,
)

COPY_OF_REFUSED_MIGRATION_FORGOTTEN = Fault(
    origin='mutation (a copy is kept as if the migration were being '
           'completed)',
    symptom='A migration that Nova refuses leaves a volume that nothing but '
            'its name tells from others.',
    expected='there are temporary volumes',
    changes=(Change(
        'cinder.volume.manager',
        "        if volume.migration_status == 'migrating':\n"
        "            try:\n"
        "                if clean_db_only:\n",
        "        if volume.migration_status == 'completing':\n"
        "            try:\n"
        "                if clean_db_only:\n"),),
)

DESCRIPTION_OVERWRITTEN_BY_MIGRATION = Fault(
    origin='mutation of cinder cdf5e92f1 (the wrong one is named)',
    symptom='After a migration the description of the volume says that it is '
            'the source of one.',
    expected="description: .* 'migration src for",
    changes=(Change(
        'cinder.objects.volume',
        "value_to_dst = 'migration src for ' + self.id",
        "value = value_to_dst = 'migration src for ' + self.id"),),
)

ENCRYPTION_OF_TYPES_NOT_COMPARED = Fault(
    origin='mutation (a difference in encryption is left to the driver)',
    symptom='A retype where the volume is makes it one of an encrypted type, '
            'and nothing is encrypted.',
    expected="volume_type: 'multiattach' before",
    changes=(Change(
        'cinder.volume.manager',
        "                not diff.get('encryption') and\n",
        ''),),
)

EXTENDED_VOLUME_AVAILABLE = Fault(
    origin='mutation (the attachments are not looked at)',
    symptom='A volume that servers use is available once it was extended.',
    expected="status: 'in-use' before, 'available' after",
    changes=(Change(
        'cinder.volume.manager',
        '            orig_volume_status = \'in-use\'\n',
        '            orig_volume_status = \'available\'\n'),),
)

HOST_UNCHANGED_AFTER_MIGRATION = Fault(
    origin='mutation of cinder 08b4d136c',
    symptom='A migration ends with success, but the volume is shown on its '
            'old host.',
    expected=r'pool-1\S* != \S*pool-2',
    changes=(Change(
        'cinder.objects.volume',
        "skip = ({'id', 'provider_location',",
        "skip = ({'id', 'host', 'provider_location',"),),
)

METADATA_LOST_IN_MIGRATION = Fault(
    origin='mutation (the metadata is emptied)',
    symptom='After a migration the metadata of the volume is gone.',
    expected='metadata owner: .* absent after',
    changes=(Change(
        'cinder.volume.manager',
        "        updates = {'status': orig_volume_status,\n"
        "                   'previous_status'",
        "        updates = {'status': orig_volume_status,\n"
        "                   'metadata': {},\n"
        "                   'previous_status'"),),
)

MIGRATION_GOES_BY_STATUS = Fault(
    origin='mutation (the status of before counts, not the attachments)',
    symptom='A volume that servers write to is copied under them once its '
            'status was set to available.',
    expected='to leave nothing, but there are temporary volumes',
    changes=(Change(
        'cinder.volume.manager',
        '            if not attachments:\n',
        "            if volume.previous_status == 'available':\n"),),
)

MOVED_VOLUME_HAS_NO_STORAGE = Fault(
    origin='mutation of cinder 20ac9cac7 (bug 1487952)',
    symptom='A volume that has moved cannot be attached any more: its '
            'storage is not found.',
    expected=r"its results are \['Error'\]",
    changes=(Change(
        'cinder.volume.manager',
        "model_update_default = {'_name_id': new_volume.name_id,",
        "model_update_default = {'_name_id': volume.name_id,"),),
)

MULTIATTACH_FLAG_LOST_IN_MIGRATION = Fault(
    origin='mutation (the flag is cleared)',
    symptom='After a migration a multiattach volume is not multiattach.',
    expected='multiattach: True before, False after',
    changes=(Change(
        'cinder.volume.manager',
        "        updates = {'status': orig_volume_status,\n"
        "                   'previous_status'",
        "        updates = {'status': orig_volume_status,\n"
        "                   'multiattach': False,\n"
        "                   'previous_status'"),),
)

OLD_TYPE_AFTER_RETYPE_WITH_MIGRATION = Fault(
    origin='bug 1597247 and bug 1647429: before cinder ef98a0b1b and '
           '7b2563703 the type stayed',
    symptom='After a retype with migration the volume has its old type.',
    expected="!= 'multiattach': type of volume",
    changes=(Change(
        'cinder.objects.volume',
        "self.update({'volume_type_id': value})",
        'pass'),),
)

READONLY_LOST_IN_MIGRATION = Fault(
    origin='bug 1802155: before cinder 9f95ae9dc it was not copied',
    symptom='A read-only volume is writable after a migration.',
    expected="'ro'.* != .*'rw'",
    changes=(Change(
        'cinder.volume.manager',
        '        skip.update(tmp_skip)\n',
        "        skip.update(tmp_skip, {'volume_admin_metadata',\n"
        "                               'admin_metadata'})\n"),),
)

READ_ONLY_VOLUME_CONNECTED_FOR_WRITING = Fault(
    origin='mutation (the property is not passed on)',
    symptom='Nova is not told that a volume is read-only.',
    expected=r'wrote \d+ blocks',
    changes=(Change(
        'cinder.volume.manager',
        "conn_info['data']['access_mode'] = access_mode",
        "conn_info['data']['access_mode'] = 'rw'"),),
    guests=True,
)

REFUSAL_OF_NOVA_IGNORED = Fault(
    origin='mutation (the answer of Nova is ignored)',
    symptom='A migration that Nova refused never ends, and leaves a temporary '
            'volume.',
    expected='migration status',
    changes=(Change(
        'cinder.compute.nova',
        '        nova.volumes.update_server_volume(server_id,\n'
        '                                          src_volid,\n'
        '                                          new_volume_id)\n',
        '        try:\n'
        '            nova.volumes.update_server_volume(server_id,\n'
        '                                              src_volid,\n'
        '                                              new_volume_id)\n'
        '        except Exception:\n'
        '            pass\n'),),
)

REFUSED_MIGRATION_LEAVES_TEMPORARY_VOLUME = Fault(
    origin='bug 1398177 and bug 1403916: before cinder 5221f181f and '
           'd96c40c0a it stayed',
    symptom='After a refused migration a temporary volume is left.',
    expected='there are temporary volumes',
    changes=(Change(
        'cinder.volume.manager',
        '                self._clean_temporary_volume(ctxt, volume,\n'
        '                                             new_volume)\n',
        '                pass\n'),),
)

REFUSED_MIGRATION_NEVER_ENDS = Fault(
    origin='mutation of cinder 21bc0537e (the status of the failure is not '
           'stored)',
    symptom='A migration that was refused is shown as migrating for ever.',
    expected='migration status migrating',
    changes=(Change(
        'cinder.volume.manager',
        '                self._migrate_volume_generic(ctxt, volume, host, '
        'new_type_id)\n'
        '            except Exception:\n'
        '                with excutils.save_and_reraise_exception():\n'
        "                    updates = {'migration_status': 'error'}\n",
        '                self._migrate_volume_generic(ctxt, volume, host, '
        'new_type_id)\n'
        '            except Exception:\n'
        '                with excutils.save_and_reraise_exception():\n'
        '                    updates = {}\n'),),
)

RETYPED_VOLUME_AVAILABLE = Fault(
    origin='mutation (the status of before is not looked at)',
    symptom='A volume that servers use is available once it was retyped '
            'where it is.',
    expected="status: 'in-use' before, 'available' after",
    changes=(Change(
        'cinder.volume.manager',
        "                            'status': status_update['status']}\n",
        "                            'status': 'available'}\n"),),
)

RETYPE_CHANGES_FLAG_BUT_NOT_TYPE = Fault(
    origin='mutation (the type is not stored)',
    symptom='After a retype the volume has its old type, but the multiattach '
            'flag of the new one.',
    expected="!= 'multiattach': type of volume",
    changes=(Change(
        'cinder.volume.manager',
        "model_update = {'volume_type_id': new_type_id,\n"
        "                            'host': host['host'],",
        "model_update = {'host': host['host'],"),),
)

RETYPE_LEAVES_TYPE_OF_SNAPSHOTS = Fault(
    origin='bug 1877164: before cinder b77fb72aa it stayed',
    symptom='A volume from the snapshot of a retyped volume has the type and '
            'the flag that the volume had before.',
    expected=r"\('multiattach', True\) != \('plain', False\)",
    changes=(Change(
        'cinder.volume.manager',
        'snap.volume_type_id = new_type_id',
        'pass'),),
)

RETYPE_NEVER_FREES_OLD_TYPE = Fault(
    origin='mutation (the reservations of the old type are not committed)',
    symptom='After a retype the quota still counts the volume for its old '
            'type.',
    expected='gigabytes.*in_use',
    changes=(Change(
        'cinder.volume.manager',
        '        if old_reservations:\n'
        '            QUOTAS.commit(context, old_reservations, '
        'project_id=project_id)\n',
        ''),),
)

RETYPE_STAYS_ON_ITS_BACKEND = Fault(
    origin='bug 1652802: before cinder dafd68ead none was taken for another',
    symptom='A retype with migration ends well, and the volume is where '
            'it was.',
    expected=r"\['swap_volume'\] != \[\]|pool-1\S* != \S*pool-2",
    changes=(Change(
        'cinder.volume.manager',
        '                (cluster_name and\n'
        '                 volume_utils.hosts_are_equivalent('
        'self.driver.cluster_name,\n'
        '                                                   '
        'cluster_name)))\n',
        '                self.driver.cluster_name == cluster_name)\n'),),
)

SOURCE_VOLUME_LEFT_AFTER_MIGRATION = Fault(
    origin='bug 1344341, bug 1316079 and bug 1483157: before cinder '
           '1945b82ff, 910575997 and cdf5e92f1 it stayed',
    symptom='After a migration the source volume is left in the status '
            'deleting.',
    expected='there are temporary volumes',
    changes=(Change(
        'cinder.volume.manager',
        'rpcapi.delete_volume(ctxt, updated_new)',
        'pass'),),
)

TEMPORARY_VOLUME_STAYS_LISTED = Fault(
    origin='bug 1490445: before cinder 566a09c32 it was kept',
    symptom='After a refused migration a volume is listed that nobody made '
            'and nobody can delete.',
    expected='there are temporary volumes',
    changes=(Change(
        'cinder.volume.manager',
        '        volume.destroy()\n\n'
        '        # If deleting source/destination volume in a migration or a '
        'temp\n',
        '        if not volume.is_migration_target():\n'
        '            volume.destroy()\n\n'),),
)

TEMPORARY_VOLUME_TAKEN_OFF_QUOTA = Fault(
    origin='mutation of cinder 94dfad99c (bug 1923828), as in bug 1778774',
    symptom='After a migration the quota counts one volume too few.',
    expected='quota_usage volumes: ',
    changes=(Change(
        'cinder.volume.manager',
        "use_quota=False,  # Don't use quota for temporary volume",
        'use_quota=True,'),),
)

USER_CHANGED_BY_MIGRATION = Fault(
    origin='mutation (the copy is of who asked, as image volumes are)',
    symptom='After a migration the volume is that of the administrator who '
            'asked for it.',
    expected='user_id: ',
    changes=(Change(
        'cinder.volume.manager',
        "        if new_type_id:\n"
        "            new_vol_values['volume_type_id'] = new_type_id\n",
        "        new_vol_values['user_id'] = ctxt.user_id\n"
        "        if new_type_id:\n"
        "            new_vol_values['volume_type_id'] = new_type_id\n"),),
)
