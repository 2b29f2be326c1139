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

"""The commands that measure: time, requests, false alarms."""

from multiattach_lab import cost
from multiattach_lab import options
from multiattach_lab import releases
from multiattach_lab import stability
from multiattach_lab import timing


class Slowest(options.Command):
    """Show the slowest tests and the requests of the last run.

    A look is a request that waits and comparisons of states repeat: a GET of
    volumes, attachments, quota, servers, their volumes or actions. Tests
    that run side by side add up.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument('--number', type=options.positive, default=10,
                            help='how many tests (default: %(default)s)')
        return parser

    def act(self, chosen, parsed_args):
        timing.print_slowest(chosen, parsed_args.number)
        timing.print_requests(chosen)


class Stability(options.Command):
    """Run the same tests many times, and count false alarms.

    On a quiet machine, with something else on each core, and on the kind of
    cloud "slow". The claims about refusals run more often than all tests.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_measuring_options(parser, 'stability.json')
        parser.add_argument(
            '--condition', action='append', choices=stability.CONDITIONS,
            help='this one alone; may be given several times')
        parser.add_argument(
            '--add', action='store_true',
            help='add to the runs that are there, of the same release')
        for name, tests, number in (('--runs', 'the refusals', 100),
                                    ('--whole', 'all tests', 30)):
            parser.add_argument(
                name, metavar='NUMBER', type=options.count, default=number,
                help=f'how often {tests} run (default: %(default)s)')
        return parser

    def act(self, chosen, parsed_args):
        return stability.run(
            chosen, releases.get(parsed_args.release).name,
            parsed_args.condition or list(stability.CONDITIONS),
            {'negative': parsed_args.runs, 'all': parsed_args.whole},
            parsed_args.output or chosen.state / 'stability.json',
            parsed_args.configuration, parsed_args.add)


class Cost(options.Command):
    """Measure what tests cost, ours beside upstream's and with more servers.

    In seconds and in requests.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        options.add_measuring_options(parser, 'cost.json')
        return parser

    def act(self, chosen, parsed_args):
        return cost.run(
            chosen, releases.get(parsed_args.release).name,
            parsed_args.output or chosen.state / 'cost.json',
            parsed_args.configuration)
