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

"""A report as a page that is one file and needs no network."""

import jinja2

from multiattach_tempest_plugin.verify import repeats
from multiattach_tempest_plugin.verify import verdicts

_CLASSES = {verdicts.PASS: 'pass', verdicts.FAIL: 'fail',
            verdicts.UNKNOWN: 'unknown', verdicts.GAP: 'gap',
            verdicts.ELSEWHERE: 'elsewhere'}
_LONGEST_WAITS = 3


def render(report, changes=None):
    """Return a report as HTML (bytes).

    :param report: :class:`verdicts.Report`
    :param changes: what :func:`comparing.changes` returned, or None
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, '.'), autoescape=True,
        trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined)
    longest = max((row.seconds for row in report.rows), default=0) or 1
    return environment.get_template('report.html').render(
        report=report, changes=changes, classes=_CLASSES, verdicts=verdicts,
        repeat=repeats.commands(report), longest=longest,
        counts=[(verdict, len(report.of(verdict)))
                for verdict in verdicts.VERDICTS if report.of(verdict)],
        unproven=_by_reason(report), waits=_waits).encode()


def _by_reason(report):
    """Return the claims that are unknown ({reason: rows})."""
    found = {}
    for row in report.of(verdicts.UNKNOWN):
        found.setdefault(row.reason, []).append(row)
    return found


def _waits(row):
    """Return what a test waited for longest (list of what and seconds)."""
    return list(row.waits.items())[:_LONGEST_WAITS]
