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

"""Facts of clouds, for unit tests."""

import pathlib

import fixtures
from oslotest import base

from multiattach_tempest_plugin.verify import check_accounts
from multiattach_tempest_plugin.verify import check_cloud
from multiattach_tempest_plugin.verify import check_run
from multiattach_tempest_plugin.verify import conf
from tests.unit.plugin import test_pools

SHARED = {'id': '2', 'name': 'shared', 'is_public': True,
          'extra_specs': {'multiattach': '<is> True'}}
PLAIN = {'id': '1', 'name': 'plain', 'is_public': True, 'extra_specs': {}}
ADMIN = check_accounts.Account('admin', 'ops', 'o', 'Default', 'Default',
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
    return check_accounts.Account(name, project, project[0], roles=frozenset(
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
