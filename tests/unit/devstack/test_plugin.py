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

import configparser
import os
import pathlib
import subprocess
import tempfile

import testtools
import yaml

from multiattach_tempest_plugin import config

FOLDER = pathlib.Path(__file__).parent
ROOT = FOLDER.parents[2]
NAME = 'multiattach-tempest-plugin'
CHECKOUTS = os.environ.get('DEVSTACK_CHECKOUT', '').split(os.pathsep)
TEMPEST_CONF = {
    'compute-feature-enabled': {'volume_multiattach': 'True',
                                'swap_volume': 'True'},
    'volume': {'volume_type_multiattach': 'multiattach',
               'backend_names': 'lvmdriver-1,lvmdriver-2'},
    'volume-feature-enabled': {'multi_backend': 'True'},
}
CEPH = {
    'compute-feature-enabled': {'volume_multiattach': 'True',
                                'swap_volume': 'False'},
    'volume': {'volume_type_multiattach': 'multiattach'},
}


@testtools.skipUnless(
    CHECKOUTS[0], 'To run this test set DEVSTACK_CHECKOUT to a checkout of '
    'openstack/devstack, or to several with a colon between them')
class DevstackTest(testtools.TestCase):
    """What ``enable_plugin`` makes of tempest.conf, by devstack's own code."""

    def configure(self, checkout, *plugins, **variables):
        """Have a checkout of devstack configure Tempest.

        :param str checkout: path
        :param plugins: names of plugins beside ours, from which each chooses
            backends as that of Ceph does
        :param variables: what local.conf sets
        :returns: tuple of tempest.conf ({section: {option: value}}), the
            series (str) and the arguments of tox (str)
        """
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = pathlib.Path(folder.name)
        for name in plugins:
            (path / name / 'devstack').mkdir(parents=True)
            (path / name / 'devstack' / 'override-defaults').write_text(
                'CINDER_ENABLED_BACKENDS=${CINDER_ENABLED_BACKENDS:-ceph}\n')
        run = subprocess.run(
            ['bash', FOLDER / 'configure.sh', checkout, ROOT, path, *plugins],
            env={**os.environ, **variables}, capture_output=True, text=True)
        self.assertEqual(0, run.returncode, run.stdout[-999:] + run.stderr)
        parser = configparser.RawConfigParser(
            strict=False, default_section=None)
        parser.read(path / 'tempest' / 'etc' / 'tempest.conf')
        return ({name: dict(parser[name]) for name in parser.sections()},
                (path / 'series').read_text().strip(),
                (path / 'tox.log').read_text())

    def assertConfigured(self, expected, found, series):
        for section, options in expected.items():
            self.assertLessEqual(options.items(), found[section].items())
        ours = {'plain_volume_type': '__DEFAULT__'}
        if series < '2026.1':
            ours['attachments_of_other_projects'] = 'shown'
        self.assertEqual(ours, found['multiattach'])
        self.assertLessEqual(
            ours.keys(), {option.name for option in config.MultiattachGroup})

    def test_plugin_alone_suffices(self):
        """With nothing set, all that the tests need is configured.

        1. Enable the plugin, and nothing else.
        2. Tempest has two backends, shared volumes, and our options.
        3. The plugin is installed beside Tempest.
        """
        for checkout in CHECKOUTS:
            found, series, tox = self.configure(checkout)
            self.assertConfigured(TEMPEST_CONF, found, series)
            self.assertRegex(tox, f'(?m)pip install -c \\S+ {ROOT}$')

    def test_refusals_only_on_ceph(self):
        """Where Ceph's plugin is enabled, its backends stay.

        1. Enable ours, and then that of Ceph.
        2. Tempest knows that libvirt does not swap.
        """
        found, series, _ = self.configure(CHECKOUTS[0], 'devstack-plugin-ceph')
        self.assertConfigured(CEPH, found, series)
        self.assertNotIn('backend_names', found['volume'])

    def test_what_a_job_sets_stays(self):
        """A job may name plugins and backends of its own.

        1. Name this plugin, another one, and one backend.
        2. Both are installed, each once, and Tempest has no other backend.
        """
        found, _, tox = self.configure(
            CHECKOUTS[0], TEMPEST_PLUGINS=f'/other {ROOT.parent / NAME}',
            CINDER_ENABLED_BACKENDS='lvm:lvmdriver-1')
        self.assertNotIn('backend_names', found['volume'])
        self.assertRegex(
            tox, f'(?m)pip install -c \\S+ /other {ROOT.parent / NAME}$')

    def test_old_policies(self):
        """The job of old policies has Tempest expect them.

        1. Set what the job sets.
        2. Tempest has no new policies of Nova and Cinder.
        """
        jobs = yaml.safe_load((ROOT / 'zuul.d' / 'jobs.yaml').read_text())
        [variables] = [
            each['job']['vars']['devstack_localrc'] for each in jobs
            if each['job']['name'].endswith('-old-policies')]
        found, _, _ = self.configure(
            CHECKOUTS[0],
            **{name: str(value) for name, value in variables.items()})
        self.assertEqual(
            set(), {'nova', 'cinder'} & found['enforce_scope'].keys())
