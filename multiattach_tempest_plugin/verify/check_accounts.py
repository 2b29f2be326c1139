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

"""The accounts that tempest.conf names, where Tempest makes no users."""

import dataclasses

import yaml

from multiattach_tempest_plugin.verify import errors


@dataclasses.dataclass(frozen=True)
class Account:
    """A user in a project, as Keystone knows them.

    :ivar roles: names of the roles (frozenset)
    :ivar problem: why it cannot be used, '' if it can
    """

    user: str
    project: str
    project_id: str = ''
    user_domain: str = ''
    project_domain: str = ''
    roles: frozenset = frozenset()
    problem: str = ''


def read(settings):
    """Read the accounts file that tempest.conf names.

    :param settings: :class:`multiattach_tempest_plugin.verify.conf.Settings`
    :returns: list of dicts
    :raises VerifyError: if there is none, or it is not a list of accounts
    """
    path = settings.get('auth', 'test_accounts_file')
    if not path:
        raise errors.VerifyError(
            f'{settings.path} has use_dynamic_credentials = False and names '
            f'no accounts: set [auth] test_accounts_file')
    try:
        with open(path) as source:
            entries = yaml.safe_load(source)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise errors.VerifyError(
            f'[auth] test_accounts_file = {path} cannot be read: '
            f'{errors.first_line(error)}') from error
    if not (isinstance(entries, list)
            and all(isinstance(entry, dict) for entry in entries)):
        raise errors.VerifyError(
            f'[auth] test_accounts_file = {path} is not a list of accounts')
    return entries
