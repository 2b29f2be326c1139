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

"""A report as JUnit's XML, for GitLab, Jenkins and Zuul."""

import re

import junitparser

from multiattach_tempest_plugin.verify import verdicts

# XML 1.0 has no place for these.
_FORBIDDEN = re.compile('[^\t\n\r\x20-\ud7ff\ue000-\ufffd'
                        '\U00010000-\U0010ffff]')


def render(report):
    """Return a report as XML (bytes).

    A claim that is unknown is an error, so that a gate does not pass; what
    does not apply, a known gap, and what is not required is skipped.

    :param report: :class:`verdicts.Report`
    """
    xml = junitparser.JUnitXml()
    for title, rows in report.groups.items():
        suite = junitparser.TestSuite(title)
        if report.begin:
            # The form of the schema has no zone.
            suite.timestamp = report.begin[:19]
        suite.add_testcases([_case(row, report) for row in rows])
        xml.add_testsuite(suite)
    beside = [*report.problems, *([report.broken] if report.broken else [])]
    if beside:
        suite = junitparser.TestSuite('The run itself')
        for number, problem in enumerate(beside, 1):
            case = junitparser.TestCase(
                f'problem {number}', verdicts.PACKAGE.rstrip('.'), 0)
            case.result = [junitparser.Error(_clean(problem))]
            suite.add_testcase(case)
        xml.add_testsuite(suite)
    xml.update_statistics()
    return xml.tostring()


def _case(row, report):
    kind, _, name = row.test.rpartition('.')
    case = junitparser.TestCase(name, kind, round(row.seconds, 3))
    message = _clean(f'{row.verdict}: {row.claim} {row.reason}'.strip())
    if row.verdict == verdicts.FAIL:
        failure = junitparser.Failure(message, 'failure')
        failure.text = _clean('\n'.join([row.reason, *(
            f'{each["what"]}: {each["before"]} -> {each["after"]}'
            for each in row.changes), *row.log]))
        case.result = [failure]
    elif row in report.missing:
        case.result = [junitparser.Error(message, 'unknown')]
    elif row.verdict != verdicts.PASS:
        case.result = [junitparser.Skipped(message)]
    return case


def _clean(text):
    return _FORBIDDEN.sub('?', text)
