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

"""The kinds of cloud that the lab can be, one row each."""

import dataclasses

from multiattach_lab import errors

_OLD_POLICIES = {'oslo_policy': {'enforce_scope': False,
                                 'enforce_new_defaults': False}}


@dataclasses.dataclass(frozen=True)
class Pool:
    """A backend of Cinder with one pool, both of one name, or with ``pools``.

    ``host`` is the host of its cinder-volume, ``zone`` its availability zone,
    ``free`` what is left of 1000 GiB. Sizes are multiples of ``step`` GiB.
    Storage that does not report pools (``reports_pools``) has its statistics
    where others have their list of pools. The host may be in a ``cluster``.
    Storage that ``retypes`` does so without a copy, between its pools too.
    """
    name: str
    host: str = 'storage'
    zone: str = 'nova'
    free: int = 1000
    multiattach: bool = True
    step: int = 1
    reports_pools: bool = True
    cluster: str = ''
    pools: tuple[str, ...] = ()
    retypes: bool = True

    @property
    def backend(self):
        """The name of its cinder-volume, as it is in lists of services."""
        return f'{self.host}@{self.name}'


@dataclasses.dataclass(frozen=True)
class Kind:
    """One row: what differs from the cloud that most rows are.

    ``who`` has such a cloud, ``what`` differs. Users of ``accounts``
    ({project: [roles of a user, ...]}) are made for each of four workers and
    listed in an accounts file; without any, Tempest makes users.
    ``crowd`` volumes and servers of somebody else are in the first of these
    projects, and in it a ``neighbour`` works all the time.
    ``options`` of the services are {service: {section: {option: value}}},
    ``policies`` {service: {rule: check}}, and those of ``tempest``.conf
    {section: {option: value}}. With ``private_types`` volume types are for
    the projects of the accounts alone; ``front_end_qos`` is that of the
    multiattach type. What is in front of the services
    ``busy`` is slow, and some requests fail in it. ``service_role`` is the
    role of services; an ``image`` has so many MiB, and the ``disk`` of a
    flavor so many GiB. There are so many ``computes``, and with ``guests``
    their servers are real.
    """
    name: str
    who: str
    what: str
    accounts: dict = dataclasses.field(default_factory=dict)
    crowd: int = 0
    neighbour: bool = False
    options: dict = dataclasses.field(default_factory=dict)
    policies: dict = dataclasses.field(default_factory=dict)
    pools: tuple[Pool, ...] = (Pool('pool-1'), Pool('pool-2'))
    private_types: bool = False
    front_end_qos: dict = dataclasses.field(default_factory=dict)
    busy: tuple[str, ...] = ()
    service_role: str = 'service'
    image: int = 1
    disk: int = 1
    tempest: dict = dataclasses.field(default_factory=dict)
    computes: tuple[str, ...] = ('compute-1', 'compute-2')
    guests: bool = False


_ACCOUNTS = {'members': (['member'], ['reader']),
             'operators': (['admin'], ['admin', 'service'], ['service'])}
# What a deployer allows a project that four workers share.
_QUOTAS = {'nova': {'quota': {'instances': 50, 'cores': 50}}}

DEFAULT = 'default'
GUESTS = 'guests'

