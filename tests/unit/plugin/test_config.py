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

from oslo_config import cfg
from oslotest import base
from tempest import config as tempest_config
from tempest.test_discover import plugins

from multiattach_tempest_plugin import config


class ConfigTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.conf = cfg.ConfigOpts()
        config.register_opts(self.conf)
        self.conf(args=[], default_config_files=[])

    def test_registered_listed_and_sampled_options_are_the_same(self):
        registered = set(self.conf.multiattach)
        [(name, listed)] = config.get_opt_lists()
        [(group, sampled)] = config.list_opts()
        self.assertEqual('multiattach', name)
        self.assertEqual('multiattach', group.name)
        self.assertEqual(registered, {option.dest for option in listed})
        self.assertEqual(registered, {option.dest for option in sampled})

    def test_one_server_cannot_share_a_volume(self):
        error = self.assertRaises(
            ValueError, self.conf.set_override, 'servers', 1, 'multiattach')
        self.assertIn('2', str(error))

    def test_unknown_era_is_told_with_the_known_ones(self):
        error = self.assertRaises(
            ValueError, self.conf.set_override, 'direct_swap', 'maybe',
            'multiattach')
        self.assertIn('refused', str(error))
        self.assertIn('allowed', str(error))

    def test_tempest_finds_plugin_and_options(self):
        manager = plugins.TempestTestPluginManager()
        names = [name for name, _options in manager.get_plugin_options_list()]
        self.assertIn('multiattach', names)
        self.assertEqual(2, tempest_config.CONF.multiattach.servers)
