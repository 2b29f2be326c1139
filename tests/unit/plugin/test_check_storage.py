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

from multiattach_tempest_plugin.verify import check_row
from multiattach_tempest_plugin.verify import check_servers
from multiattach_tempest_plugin.verify import check_storage
from tests.unit.plugin import checks
from tests.unit.plugin import test_pools


class StorageTest(checks.CheckTest):

    def types(self, *types, text='', **changes):
        return self.rows(
            check_storage.types, checks.cloud(types=list(types), **changes),
            text)

    def test_first_types_that_fit_are_proposed(self):
        self.assertEqual(
            [{('volume', 'volume_type_multiattach'): 'shared'},
             {('multiattach', 'plain_volume_type'): 'plain'}],
            [row.lines for row in self.types(checks.PLAIN, checks.SHARED)])

    def test_types_that_are_set_stay(self):
        self.assertEqual([{}, {}], [row.lines for row in self.types(
            {**checks.SHARED, 'name': 'other', 'id': '3'}, checks.SHARED,
            checks.PLAIN,
            text='[volume]\nvolume_type_multiattach = 2\n'
                 'volume_type = plain\n')])

    def test_missing_types_are_made_with_a_command(self):
        [row] = self.types(checks.PLAIN)
        self.assertIn("multiattach='<is> True'", row.advice)
        _, row = self.types(checks.SHARED)
        self.assertEqual('openstack volume type create --public plain',
                         row.advice)

    def test_plain_type_is_on_the_same_backend(self):
        second = {**checks.PLAIN, 'extra_specs': {
            'volume_backend_name': 'lvmdriver-2'}}
        first = {**checks.SHARED, 'extra_specs': {
            **checks.SHARED['extra_specs'],
            'volume_backend_name': 'lvmdriver-1'}}
        _, row = self.types(first, second)
        self.assertEqual((check_row.NO, {}), (row.ready, row.lines))

    def test_private_type_is_for_its_projects(self):
        private = {**checks.SHARED, 'is_public': False, 'projects': ['m']}
        [row] = self.types(private, checks.PLAIN)
        self.assertEqual('openstack volume type set --public shared',
                         row.advice)
        row, _ = self.types(private, checks.PLAIN,
                            accounts=[checks.account('a', 'member')])
        self.assertEqual({('volume', 'volume_type_multiattach'): 'shared'},
                         row.lines)

    def pools(self, *found, text=''):
        return self.row(
            check_storage.destinations, checks.cloud(pools=list(found)),
            f'[volume]\nvolume_type_multiattach = shared\n{text}')

    def test_one_pool_leaves_out_what_moves_volumes(self):
        row = self.pools(test_pools.FIRST)
        self.assertEqual((check_row.PARTLY, True),
                         (row.ready, 'destination_of' in row.skips))

    def test_pool_that_is_full_or_elsewhere_is_none(self):
        for other in (test_pools.pool('b', free_capacity_gb=0),
                      test_pools.pool('b', zone='elsewhere'),
                      test_pools.pool('b', multiattach=False)):
            self.assertEqual(check_row.PARTLY,
                             self.pools(test_pools.FIRST, other).ready)

    def test_pools_that_are_alike_cannot_be_told_by_a_type(self):
        row = self.pools(test_pools.FIRST, test_pools.pool('other'))
        self.assertEqual(('type_of_pool',), row.skips)

    def test_storage_may_move_volumes_between_its_pools_by_itself(self):
        row = self.pools(*(test_pools.pool(f'array#{name}', pool_name=name)
                           for name in ('gold', 'silver')))
        self.assertEqual((check_row.PARTLY, ('type_elsewhere',)),
                         (row.ready, row.skips))
        self.assertEqual(check_row.YES, self.pools(
            test_pools.FIRST, test_pools.SECOND).ready)

    def test_cloud_without_multiattach_pools_is_not_ready(self):
        row = self.pools(test_pools.pool('a', multiattach=False))
        self.assertEqual(check_row.NO, row.ready)
        self.assertEqual(check_row.NO, self.pools().ready)

    def test_destination_that_is_set_has_to_exist(self):
        row = self.pools(
            test_pools.FIRST, test_pools.SECOND,
            text='[multiattach]\nmigration_destination = a@b#c\n')
        self.assertEqual(
            {('multiattach', 'migration_destination'): ''}, row.lines)

    def test_quota_is_for_all_workers_of_a_project(self):
        text = ('[auth]\nuse_dynamic_credentials = False\n'
                '[compute]\nflavor_ref = f\n')
        self.assertEqual(
            check_row.YES,
            self.row(check_storage.quotas, checks.cloud()).ready)
        for left, ready in ((10, check_row.YES), (9, check_row.PARTLY),
                            (4, check_row.NO)):
            row = self.row(check_storage.quotas, checks.cloud(
                accounts=[checks.account('m', 'member')],
                quota={'volumes': left}), text)
            self.assertEqual(ready, row.ready, left)
            self.assertEqual(
                left < 10, 'openstack quota set members --volumes 10'
                in row.advice)

    def test_quota_without_an_end_is_enough(self):
        self.assertEqual(check_row.YES, self.row(
            check_storage.quotas,
            checks.cloud(quota=dict.fromkeys(checks.cloud().quota, -1))).ready)


