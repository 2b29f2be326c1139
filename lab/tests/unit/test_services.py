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

import importlib
import itertools
import json
import pathlib
import re

import fixtures
from oslo_config import cfg
from oslotest import base

from lab.tests.unit import clouds
from multiattach_lab import kinds
from multiattach_lab import services
from multiattach_lab.services import neutron
from multiattach_lab.services import nova

MYSQL = 'mysql+pymysql://root:secret@127.0.0.1'


def parse(path):
    """Read a file as a service does: {section: {option: [values]}}."""
    sections = {}
    cfg.ConfigParser(str(path), sections).parse()
    return sections


def absolute_paths(value):
    """Return the absolute paths in an option's value."""
    return [pathlib.Path(path) for path in re.findall(
        r'(?:^|[\s,=]|file://)(/[^\s,]+)', value)]


class WriteConfigurationTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = folder / 'etc' / 'any.conf'

    def read(self, options, values):
        """Write values, and read them back as oslo.config does."""
        services.write_configuration(self.path, {'any': values})
        conf = cfg.ConfigOpts()
        conf.register_opts(options, 'any')
        conf(args=[], default_config_files=[str(self.path)])
        return {name: conf.any[name] for name in values}

    def test_services_read_what_was_meant(self):
        """Signs that mean something in a file arrive as they are.

        A user's database URL may hold any of them in its password.
        """
        values = {
            'percent': 'mysql+pymysql://root:a%40b%(c)s@127.0.0.1/nova',
            'equals': 'a=b', 'colon': 'fake:/',
            'dollar': 'mysql+pymysql://root:a$b$$c${d}@127.0.0.1/nova',
            'Case': 'kept',
        }
        options = [cfg.StrOpt(name) for name in values]
        self.assertEqual(values, self.read(options, values))

    def test_lists_numbers_and_booleans_keep_their_type(self):
        """A list, a number and a yes or no are read as what they were."""
        values = {'pools': ['pool-1', 'pool-2'], 'wait': 1, 'swap': False}
        options = [cfg.ListOpt('pools'), cfg.IntOpt('wait'),
                   cfg.BoolOpt('swap')]
        self.assertEqual(values, self.read(options, values))

    def test_second_writing_leaves_nothing_of_the_first(self):
        """A file is made anew, so that an option can go away."""
        services.write_configuration(self.path, {'any': {'one': 1}})
        services.write_configuration(self.path, {'any': {'two': 2}})
        self.assertEqual({'any': {'two': ['2']}}, parse(self.path))


