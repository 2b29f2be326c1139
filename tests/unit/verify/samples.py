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

"""Claims and results that the tests of the report share."""

import datetime
import json

from multiattach_tempest_plugin.verify import claims
from multiattach_tempest_plugin.verify import steps
from multiattach_tempest_plugin.verify import streams
from multiattach_tempest_plugin.verify import verdicts

BEGIN = datetime.datetime(2026, 11, 28, 6, 0, tzinfo=datetime.UTC)
KIND = 'multiattach_tempest_plugin.tests.api.test_some.SomeNegativeTest'
SECRET = 'correct-horse-battery'
TRACEBACK = (
    'Traceback (most recent call last):\n  File "x.py", line 1, in f\n'
    'MismatchError: volume-1 status: in-use before, error after\n'
    f'"connection_info": {{"data": {{"auth_password": "{SECRET}"}}}}\n')


def claim(name, group='What is refused'):
    return claims.Claim(f'{KIND}.{name}', f'Claim of {name}.',
                        ['Do it.'], group)


def result(name, status, words='', **details):
    return streams.Result(f'{KIND}.{name}', status, 1.5, words, details,
                          BEGIN)


def failure(name):
    return result(
        name, 'fail', f'status differs, X-Auth-Token: {SECRET}',
        traceback=TRACEBACK,
        pythonlogging=f'an hour ago, password={SECRET} was wrong',
        **{steps.REQUESTS: json.dumps([{
            'time': BEGIN.timestamp(), 'seconds': 0.25, 'service': 'compute',
            'method': 'PUT', 'path': '/v2.1/servers/s/os-volume_attachments/v',
            'status': 202, 'id': 'req-1'}])})


def report(*results, plan=('test_a', 'test_b'), **options):
    return verdicts.judge(list(results), [claim(name) for name in plan],
                          **options)
