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

"""Bugs of cinder-api."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

ATTACHED_VOLUME_CAN_BE_DELETED = Fault(
    origin='mutation (the attach status is not looked at)',
    symptom='An attached volume whose status was reset to available is '
            'accepted for deletion.',
    expected='must not be migrating, attached", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'Not(fields.VolumeAttachStatus.ATTACHED),\n',
        "Not('anything'),\n"),),
)

ATTACHED_VOLUME_CAN_BE_REVERTED = Fault(
    origin='mutation (the status is not looked at)',
    symptom='A volume that servers use can be reverted to its snapshot.',
    expected="Can't revert volume\" .*, but it was accepted",
    changes=(Change(
        'cinder.volume.api',
        "            'reverting', 'available')\n",
        "            'reverting', ('available', 'in-use'))\n"),),
)

ATTACHED_VOLUME_CAN_BE_TRANSFERRED = Fault(
    origin='mutation (the status is not looked at)',
    symptom='A volume that servers use can be offered to another project.',
    expected='to another project: .*(got|but)',
    changes=(Change(
        'cinder.transfer.api',
        'if volume_ref[\'status\'] != "available":',
        'if False:'),),
)

ATTACHED_VOLUME_CAN_BE_UPLOADED = Fault(
    origin='mutation (force is taken for granted)',
    symptom='A volume that servers write to can be uploaded to an image.',
    expected='to an image: .*, but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "expected = {'status': ('available', 'in-use') if force\n"
        "                    else 'available'}",
        "expected = {'status': ('available', 'in-use')}"),),
)

ATTACHMENTS_HIDDEN_WHILE_ATTACHING = Fault(
    origin='bug 1713521: before cinder a95c9e566 the volume as a whole '
           'counted',
    symptom='A volume that is being attached to a second server, or migrated, '
            'is shown without its first.',
    changes=(Change(
        'cinder.api.v3.views.volumes',
        '        for attachment in volume.volume_attachment:\n',
        "        if volume.attach_status != 'attached':\n"
        '            return attachments\n'
        '        for attachment in volume.volume_attachment:\n'),),
    since='2026.2',
    unseen='It shows while Nova connects a second server, for less time than '
           'a look takes.',
)

ATTACHMENTS_OF_OTHER_PROJECTS_LISTED = Fault(
    origin='mutation (the project is not looked at)',
    symptom='The list of attachments has those of other projects.',
    expected=r"\[\] .*'attach_mode'",
    changes=(Change(
        'cinder.objects.volume_attachment',
        'attachments = db.volume_attachment_get_all_by_project(\n'
        '            context, project_id, search_opts',
        'attachments = db.volume_attachment_get_all(\n'
        '            context.elevated(), search_opts'),),
)

ATTACHMENTS_OF_OTHER_PROJECTS_SHOWN = Fault(
    origin='bug 2138566: before cinder 894767987 nobody looked',
    symptom='A user who knows its id can read the attachment of another '
            'project.',
    expected='attachment could not be found", but it was accepted',
    changes=(Change(
        'cinder.db.api',
        '    read_deleted=False,\n'
        '    project_only=True,\n',
        '    read_deleted=False,\n'
        '    project_only=False,\n'),),
    since='2026.2',
)

CLONE_LOSES_MULTIATTACH_FLAG = Fault(
    origin='bug 1770671: before cinder 23f26555b only a type that was asked '
           'for counted',
    symptom='The clone of a multiattach volume, or the volume from its '
            'snapshot, has its type but not the flag.',
    expected=r"\('multiattach', True\) != \('multiattach', False\)",
    changes=(Change(
        'cinder.volume.flows.api.create_volume',
        "multiattach = (extra_specs.get('multiattach', '') == '<is> True')",
        "multiattach = (extra_specs.get('multiattach', '') == '<is> True'\n"
        '                           and not (source_volid or snapshot_id))'),),
)

COMPLETED_ATTACHMENT_NOT_SAVED = Fault(
    origin='bug 1710295: before cinder 7e2b3dbc8 it was not saved',
    symptom='A volume that was attached stays in the status attaching.',
    expected='attachments is attaching',
    changes=(Change(
        'cinder.api.v3.attachments',
        "volume_ref.update({'status': 'in-use', 'attach_status': "
        "'attached'})\n"
        '        volume_ref.save()',
        'pass'),),
)

DETACHED_VOLUME_STAYS_DETACHING = Fault(
    origin='mutation (the status is not worked out again), as in bug 1702512 '
           '(cinder 80b943c7f)',
    symptom='A volume that was detached stays in the status detaching.',
    expected='(is|was) detaching',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        attachment.destroy()\n'),),
)

DETACH_REMOVES_EVERY_ATTACHMENT = Fault(
    origin='mutation (all attachments instead of one)',
    symptom='When a shared volume is detached from one server, Cinder forgets '
            'all the others.',
    expected='only Nova: volume',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        for other in list(volume.volume_attachment):\n'
        '            volume.finish_detach(other.id)\n'),),
)

ENCRYPTION_OF_TYPE_IN_USE_ACCEPTED = Fault(
    origin='mutation (nobody looks for volumes)',
    symptom='A type that volumes have can be made an encrypted one.',
    expected='Volume type in use", (got|but)',
    changes=(Change(
        'cinder.api.contrib.volume_type_encryption',
        '        if self._encrypted_type_in_use(context, type_id):\n'
        "            expl = _('Cannot create",
        '        if False:\n'
        "            expl = _('Cannot create"),),
)

EXTEND_COUNTED_FOR_PROJECT_OF_ADMINISTRATOR = Fault(
    origin='mutation of the project, as in bug 1505307 (cinder ceb65b6f8)',
    symptom='An extension by an administrator counts for the quota of the '
            "administrator's project, not that of the volume's.",
    expected='gigabytes.*in_use',
    changes=(Change(
        'cinder.volume.api',
        '                                          '
        'project_id=volume.project_id,\n'
        '                                          **reserve_opts)',
        '                                          '
        'project_id=context.project_id,\n'
        '                                          **reserve_opts)'),),
)

EXTEND_IN_USE_WITH_OLD_MICROVERSION_ACCEPTED = Fault(
    origin='mutation (the microversion is not looked at)',
    symptom='A volume that servers use is extended for a client that does '
            'not know that it can be.',
    expected='to extend, currently in-use", but it was accepted',
    changes=(Change(
        'cinder.api.contrib.volume_actions',
        'if (req_version.matches(mv.VOLUME_EXTEND_INUSE) and\n'
        "                    volume.status in ['in-use']):",
        "if volume.status in ['in-use']:"),),
)

FLAG_CHANGED_WHILE_ATTACHED = Fault(
    origin='mutation of cinder f38e77cb1',
    symptom='The multiattach flag of a volume can be changed while a server '
            'uses it.',
    expected='retypes affecting multiattach .*", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        '            if volume.status != "available":\n'
        "                msg = _('Invalid volume_type passed, retypes "
        "affecting '",
        '            if False:\n'
        "                msg = _('Invalid volume_type passed, retypes "
        "affecting '"),),
)

FORCE_DETACH_OPEN_TO_MEMBERS = Fault(
    origin='mutation (the policy asks for no role)',
    symptom='An ordinary member of a project can force its volumes off a '
            'server.',
    expected='force_detach to be performed", (got|but)',
    changes=(Change(
        'cinder.policies.volume_actions',
        'name=FORCE_DETACH_POLICY,\n'
        '        check_str=base.RULE_ADMIN_API,',
        'name=FORCE_DETACH_POLICY,\n'
        "        check_str='',"),),
)

FOREIGN_ATTACHMENT_DETACHED = Fault(
    origin='mutation of cinder 6df1839bd (bug 2004555)',
    symptom='A request to detach one volume takes another one from its '
            'server.',
    expected='Mismatched volume and attachment", (got|but)',
    changes=(Change(
        'cinder.volume.api',
        'if volume.id != attachment.volume_id:',
        'if False:'),),
)

FREE_VOLUME_BEGINS_DETACHING = Fault(
    origin='mutation (the attachments alone count)',
    symptom='A volume that is shown as available begins to be detached.',
    expected='Unable to detach volume", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "expected = {'status': 'in-use',\n"
        "                    'attach_status'",
        "expected = {'attach_status'"),),
)

FRONT_END_QOS_CHANGED_IN_USE = Fault(
    origin='mutation (the filter is left out)',
    symptom='A retype changes front-end QoS of a volume that servers use, '
            'and the hypervisors are not told.',
    expected='front-end qos specs cannot change", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'filters = [db.volume_qos_allows_retype(new_type_id)]',
        'filters = []'),),
)

MIGRATING_VOLUME_CANNOT_BE_LET_GO = Fault(
    origin='mutation (no exception for migrating volumes)',
    symptom='No attached volume can be migrated.',
    expected="'success' != 'error': migration status",
    changes=(Change(
        'cinder.volume.api',
        'if not (result or self._is_volume_migrating(volume)):',
        'if not result:'),),
)

MIGRATING_VOLUME_RETYPED = Fault(
    origin='mutation (the migration status is not looked at)',
    symptom='A volume that is being migrated can be retyped.',
    expected='part of an active migration.*", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "'migration_status': self.AVAILABLE_MIGRATION_STATUS,\n"
        "                    'consistencygroup_id': (None, ''),\n"
        "                    'group_id': (None, ''),\n"
        "                    'volume_type_id'",
        "'consistencygroup_id': (None, ''),\n"
        "                    'group_id': (None, ''),\n"
        "                    'volume_type_id'"),),
)

MIGRATION_COMPLETED_BY_MEMBER = Fault(
    origin='mutation (the policy asks for no role)',
    symptom='An ordinary member of a project can complete a migration.',
    expected='migrate_volume_completion to be performed", (got|but)',
    changes=(Change(
        'cinder.policies.volume_actions',
        'name=MIGRATE_COMPLETE_POLICY,\n'
        '        check_str=base.RULE_ADMIN_API,',
        'name=MIGRATE_COMPLETE_POLICY,\n'
        "        check_str='',"),),
)

MIGRATION_COMPLETED_TO_ANY_VOLUME = Fault(
    origin='mutation (the migration status is not compared)',
    symptom='A volume exchanges what it holds with one that is no copy.',
    expected='"expected target:ID", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'if not new_volume.migration_status == expected_status:',
        'if False:'),),
)

MIGRATION_LEAVES_SNAPSHOTS_BEHIND = Fault(
    origin='mutation of cinder 135e094f3 (snapshots are not looked at)',
    symptom='A volume with snapshots can be migrated, and its snapshots stay '
            'behind.',
    expected='that has a snapshot: .*", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'filters = [~db.volume_has_snapshots_filter()]\n'
        '\n'
        '        updates =',
        'filters = []\n'
        '\n'
        '        updates ='),),
)

MIGRATION_OPEN_TO_MEMBERS = Fault(
    origin='mutation (the policy asks for no role)',
    symptom='An ordinary member of a project can migrate its volumes.',
    expected='migrate_volume to be performed", (got|but)',
    changes=(Change(
        'cinder.policies.volume_actions',
        'name=MIGRATE_POLICY,\n'
        '        check_str=base.RULE_ADMIN_API,',
        'name=MIGRATE_POLICY,\n'
        "        check_str='',"),),
)

MIGRATION_TO_OWN_HOST_ACCEPTED = Fault(
    origin='mutation of cinder 135e094f3 (the host is not compared)',
    symptom='A migration of a volume to its own pool is accepted.',
    expected='different than the current one", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'Not(host)',
        "Not('no host')"),),
)

MIGRATION_TO_UNKNOWN_HOST_ACCEPTED = Fault(
    origin='mutation (a service that is not found is made up)',
    symptom='A migration to a host that does not exist is accepted, and ends '
            'in error.',
    expected='No available service named", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'raise exception.InvalidHost(reason=msg)',
        'svc = objects.Service(context, cluster_name=None)'),),
)

MOVED_VOLUME_IS_NEVER_FREE_AGAIN = Fault(
    origin='mutation of cinder 21bc0537e (the migration status success is '
           'unknown)',
    symptom='A volume that was migrated once cannot be migrated, retyped or '
            'deleted.',
    expected='must not be migrating',
    changes=(Change(
        'cinder.volume.api',
        "AVAILABLE_MIGRATION_STATUS = (None, 'deleting', 'error', 'success')",
        "AVAILABLE_MIGRATION_STATUS = (None, 'deleting', 'error')"),),
)

MOVED_VOLUME_STAYS_DETACHING = Fault(
    origin='mutation of cinder 21bc0537e (as if the migration went on)',
    symptom='A volume that was migrated stays in the status detaching when it '
            'is detached.',
    expected='(is|was) detaching',
    changes=(Change(
        'cinder.db.api',
        "or volume.migration_status in ('success', 'error')\n",
        ''),),
    since='2026.2',
)

MULTIATTACH_PARAMETER_ACCEPTED = Fault(
    origin='bug 2008259: before cinder 32f1145b7 it was accepted',
    symptom='The parameter multiattach of a new volume is accepted.',
    expected='multiattach parameter has been removed", but it was accepted',
    changes=(Change(
        'cinder.api.v3.volumes',
        '        if multiattach:\n'
        '            msg = _("multiattach parameter',
        '        if False:\n'
        '            msg = _("multiattach parameter'),),
)

OVER_QUOTA_RETYPE_LEAVES_VOLUME_RETYPING = Fault(
    origin='bug 1308819: before cinder 3305f9dd0 the status was changed first',
    symptom='A retype that the quota does not allow leaves the volume in the '
            'status retyping.',
    expected="status: 'in-use' before, 'retyping' after",
    changes=(Change(
        'cinder.volume.api',
        '        reservations = quota_utils.get_volume_type_reservation(\n'
        '            context, volume, new_type_id, '
        'reserve_vol_type_only=True)\n',
        '        try:\n'
        '            reservations = '
        'quota_utils.get_volume_type_reservation(\n'
        '                context, volume, new_type_id, '
        'reserve_vol_type_only=True)\n'
        '        except exception.CinderException:\n'
        "            volume.update({'status': 'retyping'})\n"
        '            volume.save()\n'
        '            raise\n'),),
)

PLAIN_VOLUME_CONNECTED_TWICE = Fault(
    origin='mutation of cinder 7b5c8b3e5 (one connection is none)',
    symptom='A server boots with a volume without multiattach that another '
            'server uses.',
    expected='a second server is built',
    changes=(Change(
        'cinder.volume.api',
        'if len(connection_hosts) > 0:',
        'if len(connection_hosts) > 1:'),),
)

PLAIN_VOLUME_RESERVED_FOR_ANY_SERVER = Fault(
    origin='bug 1694530 and bug 1762687: mutation of cinder 220dafc65 and '
           'dd93b0c71',
    symptom='A second server gets an attachment of a volume without '
            'multiattach.',
    expected='current status is in-use", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'if attachment.instance_uuid == instance_uuid:',
        'if attachment.instance_uuid:'),),
)

READONLY_VOLUME_ATTACHED_FOR_WRITING = Fault(
    origin='bug 1741476: before cinder e69a6a5e0 new attachments were rw',
    symptom='A server can write to a read-only volume.',
    expected=r"\['ro', 'ro'\] != \['rw', 'rw'\]",
    changes=(Change(
        'cinder.volume.api',
        "attachment_ref.attach_mode = 'ro'",
        'attachment_ref.attach_mode = attach_mode'),),
)

RESET_TO_DETACHED_KEEPS_ATTACHMENTS = Fault(
    origin='bug 1568034: before cinder ea19c4a54 they were kept',
    symptom='A volume that was reset to detached still has its attachments.',
    expected=r'\{\} .*CinderAttachment',
    changes=(Change(
        'cinder.api.contrib.admin_actions',
        '            _clean_volume_attachment(context, id)\n'
        '\n'
        "        self._notify_reset_status(context, id, 'reset_status.end')\n"
        '\n'
        '    @wsgi.response(HTTPStatus.ACCEPTED)\n'
        "    @wsgi.action('os-force_detach')\n",
        '            pass\n'
        '\n'
        "        self._notify_reset_status(context, id, 'reset_status.end')\n"
        '\n'
        '    @wsgi.response(HTTPStatus.ACCEPTED)\n'
        "    @wsgi.action('os-force_detach')\n"),),
)

RETYPE_COUNTED_FOR_PROJECT_OF_ADMINISTRATOR = Fault(
    origin='bug 1505307: before cinder ceb65b6f8 the owner was not looked at',
    symptom='A retype by an administrator changes the quota usage of the '
            "administrator's project, not that of the volume's.",
    expected='gigabytes.*in_use',
    changes=(Change(
        'cinder.quota_utils',
        "project_id = volume['project_id']",
        'project_id = ctxt.project_id'),),
)

RETYPE_COUNTS_OLD_TYPE_TWICE = Fault(
    origin='mutation (the old type is not given back); compare bug 1877164 '
           '(cinder b77fb72aa)',
    symptom='After a retype the quota counts the volume for its old type '
            'twice.',
    expected='gigabytes.*in_use',
    changes=(Change(
        'cinder.volume.api',
        'reserve_vol_type_only=True, negative=True)',
        'reserve_vol_type_only=True)'),),
)

RETYPE_DOES_NOT_COUNT_SNAPSHOTS = Fault(
    origin='bug 1877164: before cinder b77fb72aa the volume alone counted',
    symptom='The snapshots of a retyped volume still count for the quota of '
            'its old type.',
    expected='snapshots.*in_use',
    changes=(Change(
        'cinder.quota_utils',
        'if volume.snapshots:',
        'if False:'),),
)

RETYPE_DROPS_MULTIATTACH_FLAG = Fault(
    origin='bug 1790840: before cinder 7f85be418 a retype always ended '
           'without flag',
    symptom='A volume that was retyped to a multiattach type is not '
            'multiattach.',
    expected='multiattach: True before, False after',
    changes=(Change(
        'cinder.volume.api',
        'volume.multiattach = tgt_is_multiattach',
        'volume.multiattach = False'),),
)

RETYPE_KEEPS_MULTIATTACH_FLAG = Fault(
    origin='mutation (the flag of the new type is not taken over)',
    symptom='A volume that was retyped from or to a multiattach type keeps '
            'the flag that it had.',
    expected=r"\('plain', False\) != \('plain', True\)",
    changes=(Change(
        'cinder.volume.api',
        'volume.multiattach = tgt_is_multiattach',
        'pass'),),
)

RETYPE_OPEN_TO_READERS = Fault(
    origin='mutation (the policy asks for no role)',
    symptom='Who may only read a project can retype its volumes.',
    expected='volume:retype to be performed", (got|but)',
    changes=(Change(
        'cinder.policies.volume_actions',
        'name=RETYPE_POLICY,\n'
        '        check_str=base.SYSTEM_ADMIN_OR_PROJECT_MEMBER,',
        'name=RETYPE_POLICY,\n'
        "        check_str='',"),),
)

RETYPE_TO_ENCRYPTED_MULTIATTACH_ACCEPTED = Fault(
    origin='before cinder 293be4f81 only the creation was refused',
    symptom='A volume can be retyped to a type that is both encrypted and '
            'multiattach.',
    changes=(Change(
        'cinder.volume.api',
        'if tgt_is_multiattach and self._is_encrypted(new_type):',
        'if False:'),),
    unseen='Cinder looks for an extra spec that no encrypted type has, so '
           'that every such retype is accepted: a known gap.',
)

RETYPE_TO_MULTIATTACH_OPEN_TO_ALL = Fault(
    origin='mutation of cinder f38e77cb1',
    symptom='Who may not have multiattach volumes gets one by a retype.',
    expected='volume:multiattach to be performed", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        '            if tgt_is_multiattach:\n'
        '                context.authorize(vol_policy.MULTIATTACH_POLICY,',
        '            if False:\n'
        '                context.authorize(vol_policy.MULTIATTACH_POLICY,'),),
)

RETYPE_TO_OWN_TYPE_ACCEPTED = Fault(
    origin='mutation (the new type may be the old one)',
    symptom='A retype to the type that the volume has is accepted.',
    expected='different that the one from the volume", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'Not(new_type_id)',
        "Not('no type')"),),
)

ROLLED_BACK_VOLUME_AVAILABLE = Fault(
    origin='mutation (the status of before is not that of a volume in use)',
    symptom='A volume that servers go on using is available after its '
            'detachment failed.',
    expected="status: 'in-use' before, 'available' after",
    changes=(Change(
        'cinder.volume.api',
        "volume.conditional_update({'status': 'in-use'},\n"
        "                                  {'status': 'detaching'})",
        "volume.conditional_update({'status': 'available'},\n"
        "                                  {'status': 'detaching'})"),),
)

SECOND_MIGRATION_ACCEPTED = Fault(
    origin='mutation of cinder 135e094f3 (the migration status is not looked '
           'at)',
    symptom='A volume that is being migrated can be migrated once more.',
    expected='must not be migrating.*", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "                    'migration_status': "
        "self.AVAILABLE_MIGRATION_STATUS,\n"
        "                    'replication_status': (",
        "                    'replication_status': ("),),
)

SHARED_VOLUME_AVAILABLE_AFTER_FIRST_DETACH = Fault(
    origin='mutation (the attachments that remain are not looked at)',
    symptom='When a shared volume is detached from one server it is '
            'available, although others use it.',
    expected='with [1-9] attachments is available',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        volume.finish_detach(attachment.id)\n'
        "        volume.update({'status': 'available',\n"
        "                       'attach_status': 'detached'})\n"
        '        volume.save()\n'),),
)

SHARED_VOLUME_CAN_BE_REIMAGED = Fault(
    origin='mutation (> 1 becomes > 2)',
    symptom='An image is written to a volume that two servers use.',
    expected='attached to more than one server", (got|but)',
    changes=(Change(
        'cinder.volume.api',
        '        if len(volume.volume_attachment) > 1:\n'
        '            msg = _("Cannot re-image',
        '        if len(volume.volume_attachment) > 2:\n'
        '            msg = _("Cannot re-image'),),
)

SHARED_VOLUME_STAYS_DETACHING = Fault(
    origin='bug 1717564: before cinder 64612cdbf the servers that remain did '
           'not count',
    symptom='When a shared volume is detached from one server it stays in the '
            'status detaching.',
    expected='attachments is detaching',
    changes=(Change(
        'cinder.volume.api',
        '        volume.finish_detach(attachment.id)\n',
        '        volume.finish_detach(attachment.id)\n'
        '        if volume.volume_attachment:\n'
        "            volume.update({'status': 'detaching'})\n"
        '            volume.save()\n'),),
)

SHARED_VOLUME_TERMINATED_BY_USER = Fault(
    origin='mutation of cinder 6df1839bd (bug 2004555)',
    symptom='A user can terminate the connection of a volume that several '
            'servers use, as Cinder does not know which one is meant.',
    expected='using the Compute API", (got|but)',
    changes=(Change(
        'cinder.volume.api',
        '            if not volume.volume_attachment:\n'
        '                return\n',
        '            if len(volume.volume_attachment) != 1:\n'
        '                return\n'),),
)

STATUS_RESET_OPEN_TO_MEMBERS = Fault(
    origin='mutation (the policy asks for no role)',
    symptom='An ordinary member of a project can reset the status of its '
            'volumes.',
    expected='reset_status to be performed", (got|but)',
    changes=(Change(
        'cinder.policies.volume_actions',
        'name=RESET_STATUS,\n'
        '        check_str=base.RULE_ADMIN_API,',
        'name=RESET_STATUS,\n'
        "        check_str='',"),),
)

TYPE_IN_USE_CHANGED = Fault(
    origin='mutation (nobody looks for volumes)',
    symptom='The property multiattach can be taken from a type that shared '
            'volumes have.',
    expected='currently in use", (got|but)',
    changes=(Change(
        'cinder.api.contrib.types_extra_specs',
        'if len(vols):',
        'if False:'),),
)

TYPE_IN_USE_DELETED = Fault(
    origin='mutation (nobody looks for volumes)',
    symptom='A type that volumes have can be deleted.',
    expected='still in use", (got|but)',
    changes=(Change(
        'cinder.db.api',
        'if results or group_count or cg_count:',
        'if group_count or cg_count:'),),
    since='2026.2',
)

UNRESERVED_VOLUME_AVAILABLE = Fault(
    origin='mutation (the attachments are not looked at)',
    symptom='A volume that servers use is available after a reservation of '
            'it was given up.',
    expected="status: 'in-use' before, 'available' after",
    changes=(Change(
        'cinder.volume.api',
        "[(db.volume_has_attachments_filter(), 'in-use')],",
        "[(db.volume_has_attachments_filter(), 'available')],"),),
    since='2026.2',
)

USER_DELETES_ATTACHMENT_OF_RUNNING_SERVER = Fault(
    origin='bug 2004555: before cinder 6df1839bd nobody asked',
    symptom='A user can delete the attachment of a running server in Cinder, '
            'which goes on writing.',
    expected='using the Compute API", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'raise exception.ConflictNovaUsingAttachment(instance_id=server_id)',
        'return'),),
)

VOLUMES_OF_OTHER_PROJECTS_FOUND = Fault(
    origin='mutation (the project is not looked at)',
    symptom='A user who knows the id of a volume of another project is told '
            'that it exists.',
    expected='"Volume ID could not be found", (got|but)',
    changes=(Change(
        'cinder.db.api',
        '        project_only=True,\n'
        '        joined_load=joined_load,',
        '        project_only=False,\n'
        '        joined_load=joined_load,'),),
    since='2026.2',
)

VOLUME_ATTACHED_IN_ANY_STATUS = Fault(
    origin='bug 1785050: before cinder 9c0123eb7 no status was wrong',
    symptom='A volume that is being retyped, or is in any status, can be '
            'attached as long as no server has it.',
    expected='but the current status is", but it was accepted',
    changes=(
        Change(
            'cinder.volume.api',
            '            override = False\n'
            '            if instance_uuid and vref.status in '
            "('in-use', 'reserved'):",
            '            override = bool(instance_uuid)\n'
            '            if instance_uuid:'),
        Change(
            'cinder.volume.api',
            'if attachment.instance_uuid == instance_uuid:\n'
            '                        override = True',
            'if attachment.instance_uuid != instance_uuid:\n'
            '                        override = False'),
    ),
)

VOLUME_IN_ERROR_ATTACHED = Fault(
    origin='mutation (the status error is as good as in-use)',
    symptom='A volume in the status error can be attached.',
    expected='in an error state", but it was accepted',
    changes=(
        Change(
            'cinder.volume.api',
            '        if "error" in volume_ref.status:\n'
            "            msg = ('Volume attachments can not be created",
            '        if False:\n'
            "            msg = ('Volume attachments can not be created"),
        Change(
            'cinder.volume.api',
            "(('available', 'in-use', 'downloading')",
            "(('available', 'in-use', 'downloading', 'error')"),
    ),
)

VOLUME_IN_MAINTENANCE_ATTACHED = Fault(
    origin='bug 1813267: before cinder 6eba403ba no status was wrong',
    symptom='A server that has a volume gets a second attachment of it while '
            'it is in maintenance.',
    expected='but the current status is", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "if instance_uuid and vref.status in ('in-use', 'reserved'):",
        'if instance_uuid:'),),
)

VOLUME_IN_USE_MADE_READ_ONLY = Fault(
    origin='mutation (the status is not looked at)',
    symptom='A volume that servers write to can be made read-only, and they '
            'go on writing.',
    expected='to update readonly flag" .*, but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "if volume['status'] != 'available':",
        'if False:'),),
)

VOLUME_OF_GROUP_MIGRATED = Fault(
    origin='mutation of cinder 135e094f3 (the group is not looked at)',
    symptom='A volume can be migrated away from the others of its group.',
    expected='be part of a group" .*, but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "'group_id': (None, '')}\n"
        '\n'
        '        # We want to make sure that the migration',
        '}\n'
        '\n'
        '        # We want to make sure that the migration'),),
)

VOLUME_OF_GROUP_RETYPED = Fault(
    origin='mutation (the group is not looked at)',
    symptom='A volume gets a type that its group does not have.',
    expected='or a consistency group", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        "                    'group_id': (None, ''),\n"
        "                    'volume_type_id'",
        "                    'volume_type_id'"),),
)

WRITERS_RECORDED_AS_READERS = Fault(
    origin='mutation of cinder e69a6a5e0 (bug 1741476)',
    symptom='The attachments of a volume are read-only, and one that two '
            'servers use can be swapped.',
    expected='more than one read/write .*", but it was accepted',
    changes=(Change(
        'cinder.volume.api',
        'attachment_ref.attach_mode = attach_mode',
        "attachment_ref.attach_mode = 'ro'"),),
)
