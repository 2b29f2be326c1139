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

from oslotest import base
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin.tests import pools

LVM = {'pool_name': 'lvmdriver-1', 'volume_backend_name': 'lvmdriver-1',
       'storage_protocol': 'iSCSI', 'multiattach': True,
       'total_capacity_gb': 100.0, 'free_capacity_gb': 90.0,
       'reserved_percentage': 0}
# Storage that reports no pools has its statistics here, and no pool_name.
RBD = {'volume_backend_name': 'ceph', 'storage_protocol': 'ceph',
       'multiattach': True, 'total_capacity_gb': 'unknown',
       'free_capacity_gb': 'unknown', 'reserved_percentage': 0}
NFS = {'volume_backend_name': 'nfs', 'storage_protocol': 'nfs',
       'total_capacity_gb': 100, 'free_capacity_gb': 100,
       'reserved_percentage': 10}


def pool(name, capabilities=LVM, zone='nova', **changes):
    return pools.Pool((name,), zone, {**capabilities, **changes})


FIRST = pool('host@lvmdriver-1#lvmdriver-1')
SECOND = pool('host@lvmdriver-2#lvmdriver-2', pool_name='lvmdriver-2',
              volume_backend_name='lvmdriver-2')
CEPH = pool('host@ceph#ceph', RBD)


def clustered(state='up', status='enabled'):
    """Read the pool of a cluster of two hosts.

    :param str state: of the first one, as 'down'
    :param str status: of the first one, as 'disabled'
    """
    return pools.read_pool(
        {'name': 'cluster@a#a', 'capabilities': LVM},
        [{'host': f'{host}@a', 'cluster': 'cluster@a', 'zone': 'nova',
          'state': state, 'status': status}
         for host, state, status in (('one', state, status),
                                     ('two', 'up', 'enabled'))])


TYPES = [{'id': '1', 'name': 'plain', 'extra_specs': {}},
         {'id': '2', 'name': 'shared',
          'extra_specs': {'multiattach': '<is> True'}}]


class ServesTest(base.BaseTestCase):

    def test_every_extra_spec_has_to_be_met(self):
        specs = {'multiattach': '<is> True',
                 'volume_backend_name': 'lvmdriver-1'}
        self.assertTrue(FIRST.serves(specs))
        self.assertFalse(SECOND.serves(specs))
        self.assertFalse(pool('n', multiattach=False).serves(specs))

    def test_what_the_storage_does_not_report_is_not_met(self):
        self.assertFalse(CEPH.serves({'pool_name': 'ceph'}))
        self.assertFalse(pool('host@nfs#nfs', NFS).serves(pools.MULTIATTACH))

    def test_scope_tells_what_is_for_the_scheduler(self):
        self.assertTrue(FIRST.serves({'provisioning:type': 'thin'}))
        self.assertFalse(FIRST.serves({'capabilities:pool_name': 'other'}))

    def test_part_of_a_capability_is_looked_for(self):
        self.assertTrue(FIRST.serves({'storage_protocol': '<in> SCSI'}))
        self.assertFalse(CEPH.serves({'storage_protocol': '<in> SCSI'}))


class RoomTest(base.BaseTestCase):

    def test_reserved_part_is_no_room(self):
        self.assertEqual(90, pool('host@nfs#nfs', NFS).room)

    def test_storage_that_does_not_say_has_room(self):
        self.assertEqual(float('inf'), CEPH.room)


