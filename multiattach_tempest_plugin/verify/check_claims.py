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

"""Which claims tempest.conf lets run, asked of the tests themselves.

``python -m multiattach_tempest_plugin.verify.check_claims`` prints them as
JSON. It is a process of its own, because tests read tempest.conf once, when
they are imported.
"""

import inspect
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types
import unittest

from multiattach_tempest_plugin import plugin
from multiattach_tempest_plugin.verify import conf
from multiattach_tempest_plugin.verify import errors


def ask(settings):
    """List the claims, as they stand with what is proposed.

    :param settings: :class:`multiattach_tempest_plugin.verify.conf.Settings`
    :returns: list of dicts: test (its name), claim (a sentence), skipped
        (the reason of the skip, '' if it will run as far as tempest.conf
        decides) and reaches (names of :func:`reached`)
    :raises VerifyError: if the tests cannot be loaded
    """
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'tempest.conf')
        path.write_text(settings.text())
        candidate = conf.Settings(path)
        # Not into the log of the last run.
        candidate.propose({
            ('DEFAULT', 'log_file'): str(path.with_suffix('.log'))})
        candidate.write()
        done = subprocess.run(
            [sys.executable, '-m', __name__], capture_output=True, text=True,
            env={**os.environ, 'TEMPEST_CONFIG_DIR': folder,
                 'TEMPEST_CONFIG': path.name})
    if done.returncode:
        reason = (done.stderr.strip() or 'no reason').splitlines()[-1]
        raise errors.VerifyError(
            f'The tests cannot be loaded with {settings.path}: {reason}')
    return json.loads(done.stdout)


def reached(cls, name):
    """Name what a method uses, by itself and by methods that it calls.

    :param cls: class that has the method
    :param str name: of the method
    :returns: set of names, and of words in quotes
    """
    found, waiting = set(), [name]
    while waiting:
        function = getattr(cls, waiting.pop(), None)
        code = getattr(function, '__code__', None)
        codes = [code] if code else []
        while codes:
            code = codes.pop()
            codes += [each for each in code.co_consts
                      if isinstance(each, types.CodeType)]
            used = {*code.co_names, *(each for each in code.co_consts
                                      if isinstance(each, str))}
            waiting += used - found
            found |= used
    return found


def _tests(suite):
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from _tests(each)
        else:
            yield each


def _why_skipped(test, name, reaches):
    """Return why a test is skipped (str), '' if nothing says so."""
    method = getattr(test, name)
    for each in (method, type(test)):
        if getattr(each, '__unittest_skip__', False):
            return each.__unittest_skip_why__
    try:
        type(test).skip_checks()
        for each in sorted(reaches):
            if each.startswith('skip_unless_'):
                getattr(test, each)()
    except unittest.SkipTest as skipped:
        return str(skipped)
    return ''


def _claim(method):
    """Return the first line of a docstring, from below the id of a test."""
    text = inspect.getdoc(method)
    if text.startswith('Test idempotent id'):
        text = text.partition('\n')[2].strip()
    return ' '.join(text.split('\n\n')[0].split())


def _claims():
    folder, top = plugin.MultiattachTempestPlugin().load_tests()
    loader = unittest.TestLoader()
    found = []
    for test in _tests(loader.discover(folder, top_level_dir=top)):
        name = test.id().partition('[')[0].rpartition('.')[2]
        reaches = reached(type(test), name)
        found.append({
            'test': test.id().partition('[')[0],
            'claim': _claim(getattr(test, name)),
            'skipped': _why_skipped(test, name, reaches),
            'reaches': sorted(reaches)})
    if loader.errors:
        raise SystemExit(loader.errors[0])
    return found


if __name__ == '__main__':
    json.dump(_claims(), sys.stdout)
