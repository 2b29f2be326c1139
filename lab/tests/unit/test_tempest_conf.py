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

import collections
import pathlib

import fixtures
from openstack.config import loader
from oslo_concurrency import opts as concurrency_options
from oslo_config import cfg
from oslo_log import log
from oslotest import base
from tempest import config as tempest_config
from tempest.lib.common import preprov_creds

from lab.tests.unit import clouds
from multiattach_lab import kinds
from multiattach_lab import releases
from multiattach_lab import tempest_conf

IDS = {
    'flavors': ['0c8f9c2e-9c7e-4d8e-8ab8-0a3c8d7a1f01',
                '0c8f9c2e-9c7e-4d8e-8ab8-0a3c8d7a1f02'],
    'images': ['5be1c2d3-7a54-4b0e-9f5f-3c0f6a1d2e01',
               '5be1c2d3-7a54-4b0e-9f5f-3c0f6a1d2e02'],
    'networks': ['a1f7b6c5-2d3e-4f50-8a9b-7c6d5e4f3a01',
                 'a1f7b6c5-2d3e-4f50-8a9b-7c6d5e4f3a02'],
}
VARIANTS = (tempest_conf.WITH_NETWORK, tempest_conf.WITHOUT_NETWORK)


def known_options():
    """Return what Tempest and its plugins know, ours among them."""
    conf = cfg.ConfigOpts()
    log.register_options(conf)
    for group, options in (
            *tempest_config.list_opts(), *concurrency_options.list_opts()):
        name = getattr(group, 'name', group)
        conf.register_opts(options, None if name == 'DEFAULT' else name)
    return conf


def parse(path):
    sections = {}
    cfg.ConfigParser(str(path), sections).parse()
    return sections