KINDS = {row.name: row for row in (
    Kind(DEFAULT, 'devstack and most gate jobs',
         'two pools, default policies; Tempest makes its users'),
    Kind('accounts', 'deployers without rights in Keystone',
         'an accounts file; all members are of one project, in which a '
         'neighbour makes and deletes volumes and types all the time',
         accounts=_ACCOUNTS, neighbour=True, options=_QUOTAS),
    Kind('accounts-minimal', 'who lists what the documentation asks for',
         'an accounts file with a member, an administrator and a service '
         'user for each worker, all of one project',
         accounts={'members': (['member'], ['admin'], ['admin', 'service'])},
         options=_QUOTAS),
    Kind('plain-stats', 'Ceph RBD, NFS and other storage without pools',
         'the storage reports no pools',
         pools=(Pool('pool-1', reports_pools=False),
                Pool('pool-2', reports_pools=False))),
    Kind('many-pools', 'most production clouds',
         'two hosts have the same pool; one pool is full, one has no '
         'multiattach, one is in another zone',
         pools=(Pool('full', free=0), Pool('plain', multiattach=False),
                Pool('elsewhere', zone='elsewhere'), Pool('twin'),
                Pool('twin', host='other-storage'))),
    Kind('clusters', 'storage that several hosts serve at once',
         'the host of each pool is in a cluster',
         pools=(Pool('pool-1', cluster='cluster'),
                Pool('pool-2', cluster='cluster'))),
    Kind('private-types', 'most production clouds',
         'no volume type is public', accounts=_ACCOUNTS, options=_QUOTAS,
         private_types=True),
    Kind('small-pages', 'large deployers',
         'lists come in pages of five, and more is in the project',
         accounts=_ACCOUNTS, crowd=7,
         options={'nova': {**_QUOTAS['nova'], 'api': {'max_limit': 5}},
                  'cinder': {'DEFAULT': {'osapi_max_limit': 5}}}),
    Kind('slow', 'clouds behind a proxy that has much to do',
         'requests to Nova and Cinder take 0.3 s more; now and then a GET '
         'gets 429 or 503, or no answer',
         busy=('nova', 'cinder'),
         tempest={'service-clients': {'http_timeout': 20}}),
    Kind('old-policies', 'most clouds that were upgraded',
         'no scopes, no new defaults, and everybody is a member',
         options=dict.fromkeys(
             ('keystone', 'placement', 'glance', 'neutron', 'nova', 'cinder'),
             _OLD_POLICIES),
         tempest={'enforce_scope': {'nova': False, 'cinder': False},
                  'auth': {'tempest_roles': 'member'}}),
    Kind('no-service-role', 'clouds that were upgraded from before 2023.2',
         'Keystone has no role service; services have another one',
         service_role='cloud-service',
         # Neutron 29.0 keeps the ports of servers for the role service.
         policies={'neutron': {
             'delete_port': 'rule:admin_only or service_roles:cloud-service '
                            'and project_id:%(project_id)s'}}),
    Kind('one-pool', 'small clouds', 'there is no pool to move to',
         pools=(Pool('pool-1'),)),
    Kind('three-servers', 'clusters of more than two nodes',
         'three servers share a volume',
         tempest={'multiattach': {'servers': 3}}),
    Kind('no-snapshots', 'storage without snapshots',
         'nobody may make a snapshot',
         policies={'cinder': {'volume:create_snapshot': '!'}},
         tempest={'volume-feature-enabled': {'snapshot': False}}),
    Kind('no-shelve', 'clouds whose servers stay where they are',
         'nobody may shelve a server',
         policies={'nova': {'os_compute_api:os-shelve:shelve': '!'}},
         tempest={'compute-feature-enabled': {'shelve': False}}),
    Kind('steps', 'storage that allocates in steps',
         'the size of a volume is a multiple of 8 GiB',
         pools=(Pool('pool-1', step=8), Pool('pool-2', step=8)),
         tempest={'volume': {'volume_size': 8, 'volume_size_extend': 8}}),
    Kind('array', 'one array with several pools',
         'the storage itself moves a volume to its other pool for a retype',
         pools=(Pool('array', pools=('pool-1', 'pool-2')),)),
    Kind('no-retype', 'storage whose driver cannot retype',
         'Cinder copies a volume that gets another type',
         pools=(Pool('pool-1', retypes=False),
                Pool('pool-2', retypes=False)),
         tempest={'multiattach': {'unflag_in_use': 'no'}}),
    Kind('no-swap', 'Ceph: libvirt does not swap its disks',
         'the hypervisor cannot swap a volume',
         options={'nova': {'multiattach_lab': {'swaps': False}}},
         tempest={'compute-feature-enabled': {'swap_volume': False}}),
    Kind('front-end-qos', 'clouds that limit what a disk may do',
         'the multiattach type has front-end QoS',
         front_end_qos={'total_iops_sec': '500'}),
    Kind('soft-delete', 'clouds that can restore a deleted server',
         'a deleted server keeps its volumes for a day',
         options={'nova': {'DEFAULT': {'reclaim_instance_interval': 86400}}}),
    Kind('large-image', 'who boots more than a test image',
         'the image is larger than 1 GiB and does not say which disk it '
         'needs', image=1126, disk=2),
    Kind(GUESTS, 'everybody', 'servers are guests that write and read, at '
         'floating IPs: QEMU without hardware, on one compute; needs more of '
         'the system',
         # One machine is one hypervisor.
         computes=('compute-1',), guests=True,
         options={'neutron': {'ml2': {
             'mechanism_drivers': 'multiattach_lab_guests'}}, 'nova': {
             'DEFAULT': {'compute_driver': 'guest.Guest',
                         'force_config_drive': True,
                         # Guests hear no power button.
                         'shutdown_timeout': 0,
                         'reserved_host_memory_mb': 0,
                         # Neutron tells Nova nothing here.
                         'vif_plugging_timeout': 0,
                         'vif_plugging_is_fatal': False},
             'libvirt': {'virt_type': 'qemu', 'cpu_mode': 'none',
                         'hw_machine_type': 'x86_64=pc',
                         'images_type': 'qcow2',
                         'snapshot_image_format': 'qcow2',
                         'tb_cache_size': 32,
                         'wait_soft_reboot_seconds': 1,
                         'connection_uri': 'qemu+unix:///session?socket='
                                           '/run/libvirt/libvirt-sock'}}},
         tempest={'validation': {
             'run_validation': True, 'connect_method': 'floating',
             'image_ssh_user': 'root',
             'ssh_timeout': 120, 'connect_timeout': 20,
             'ping_timeout': 1}}),
)}


# What needs nothing more of the system.
WITHOUT_GUESTS = [row.name for row in KINDS.values() if not row.guests]


def get(name):
    """Return the row of that name.

    :raises LabError: if no kind has that name
    """
    try:
        return KINDS[name]
    except KeyError:
        raise errors.LabError(
            f'There is no kind of cloud "{name}": choose one of '
            f'{", ".join(KINDS)}.') from None
