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

"""What several commands have in common: the folder, and their options."""

import argparse
import pathlib
import urllib.parse

from cliff import command

from multiattach_lab import kinds
from multiattach_lab import lab
from multiattach_lab import releases
from multiattach_lab import tempest_conf


class Command(command.Command):
    """A command on the lab in one folder."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument(
            '--state', metavar='FOLDER',
            help='folder of the lab; a second lab needs another one '
                 '(default: in the cache of your account)')
        return parser

    def run(self, parsed_args):
        chosen = lab.Lab(parsed_args.state)

        def act():
            return super(Command, self).run(parsed_args)

        if (getattr(parsed_args, 'kind', None) != kinds.GUESTS
                or getattr(parsed_args, 'list', False)):
            return chosen.call_beside(act)
        return chosen.call_with_guests(act, releases_of(parsed_args.release))

    def take_action(self, parsed_args):
        return self.act(lab.Lab(parsed_args.state), parsed_args)


def releases_of(name):
    """Return the rows of a release, or of 'all' (list)."""
    return (list(releases.RELEASES.values()) if name == 'all'
            else [releases.get(name)])


def positive(text):
    """Return a number of 1 or more that an option has (int)."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not 1 or more')
    return int(text)


def count(text):
    """Return a number that an option has (int)."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f'"{text}" is not a number')
    return int(text)


def server(url):
    """Return the URL of a database server that an option has (str)."""
    parts = urllib.parse.urlsplit(url)
    if not parts.netloc or parts.path.strip('/') or parts.query:
        raise argparse.ArgumentTypeError(
            f'"{url}" must name a server and no database, such as '
            'mysql+pymysql://root:secret@127.0.0.1:3306')
    return url.rstrip('/')


def package(text):
    """Return the name and the path of a package that an option has."""
    name, _, path = text.partition('=')
    if not name or not path:
        raise argparse.ArgumentTypeError(
            f'"{text}" must name a package and where it is, such as '
            'nova=/src/nova')
    return name, pathlib.Path(path).absolute()


def add_cloud_options(parser, *others):
    """Let a command choose a release and a kind of cloud.

    :param others: names that it takes beside those
    """
    parser.add_argument(
        '--kind', default=kinds.DEFAULT,
        help='kind of cloud, as "multiattach-lab kinds" lists them'
             f'{"".join(f", or {other}" for other in others)} '
             '(default: %(default)s)')
    parser.add_argument(
        '--guests', dest='kind', action='store_const', const=kinds.GUESTS,
        help='have servers that are real guests; the same as --kind guests')
    parser.add_argument(
        '--release', default=releases.DEFAULT,
        help=f'one of: {", ".join([*releases.RELEASES, *others])} '
             '(default: %(default)s)')


def add_start_options(parser, *others):
    """Let a command choose a database too."""
    add_cloud_options(parser, *others)
    parser.add_argument(
        '--database', metavar='URL', type=server,
        help='use this database server instead of the one that comes with '
             'the lab; databases named multiattach_lab_* are dropped and '
             'made there. Example: mysql+pymysql://root:secret@127.0.0.1')


def add_network_option(parser):
    """Let a command do without a network for servers."""
    parser.add_argument(
        '--without-network', dest='configuration', action='store_const',
        const=tempest_conf.WITHOUT_NETWORK,
        default=tempest_conf.WITH_NETWORK,
        help='boot the servers of the tests without a network, which is '
             'faster')


def add_run_options(parser):
    """Let a command choose how the tests run."""
    add_network_option(parser)
    parser.add_argument(
        'tempest', nargs='*', metavar='-- ARGUMENT',
        help='more arguments for "tempest run"')


def add_measuring_options(parser, file):
    """Let a command choose what it measures, and where the results are kept.

    :param file: name of the file in the folder of the lab by default
    """
    parser.add_argument(
        '--release', default=releases.DEFAULT,
        help='as "multiattach-lab releases" lists them (default: %(default)s)')
    add_network_option(parser)
    parser.add_argument(
        '--output', metavar='FILE', type=pathlib.Path,
        help=f'where the results are kept (default: {file} in the folder of '
             'the lab)')


def add_change_options(parser):
    """Let a command put a change into the services."""
    parser.add_argument(
        '--package', metavar='NAME=PATH', type=package, action='append',
        default=[],
        help='a checkout or a wheel that takes the place of a package of the '
             'release; may be given several times. Example: nova=/src/nova')
    parser.add_argument(
        '--fault', metavar='NAME', default='',
        help='a fault to put into the services too, to see the tests fail; '
             'see "drill --list"')