class DestinationTest(base.BaseTestCase):

    def destination(self, *found, host=FIRST.name, specs=(), size=1):
        return pools.destination(found, dict(specs), {
            'os-vol-host-attr:host': host, 'availability_zone': 'nova',
            'size': size})

    def test_first_other_pool_is_taken(self):
        self.assertEqual(SECOND.name, self.destination(FIRST, SECOND, CEPH))
        self.assertEqual(
            FIRST.name, self.destination(FIRST, SECOND, host=SECOND.name))

    def test_pool_of_another_backend_is_preferred(self):
        own = pool('host@lvmdriver-1#second')
        self.assertEqual(SECOND.name, self.destination(own, FIRST, SECOND))
        self.assertEqual(own.name, self.destination(FIRST, own))

    def test_pools_that_cannot_take_the_volume_are_left_out(self):
        for other in (pool('full', free_capacity_gb=1),
                      pool('plain', multiattach=False),
                      pool('elsewhere', zone='other')):
            self.assertEqual(
                SECOND.name, self.destination(other, FIRST, SECOND, size=2))

    def test_type_of_one_pool_has_nowhere_to_go(self):
        self.assertIsNone(self.destination(FIRST, SECOND, specs={
            'volume_backend_name': 'lvmdriver-1'}))

    def test_pool_whose_zone_nobody_knows_is_taken(self):
        self.assertEqual('cluster@a#a', self.destination(
            FIRST, pool('cluster@a#a', zone=None)))

    def test_hosts_of_a_pool_may_be_in_a_cluster(self):
        self.assertTrue(clustered().clustered)
        self.assertFalse(pools.read_pool(
            {'name': 'host@a#a', 'capabilities': LVM},
            [{'host': 'host@a', 'cluster': None, 'zone': 'nova',
              'state': 'up', 'status': 'enabled'}]).clustered)

    def test_pool_of_a_cluster_holds_volumes_of_each_host(self):
        self.assertIsNone(self.destination(clustered(), host='two@a#a'))

    def test_pool_of_a_cluster_is_named_by_a_host(self):
        self.assertEqual('one@a#a', self.destination(clustered()))
        self.assertEqual(
            clustered(), pools.find_pool([clustered()], 'two@a#a'))

    def test_host_that_is_down_is_not_asked_to_take_a_volume(self):
        for broken in (clustered(state='down'), clustered(status='disabled')):
            self.assertEqual('two@a#a', self.destination(broken))
            self.assertIsNone(self.destination(broken, host='one@a#a'))


class SpecsOfTest(base.BaseTestCase):

    def test_pool_is_told_by_backend_and_pool_name(self):
        self.assertEqual({'volume_backend_name': 'lvmdriver-2',
                          'pool_name': 'lvmdriver-2'},
                         pools.specs_of([FIRST, SECOND, CEPH], SECOND.name))

    def test_storage_without_pools_is_told_by_its_backend(self):
        self.assertEqual({'volume_backend_name': 'ceph'},
                         pools.specs_of([FIRST, CEPH], CEPH.name))

    def test_twins_cannot_be_told_apart(self):
        twin = pool('other@lvmdriver-1#lvmdriver-1')
        self.assertIsNone(pools.specs_of([FIRST, twin], FIRST.name))


class SizeTest(base.BaseTestCase):

    def size(self, needed, smallest, step):
        for name, value in (('volume_size', smallest),
                            ('volume_size_extend', step)):
            pools.CONF.set_override(name, value, 'volume')
            self.addCleanup(pools.CONF.clear_override, name, 'volume')
        return pools.size_for(needed)

    def test_smallest_volume_that_serves_is_taken(self):
        self.assertEqual(1, self.size(0.1, smallest=1, step=1))
        self.assertEqual(8, self.size(8, smallest=8, step=8))

    def test_steps_of_the_storage_are_kept(self):
        self.assertEqual(2, self.size(1.1, smallest=1, step=1))
        self.assertEqual(16, self.size(9, smallest=8, step=8))
        self.assertEqual(18, self.size(17, smallest=2, step=8))


class NamesTest(base.BaseTestCase):

    def test_type_is_found_by_name_and_by_id(self):
        for name in ('shared', '2'):
            self.assertEqual(TYPES[1], pools.find_type(TYPES, name, True))

    def test_type_that_is_missing_or_wrong_is_named(self):
        for name, multiattach, words in (
                ('none', None, 'type none; the cloud has plain, shared'),
                ('shared', False, 'shared must not have the extra spec'),
                ('plain', True, 'plain must have the extra spec')):
            error = self.assertRaises(
                lib_exc.InvalidConfiguration, pools.find_type, TYPES, name,
                multiattach)
            self.assertIn(words, str(error))

    def test_unknown_pool_is_named_with_those_there_are(self):
        self.assertEqual(CEPH, pools.find_pool([FIRST, CEPH], CEPH.name))
        error = self.assertRaises(lib_exc.InvalidConfiguration,
                                  pools.find_pool, [FIRST, CEPH], 'none')
        self.assertIn(f'none; the cloud has {FIRST.name}, {CEPH.name}',
                      str(error))
