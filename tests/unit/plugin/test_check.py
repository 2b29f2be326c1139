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

import pathlib
import subprocess
import sys

import fixtures
from oslotest import base

from multiattach_tempest_plugin.verify import check_access
from multiattach_tempest_plugin.verify import check_claims
from multiattach_tempest_plugin.verify import check_cloud
from multiattach_tempest_plugin.verify import check_row
from multiattach_tempest_plugin.verify import check_run
from multiattach_tempest_plugin.verify import check_servers
from multiattach_tempest_plugin.verify import check_storage
from multiattach_tempest_plugin.verify import conf
from tests.unit.plugin import test_pools

SHARED = {'id': '2', 'name': 'shared', 'is_public': True,
          'extra_specs': {'multiattach': '<is> True'}}
PLAIN = {'id': '1', 'name': 'plain', 'is_public': True, 'extra_specs': {}}
ADMIN = check_cloud.Account('admin', 'ops', 'o', 'Default', 'Default',
                            frozenset({'admin', 'member', 'reader'}))
IMAGE = {'id': 'i', 'name': 'cirros', 'disk_format': 'qcow2',
         'visibility': 'public', 'size': 20000000, 'min_disk': 0,
         'min_ram': 0}
FLAVOR = {'id': 'f', 'name': 'tiny', 'ram': 128, 'vcpus': 1, 'disk': 1,
          'is_public': True, 'is_disabled': False, 'extra_specs': {}}
NETWORK = {'id': 'n', 'name': 'shared', 'is_shared': True,
           'is_router_external': False, 'subnet_ids': ['s']}
PUBLIC = {'id': 'p', 'name': 'public', 'is_shared': False,
          'is_router_external': True, 'subnet_ids': ['s']}


def account(name, *roles, project='members', problem=''):
    return check_cloud.Account(name, project, project[0], roles=frozenset(
        roles), problem=problem)


def cloud(**changes):
    """Return the facts of a cloud that lacks nothing, with changes."""
    return check_cloud.Facts(**{
        'source': 'the cloud devstack of clouds.yaml',
        'identity': {'uri': 'https://keystone/v3', 'region': 'RegionOne',
                     'interface': 'public', 'password': 'secret',
                     'insecure': False, 'cacert': None},
        'account': ADMIN, 'workers': 2,
        'roles': ['admin', 'member', 'reader', 'service'],
        'catalog': {'compute': ['compute'], 'image': ['image'],
                    'network': ['network'], 'volume': ['block-storage']},
        'microversions': {'compute': ('2.1', '2.104'),
                          'volume': ('3.0', '3.71')},
        'types': [PLAIN, SHARED],
        'pools': [test_pools.FIRST, test_pools.SECOND],
        'flavors': [FLAVOR], 'images': [IMAGE], 'networks': [NETWORK],
        'computes': ['one', 'two'], 'hypervisors': {'QEMU'},
        'quota': {'instances': 10, 'cores': 20, 'ram': 51200, 'volumes': 10,
                  'gigabytes': 1000, 'snapshots': 10},
        **changes})


class CheckTest(base.BaseTestCase):
    """Facts as a cloud may have them, and a tempest.conf."""

    def settings(self, text=''):
        path = pathlib.Path(
            self.useFixture(fixtures.TempDir()).path, 'tempest.conf')
        if text:
            path.write_text(text)
        return conf.Settings(path)

    def rows(self, need, facts, text=''):
        self.proposed = self.settings(text)
        return check_run.judge(facts, self.proposed, [need])

    def row(self, need, facts, text=''):
        [row] = self.rows(need, facts, text)
        return row


class WholeTest(CheckTest):

    def test_lines_make_a_cloud_ready(self):
        """A tempest.conf with all proposed lines has nothing to propose."""
        facts = cloud()
        settings = self.settings()
        rows = check_run.judge(facts, settings, check_run.NEEDS)
        self.assertIn(check_row.NO, [row.ready for row in rows])
        self.assertEqual([], [row for row in rows if row.advice
                              and row.ready == check_row.NO])
        settings.write()
        facts.configured = facts.account
        rows = check_run.judge(
            facts, conf.Settings(settings.path), check_run.NEEDS)
        self.assertEqual([], [row for row in rows if row.lines])
        self.assertEqual([], [row for row in rows
                              if row.ready == check_row.NO])

    def test_password_is_written_and_not_shown(self):
        row, *_ = [row for row in self.rows(
            check_access.administrator, cloud()) if row.lines]
        self.assertIn('admin_password = ***', row.remedy)
        self.assertIn('admin_password = secret', self.proposed.text())


