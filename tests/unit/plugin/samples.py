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

"""Answers of Nova and Cinder about a volume on two servers."""

from multiattach_tempest_plugin import state

VOLUME_ID = '5d6a8a3c-4d0f-4a2e-9f38-5b2b7c0a4e11'
SERVER_1 = '0f5c1b1e-8c9d-4a55-b7be-6d1a6b9d7c01'
SERVER_2 = '9a1e7f52-3b6c-4c8e-8f0a-2f4f1f6d1c02'
ATTACHMENT_1 = 'a4b7c8d9-1111-4e5f-8a9b-0c1d2e3f4a01'
ATTACHMENT_2 = 'a4b7c8d9-2222-4e5f-8a9b-0c1d2e3f4a02'
RESERVED = 'a4b7c8d9-3333-4e5f-8a9b-0c1d2e3f4a03'
TEMPORARY = 'c0ffee00-5b6a-4c7d-8e9f-a0b1c2d3e4f5'

# GET /v3/volumes/{id}, as an administrator.
VOLUME = {
    'id': VOLUME_ID,
    'status': 'in-use',
    'size': 1,
    'availability_zone': 'nova',
    'created_at': '2026-11-23T11:40:12.000000',
    'updated_at': '2026-11-23T11:40:18.000000',
    'name': 'tempest-SwapNegativeTest-volume-1033846206',
    'description': None,
    'volume_type': 'multiattach',
    'snapshot_id': None,
    'source_volid': None,
    'metadata': {'attached_mode': 'rw'},
    'links': [],
    'user_id': '6f0c1a5e2b1d4e8c9a7b3d5f1e2c4a6b',
    'bootable': 'false',
    'encrypted': False,
    'replication_status': None,
    'consistencygroup_id': None,
    'multiattach': True,
    'migration_status': None,
    'os-vol-tenant-attr:tenant_id': 'e1b2c3d4e5f60718293a4b5c6d7e8f90',
    'os-vol-mig-status-attr:migstat': None,
    'os-vol-mig-status-attr:name_id': None,
    'os-vol-host-attr:host': 'storage@pool-2#pool-2',
    'attachments': [
        {'id': VOLUME_ID, 'attachment_id': ATTACHMENT_1,
         'volume_id': VOLUME_ID, 'server_id': SERVER_1,
         'host_name': 'compute-1', 'device': '/dev/sdb',
         'attached_at': '2026-11-23T11:40:15.000000'},
        {'id': VOLUME_ID, 'attachment_id': ATTACHMENT_2,
         'volume_id': VOLUME_ID, 'server_id': SERVER_2,
         'host_name': 'compute-2', 'device': '/dev/sdc',
         'attached_at': '2026-11-23T11:40:18.000000'},
    ],
}


def cinder_attachment(uuid, server, status='attached', mode='rw'):
    """Make an entry of GET /v3/attachments/detail."""
    return {
        'id': uuid, 'status': status, 'instance': server,
        'volume_id': VOLUME_ID, 'attached_at': '2026-11-23T11:40:15.000000',
        'detached_at': '', 'attach_mode': mode,
        'connection_info': {'driver_volume_type': 'iscsi',
                            'access_mode': 'rw', 'encrypted': False,
                            'cacheable': False, 'attachment_id': uuid,
                            'auth_password': 'not to be kept'},
    }


ATTACHMENTS = [cinder_attachment(ATTACHMENT_1, SERVER_1),
               cinder_attachment(ATTACHMENT_2, SERVER_2)]


# GET /servers/{id}, shortened.

def nova_attachment(server, attachment, device='/dev/sdb'):
    """Make an entry of GET /servers/{id}/os-volume_attachments at 2.89."""
    return {'volumeId': VOLUME_ID, 'serverId': server, 'device': device,
            'tag': None, 'delete_on_termination': False,
            'attachment_id': attachment, 'bdm_uuid': 'b' + attachment[1:]}


# GET /v3/os-quota-sets/{project}?usage=True, shortened to two types.
QUOTA_SET = {
    'id': 'e1b2c3d4e5f60718293a4b5c6d7e8f90',
    'volumes': {'limit': 10, 'in_use': 2, 'reserved': 0},
    'gigabytes': {'limit': 1000, 'in_use': 2, 'reserved': 0},
    'volumes_multiattach': {
        'limit': -1, 'in_use': 2, 'reserved': 0},
    'gigabytes_multiattach': {
        'limit': -1, 'in_use': 2, 'reserved': 0},
    'snapshots': {'limit': 10, 'in_use': 0, 'reserved': 0},
    'volumes_plain': {'limit': -1, 'in_use': 0, 'reserved': 0},
    'gigabytes_plain': {'limit': -1, 'in_use': 0, 'reserved': 0},
    'backups': {'limit': 10, 'in_use': 0, 'reserved': 0},
    'per_volume_gigabytes': {
        'limit': -1, 'in_use': 0, 'reserved': 0},
}

# Entries of GET /v3/volumes/detail as an administrator, shortened.
VOLUMES_DURING_MIGRATION = [
    {'id': VOLUME_ID, 'name': 'volume', 'status': 'in-use',
     'migration_status': 'migrating', 'description': None},
    {'id': TEMPORARY, 'name': 'volume', 'status': 'reserved',
     'migration_status': f'target:{VOLUME_ID}', 'description': None},
]
VOLUMES_RIGHT_AFTER_MIGRATION = [
    {'id': VOLUME_ID, 'name': 'volume', 'status': 'in-use',
     'migration_status': 'success', 'description': None},
    {'id': TEMPORARY, 'name': 'volume', 'status': 'deleting',
     'migration_status': 'deleting',
     'description': f'migration src for {VOLUME_ID}'},
]

ACTIONS = {'req-2': 'attach_volume', 'req-1': 'create'}


def shared_state():
    """Make the state of the volume when both servers have it."""
    return state.State(
        volumes={VOLUME_ID: state.Volume.from_api(VOLUME, ATTACHMENTS)},
        actions={SERVER_1: ACTIONS},
        nova_attachments={
            server: {VOLUME_ID: state.NovaAttachment.from_api(
                nova_attachment(server, attachment))}
            for server, attachment in ((SERVER_1, ATTACHMENT_1),
                                       (SERVER_2, ATTACHMENT_2))},
        temporary_volumes={VOLUME_ID: {}},
        quota_usage=state.quota_usage(QUOTA_SET))
