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

import fixtures
from oslotest import base

from multiattach_tempest_plugin.verify import conf
from multiattach_tempest_plugin.verify import errors

SAMPLE = '''# Written by hand.
[DEFAULT]
debug = true

# On servers.
[compute]
# image_ref = none
image_ref = a ; the old one

[volume]
'''


class SettingsTest(base.BaseTestCase):

    def settings(self, text=None):
        path = pathlib.Path(
            self.useFixture(fixtures.TempDir()).path, 'etc', 'tempest.conf')
        if text is not None:
            path.parent.mkdir()
            path.write_text(text)
        return conf.Settings(path)

    def test_file_that_is_not_there_has_the_defaults(self):
        settings = self.settings()
        self.assertEqual('refused', settings.get('multiattach',
                                                 'direct_swap'))
        self.assertFalse(settings.is_set('multiattach', 'direct_swap'))

    def test_comments_and_order_stay(self):
        settings = self.settings(SAMPLE)
        settings.propose({('volume', 'volume_size'): 2,
                          ('compute', 'image_ref'): 'b',
                          ('compute', 'flavor_ref'): 'c',
                          ('multiattach', 'direct_swap'): 'allowed'})
        self.assertEqual(
            SAMPLE.replace('image_ref = a ; the old one',
                           'image_ref = b\nflavor_ref = c').replace(
                '[volume]\n', '[volume]\nvolume_size = 2\n\n[multiattach]\n'
                'direct_swap = allowed\n'), settings.text())

    def test_file_without_an_end_of_line_is_kept_whole(self):
        settings = self.settings('[compute]\nimage_ref = a')
        settings.propose({('compute', 'flavor_ref'): 'b',
                          ('volume', 'volume_size'): 2})
        settings.write()
        again = conf.Settings(settings.path)
        self.assertEqual(('a', 'b', 2), (
            again.get('compute', 'image_ref'),
            again.get('compute', 'flavor_ref'),
            again.get('volume', 'volume_size')))

    def test_what_is_proposed_counts_at_once(self):
        settings = self.settings('[compute]\nmax_microversion = 2.1\n')
        settings.propose({('compute', 'max_microversion'): 'latest'})
        self.assertEqual('latest', settings.get('compute',
                                                'max_microversion'))

    def test_proposal_is_written_once(self):
        settings = self.settings()
        for _ in range(2):
            settings.propose({('volume', 'volume_size'): 2})
            settings.write()
            settings = conf.Settings(settings.path)
        self.assertEqual('[volume]\nvolume_size = 2\n',
                         settings.path.read_text())

    def test_file_that_is_none_is_named(self):
        for text in ('volume_size = 2\n', '[a]\n[a]\n', '[a]\nb\n'):
            error = self.assertRaises(errors.VerifyError, self.settings, text)
            self.assertIn('tempest.conf cannot be read', str(error))

    def test_value_that_is_none_is_named(self):
        settings = self.settings('[volume]\nvolume_size = large\n')
        error = self.assertRaises(
            errors.VerifyError, settings.get, 'volume', 'volume_size')
        self.assertIn('[volume] volume_size cannot have its value', str(error))

    def test_file_at_hand_is_that_of_tempest(self):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(fixtures.EnvironmentVariable(
            'TEMPEST_CONFIG_DIR', str(folder)))
        self.useFixture(fixtures.EnvironmentVariable(
            'TEMPEST_CONFIG', 'mine.conf'))
        self.assertEqual(folder / 'mine.conf', conf.at_hand())