class AccessTest(CheckTest):

    def test_who_may_swap_follows_from_the_microversion(self):
        for last, text, ready, lines in (
                ('2.104', '', check_row.YES, {}),
                ('2.104', 'direct_swap = allowed', check_row.NO,
                 {('multiattach', 'direct_swap'): 'refused'}),
                ('2.95', '', check_row.NO,
                 {('multiattach', 'direct_swap'): 'allowed'}),
                ('2.96', '', check_row.UNSEEN, {}),
                ('2.100', 'direct_swap = allowed', check_row.UNSEEN, {})):
            row = self.row(
                check_access.era, cloud(microversions={
                    'compute': ('2.1', last)}), f'[multiattach]\n{text}\n')
            self.assertEqual((ready, lines), (row.ready, row.lines), last)

    def test_attachments_are_shown_by_old_releases_unless_set(self):
        key = ('multiattach', 'attachments_of_other_projects')
        for last, text, lines in (
                ('2.104', '', {}), ('2.100', '', {key: 'shown'}),
                ('2.100', '[multiattach]\n'
                          'attachments_of_other_projects = hidden\n', {})):
            row = self.row(check_access.other_projects, cloud(
                microversions={'compute': ('2.1', last)}), text)
            self.assertEqual((check_row.UNSEEN, lines),
                             (row.ready, row.lines))

    def test_service_that_is_too_old_is_named(self):
        row, _ = self.rows(check_access.microversions, cloud(microversions={
            'compute': ('2.1', '2.53'), 'volume': ('3.0', '3.71')}))
        self.assertEqual(check_row.NO, row.ready)
        self.assertIn('upgrade Nova', row.advice)

    def test_range_of_microversions_may_be_wide_already(self):
        rows = self.rows(
            check_access.microversions, cloud(),
            '[compute]\nmax_microversion = 2.100\n'
            '[volume]\nmin_microversion = 3.0\nmax_microversion = latest\n')
        self.assertEqual([{}, {}], [row.lines for row in rows])

    def test_user_who_is_no_administrator_is_not_enough(self):
        row = self.row(check_access.administrator, cloud(
            account=account('joe', 'member')))
        self.assertEqual(
            (check_row.NO, {}), (row.ready, row.lines))
        self.assertIn('openstack role add --user joe --project members admin',
                      row.advice)

    def test_user_without_a_password_is_of_no_use_to_tempest(self):
        facts = cloud()
        facts.identity['password'] = ''
        row = self.row(check_access.administrator, facts)
        self.assertEqual((check_row.NO, {}), (row.ready, row.lines))

    def test_administrator_of_tempest_conf_may_be_another_one(self):
        row = self.row(check_access.administrator, cloud(configured=ADMIN),
                       '[auth]\nadmin_username = other\n')
        self.assertEqual((check_row.YES, {}), (row.ready, row.lines))

    def test_missing_roles_are_made_with_a_command(self):
        rows = self.rows(check_access.users, cloud(roles=['admin', 'member']))
        self.assertEqual(
            [(check_row.YES, ''),
             (check_row.PARTLY, 'openstack role create reader'),
             (check_row.PARTLY, 'openstack role create service')],
            [(row.ready, row.advice) for row in rows])

    def test_who_may_not_list_roles_makes_no_users(self):
        self.assertEqual(
            check_row.NO,
            self.row(check_access.users, cloud(roles=None)).ready)

    def test_other_interface_and_certificate_are_told_to_tempest(self):
        facts = cloud()
        facts.identity.update(interface='internal', cacert='/ca.pem')
        lines = self.row(check_access.keystone, facts).lines
        self.assertEqual('internal', lines['identity', 'v3_endpoint_type'])
        self.assertEqual('/ca.pem', lines['identity', 'ca_certificates_file'])
        for row in self.rows(check_access.services, facts):
            self.assertIn('endpoint_type', [key for _, key in row.lines])

    def test_cloud_without_neutron_is_told_to_tempest(self):
        facts = cloud()
        facts.catalog['network'] = []
        *_, row = self.rows(check_access.services, facts)
        self.assertEqual({('service_available', 'neutron'): False}, row.lines)

    def accounts(self, *accounts):
        rows = self.rows(
            check_access.users, cloud(accounts=accounts),
            '[auth]\nuse_dynamic_credentials = False\n'
            'test_accounts_file = a.yaml\n')
        return {row.needed: row for row in rows}

    def test_each_worker_needs_a_member_and_an_administrator(self):
        rows = self.accounts(account('m', 'member'), account('n', 'member'),
                             account('a', 'admin'))
        self.assertEqual(check_row.YES, rows['Accounts of a member'].ready)
        self.assertEqual(check_row.NO,
                         rows['Accounts of an administrator'].ready)

    def test_entry_of_a_missing_account_names_the_project(self):
        rows = self.accounts(account('m', 'member'))
        self.assertIn('project_name: members, roles: [reader]',
                      rows['Account of a project reader'].advice)
        self.assertIn('project_name: OTHER, roles: [member]',
                      rows['Account of a stranger'].advice)

    def test_stranger_is_a_member_of_another_project(self):
        rows = self.accounts(account('m', 'member'),
                             account('n', 'member', project='others'))
        self.assertEqual(check_row.YES, rows['Account of a stranger'].ready)

    def test_account_that_cannot_log_in_counts_for_none(self):
        rows = self.accounts(
            account('m', 'member', problem='Keystone refuses m'))
        self.assertEqual('Keystone refuses m', rows['Account m'].advice)
        self.assertEqual('0, for 2 workers',
                         rows['Accounts of a member'].found)


