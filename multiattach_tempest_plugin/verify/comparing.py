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

"""What changed between two runs."""

from multiattach_tempest_plugin.verify import verdicts


def changes(report, other):
    """Compare a report with that of another run.

    :param report: :class:`verdicts.Report`
    :param other: :class:`verdicts.Report` to compare with
    :returns: list of str; one says so if nothing differs
    """
    before = {row.test: row for row in other.rows}
    after = {row.test: row for row in report.rows}
    lines = [f'{name}: {other.cloud.get(name, "not told")} -> '
             f'{report.cloud.get(name, "not told")}'
             for name in {**other.cloud, **report.cloud}
             if other.cloud.get(name) != report.cloud.get(name)]
    lines += [f'{before[test].verdict} -> {row.verdict}: {row.claim} '
              f'({row.name})' for test, row in after.items()
              if test in before and before[test].verdict != row.verdict]
    lines += [f'new, {row.verdict}: {row.claim} ({row.name})'
              for test, row in after.items() if test not in before]
    lines += [f'gone, was {row.verdict}: {row.claim} ({row.name})'
              for test, row in before.items() if test not in after]
    if not lines:
        lines.append('No verdict differs.')
    lines.append(f'tests took {_total(other):.0f} s -> {_total(report):.0f} s')
    return lines


def _total(report):
    return sum(row.seconds for row in report.rows
               if row.verdict != verdicts.UNKNOWN)
