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

"""Set-ups that a deployer gets wrong, each told before a server boots.

They run on a lab that is up, of the default kind: ``tox -e verify``.
"""

import io
import json

import fixtures
from tempest.cmd import main
import testscenarios
import yaml

from lab.tests.functional import base

# What differs from a tempest.conf that is ready, and what the check says.
TEMPEST_CONF = {
    'unknown type': (
        {'volume': {'volume_type_multiattach': 'shared'}},
        'tempest.conf names a volume type shared; the cloud has __DEFAULT__, '
        'multiattach, plain',
        '[volume] volume_type_multiattach = multiattach'),
    'type without multiattach': (
        {'volume': {'volume_type_multiattach': 'plain'}},
        "Volume type plain must have the extra spec multiattach='<is> True'",
        '[volume] volume_type_multiattach = multiattach'),
    'plain type with multiattach': (
        {'multiattach': {'plain_volume_type': 'multiattach'}},
        'Volume type multiattach must not have the extra spec '
        "multiattach='<is> True'",
        '[multiattach] plain_volume_type = plain'),
    'unknown pool': (
        {'multiattach': {'migration_destination': 'a@b#c'}},
        '[multiattach] migration_destination names the pool a@b#c; the cloud '
        'has storage@pool-1#pool-1, storage@pool-2#pool-2',
        '[multiattach] migration_destination = '),
    'empty microversion': (
        {'compute': {'max_microversion': ''}}, '2.1 to ',
        '[compute] max_microversion = latest'),
    'old microversion': (
        {'compute': {'max_microversion': '2.59'}}, '2.1 to ',
        '[compute] max_microversion = latest'),
    'new microversion': (
        {'compute': {'min_microversion': '2.90'}}, '2.1 to ',
        '[compute] min_microversion = 2.1'),
    'old microversion of Cinder': (
        {'volume': {'max_microversion': '3.26'}}, '3.0 to ',
        '[volume] max_microversion = latest'),
    'other era': (
        {'multiattach': {'direct_swap': 'allowed'}},
        'only Cinder: Nova has microversion 2.',
        '[multiattach] direct_swap = refused'),
    'unknown flavor': (
        {'compute': {'flavor_ref': '42'}}, 'the cloud has no flavor 42',
        '[compute] flavor_ref = '),
    'unknown image': (
        {'compute': {'image_ref': 'cirros'}},
        'the cloud has no image cirros', '[compute] image_ref = '),
    'unknown network': (
        {'compute': {'fixed_network_name': 'private'}},
        'the cloud has no network private',
        '[compute] fixed_network_name = shared'),
    'guests that do not run': (
        {'validation': {'run_validation': 'True'}},
        'the hypervisor is of type fake: no guest runs',
        '[validation] run_validation = False'),
    'more computes than there are': (
        {'compute': {'min_compute_nodes': '9'}}, '2 hosts of type fake',
        '[compute] min_compute_nodes = 2'),
    'quota of servers': (
        {'multiattach': {'servers': '20'}},
        '10 instances left of 21 that may be needed',
        'openstack quota set --class default --instances 21'),
    'quota of storage': (
        {'volume': {'volume_size': '500'}},
        '1000 gigabytes left of 2500 that may be needed',
        'openstack quota set --class default --gigabytes 2500'),
    'feature not told': (
        {'compute-feature-enabled': {'volume_multiattach': 'False'}},
        'multiattach and swap',
        '[compute-feature-enabled] volume_multiattach = True'),
    'swap not told': (
        {'compute-feature-enabled': {'swap_volume': 'False'}},
        'multiattach and swap',
        '[compute-feature-enabled] swap_volume = True'),
    'service not told': (
        {'service_available': {'cinder': 'False'}},
        'in the catalog as block-storage, volumev3',
        '[service_available] cinder = True'),
    'service of another type': (
        {'volume': {'catalog_type': 'volumev2'}},
        'in the catalog as block-storage, volumev3',
        '[volume] catalog_type = volumev3'),
}
# The same, where there is nothing but one sentence.
SENTENCES = {
    'microversion that is none': (
        {'compute': {'max_microversion': 'newest'}},
        '{conf}: [compute] min_microversion or max_microversion is no '
        'microversion: API Version String newest is of invalid format.'),
    'value that is none of those': (
        {'multiattach': {'direct_swap': 'sometimes'}},
        '{conf}: [multiattach] direct_swap cannot have its value: '),
    'value of another type': (
        {'compute': {'min_compute_nodes': 'many'}},
        '{conf}: [compute] min_compute_nodes cannot have its value: '),
    'wrong password': (
        {'auth': {'admin_password': 'wrong'}},
        'Keystone at {keystone}/v3 refuses admin in the project admin: '
        'correct the name, the password, the project or the domain in '
        '{conf}'),
    'unknown project': (
        {'auth': {'admin_project_name': 'nobody'}},
        'Keystone at {keystone}/v3 refuses admin in the project nobody: '),
    'no administrator': (
        {'auth': {'admin_username': ''}},
        '{conf} names no administrator: set [auth] admin_username, or name a '
        'cloud with --os-cloud'),
    'nobody listens': (
        {'identity': {'uri_v3': 'http://127.0.0.1:9/v3'}},
        'Keystone at http://127.0.0.1:9/v3, of {conf}, does not answer as it '
        'should: nobody answers there'),
    'not Keystone': (
        {'identity': {'uri_v3': '{nova}/v3'}},
        'Keystone at {nova}/v3, of {conf}, does not answer as it should: '),
    'unknown region': (
        {'identity': {'region': 'Nowhere'}},
        'The catalog has no public endpoint of the service compute '
        'in the region Nowhere: correct the region or the interface in '
        '{conf}'),
    'interface without endpoints': (
        {'identity': {'v3_endpoint_type': 'admin'}},
        'The catalog has no admin endpoint of the service compute '
        'in the region '),
    'no accounts file': (
        {'auth': {'use_dynamic_credentials': 'False'}},
        '{conf} has use_dynamic_credentials = False and names no accounts: '
        'set [auth] test_accounts_file'),
    'accounts file that is not there': (
        {'auth': {'use_dynamic_credentials': 'False',
                  'test_accounts_file': '/nowhere/accounts.yaml'}},
        '[auth] test_accounts_file = /nowhere/accounts.yaml cannot be read: '),
}
ADMIN = {'username': 'admin', 'password': 'lab', 'project_name': 'admin',
         'roles': ['admin']}