class StorageTest(CheckTest):

    def types(self, *types, text='', **changes):
        return self.rows(
            check_storage.types, cloud(types=list(types), **changes), text)

    def test_first_types_that_fit_are_proposed(self):
        self.assertEqual(
            [{('volume', 'volume_type_multiattach'): 'shared'},
             {('multiattach', 'plain_volume_type'): 'plain'}],
            [row.lines for row in self.types(PLAIN, SHARED)])

    def test_types_that_are_set_stay(self):
        self.assertEqual([{}, {}], [row.lines for row in self.types(
            {**SHARED, 'name': 'other', 'id': '3'}, SHARED, PLAIN,
            text='[volume]\nvolume_type_multiattach = 2\n'
                 'volume_type = plain\n')])

    def test_missing_types_are_made_with_a_command(self):
        [row] = self.types(PLAIN)
        self.assertIn("multiattach='<is> True'", row.advice)
        _, row = self.types(SHARED)
        self.assertEqual('openstack volume type create --public plain',
                         row.advice)

    def test_plain_type_is_on_the_same_backend(self):
        second = {**PLAIN, 'extra_specs': {
            'volume_backend_name': 'lvmdriver-2'}}
        first = {**SHARED, 'extra_specs': {
            **SHARED['extra_specs'], 'volume_backend_name': 'lvmdriver-1'}}
        _, row = self.types(first, second)
        self.assertEqual((check_row.NO, {}), (row.ready, row.lines))

    def test_private_type_is_for_its_projects(self):
        private = {**SHARED, 'is_public': False, 'projects': ['m']}
        [row] = self.types(private, PLAIN)
        self.assertEqual('openstack volume type set --public shared',
                         row.advice)
        row, _ = self.types(private, PLAIN, accounts=[account('a', 'member')])
        self.assertEqual({('volume', 'volume_type_multiattach'): 'shared'},
                         row.lines)

    def pools(self, *found, text=''):
        return self.row(
            check_storage.destinations, cloud(pools=list(found)),
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
            check_row.YES, self.row(check_storage.quotas, cloud()).ready)
        row = self.row(check_storage.quotas, cloud(
            accounts=[account('m', 'member')]), text)
        self.assertEqual('openstack quota set members --volumes 20',
                         row.advice)

    def test_quota_without_an_end_is_enough(self):
        self.assertEqual(check_row.YES, self.row(
            check_storage.quotas,
            cloud(quota=dict.fromkeys(cloud().quota, -1))).ready)


