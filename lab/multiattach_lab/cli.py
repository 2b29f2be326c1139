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

"""``multiattach-lab``: a real OpenStack here, and our tests on it."""

import contextlib
import datetime
import importlib.metadata
import itertools
import pathlib
import sys
import time

from cliff import app
from cliff import commandmanager
from cliff import lister
import psutil

from multiattach_lab import drill
from multiattach_lab import environment
from multiattach_lab import errors
from multiattach_lab import kinds
from multiattach_lab import lab
from multiattach_lab import leftovers
from multiattach_lab import matrix
from multiattach_lab import options
from multiattach_lab import processes
from multiattach_lab import releases
from multiattach_lab import scoreboard
from multiattach_lab import tempest_conf
from multiattach_lab import tempest_run

_MEBIBYTE = 2 ** 20


class Up(options.Command):
    """Start the lab."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_start_options(parser)
        return parser

    def act(self, chosen, parsed_args):
        begin = time.monotonic()
        chosen.start(parsed_args.release, parsed_args.kind,
                     parsed_args.database)
        _print_start(chosen, time.monotonic() - begin)


class Run(options.Command):
    """Run the tests on the running lab."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_run_options(parser)
        return parser

    def act(self, chosen, parsed_args):
        chosen.running()
        return tempest_run.run(chosen, chosen.running, parsed_args.tempest,
                               parsed_args.configuration)


class Test(options.Command):
    """Start a lab, run the tests on it and stop it.

    With --release all or --kind all, do that for each release or each kind
    of cloud without guests in turn, whether or not one fails, and print a
    table of the results.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_start_options(parser, 'all')
        options.add_change_options(parser)
        options.add_run_options(parser)
        parser.add_argument(
            '--output', metavar='FILE', type=pathlib.Path,
            help='print nothing but a table, and write the results of each '
                 'cloud as JSON, beside those of others (default with "all": '
                 'clouds.json in the folder of the lab)')
        return parser

    def act(self, chosen, parsed_args):
        chosen_kinds = (kinds.WITHOUT_GUESTS if parsed_args.kind == 'all'
                        else [kinds.get(parsed_args.kind).name])
        clouds = list(itertools.product(
            [row.name for row in options.releases_of(parsed_args.release)],
            chosen_kinds))
        if len(clouds) > 1 or parsed_args.output:
            if parsed_args.package or parsed_args.fault:
                raise errors.LabError(
                    'A change or a fault is tested on one cloud: leave out '
                    '"all" and --output.')
            return matrix.run(
                chosen, clouds,
                parsed_args.output or chosen.state / 'clouds.json',
                parsed_args.database, parsed_args.tempest,
                parsed_args.configuration)
        return self._test(chosen, clouds[0], parsed_args)

    def _test(self, chosen, cloud, parsed_args):
        configuration = parsed_args.configuration
        if parsed_args.fault:
            drill.select(cloud[0], [parsed_args.fault],
                         guests=cloud[1] == kinds.GUESTS)
            configuration = tempest_conf.for_drill(configuration)
        begin = time.monotonic()
        with chosen.started(*cloud, parsed_args.database,
                            dict(parsed_args.package),
                            parsed_args.fault) as running:
            _print_start(chosen, time.monotonic() - begin)
            for name, version in running.packages.items():
                print(f'  {name:12}  {version}', flush=True)
            before = running.records()
            code = tempest_run.run(chosen, running.check,
                                   parsed_args.tempest, configuration)
            left = leftovers.left(before, running.records(), running.kind)
        if left:
            print(left, file=sys.stderr)
            code = 1
        page = tempest_run.report(chosen, configuration)
        print(f'This report is also a page: {page}')
        print(f'The lab has stopped; its logs are in {chosen.state / "logs"}')
        return code


def _print_start(chosen, seconds):
    facts = chosen.facts()
    memory = sum(_memory(pid) for pid in facts['services'].values())
    print(f'OpenStack {facts["release"]}, kind {facts["kind"]}, runs after '
          f'{seconds:.1f} s, with {memory} MiB of memory.\n'
          f'  tempest.conf  {chosen.tempest_conf}\n'
          f'  clouds.yaml   {chosen.state / tempest_conf.CLOUDS}\n'
          f'  logs          {chosen.state / "logs"}', flush=True)


def _memory(pid):
    """Return the memory (MiB) of a process and of all that it started.

    A page that several share counts once.
    """
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(each.memory_full_info().pss for each in family) // _MEBIBYTE


class Status(options.Command, lister.Lister):
    """Show what runs."""

    def act(self, chosen, parsed_args):
        facts = chosen.running()
        self.app.LOG.info(
            'Release %s, kind %s, in %s%s', facts['release'], facts['kind'],
            chosen.state,
            facts['fault'] and f', FAULTY on purpose: {facts["fault"]}')
        return (('service', 'address', 'process', 'memory (MiB)'),
                [(name, facts['urls'].get(name, ''), pid, _memory(pid))
                 for name, pid in facts['services'].items()])


class Logs(options.Command):
    """Print the end of a service's log, or where all logs are."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('service', nargs='?', help='for example: nova')
        parser.add_argument('--lines', type=options.positive, default=40,
                            help='how many lines (default: %(default)s)')
        return parser

    def act(self, chosen, parsed_args):
        logs = sorted((chosen.state / 'logs').glob('*.log'))
        if not parsed_args.service:
            print(*logs, sep='\n')
            return
        for log in logs:
            if log.stem == parsed_args.service:
                print(processes.tail(log, parsed_args.lines))
                return
        raise errors.LabError(
            f'There is no log of "{parsed_args.service}" in {chosen.state}: '
            f'choose one of {", ".join(log.stem for log in logs)}.')