# What an accounts file lists, and what the check says.
ACCOUNTS = {
    'no administrator': (
        [{**ADMIN, 'roles': ['member']}],
        'The accounts file lists no administrator: add to it an entry with '
        'roles: [admin]'),
    'no member': (
        [ADMIN], 'add to {accounts}, for each worker: - {username: NAME, '
                 'password: SECRET, project_name: PROJECT, roles: [member]}'),
    'too few for the workers': (
        [ADMIN, {**ADMIN, 'roles': ['member']}],
        'or run tempest with --concurrency 1'),
    'no service user': (
        [ADMIN, {**ADMIN, 'roles': ['member']}],
        'add to {accounts}: - {username: NAME, password: SECRET, '
        'project_name: admin, roles: [admin, service]}'),
    'wrong password': (
        [ADMIN, {**ADMIN, 'password': 'wrong', 'roles': ['member']}],
        'refuses admin in the project admin: correct the name'),
    'role that the user does not have': (
        [ADMIN, {**ADMIN, 'roles': ['admin', 'service']}],
        'admin does not have the listed roles service in admin'),
    'not a list': (
        {'admin': ADMIN},
        '[auth] test_accounts_file = {accounts} is not a list of accounts'),
    'entry without a user': (
        [ADMIN, 'member'],
        '[auth] test_accounts_file = {accounts} is not a list of accounts'),
}
# What differs in the cloud of clouds.yaml, and what the check says.
CLOUDS = {
    'wrong password': (
        {'auth': {'password': 'wrong'}},
        'Keystone at {keystone}/v3 refuses admin in the project admin: '),
    'unknown user': (
        {'auth': {'username': 'nobody'}},
        'Keystone at {keystone}/v3 refuses nobody in the project admin: '),
    'nobody listens': (
        {'auth': {'auth_url': 'http://127.0.0.1:9/v3'}},
        'Keystone at http://127.0.0.1:9/v3, of the cloud lab of clouds.yaml, '
        'does not answer as it should: nobody answers there'),
    'no address': (
        {'auth': {'auth_url': None}},
        'the cloud lab of clouds.yaml '),
    'unknown region': (
        {'region_name': 'Nowhere'},
        'The catalog has no public endpoint of the service compute '
        'in the region Nowhere: '),
    'another way to log in': (
        {'auth_type': 'nonsense'},
        'the cloud lab of clouds.yaml cannot be used: '),
}