class ServersTest(CheckTest):

    def chosen(self, **changes):
        rows = self.rows(check_servers.image_and_flavor, cloud(**changes))
        return [next(iter(row.lines.values()), row.advice) for row in rows]

    def test_smallest_of_what_fits_is_proposed(self):
        large = {**IMAGE, 'id': 'j', 'size': 2 ** 31}
        kernel = {**IMAGE, 'id': 'k', 'size': 1, 'disk_format': 'aki'}
        diskless = {**FLAVOR, 'id': 'd', 'ram': 1, 'disk': 0}
        private = {**FLAVOR, 'id': 'p', 'ram': 1, 'is_public': False}
        self.assertEqual(['i', 'f'], self.chosen(
            images=[large, kernel, IMAGE],
            flavors=[diskless, private, FLAVOR]))

    def test_flavor_has_room_for_the_image(self):
        self.assertEqual(
            ['i', 'openstack flavor create --ram 512 --disk 3 --vcpus 1 '
                  'multiattach'],
            self.chosen(images=[{**IMAGE, 'size': 2 ** 31 + 1,
                                 'min_ram': 512}]))

    def test_network_is_shared_or_made_by_tempest(self):
        row = self.row(check_servers.networks, cloud())
        self.assertEqual(
            {('compute', 'fixed_network_name'): 'shared',
             ('auth', 'create_isolated_networks'): False}, row.lines)
        row = self.row(check_servers.networks, cloud(networks=[PUBLIC]))
        self.assertEqual((check_row.YES, {}), (row.ready, row.lines))

    def test_guests_are_logged_in_to_where_that_may_work(self):
        text = '[validation]\nrun_validation = True\n'
        key = ('validation', 'run_validation')
        for changes, lines in (
                ({'hypervisors': {'fake'}}, {key: False}),
                ({'networks': [NETWORK]}, {key: False}),
                ({'networks': [NETWORK, PUBLIC]},
                 {('network', 'public_network_id'): 'p',
                  ('network', 'floating_network_name'): 'public'})):
            row = self.row(check_servers.guests, cloud(**changes), text)
            self.assertEqual(lines, row.lines)
        row = self.row(
            check_servers.guests, cloud(networks=[PUBLIC]),
            f'{text}[network]\npublic_network_id = p\n')
        self.assertEqual(check_row.YES, row.ready)

    def test_cloud_without_computes_is_not_ready(self):
        row = self.row(check_servers.computes, cloud(computes=[]))
        self.assertEqual(check_row.NO, row.ready)


class ClaimsTest(CheckTest):

    def test_tests_themselves_say_what_is_skipped(self):
        """What tempest.conf keeps from running is as the tests say it."""
        settings = self.settings(
            '[compute]\nmax_microversion = latest\n'
            '[compute-feature-enabled]\nvolume_multiattach = True\n'
            'swap_volume = True\npause = False\nshelve = False\n'
            '[volume]\nmax_microversion = latest\n'
            'volume_type_multiattach = shared\n')
        found = {claim['test'].rpartition('.')[2]: claim
                 for claim in check_claims.ask(settings)}
        self.assertEqual('A volume that several servers write to cannot be '
                         'swapped.', found[
                             'test_swap_of_shared_volume_is_refused']['claim'])
        for name, option in (
                ('test_swap_of_shared_volume_is_refused', ''),
                ('test_swap_on_paused_server_is_refused', 'pause = True'),
                ('test_swap_on_shelved_server_is_refused', 'shelve = True'),
                ('test_unflagged_volume_migrates', 'plain_volume_type'),
                ('test_shared_volume_is_swapped', 'direct_swap = allowed')):
            self.assertIn(option, found[name]['skipped'])
            self.assertEqual(bool(option), bool(found[name]['skipped']), name)
        self.assertIn('destination_of',
                      found['test_shared_volume_migrates']['reaches'])
        self.assertNotIn(
            'destination_of',
            found['test_swap_of_shared_volume_is_refused']['reaches'])

    def test_what_a_test_reaches_is_followed_into_what_it_calls(self):
        class Example:
            def test(self):
                return (each for each in map(self.first, 'a'))

            def first(self):
                return lambda: self.second('reader')

            def second(self, name):
                return name

            def other(self):
                return self.never

        reached = check_claims.reached(Example, 'test')
        self.assertLessEqual({'first', 'second', 'reader'}, reached)
        self.assertNotIn('never', reached)


class CommandTest(base.BaseTestCase):

    def run_without_extra(self, *arguments):
        """Run Tempest where what only the extra brings is not installed."""
        return subprocess.run(
            [sys.executable, '-c',
             'import sys\n'
             'sys.modules.update(configupdater=None, openstack=None)\n'
             'from tempest.cmd import main\n'
             'sys.exit(main.main(sys.argv[1:]))', *arguments],
            capture_output=True, text=True)

    def test_missing_extra_is_one_sentence(self):
        """Without the extra the command says what to install."""
        done = self.run_without_extra('multiattach', 'check')
        self.assertEqual((2, ''), (done.returncode, done.stdout))
        self.assertRegex(
            done.stderr, r'\A\w+ is not installed: in the checkout of the '
                         r'plugin run "pip install \.\[verify\]"\.\n\Z')

    def test_other_commands_do_without_the_extra(self):
        """``tempest help`` lists the command without the extra too."""
        done = self.run_without_extra('help')
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn('multiattach check', done.stdout)
