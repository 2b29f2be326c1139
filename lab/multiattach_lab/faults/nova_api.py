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

"""Bugs of nova-api."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

DIRECT_SWAP_ACCEPTED = Fault(
    origin='bug 2112187: before nova 93c0f9bc74 any volume could be swapped',
    symptom='A volume that is not being migrated can be swapped, and is lost '
            'at the next live migration.',
    expected='only be called by Cinder", (got 400|but it was accepted)',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        'raise exc.HTTPConflict(explanation=message)',
        'pass'),),
    since='2026.2',
)

MULTIATTACH_SWAP_NOT_REFUSED = Fault(
    origin='bug 1775418: before nova 5a1d159d14 nobody counted',
    symptom='A volume that two servers write to can be swapped; what the '
            'other server wrote is lost.',
    expected='more than one read/write .*", but it was accepted|'
             r'misses \d+ of \d+ acknowledged',
    changes=(Change(
        'nova.compute.api',
        'if self._count_attachments_for_swap(context, old_volume) > 1:',
        'if False:'),),
)

MULTIATTACH_TO_SHELVED_SERVER_ACCEPTED = Fault(
    origin='mutation of nova 7e6ae9afd9',
    symptom='Who attaches a multiattach volume to a server that is shelved '
            'and offloaded is told to take a newer API, which does not help.',
    expected='for shelved-offloaded instances", got 400 "Multiattach volumes '
             'are only supported starting',
    changes=(Change(
        'nova.compute.api',
        "            if volume['multiattach']:\n"
        '                # NOTE(mriedem): Similar to tagged',
        '            if False:\n'
        '                # NOTE(mriedem): Similar to tagged'),),
)

NOVA_SEES_FIRST_ATTACHMENT_ONLY = Fault(
    origin='before nova cb3a6bfe1a a volume had one attachment',
    symptom='A volume that two servers write to can be swapped on the first '
            'of them, and it cannot be detached from the second.',
    expected='more than one read/write .*", but it was accepted',
    changes=(Change(
        'nova.volume.cinder',
        'for attachment in vol.attachments:',
        'for attachment in vol.attachments[:1]:'),),
)

PLAIN_VOLUME_ATTACHED_TO_TWO_SERVERS = Fault(
    origin='bug 1908075: before nova 1252588d4e only Cinder looked at its '
           'status',
    symptom='A volume without multiattach whose status was reset to available '
            'can be attached to a second server.',
    expected='is already attached to instances", but it was accepted',
    changes=(Change(
        'nova.compute.api',
        "if not volume.get('multiattach'):\n"
        '            instance_uuids',
        'if False:\n'
        '            instance_uuids'),),
)

READONLY_ATTACHMENTS_COUNTED_AS_WRITERS = Fault(
    origin='mutation of nova 5a1d159d14 (the mode is not looked at)',
    symptom='A volume that two servers only read cannot be swapped.',
    changes=(Change(
        'nova.compute.api',
        "if attachment_record['attach_mode'] == 'rw':",
        'if True:'),),
    unseen='That readers are not counted is a known gap: with this fault '
           'its test passes, and the drill leaves the known gaps out.',
)

REFUSED_ATTACH_IS_SERVER_ERROR = Fault(
    origin='bug 1632513: before nova 21961e7bc5 it was not expected',
    symptom='To attach a volume that another server has gives an error 500.',
    expected='to reserve, but the current status is", got 500',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            exception.InvalidInput,\n'
        '            exception.VolumeTaggedAttachNotSupported,\n',
        '            exception.VolumeTaggedAttachNotSupported,\n'),),
    since='2026.2',
)

REFUSED_MULTIATTACH_SWAP_IS_SERVER_ERROR = Fault(
    origin='mutation of nova 5a1d159d14 (an exception that the API does not '
           'know), as in bug 1750064 (nova 5754ac0ab3)',
    symptom='The swap of a volume that two servers write to gives error 500.',
    expected='more than one read/write .*", got 500',
    changes=(Change(
        'nova.compute.api',
        'raise exception.MultiattachSwapVolumeNotSupported()',
        'raise exception.NovaException()'),),
)

REFUSED_SWAP_LEAVES_VOLUME_DETACHING = Fault(
    origin='mutation of nova 5a1d159d14, as in bug 1786318 (nova 3a4b4b91b0)',
    symptom='After a refused swap the volume stays in the status detaching.',
    expected=r"'detaching' after|got 400 .Invalid volume",
    changes=(Change(
        'nova.compute.api',
        'except Exception:  # This is generic to handle failures while '
        'counting',
        'except exception.VolumeAttachmentNotFound:'),),
)

REFUSED_SWAP_NAMES_OTHER_SERVERS = Fault(
    origin='mutation of nova 5a1d159d14 (the answer names every server that '
           'has the volume)',
    symptom='Who is refused a swap learns the ids of the other servers, '
            'which can belong to anybody.',
    expected='in actual but not in expected',
    changes=(Change(
        'nova.compute.api',
        'raise exception.MultiattachSwapVolumeNotSupported()',
        'raise exception.MultiattachSwapVolumeNotSupported(\n'
        "                    exception.MultiattachSwapVolumeNotSupported."
        'msg_fmt\n'
        "                    + str(list(old_volume['attachments'])))"),),
)

SERVERS_OF_OTHER_PROJECTS_FOUND = Fault(
    origin='mutation (the project is not looked at), as in bug 2138566 '
           '(cinder 894767987)',
    symptom='A user who knows the id of a server learns that another project '
            'has it.',
    expected='"Instance ID could not be found", (got|but)',
    changes=(Change(
        'nova.db.main.api',
        '        context, models.Instance, project_only=True,\n'
        '    ).options(\n'
        '        orm.joinedload(\n'
        '            models.Instance.security_groups\n',
        '        context, models.Instance, project_only=False,\n'
        '    ).options(\n'
        '        orm.joinedload(\n'
        '            models.Instance.security_groups\n'),),
    since='2026.2',
)

SINGLE_ATTACHMENT_SWAP_REFUSED = Fault(
    origin='mutation of nova 5a1d159d14 (> 1 becomes >= 1)',
    symptom='No attached volume can be moved, not even one that a single '
            'server uses.',
    expected="'success' != 'error': migration status",
    changes=(Change(
        'nova.compute.api',
        'self._count_attachments_for_swap(context, old_volume) > 1:',
        'self._count_attachments_for_swap(context, old_volume) >= 1:'),),
)

SWAP_NOT_AMONG_SERVER_ACTIONS = Fault(
    origin='before nova 1cea4f0135 only other actions were recorded',
    symptom='The list of what was done to a server does not have the swap.',
    expected=r"\['swap_volume'\] != \[\]",
    changes=(
        Change(
            'nova.compute.api',
            '        self._record_action_start(\n'
            '            context, instance, instance_actions.SWAP_VOLUME)\n',
            ''),
        Change(
            'nova.compute.manager',
            "    @wrap_instance_event(prefix='compute')\n"
            '    @wrap_instance_fault\n'
            '    def swap_volume(',
            '    @wrap_instance_fault\n'
            '    def swap_volume('),
    ),
)

SWAP_ON_SERVER_WITHOUT_VOLUME_ACCEPTED = Fault(
    origin='before nova fe2442fd83 the server was not looked at',
    symptom='A swap on a server that does not have the volume leaves it in '
            'the status detaching.',
    expected='attached to a different instance", (got|but)',
    changes=(Change(
        'nova.compute.api',
        "if not old_volume.get('attachments', {}).get(instance.uuid):",
        'if False:'),),
)

SWAP_ON_STOPPED_SERVER_ACCEPTED = Fault(
    origin='bug 1673090: before nova b40d949b31 any server would do',
    symptom='A volume of a stopped server can be swapped, and is not copied.',
    expected='"vm_state", (got 400|but it was accepted)',
    changes=(Change(
        'nova.compute.api',
        '                                    vm_states.RESIZED])\n'
        '    def swap_volume(',
        '                                    vm_states.RESIZED,\n'
        '                                    vm_states.STOPPED])\n'
        '    def swap_volume('),),
)

SWAP_OPEN_TO_EVERY_USER = Fault(
    origin='bug 1522705: before nova f738483e84 every user could swap',
    symptom='An ordinary member of a project gets past the policy of the '
            'swap.',
    expected='attachments:swap to be performed", (got|but)',
    changes=(Change(
        'nova.policies.volumes_attachments',
        "name=POLICY_ROOT % 'swap',\n"
        '        check_str=base.SERVICE_ROLE,',
        "name=POLICY_ROOT % 'swap',\n"
        "        check_str='@',"),),
    since='2026.2',
)

SWAP_TO_ATTACHED_VOLUME_ACCEPTED = Fault(
    origin='mutation (the check of the new volume is gone)',
    symptom='A volume can be swapped for one that another server uses, which '
            'is overwritten.',
    expected='must be detached in order to swap", (got|but)',
    changes=(Change(
        'nova.compute.api',
        "if new_volume['attach_status'] == 'attached':",
        'if False:'),),
)

SWAP_TO_SMALLER_VOLUME_ACCEPTED = Fault(
    origin='mutation of nova 8f51b120b4 (the sizes are not compared)',
    symptom='A volume can be swapped for a smaller one, and its end is lost.',
    expected='must be the same size or larger", (got|but)',
    changes=(Change(
        'nova.compute.api',
        "if int(new_volume['size']) < int(old_volume['size']):",
        'if False:'),),
)

SWAP_WITH_UPDATE_OPEN_TO_MEMBERS = Fault(
    origin='mutation of nova fcf5863662 (only old microversions ask the '
           'policy for a swap)',
    symptom='From microversion 2.85 on an ordinary member of a project gets '
            'past the policy of the swap.',
    expected='attachments:swap to be performed", (got|but)',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        'if only_swap or id != volume_id:',
        'if only_swap:'),),
    since='2026.2',
)

UNKNOWN_SWAP_TARGET_IS_NOT_FOUND = Fault(
    origin='bug 1629110: before nova edd86d9dac both volumes were answered '
           'alike',
    symptom='A swap to a volume that does not exist is refused with 404, as '
            'if the old one did not exist.',
    expected='expected 400 .*could not be found", got 404',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            # NotFound response if that is not existent.\n'
        '            raise exc.HTTPBadRequest(',
        '            raise exc.HTTPNotFound('),),
    since='2026.2',
)

UNKNOWN_VOLUME_TO_SWAP_IS_SERVER_ERROR = Fault(
    origin='mutation of nova edd86d9dac (an exception that the API does not '
           'know), as in bug 1750064 (nova 5754ac0ab3)',
    symptom='The swap of a volume that does not exist gives error 500.',
    expected='could not be found", got 500',
    changes=(Change(
        'nova.api.openstack.compute.volume_attachments',
        '            old_volume = self.volume_api.get(context, '
        'old_volume_id)\n'
        '        except exception.VolumeNotFound as e:\n',
        '            old_volume = self.volume_api.get(context, '
        'old_volume_id)\n'
        '        except exception.InstanceNotFound as e:\n'),),
    since='2026.2',
)

VOLUME_ATTACHED_TWICE_TO_ONE_SERVER = Fault(
    origin='before nova 4dd0656961 the new attachments let it pass',
    symptom='A multiattach volume can be attached twice to one server.',
    expected='"already attached", but it was accepted',
    changes=(
        Change(
            'nova.compute.api',
            'if any(b for b in bdms if b.instance_uuid == instance.uuid):',
            'if False:'),
        # It looks once more, with the lock that the API does not have.
        Change(
            'nova.compute.manager',
            'if any(b for b in bdms if b.volume_id == volume_id):',
            'if False:')),
)

VOLUME_OF_SHELVED_SERVER_CANNOT_BE_DETACHED = Fault(
    origin='bug 1808089: before nova 41b982c9fe it asked always',
    symptom='A volume cannot be detached from a server that is shelved.',
    expected='Unable to detach volume',
    changes=(Change(
        'nova.compute.api',
        'if not bdms[0].attachment_id:',
        'if True:'),),
)