class ConfigureTest(base.BaseTestCase):

    def configured(self, **options):
        """Configure all services: {service: what its file says}."""
        folder = self.useFixture(fixtures.TempDir()).path
        self.cloud = clouds.Layout(folder, **options)
        found = {}
        for name in clouds.Layout.ports:
            module = importlib.import_module(
                f'multiattach_lab.services.{name}')
            module.configure(self.cloud)
            found[name] = parse(self.cloud.etc(name) / module.CONFIGURATION)
        return found

    def test_keys_lie_beside_the_database(self):
        """Keystone keeps every key in the lab, and with its database.

        Tokens and credentials in a cached database need the keys that were
        made with it.
        """
        keystone = self.configured()['keystone']
        folders = {keystone[section]['key_repository'][0] for section in (
            'fernet_tokens', 'fernet_receipts', 'credential')}
        self.assertEqual(3, len(folders))
        for folder in folders:
            self.assertIn(
                self.cloud.database_folder, pathlib.Path(folder).parents)

    def test_nothing_outside_of_the_lab_is_named(self):
        """Every path is in the lab's folder or in its environment."""
        self.assertEqual(
            [pathlib.Path('/etc/x'), pathlib.Path('/b'), pathlib.Path('/c')],
            absolute_paths('/etc/x') + absolute_paths('a,/b,file:///c')
            + absolute_paths('http://127.0.0.1:5000/v3'))
        inside = 0
        for service, sections in self.configured().items():
            for section, options in sections.items():
                for option, values in options.items():
                    for path in absolute_paths(','.join(values)):
                        self.assertTrue(
                            {self.cloud.state, self.cloud.environment}
                            & set(path.parents),
                            f'{service}: [{section}] {option} = {path}')
                        inside += 1
        self.assertGreater(inside, 10)

    def test_service_tokens_are_demanded_and_sent(self):
        """Whoever speaks for a service shows a token of it (bug 2004555)."""
        guarded = {name: sections
                   for name, sections in self.configured().items()
                   if 'keystone_authtoken' in sections}
        self.assertEqual(
            set(clouds.Layout.ports) - {'keystone'}, set(guarded))
        for name, sections in guarded.items():
            token = sections['keystone_authtoken']
            self.assertEqual(
                ['True'], token['service_token_roles_required'], name)
            self.assertEqual(['service'], token['service_token_roles'], name)
        other = self.configured(kind='no-service-role')['cinder']
        self.assertEqual(
            ['cloud-service'],
            other['keystone_authtoken']['service_token_roles'])
        for name in ('nova', 'cinder'):
            self.assertEqual(
                ['True'],
                guarded[name]['service_user']['send_service_user_token'])

    def test_default_policy_is_enforced(self):
        """Nova and Cinder look at a token's scope and use new defaults."""
        found = self.configured()
        for name in ('nova', 'cinder'):
            self.assertEqual(
                {'enforce_scope': ['True'], 'enforce_new_defaults': ['True']},
                found[name]['oslo_policy'], name)

    def test_services_share_no_database(self):
        """Every database that a service needs is its own, on the server."""
        found = self.configured(server=MYSQL)
        connections = [
            value for sections in found.values()
            for options in sections.values()
            for value in options.get('connection', ())]
        self.assertEqual(len(connections), len(set(connections)))
        for connection in connections:
            self.assertTrue(connection.startswith(f'{MYSQL}/'), connection)
        needed = {name for service in found
                  for name in importlib.import_module(
                      f'multiattach_lab.services.{service}').DATABASES}
        # Nova derives the name of its first cell's.
        self.assertEqual(
            needed - {'nova_cell0'},
            {connection.rpartition('/')[2] for connection in connections})

    def test_threads_are_asked_for_where_nova_knows_them(self):
        """An old Nova is not asked for a way to run that it has not."""
        new = self.configured(release='2026.2')['nova']['DEFAULT']
        old = self.configured(release='2024.1-unfixed')['nova']['DEFAULT']
        self.assertEqual(['threading'], new['concurrency_backend'])
        self.assertNotIn('concurrency_backend', old)

    def test_each_pool_has_a_folder_of_its_own(self):
        """Cinder's pools are what it enables, and share no folder."""
        for kind, number in (('default', 2), ('many-pools', 5)):
            cinder = self.configured(kind=kind)['cinder']
            pools = cinder['DEFAULT']['enabled_backends'][0].split(',')
            self.assertEqual(number, len(pools))
            self.assertEqual(
                number, len({cinder[pool]['folder'][0] for pool in pools}))

    def test_twins_differ_in_their_host_alone(self):
        """Two hosts may have a pool of one name."""
        cinder = self.configured(kind='many-pools')['cinder']
        first, second = (
            cinder[f'{host}@twin'] for host in ('storage', 'other-storage'))
        self.assertNotEqual(first.pop('folder'), second.pop('folder'))
        self.assertEqual(first, second)

    def test_kind_has_the_last_word_on_options(self):
        """An option of a kind replaces ours, and leaves the others."""
        for name, kind in kinds.KINDS.items():
            found = self.configured(kind=name)
            for service, sections in kind.options.items():
                for section, options in sections.items():
                    for option, value in options.items():
                        self.assertEqual(
                            [str(value)], found[service][section][option],
                            f'{name}: {service} [{section}] {option}')
        self.assertEqual(
            ['5'], self.configured(kind='small-pages')['cinder']['DEFAULT'][
                'osapi_max_limit'])
        self.assertIn('host', found['cinder']['DEFAULT'])

    def test_kind_adds_policies(self):
        """What nobody may do is in a policy file, beside what always is."""
        self.configured(kind='no-snapshots')
        policies = json.loads(
            (self.cloud.etc('cinder') / 'policy.yaml').read_text())
        self.assertEqual('!', policies['volume:create_snapshot'])
        self.assertIn('not role:', policies['volume:multiattach'])

    def test_services_talk_past_what_is_busy(self):
        """No service looks for the public endpoint of another."""
        for service, sections in self.configured().items():
            for section, options in sections.items():
                for option, values in options.items():
                    self.assertFalse(
                        re.search(r'\bpublic\b', ','.join(values))
                        and option != 'flat_networks',
                        f'{service}: [{section}] {option}')


class NovaMigrationsTest(base.BaseTestCase):

    def test_upgrade_makes_no_cell_again(self):
        upgrade, new = nova.upgrade(None), nova.migrations(None)
        self.assertEqual([new[0], new[-1]], upgrade)
        self.assertNotIn('cell_v2', itertools.chain(*upgrade))
        self.assertIn('cell_v2', itertools.chain(*new))


class NeutronMigrationsTest(base.BaseTestCase):

    def stamped(self, **options):
        """Return which migrations are counted as done without being run."""
        folder = self.useFixture(fixtures.TempDir()).path
        commands = neutron.migrations(clouds.Layout(folder, **options))
        self.assertEqual(['neutron-db-manage', 'upgrade', 'heads'],
                         commands[-1])
        return [arguments for _program, verb, *arguments in commands
                if verb == 'stamp']

    def test_new_neutron_skips_what_postgresql_cannot_do(self):
        """The one migration written for MySQL is not run elsewhere."""
        self.assertEqual([['d553edeb540f']], self.stamped(release='2026.2'))

    def test_mysql_runs_every_migration(self):
        """On the server that it is written for nothing is left out."""
        self.assertEqual(
            [], self.stamped(release='2026.2', server=MYSQL))

    def test_old_neutron_runs_every_migration(self):
        """A release that does not have that migration cannot skip it."""
        self.assertEqual([], self.stamped(release='2024.1-unfixed'))