class CheckTest(base.LabTest):
    """Runs the command on the lab."""

    def check(self, *arguments):
        """Run the command; return its exit code, rows and messages."""
        output, messages = io.StringIO(), io.StringIO()
        with fixtures.MonkeyPatch('sys.stdout', output), \
                fixtures.MonkeyPatch('sys.stderr', messages):
            code = main.main(
                ['multiattach', 'check', '-f', 'json', *arguments])
        rows = output.getvalue()
        return code, json.loads(rows) if rows else [], messages.getvalue()

    def assertTold(self, seen, *sentences):
        """Check that a cloud is not ready, and that the sentences say why."""
        code, rows, messages = seen
        self.assertEqual(2, code, messages)
        told = messages + '\n'.join(
            f'{row["found"]}\n{row["to do"]}' for row in rows)
        for sentence in sentences:
            self.assertIn(self.fill(sentence), told)
        self.assertNotIn('Traceback', told)
        return rows, messages

    def assertOneSentence(self, seen, sentence):
        rows, messages = self.assertTold(seen, sentence)
        self.assertEqual([], rows)
        self.assertEqual(1, len(messages.splitlines()), messages)


class WholeTest(CheckTest):
    """What is ready is called ready, and stays as it is."""

    def test_lab_is_ready(self):
        """The tempest.conf of the lab is ready, and most claims run."""
        self.write_conf({})
        code, rows, messages = self.check('--config-file', str(self.conf))
        self.assertEqual(0, code, messages)
        self.assertEqual([], [row for row in rows if row['ready'] == 'no'])
        self.assertLess(80, sum(row['ready'] == 'runs' for row in rows))

    def test_clouds_yaml_is_enough(self):
        """From clouds.yaml alone comes a tempest.conf that stays."""
        self.write_clouds({})
        arguments = ('--os-cloud', 'lab', '--write', str(self.conf))
        self.assertTold(self.check('--os-cloud', 'lab', '--config-file',
                                   str(self.conf)),
                        '[volume] volume_type_multiattach = multiattach')
        code, _, messages = self.check(*arguments)
        self.assertEqual(0, code, messages)
        written = self.conf.read_text()
        code, rows, messages = self.check(*arguments)
        self.assertEqual(0, code, messages)
        self.assertIn('nothing to change', messages)
        self.assertEqual(written, self.conf.read_text())
        self.assertEqual([0o600, []], [
            self.conf.stat().st_mode & 0o777,
            [row for row in rows if row['ready'] == 'no']])

    def test_wrong_line_is_replaced(self):
        """--write replaces a wrong line, and the cloud is ready then."""
        self.write_conf({'volume': {'volume_type_multiattach': 'shared'}})
        before = self.conf.read_text()
        code, _, messages = self.check('--write', str(self.conf))
        self.assertEqual(0, code, messages)
        self.assertEqual(
            before.replace('volume_type_multiattach = shared',
                           'volume_type_multiattach = multiattach'),
            self.conf.read_text())

    def test_files_that_are_none(self):
        """Files that are not there, or are something else, are named."""
        check = ('--config-file', str(self.conf))
        self.assertOneSentence(
            self.check(*check), 'Nothing says which cloud to check: name one '
                                'of clouds.yaml with --os-cloud, ')
        self.assertOneSentence(
            self.check(*check, '--os-cloud', 'lab'),
            'the cloud lab of clouds.yaml cannot be used: Cloud lab was not '
            'found; {clouds} is not there')
        self.clouds.write_text('clouds: [')
        self.assertOneSentence(
            self.check(*check, '--os-cloud', 'lab'), '{clouds} is no YAML: ')
        self.write_clouds({})
        self.assertOneSentence(
            self.check(*check, '--os-cloud', 'lap'),
            'Cloud lap was not found; {clouds} has lab')
        self.conf.write_text('max_microversion = latest\n')
        self.assertOneSentence(
            self.check(*check),
            '{conf} cannot be read as a tempest.conf: File contains no '
            'section headers')
        self.assertOneSentence(
            self.check('--config-file', str(self.folder)),
            '{folder} cannot be read as a tempest.conf'.replace(
                '{folder}', str(self.folder)))

    def test_reader_who_is_a_member(self):
        """What is no more than a skip leaves the cloud ready."""
        self.write_conf({'auth': {'tempest_roles': 'member'}})
        code, rows, messages = self.check('--config-file', str(self.conf))
        self.assertEqual(0, code, messages)
        skipped = [row for row in rows if row['ready'] == 'skipped' and
                   'remove member from [auth] tempest_roles' in row['to do']]
        self.assertIn('Who may only read a project cannot attach or detach '
                      'its volumes.', [row['needed'] for row in skipped])

    def test_no_other_image(self):
        """One image leaves the cloud ready, and skips what needs another."""
        self.write_conf({'compute': {'image_ref_alt': ''}})
        code, rows, messages = self.check('--config-file', str(self.conf))
        self.assertEqual(0, code, messages)
        told = {row['needed']: row['to do'] for row in rows
                if '[compute] image_ref_alt = ' in row['to do']}
        self.assertEqual(
            ['A server that booted from a shared volume is not rebuilt.',
             'Another image'], sorted(told))