class TempestConfTest(base.BaseTestCase):

    def write(self, release=releases.DEFAULT, kind=kinds.DEFAULT):
        folder = self.useFixture(fixtures.TempDir()).path
        self.cloud = clouds.Layout(folder, release, kind)
        self.cloud.state.mkdir()
        tempest_conf.write(self.cloud, IDS)
        return [parse(self.cloud.state / name) for name in VARIANTS]

    def load(self, variant, release, kind=kinds.DEFAULT):
        self.write(release, kind)
        conf = known_options()
        conf(args=[], default_config_files=[
            str(self.cloud.state / variant)])
        return conf

    def test_clouds_yaml_has_the_administrator_of_tempest_conf(self):
        """Both files name the same user of the same Keystone."""
        options, _ = self.write()
        loaded = loader.OpenStackConfig(
            config_files=[str(self.cloud.state / tempest_conf.CLOUDS)],
            load_envvars=False).get_one(tempest_conf.CLOUD)
        self.assertEqual(
            [(options['identity']['uri_v3'] + options['identity']['region']),
             [options['auth'][f'admin_{name}'][0] for name in (
                 'username', 'password', 'project_name', 'domain_name')]],
            [[loaded.auth['auth_url'], loaded.region_name],
             [loaded.auth[name] for name in (
                 'username', 'password', 'project_name',
                 'user_domain_name')]])

    def test_variants_differ_in_the_network_alone(self):
        """Both clouds are the same, but for the network of the servers."""
        with_network, without = self.write()
        self.assertEqual(
            ['shared'], with_network['compute'].pop('fixed_network_name'))
        self.assertEqual(with_network, without)

    def test_drill_waits_less_and_is_the_same_otherwise(self):
        """A drill tests what everybody tests, with less patience."""
        for sections, name in zip(self.write(), VARIANTS, strict=True):
            drilled = parse(
                self.cloud.state / tempest_conf.for_drill(name))
            for section in ('compute', 'volume'):
                [patient] = sections[section].pop('build_timeout')
                [impatient] = drilled[section].pop('build_timeout')
                self.assertLess(int(impatient), int(patient))
            self.assertEqual(sections, drilled)

    def test_every_option_is_known_and_of_its_type(self):
        """An unknown option, or a bad value, is found.

        1. Load both variants of every release and every kind of cloud with
           what Tempest knows.
        2. Each option that we write is known, and its value is accepted.
        """
        for release, kind in (
                *((release, kinds.DEFAULT) for release in releases.RELEASES),
                *((releases.DEFAULT, kind) for kind in kinds.KINDS)):
            for variant in VARIANTS:
                conf = self.load(variant, release, kind)
                written = parse(self.cloud.state / variant)
                for section, options in written.items():
                    for option in options:
                        group = (conf if section == 'DEFAULT'
                                 else conf[section])
                        self.assertIsNotNone(
                            group[option], f'[{section}] {option}')

    def test_typed_name_would_be_found(self):
        """The check above knows no option that Tempest does not have."""
        conf = known_options()
        conf(args=[], default_config_files=[])
        self.assertRaises(
            cfg.NoSuchOptError, getattr, conf.compute, 'flavor_reff')
        self.assertRaises(cfg.NoSuchOptError, getattr, conf, 'computes')

    def test_release_says_who_may_swap(self):
        """Tests learn the era of the release that they run on."""
        for release, era in (('2026.2', 'refused'),
                             ('2024.1-unfixed', 'allowed')):
            conf = self.load('tempest.conf', release)
            self.assertEqual(era, conf.multiattach.direct_swap)

    def test_no_test_of_ours_lacks_its_condition(self):
        """What our tests need of a cloud is there, and configured.

        Two computes and two pools to move between, and two volume types.
        """
        conf = self.load('tempest.conf', releases.DEFAULT)
        self.assertEqual(2, conf.compute.min_compute_nodes)
        self.assertEqual(2, len(set(conf.volume.backend_names)))
        self.assertTrue(conf['volume-feature-enabled'].multi_backend)
        self.assertTrue(conf['compute-feature-enabled'].volume_multiattach)
        self.assertTrue(conf['compute-feature-enabled'].swap_volume)
        self.assertNotEqual(conf.volume.volume_type_multiattach,
                            conf.multiattach.plain_volume_type)

    def test_kind_has_the_last_word(self):
        """What a kind of cloud says replaces ours, and leaves the others."""
        for name, kind in kinds.KINDS.items():
            conf = self.load('tempest.conf', releases.DEFAULT, name)
            for section, options in kind.tempest.items():
                for option, value in options.items():
                    self.assertIn(conf[section][option], (value, [value]),
                                  f'{name}: [{section}] {option}')
        self.assertEqual(3, self.load(
            'tempest.conf', releases.DEFAULT,
            'three-servers').multiattach.servers)

    def test_one_pool_is_no_multiple_backend(self):
        """Tests of Tempest learn that there is nowhere to move to."""
        conf = self.load('tempest.conf', releases.DEFAULT, 'one-pool')
        self.assertFalse(conf['volume-feature-enabled'].multi_backend)
        self.assertEqual(['pool-1'], conf.volume.backend_names)

    def test_accounts_take_the_place_of_an_administrator(self):
        """Where accounts are listed, Tempest makes no users, nor could it.

        Each worker finds a user of each kind; all members and readers are of
        one project.
        """
        conf = self.load('tempest.conf', releases.DEFAULT, 'accounts')
        self.assertFalse(conf.auth.use_dynamic_credentials)
        self.assertIsNone(conf.auth.admin_password)
        entries = preprov_creds.read_accounts_yaml(
            conf.auth.test_accounts_file)
        self.assertEqual(20, len({each['username'] for each in entries}))
        users = collections.Counter(
            (each['project_name'], *each['roles']) for each in entries)
        self.assertEqual({
            ('members', 'member'): 4, ('members', 'reader'): 4,
            ('operators', 'admin'): 4, ('operators', 'service'): 4,
            ('operators', 'admin', 'service'): 4}, users)

    def test_logs_stay_in_the_lab(self):
        """Tempest writes where the lab's other logs and locks are."""
        conf = self.load('tempest.conf', releases.DEFAULT)
        for path in (conf.log_file, conf.oslo_concurrency.lock_path):
            self.assertIn(self.cloud.state, pathlib.Path(path).parents)
