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

"""``tempest multiattach check``: is a cloud ready to be verified?"""

import argparse
import os
import pathlib

from cliff import lister

from multiattach_tempest_plugin.verify import errors

NOT_READY = 2


class Check(lister.Lister):
    """Say what a cloud and a tempest.conf lack, and which claims will run.

    Reads the cloud as the user of --os-cloud, else of the environment (OS_*),
    else of tempest.conf, and changes nothing in it. Ends with 0 if the cloud
    is ready, and with 2 if it is not.
    """

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.set_defaults(fit_width=True)
        parser.add_argument(
            '--os-cloud', metavar='NAME',
            help='name of the cloud in clouds.yaml')
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            '--config-file', metavar='FILE', type=pathlib.Path,
            help='tempest.conf to check (default: the one that "tempest run" '
                 'would read)')
        chosen.add_argument(
            '--write', metavar='FILE', type=pathlib.Path,
            help='tempest.conf to check, and to write into what it lacks; '
                 'comments and order stay')
        parser.add_argument(
            '--concurrency', metavar='NUMBER', type=_positive,
            default=os.cpu_count(),
            help='workers that "tempest run" will have (default: the number '
                 'of processors, %(default)s)')
        return parser

    def run(self, parsed_args):
        self._code = 0
        try:
            super().run(parsed_args)
        except errors.VerifyError as error:
            self.app.stderr.write(f'{error}.\n')
            return NOT_READY
        return self._code

    def take_action(self, parsed_args):
        rows, changes = errors.load('check_run').check(
            parsed_args.os_cloud, parsed_args.write or parsed_args.config_file,
            bool(parsed_args.write), parsed_args.concurrency)
        for change in changes:
            self.app.stderr.write(f'{parsed_args.write}: {change}\n')
        if parsed_args.write and not changes:
            self.app.stderr.write(f'{parsed_args.write}: nothing to change\n')
        counts = {ready: sum(row.ready == ready for row in rows)
                  for ready in ('no', 'runs', 'skipped')}
        if counts['no']:
            self._code = NOT_READY
            self.app.stderr.write(
                f'Not ready: {counts["no"]} rows say what to do.\n')
        else:
            self.app.stderr.write(
                f'Ready: {counts["runs"]} claims will run, '
                f'{counts["skipped"]} will be skipped.\n')
        return (('needed', 'found', 'ready', 'to do'),
                [(row.needed, row.found, row.ready, row.remedy)
                 for row in rows])


def _positive(text):
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f'"{text}" is not 1 or more')
    return int(text)
