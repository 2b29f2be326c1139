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

"""``tempest multiattach report``: what a run proves."""

import json
import os
import pathlib
import re
import sys

from cliff import command
from stestr.repository import abstract
from stestr.repository import util
from tempest import config

from multiattach_tempest_plugin import journal
from multiattach_tempest_plugin.verify import claims
from multiattach_tempest_plugin.verify import comparing
from multiattach_tempest_plugin.verify import errors
from multiattach_tempest_plugin.verify import leftovers
from multiattach_tempest_plugin.verify import streams
from multiattach_tempest_plugin.verify import text
from multiattach_tempest_plugin.verify import verdicts


class Report(command.Command):
    """Tell what the last run of the multiattach tests proves.

    A claim is proven, failed, unknown or a known gap. What was not run or
    was skipped is unknown. The exit code is 0 if all is proven that applies
    to the cloud, 1 if anything failed, and 2 if anything is unknown.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--subunit', metavar='FILE',
            help='read this subunit stream, "-" for standard input (default: '
                 'the last run in the current folder)')
        parser.add_argument(
            '--config-file', metavar='FILE', type=pathlib.Path,
            help='tempest.conf of the run (default: that of "tempest run")')
        for name in ('html', 'junit', 'json'):
            parser.add_argument(
                f'--{name}', metavar='FILE', type=pathlib.Path,
                help=f'also write the report as {name.upper()}')
        parser.add_argument(
            '--required', metavar='FILE', type=pathlib.Path,
            help='regular expressions, one a line, of the tests that must '
                 'pass; others may be unknown without an exit code of 2, but '
                 'may not fail')
        parser.add_argument(
            '--against', metavar='FILE', type=pathlib.Path,
            help='show what changed since another run: its subunit stream, '
                 'or what --json wrote of it')
        return parser

    def take_action(self, parsed_args):
        try:
            return run(parsed_args)
        except errors.VerifyError as error:
            self.app.stderr.write(f'{error}\n')
            return 2


def run(options):
    """Make the report, print it, and write the files.

    :param options: argparse.Namespace of :class:`Report`
    :returns: the exit code
    :raises errors.VerifyError: if a file cannot be read or written
    """
    html, junit = (errors.load(name) if path else None for name, path in (
        ('html', options.html), ('junit', options.junit)))
    _use(options.config_file)
    content = _content(options.subunit)
    plan = claims.plan()
    report = verdicts.judge(
        streams.parse(content), plan, _required(options.required, plan),
        *left_behind(journal.folder()))
    changes = None
    if options.against:
        changes = comparing.changes(report, _other(options.against, plan))
    if options.json:
        _write(options.json, verdicts.dump(report).encode())
    if html:
        _write(options.html, html.render(report, changes))
    if junit:
        _write(options.junit, junit.render(report))
    print(text.render(report, changes))
    return report.code


def left_behind(folder):
    """Return what runs left, and the commands that remove it.

    :param folder: pathlib.Path of the journals
    """
    left, paths = leftovers.read(folder)
    return left, leftovers.commands(left, paths)


def _use(config_file):
    """Read the configuration that ``tempest run`` reads here."""
    path = config_file or pathlib.Path('etc', 'tempest.conf')
    if path.is_file():
        config.CONF.set_config_path(str(path.absolute()))
    elif config_file:
        raise errors.VerifyError(
            f'{path} cannot be read: there is no such file.')


def _content(name):
    """Return a subunit stream (bytes)."""
    if name == '-':
        return sys.stdin.buffer.read()
    return _read(pathlib.Path(name)) if name else last_run(pathlib.Path.cwd())


def _read(path):
    try:
        return path.read_bytes()
    except OSError as error:
        raise errors.VerifyError(
            f'{path} cannot be read: {error.strerror}.') from error


def _write(path, content):
    try:
        path.write_bytes(content)
    except OSError as error:
        raise errors.VerifyError(
            f'{path} cannot be written: {error.strerror}.') from error


def last_run(folder):
    """Return the subunit stream of the last run in a workspace (bytes).

    stestr keeps a run under another name until it has ended; one that was
    killed keeps it.

    :param folder: pathlib.Path, with .stestr in it
    :raises errors.VerifyError: if there was none
    """
    try:
        repository = util.get_repo_open(repo_url=str(folder))
        newest = repository.latest_id()
    except (abstract.RepositoryNotFound, KeyError) as error:
        newest, cause = None, error
    kept = folder / '.stestr'
    ended = 0 if newest is None else os.stat(kept / str(newest)).st_mtime
    cut_off = [path for path in kept.glob('tmp*')
               if path.stat().st_mtime > ended]
    if cut_off:
        return max(cut_off, key=lambda path: path.stat().st_mtime).read_bytes()
    if newest is None:
        raise errors.VerifyError(
            f'There is no run in {folder}: run "tempest run" there first, or '
            f'name its stream with --subunit.') from cause
    return repository.get_test_run(newest).get_subunit_stream().read()


def _required(path, plan):
    """Read regular expressions, each of which must name a test."""
    if not path:
        return None
    lines = [line.partition('#')[0].strip()
             for line in _read(path).decode().splitlines()]
    patterns = [line for line in lines if line]
    try:
        found = {pattern: any(re.search(pattern, claim.test)
                              for claim in plan) for pattern in patterns}
    except re.error as error:
        raise errors.VerifyError(
            f'{path} has "{error.pattern}", which is no regular expression: '
            f'{error}.') from error
    if not all(found.values()) or not patterns:
        nothing = next((each for each in patterns if not found[each]), '')
        raise errors.VerifyError(
            f'{path} requires "{nothing}", which no installed test matches.')
    return patterns


def _other(path, plan):
    content = _read(path)
    if content.lstrip().startswith(b'{'):
        found = json.loads(content)
        del found['verdict'], found['sentence']
        return verdicts.load(found)
    return verdicts.judge(streams.parse(content), plan)