class ServersTest(checks.CheckTest):

    def chosen(self, **changes):
        rows = self.rows(
            check_servers.image_and_flavor, checks.cloud(**changes))
        return [next(iter(row.lines.values()), row.advice) for row in rows]

    def test_smallest_of_what_fits_is_proposed(self):
        large = {**checks.IMAGE, 'id': 'j', 'size': 2 ** 31}
        kernel = {**checks.IMAGE, 'id': 'k', 'size': 1, 'disk_format': 'aki'}
        diskless = {**checks.FLAVOR, 'id': 'd', 'ram': 1, 'disk': 0}
        private = {**checks.FLAVOR, 'id': 'p', 'ram': 1, 'is_public': False}
        self.assertEqual(
            ['i', 'j', 'f', 'create one, and set [compute] flavor_ref_alt'],
            self.chosen(images=[large, kernel, checks.IMAGE],
                        flavors=[diskless, private, checks.FLAVOR]))

    def test_another_one_is_no_smaller(self):
        smaller = {**checks.FLAVOR, 'id': 's', 'disk': 1, 'ram': 4096}
        larger = {**checks.FLAVOR, 'id': 'l', 'disk': 99, 'ram': 8192}
        first = {**checks.FLAVOR, 'disk': 2}
        self.assertEqual('l', self.chosen(
            flavors=[first, smaller, larger])[-1])

    def test_flavor_has_room_for_the_image(self):
        self.assertEqual(
            ['i', 'create one, and set [compute] image_ref_alt',
             'openstack flavor create --ram 512 --disk 3 --vcpus 1 '
             'multiattach'],
            self.chosen(images=[{**checks.IMAGE, 'size': 2 ** 31 + 1,
                                 'min_ram': 512}]))

    def test_network_is_shared_or_made_by_tempest(self):
        row = self.row(check_servers.networks, checks.cloud())
        self.assertEqual(
            {('compute', 'fixed_network_name'): 'shared',
             ('auth', 'create_isolated_networks'): False}, row.lines)
        row = self.row(
            check_servers.networks, checks.cloud(networks=[checks.PUBLIC]))
        self.assertEqual((check_row.YES, {}), (row.ready, row.lines))

    def test_guests_are_logged_in_to_where_that_may_work(self):
        text = '[validation]\nrun_validation = True\n'
        key = ('validation', 'run_validation')
        for changes, lines in (
                ({'hypervisors': {'fake'}}, {key: False}),
                ({'networks': [checks.NETWORK]}, {key: False}),
                ({'networks': [checks.NETWORK, checks.PUBLIC]},
                 {('network', 'public_network_id'): 'p',
                  ('network', 'floating_network_name'): 'public'})):
            row = self.row(check_servers.guests, checks.cloud(**changes), text)
            self.assertEqual(lines, row.lines)
        row = self.row(
            check_servers.guests, checks.cloud(networks=[checks.PUBLIC]),
            f'{text}[network]\npublic_network_id = p\n')
        self.assertEqual(check_row.YES, row.ready)

    def test_cloud_without_computes_is_not_ready(self):
        row = self.row(check_servers.computes, checks.cloud(computes=[]))
        self.assertEqual(check_row.NO, row.ready)
