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

from multiattach_tempest_plugin.tests import base as plugin_base


def pool(name, backend_name, multiattach=True):
    """Make an entry of GET /v3/scheduler-stats/get_pools?detail=True."""
    return {'name': name, 'capabilities': {
        'pool_name': name.partition('#')[2], 'total_capacity_gb': 1000,
        'free_capacity_gb': 1000, 'reserved_percentage': 0,
        'multiattach': multiattach, 'volume_backend_name': backend_name,
        'storage_protocol': 'iSCSI'}}


class OtherPoolTest(base.BaseTestCase):

    pools = [pool('controller@first#first', 'first'),
             pool('controller@old#old', 'old', multiattach=False),
             pool('controller@second#second', 'second'),
             pool('controller@third#third', 'first')]

    def test_first_pool_with_multiattach_is_taken(self):
        self.assertEqual(
            'controller@second#second',
            plugin_base.other_pool(self.pools, None,
                                   'controller@first#first'))

    def test_volume_does_not_move_to_where_it_is(self):
        self.assertEqual(
            'controller@first#first',
            plugin_base.other_pool(self.pools, None,
                                   'controller@second#second'))

    def test_backend_name_of_the_type_is_kept(self):
        self.assertEqual(
            'controller@third#third',
            plugin_base.other_pool(self.pools, 'first',
                                   'controller@first#first'))

    def test_type_of_one_pool_has_nowhere_to_go(self):
        self.assertIsNone(
            plugin_base.other_pool(self.pools, 'second',
                                   'controller@second#second'))


class CoversTest(base.BaseTestCase):

    def test_no_range_covers_nothing(self):
        self.assertFalse(plugin_base.covers(None, None, '2.60'))

    def test_latest_covers_all_from_the_minimum_on(self):
        self.assertTrue(plugin_base.covers(None, 'latest', '2.89'))
        self.assertTrue(plugin_base.covers('2.89', 'latest', '2.89'))
        self.assertFalse(plugin_base.covers('2.90', 'latest', '2.89'))

    def test_each_needed_microversion_counts(self):
        self.assertTrue(plugin_base.covers('2.1', '2.90', '2.60', '2.89'))
        self.assertFalse(plugin_base.covers('2.61', '2.90', '2.60', '2.89'))

    def test_maximum_is_compared_as_a_version(self):
        self.assertTrue(plugin_base.covers('2.1', '2.100', '2.89'))
        self.assertFalse(plugin_base.covers('2.1', '2.9', '2.89'))