class Down(options.Command):
    """Stop the lab."""

    def act(self, chosen, parsed_args):
        if not chosen.stop():
            raise errors.LabError(f'No lab runs in {chosen.state}.')
        print(f'The lab in {chosen.state} has stopped.')


class Drill(options.Command):
    """Put bugs into a lab, one at a time, and see which tests fail."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_cloud_options(parser)
        options.add_network_option(parser)
        parser.add_argument(
            '--list', action='store_true', help='list the faults, run nothing')
        parser.add_argument(
            '--fault', action='append', metavar='NAME',
            help='this fault alone; may be given several times')
        parser.add_argument(
            '--service', choices=('nova', 'cinder'),
            help='the faults of this service alone')
        parser.add_argument(
            '--resume', action='store_true',
            help='keep the results that are as expected, run the other '
                 'faults')
        parser.add_argument(
            '--sample', metavar='NUMBER', type=options.positive,
            help='so many of the faults that were caught according to the '
                 'results that are there, others each day; write nothing')
        parser.add_argument(
            '--labs', metavar='NUMBER', type=options.positive, default=1,
            help='drill in so many labs beside each other, of about 1 GiB of '
                 'memory each; the others are beside the folder of the lab')
        parser.add_argument(
            '--output', metavar='FOLDER', type=pathlib.Path,
            help='where the results are kept (default: the folder "drill" in '
                 'that of the lab)')
        parser.add_argument(
            '--tests', metavar='REGEX', default=drill.TESTS,
            help='tests that have to see the faults (default: %(default)s)')
        parser.add_argument(
            '--leave-out-red', action='store_true',
            help='go on without the tests that fail without a fault, and '
                 'write down which; for tests that are not ours')
        parser.add_argument(
            '--all-tests', action='store_true',
            help='run all tests with each fault, also once one has failed')
        return parser

    def act(self, chosen, parsed_args):
        release = releases.get(parsed_args.release).name
        kind = kinds.get(parsed_args.kind).name
        chosen_faults = drill.select(
            release, parsed_args.fault, parsed_args.service,
            kind == kinds.GUESTS)
        if parsed_args.list:
            for name, fault in chosen_faults.items():
                print(f'{name} ({fault.part}; {fault.origin})\n'
                      f'    {fault.symptom}')
            return 0
        path = ((parsed_args.output or chosen.state / 'drill')
                / f'{matrix.name(release, kind)}.json')
        board = scoreboard.read(path)
        if parsed_args.sample:
            chosen_faults = drill.sample(
                chosen_faults, board, parsed_args.sample,
                datetime.date.today().toordinal())
        if kind == kinds.GUESTS and parsed_args.labs > 1:
            raise errors.LabError(
                'One machine is one hypervisor: drill with --labs 1.')
        labs = [chosen, *(lab.Lab(f'{chosen.state}-{number}')
                          for number in range(2, parsed_args.labs + 1))]
        for each in labs:
            each.check_free()
        with contextlib.ExitStack() as stack:
            drills = [
                drill.Drill(
                    each, stack.enter_context(each.started(release, kind)),
                    parsed_args.tests, board, parsed_args.all_tests,
                    parsed_args.configuration) for each in labs]
            if parsed_args.sample:
                return drill.check(drills, board, chosen_faults)
            return drill.run(drills, board, chosen_faults, path,
                             parsed_args.resume, parsed_args.leave_out_red)


class Releases(lister.Lister):
    """List the releases that the lab can run.

    An installed release shows its versions and the size of its environment,
    others show their series. Direct swap is whether Nova accepts the swap of
    a volume from an administrator (bug 2112187).
    """

    def take_action(self, parsed_args):
        return (('release', 'direct swap', 'threads', 'nova', 'cinder',
                 'installed (MiB)'),
                [_describe(row) for row in releases.RELEASES.values()])


def _describe(row):
    installed = environment.installed(row)
    versions = (installed['versions'] if installed else
                {name: f'{series}.*'
                 for name, series in row.services.items()})
    return (row.name, row.direct_swap, ', '.join(row.threads),
            versions['nova'], versions['cinder'],
            installed['bytes'] // _MEBIBYTE if installed else 'no')


class Kinds(lister.Lister):
    """List the kinds of cloud that the lab can be, and who has them."""

    def take_action(self, parsed_args):
        return (('kind', 'who has it', 'what differs'),
                [(row.name, row.who, row.what)
                 for row in kinds.KINDS.values()])


class App(app.App):
    """The command line of the lab."""

    def __init__(self):
        super().__init__(
            description='A real OpenStack on this machine, and our tests.',
            version=importlib.metadata.version('multiattach-lab'),
            command_manager=commandmanager.CommandManager('multiattach_lab'),
            deferred_help=True)


def main(argv=None):
    """Run a command; return its exit code."""
    return App().run(sys.argv[1:] if argv is None else argv)
