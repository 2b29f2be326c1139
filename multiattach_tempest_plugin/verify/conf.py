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

"""tempest.conf: the options that tests will find in it, and changes to it."""

import os
import pathlib

import configupdater
from oslo_config import cfg
from tempest import config

from multiattach_tempest_plugin.verify import errors


def at_hand():
    """Find the tempest.conf that ``tempest run`` would read.

    :returns: pathlib.Path; of one that may not exist, if there is none
    """
    private = config.TempestConfigPrivate
    wanted = pathlib.Path(
        os.environ.get('TEMPEST_CONFIG_DIR', private.DEFAULT_CONFIG_DIR),
        os.environ.get('TEMPEST_CONFIG', private.DEFAULT_CONFIG_FILE))
    installed = pathlib.Path('/etc/tempest', private.DEFAULT_CONFIG_FILE)
    return installed if installed.exists() > wanted.exists() else wanted


def line(section, option, value):
    """Write an option as documentation names it: [section] option = value."""
    return f'[{section}] {option} = {_written(value)}'


def _written(value):
    if isinstance(value, list | tuple):
        return ','.join(map(str, value))
    return str(value)


class Settings:
    """A tempest.conf, and lines that are proposed for it.

    :ivar path: pathlib.Path; a file that does not exist has no option
    """

    def __init__(self, path):
        """Read the file.

        :param path: pathlib.Path
        :raises VerifyError: if it cannot be read
        """
        self.path = path
        self._updater = configupdater.ConfigUpdater()
        self._conf = cfg.ConfigOpts()
        for group, options in config.list_opts():
            if group:
                self._conf.register_group(
                    cfg.OptGroup(getattr(group, 'name', group)))
            self._conf.register_opts(options, group=group)
        try:
            if path.exists():
                self._updater.read_string(path.read_text())
            self._conf([], project='tempest', default_config_dirs=[],
                       default_config_files=(
                           [str(path)] if path.exists() else []))
        except (OSError, ValueError, configupdater.configupdater.Error,
                cfg.Error) as error:
            raise errors.VerifyError(
                f'{path} cannot be read as a tempest.conf: '
                f'{errors.first_line(error)}') from error

    def get(self, section, option):
        """Return the value that tests will find: proposed, set or default.

        :raises VerifyError: if the file has one that the option cannot have
        """
        try:
            return self._conf[section][option]
        except (cfg.Error, ValueError) as error:
            raise errors.VerifyError(
                f'{self.path}: [{section}] {option} cannot have its value: '
                f'{errors.first_line(error)}') from error

    def is_set(self, section, option):
        """Tell if the file or a proposal sets an option."""
        return self._updater.has_option(section, option)

    def propose(self, lines):
        """Go on as if the file had these lines.

        :param dict lines: {(section, option): value}
        """
        for (section, option), value in lines.items():
            if section != 'DEFAULT':
                self._conf.set_override(option, value, group=section)
            self._set(section, option, _written(value))

    def _set(self, section, option, value):
        if not self._updater.has_section(section):
            if self._updater.sections():
                self._updater[self._updater.sections()[-1]].add_after.space()
            self._updater.add_section(section)
        found = self._updater[section]
        if option in found or not found.options():
            found[option] = value
        else:
            # After the last one, not after what follows it.
            found[found.options()[-1]].add_after.option(option, value)

    def text(self):
        """Return the file with all that is proposed (str).

        Comments, order and what nothing is proposed for stay.
        """
        return str(self._updater)

    def write(self):
        """Write the file.

        :raises VerifyError: if that is not possible
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            # A new one has a password, and is for its owner alone.
            self.path.touch(mode=0o600)
            self.path.write_text(self.text())
        except OSError as error:
            raise errors.VerifyError(
                f'{self.path} cannot be written: {error.strerror}') from error
