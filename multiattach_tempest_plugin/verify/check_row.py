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

"""One row of a check."""

import dataclasses

from multiattach_tempest_plugin.verify import conf

YES = 'yes'
NO = 'no'
# Some claims will be skipped.
PARTLY = 'partly'
UNSEEN = 'cannot be seen'
# Of claims.
RUNS = 'runs'
SKIPPED = 'skipped'

# What nobody shall read on a screen.
_SECRET = ('admin_password',)


@dataclasses.dataclass(frozen=True)
class Row:
    """What is needed, and what a cloud and a tempest.conf have of it.

    :ivar needed: what it is about
    :ivar found: what there is
    :ivar ready: one of the constants
    :ivar lines: options to set, {(section, option): value}
    :ivar advice: what else to do, or the command for it
    :ivar skips: what tests that are skipped reach if it is not ready, as
        :func:`multiattach_tempest_plugin.verify.check_claims.reached` has it
    """

    needed: str
    found: str
    ready: str = YES
    lines: dict = dataclasses.field(default_factory=dict)
    advice: str = ''
    skips: tuple = ()

    @property
    def listed(self):
        """The lines of tempest.conf, without secrets (str)."""
        return '; '.join(
            conf.line(section, option, '***' if option in _SECRET else value)
            for (section, option), value in self.lines.items())

    @property
    def remedy(self):
        """The lines of tempest.conf, and the advice (str)."""
        return '; '.join(filter(None, (self.listed, self.advice)))


def compare(settings, needed, found, wanted, advice=''):
    """Make a row of options that have to have certain values.

    :param settings: :class:`multiattach_tempest_plugin.verify.conf.Settings`
    :param str needed: as in the row
    :param str found: as in the row
    :param dict wanted: {(section, option): value}
    :param str advice: of a row that is not ready
    :returns: :class:`Row`
    """
    lines = {key: value for key, value in wanted.items()
             if settings.get(*key) != value}
    return Row(needed, found, NO if lines else YES, lines,
               advice if lines else '')
