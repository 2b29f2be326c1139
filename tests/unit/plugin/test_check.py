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

import subprocess
import sys

from oslotest import base

from multiattach_tempest_plugin.verify import check_access
from multiattach_tempest_plugin.verify import check_claims
from multiattach_tempest_plugin.verify import check_row
from multiattach_tempest_plugin.verify import check_run
from multiattach_tempest_plugin.verify import conf
from tests.unit.plugin import checks


class WholeTest(checks.CheckTest):

    def test_lines_make_a_cloud_ready(self):
        """A tempest.conf with all proposed lines has nothing to propose."""
        facts = checks.cloud()
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
            check_access.administrator, checks.cloud()) if row.lines]
        self.assertIn('admin_password = ***', row.remedy)
        self.assertIn('admin_password = secret', self.proposed.text())


class AccessTest(checks.CheckTest):

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
                check_access.era, checks.cloud(microversions={
                    'compute': ('2.1', last)}), f'[multiattach]\n{text}\n')
            self.assertEqual((ready, lines), (row.ready, row.lines), last)

    def test_attachments_are_shown_by_old_releases_unless_set(self):
        key = ('multiattach', 'attachments_of_other_projects')
        for last, text, lines in (
                ('2.104', '', {}), ('2.100', '', {key: 'shown'}),
                ('2.100', '[multiattach]\n'
                          'attachments_of_other_projects = hidden\n', {})):
            row = self.row(check_access.other_projects, checks.cloud(
                microversions={'compute': ('2.1', last)}), text)
            self.assertEqual((check_row.UNSEEN, lines),
                             (row.ready, row.lines))

    def test_service_that_is_too_old_is_named(self):
        facts = checks.cloud()
        facts.microversions['compute'] = ('2.1', '2.53')
        row, _ = self.rows(check_access.microversions, facts)
        self.assertEqual(check_row.NO, row.ready)
        self.assertIn('upgrade Nova', row.advice)

    def test_range_of_microversions_may_be_wide_already(self):
        rows = self.rows(
            check_access.microversions, checks.cloud(),
            '[compute]\nmax_microversion = 2.100\n'
            '[volume]\nmin_microversion = 3.0\nmax_microversion = latest\n')
        self.assertEqual([{}, {}], [row.lines for row in rows])

    def test_user_who_is_no_administrator_is_not_enough(self):
        row = self.row(check_access.administrator, checks.cloud(
            account=checks.account('joe', 'member')))
        self.assertEqual(
            (check_row.NO, {}), (row.ready, row.lines))
        self.assertIn('openstack role add --user joe --project members admin',
                      row.advice)

    def test_user_without_a_password_is_of_no_use_to_tempest(self):
        facts = checks.cloud()
        facts.identity['password'] = ''
        row = self.row(check_access.administrator, facts)
        self.assertEqual((check_row.NO, {}), (row.ready, row.lines))

    def test_administrator_of_tempest_conf_may_be_another_one(self):
        row = self.row(
            check_access.administrator, checks.cloud(configured=checks.ADMIN),
            '[auth]\nadmin_username = other\n')
        self.assertEqual((check_row.YES, {}), (row.ready, row.lines))

    def test_missing_roles_are_made_with_a_command(self):
        rows = self.rows(
            check_access.users, checks.cloud(roles=['admin', 'member']))
        self.assertEqual(
            [(check_row.YES, ''),
             (check_row.PARTLY, 'openstack role create reader'),
             (check_row.PARTLY, 'openstack role create service')],
            [(row.ready, row.advice) for row in rows])

    def test_who_may_not_list_roles_makes_no_users(self):
        self.assertEqual(
            check_row.NO,
            self.row(check_access.users, checks.cloud(roles=None)).ready)

    def test_other_interface_and_certificate_are_told_to_tempest(self):
        facts = checks.cloud()
        facts.identity.update(interface='internal', cacert='/ca.pem')
        lines = self.row(check_access.keystone, facts).lines
        self.assertEqual('internal', lines['identity', 'v3_endpoint_type'])
        self.assertEqual('/ca.pem', lines['identity', 'ca_certificates_file'])
        for row in self.rows(check_access.services, facts):
            self.assertIn('endpoint_type', [key for _, key in row.lines])

    def test_cloud_without_neutron_is_told_to_tempest(self):
        facts = checks.cloud()
        facts.catalog['network'] = []
        *_, row = self.rows(check_access.services, facts)
        self.assertEqual({('service_available', 'neutron'): False}, row.lines)

    def accounts(self, *accounts):
        rows = self.rows(
            check_access.users, checks.cloud(accounts=accounts),
            '[auth]\nuse_dynamic_credentials = False\n'
            'test_accounts_file = a.yaml\n')
        return {row.needed: row for row in rows}

    def test_each_worker_needs_a_member_and_an_administrator(self):
        rows = self.accounts(
            checks.account('m', 'member'), checks.account('n', 'member'),
            checks.account('a', 'admin'))
        self.assertEqual(check_row.YES, rows['Accounts of a member'].ready)
        self.assertEqual(check_row.NO,
                         rows['Accounts of an administrator'].ready)

    def test_entry_of_a_missing_account_names_the_project(self):
        rows = self.accounts(checks.account('m', 'member'))
        self.assertIn('project_name: members, roles: [reader]',
                      rows['Account of a project reader'].advice)
        self.assertIn('project_name: OTHER, roles: [member]',
                      rows['Account of a stranger'].advice)

    def test_stranger_is_a_member_of_another_project(self):
        rows = self.accounts(checks.account('m', 'member'),
                             checks.account('n', 'member', project='others'))
        self.assertEqual(check_row.YES, rows['Account of a stranger'].ready)

    def test_account_that_cannot_log_in_counts_for_none(self):
        rows = self.accounts(
            checks.account('m', 'member', problem='Keystone refuses m'))
        self.assertEqual('Keystone refuses m', rows['Account m'].advice)
        self.assertEqual('0, for 2 workers',
                         rows['Accounts of a member'].found)


class ClaimsTest(checks.CheckTest):

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
