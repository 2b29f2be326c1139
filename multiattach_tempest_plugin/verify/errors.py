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

"""The error that a user of the commands sees."""

import importlib


class VerifyError(Exception):
    """One sentence that says what is wrong, where, and what to do."""


def first_line(error):
    """Return the first line of an error's message, without its full stop."""
    lines = (line.strip().rstrip('.') for line in str(error).splitlines())
    return next(filter(None, lines), type(error).__name__)


def load(name):
    """Import a module of this package that needs what the extra brings.

    :param str name: of the module
    :returns: the module
    :raises VerifyError: if something is not installed
    """
    try:
        return importlib.import_module(f'{__package__}.{name}')
    except ModuleNotFoundError as error:
        raise VerifyError(
            f'{error.name} is not installed: in the checkout of the plugin '
            f'run "pip install .[verify]"') from error
