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

"""How to run again what a report shows."""

import re
import shlex

from multiattach_tempest_plugin.verify import verdicts


def commands(report):
    """Return the commands that repeat a run, and what of it is not proven.

    :param report: :class:`verdicts.Report`
    :returns: list of str
    """
    versions = [f'{package}=={report.cloud[name]}' for name, package in (
        ('Tempest', 'tempest'), ('plugin', 'multiattach-tempest-plugin'))
        if name in report.cloud]
    lines = [f'# with {" and ".join(versions)}'] if versions else []
    lines.append(_run([verdicts.PACKAGE]))
    again = [row for verdict in (verdicts.FAIL, verdicts.UNKNOWN)
             for row in report.of(verdict)]
    if again and len(again) < len(report.rows):
        lines.append(_run(_prefixes(again, report.rows)))
    return lines


def _prefixes(again, rows):
    """Name whole classes where all their tests shall run again."""
    def kind(row):
        return row.test.rpartition('.')[0]

    others = {kind(row) for row in rows if row not in again}
    return list(dict.fromkeys(
        f'{row.test}$' if kind(row) in others else f'{kind(row)}.'
        for row in again))


def _run(tests):
    # Without the package, which all have in common.
    names = [re.escape(each.removeprefix(verdicts.PACKAGE)).replace(r'\$', '')
             for each in tests]
    package = re.escape(verdicts.PACKAGE)
    pattern = f'^{package}' if names == [''] else (
        f'^{package}({"|".join(names)})')
    return f'tempest run --regex {shlex.quote(pattern)}'
