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

"""From a clouds.yaml to a verdict, and what is left of a run that is killed.

They run on a lab that is up, of any kind: ``tox -e verify``.
"""

import configparser
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time

import fixtures
import openstack
import testscenarios
from testtools import content

from lab.tests.functional import base

BIN = pathlib.Path(sys.executable).parent
# Seconds. Later than that most of the tests below have ended.
LATEST = 60
# They create all that is ever created.
TESTS = (r'multiattach_tempest_plugin\.tests\.('
         r'api\.(test_retype_negative|test_volume_actions_negative)|'
         r'scenario\.(test_safe_flow|test_shared_volume|test_server_actions))')
NAME = 'of somebody else'
# What no API tells, so that a deployer has to know it.
SAID = {
    'auth': ('use_dynamic_credentials', 'test_accounts_file',
             'tempest_roles'),
    'enforce_scope': ('nova', 'cinder'),
    'compute-feature-enabled': ('resize', 'shelve', 'nova_policy_roles'),
    'volume': ('volume_size', 'volume_size_extend'),
    'volume-feature-enabled': ('snapshot', 'extend_attached_volume'),
    'multiattach': ('attachments_of_other_projects', 'direct_swap',
                    'known_gaps', 'roles_without_multiattach', 'servers',
                    'unflag_in_use'),
}


class ReportTest(base.LabTest):
    """Works in a folder as a deployer does."""

    def setUp(self):
        super().setUp()
        self.write_clouds({})
        # Tempest lists all workspaces of a user in one file.
        for name, value in (('OS_CLOUD', 'lab'), ('OS_TEST_TIMEOUT', '1200'),
                            ('HOME', str(self.folder))):
            self.useFixture(fixtures.EnvironmentVariable(name, value))
        self.workspace = self.folder / 'workspace'
        self.workspace.mkdir()
        self.run_command('tempest', 'init')

    def run_command(self, *command):
        """Run a command of this environment; return its exit code."""
        ended = subprocess.run(
            [BIN / command[0], *command[1:]], cwd=self.workspace, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addDetail(' '.join(map(str, command)),
                       content.text_content(ended.stdout))
        return ended.returncode

    def report(self):
        """Make the report; return its exit code and its JSON."""
        path = self.folder / 'report.json'
        # A run that is killed before it began is none.
        path.write_text('{"left": [], "commands": []}')
        code = self.run_command(
            'tempest', 'multiattach', 'report', '--json', str(path))
        return code, json.loads(path.read_text())


class CommandsTest(ReportTest):
    """Three commands lead to a verdict."""

    def write_said(self):
        """Add to tempest.conf what the lab's says of :data:`SAID`."""
        said = configparser.ConfigParser(interpolation=None)
        said.read(self.lab.tempest_conf)
        path = self.workspace / 'etc' / 'tempest.conf'
        conf = configparser.ConfigParser(interpolation=None)
        conf.read(path)
        conf.read_dict({
            section: {option: said[section][option] for option in options
                      if option in said[section]}
            for section, options in SAID.items()})
        with open(path, 'w') as output:
            conf.write(output)

    def test_three_commands(self):
        """What can be proven on the cloud is, from a clouds.yaml alone."""
        check = ('tempest', 'multiattach', 'check', '--os-cloud', 'lab')
        self.write_said()
        # 1. Write what the cloud lacks: nothing is left to do after it.
        self.assertEqual(0, self.run_command(
            *check, '--write', 'etc/tempest.conf', '--concurrency', '4'))
        self.assertEqual(0, self.run_command(*check, '--concurrency', '4'))
        # 2. Run.
        self.assertEqual(0, self.run_command(
            'tempest', 'run', '--concurrency', '4', '--regex',
            r'^multiattach_tempest_plugin\.'))
        # 3. Report: what is not proven names the option that would run it.
        code, report = self.report()
        verdicts = {claim['verdict'] for claim in report['rows']}
        self.assertNotIn('fail', verdicts)
        self.assertEqual(2 if 'unknown' in verdicts else 0, code)
        self.assertEqual([], report['left'])
        for claim in report['rows']:
            if claim['verdict'] == 'unknown':
                self.assertIn('] ', claim['reason'])


def inventory(cloud):
    """List what tests create (set of tuples of a kind and an id).

    :param cloud: openstack.connection.Connection of an administrator
    """
    storage, compute = cloud.block_storage, cloud.compute
    everywhere = {'all_projects': True}
    lists = {
        'server': compute.servers(**everywhere),
        'volume': storage.volumes(**everywhere),
        'snapshot': storage.snapshots(**everywhere),
        'attachment': storage.attachments(all_tenants=True),
        'type': storage.types(is_public=None),
        'QoS': storage.get('/qos-specs').json()['qos_specs'],
        'group': storage.groups(all_tenants=True),
        'group type': storage.group_types(),
        'transfer': storage.transfers(all_tenants=True),
        'user': cloud.identity.users(),
        'project': cloud.identity.projects(),
        'network': cloud.network.networks(),
        'router': cloud.network.routers(),
        'port': cloud.network.ports(),
        'security group': cloud.network.security_groups(),
        'floating IP': cloud.network.ips(),
    }
    return {(kind, found['id']) for kind, all_ in lists.items()
            for found in all_}


class KilledTest(testscenarios.WithScenarios, ReportTest):
    """A run that is killed at any moment can be cleaned up after."""

    scenarios = [(f'moment {number}', {}) for number in range(1, 11)]

    def setUp(self):
        super().setUp()
        self.write_conf({
            'oslo_concurrency': {'lock_path': str(self.folder / 'locks')}})
        self.conf.rename(self.workspace / 'etc' / 'tempest.conf')
        self.cloud = openstack.connect('lab')
        self.addCleanup(self.cloud.close)
        # Nothing of this may be removed, though it looks like what is.
        self.volume = self.cloud.create_volume(1, name=NAME, wait=True)
        self.addCleanup(self.cloud.delete_volume, self.volume.id, wait=True)
        type_ = self.cloud.block_storage.create_type(name=NAME)
        self.addCleanup(self.cloud.block_storage.delete_type, type_)

    def test_nothing_is_left(self):
        """The commands of the report remove what is left, and that alone."""
        before = inventory(self.cloud)
        # 1. Kill a run, its workers too.
        moment = random.uniform(1, LATEST)
        run = subprocess.Popen(
            [BIN / 'tempest', 'run', '--concurrency', '4', '--regex', TESTS],
            cwd=self.workspace, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(run.kill)
        time.sleep(moment)
        subprocess.run(['pkill', '-KILL', '--session', str(run.pid)])
        self.assertEqual(-signal.SIGKILL, run.wait(), f'{moment} s')
        # 2. Do what the report says.
        code, report = self.report()
        self.assertEqual(2, code)
        for number, command in enumerate(report['commands']):
            ended = subprocess.run(
                ['bash', '-c', command], text=True, cwd=self.workspace,
                env={**os.environ, 'PATH': f'{BIN}:{os.defpath}'},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.addDetail(f'{number}', content.text_content(
                f'{command}\n{ended.returncode} {ended.stdout}'))
        # 3. Everything is as it was, and the report knows.
        after = inventory(self.cloud)
        self.assertEqual(set(), after - before, f'{moment} s')
        self.assertEqual(set(), before - after, f'{moment} s')
        self.assertEqual([], self.report()[1]['left'])
