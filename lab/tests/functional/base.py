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

"""A lab that is up, as a test of a command sees it."""

import configparser
import os
import pathlib

import fixtures
import testtools
import yaml

from multiattach_lab import lab
from multiattach_lab import tempest_conf


class LabTest(testtools.TestCase):
    """Has a folder of its own with files that name the lab."""

    def setUp(self):
        super().setUp()
        self.lab = lab.Lab(os.environ.get('MULTIATTACH_LAB_STATE'))
        self.urls = self.lab.running()['urls']
        self.folder = pathlib.Path(
            self.useFixture(fixtures.TempDir()).path)
        self.conf = self.folder / 'tempest.conf'
        self.clouds = self.folder / 'clouds.yaml'
        for name in [name for name in os.environ
                     if name.startswith(('OS_', 'TEMPEST_'))]:
            self.useFixture(fixtures.EnvironmentVariable(name))
        self.useFixture(fixtures.EnvironmentVariable(
            'OS_CLIENT_CONFIG_FILE', str(self.clouds)))

    def fill(self, text):
        """Put names of this lab into a text."""
        for name, value in (('conf', self.conf), ('clouds', self.clouds),
                            ('accounts', self.folder / 'accounts.yaml'),
                            *self.urls.items()):
            text = text.replace(f'{{{name}}}', str(value))
        return text

    def write_conf(self, changes):
        """Write the lab's tempest.conf, with changes."""
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(self.lab.tempest_conf)
        for section, options in changes.items():
            if not parser.has_section(section):
                parser.add_section(section)
            for option, value in options.items():
                parser.set(section, option, self.fill(value))
        with open(self.conf, 'w') as output:
            parser.write(output)

    def write_clouds(self, changes):
        """Write the lab's clouds.yaml, with changes."""
        clouds = yaml.safe_load(
            (self.lab.state / tempest_conf.CLOUDS).read_text())
        cloud = clouds['clouds'][tempest_conf.CLOUD]
        auth = {**cloud['auth'], **changes.get('auth', {})}
        cloud.update({**changes, 'auth': auth})
        self.clouds.write_text(yaml.safe_dump(clouds))