def scenarios(table):
    """Make a test of each row; its name is the key."""
    return [(name, {'row': row}) for name, row in table.items()]


class TempestConfTest(testscenarios.WithScenarios, CheckTest):
    """A wrong line of tempest.conf has a row with the right one."""

    scenarios = scenarios(TEMPEST_CONF)

    def test_line(self):
        changes, found, line = self.row
        self.write_conf(changes)
        self.assertTold(
            self.check('--config-file', str(self.conf)), found, line)


class SentenceTest(testscenarios.WithScenarios, CheckTest):
    """What nothing can be said after is one sentence."""

    scenarios = scenarios(SENTENCES)

    def test_sentence(self):
        changes, sentence = self.row
        self.write_conf(changes)
        self.assertOneSentence(
            self.check('--config-file', str(self.conf)), sentence)


class AccountsTest(testscenarios.WithScenarios, CheckTest):
    """What an accounts file lacks is told, as a line of YAML."""

    scenarios = scenarios(ACCOUNTS)

    def test_accounts(self):
        accounts, sentence = self.row
        path = self.folder / 'accounts.yaml'
        path.write_text(yaml.safe_dump(accounts))
        self.write_conf({'auth': {'use_dynamic_credentials': 'False',
                                  'test_accounts_file': str(path)}})
        self.assertTold(self.check('--config-file', str(self.conf),
                                   '--concurrency', '2'), sentence)


class CloudsTest(testscenarios.WithScenarios, CheckTest):
    """What is wrong in clouds.yaml is one sentence."""

    scenarios = scenarios(CLOUDS)

    def test_cloud(self):
        changes, sentence = self.row
        self.write_clouds(changes)
        self.assertOneSentence(
            self.check('--os-cloud', 'lab', '--config-file', str(self.conf)),
            sentence)
