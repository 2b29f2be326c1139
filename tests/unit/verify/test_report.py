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

import pathlib
import xml.etree.ElementTree

import fixtures
from oslotest import base

from multiattach_tempest_plugin.verify import claims
from multiattach_tempest_plugin.verify import comparing
from multiattach_tempest_plugin.verify import errors
from multiattach_tempest_plugin.verify import html
from multiattach_tempest_plugin.verify import junit
from multiattach_tempest_plugin.verify import repeats
from multiattach_tempest_plugin.verify import report
from multiattach_tempest_plugin.verify import streams
from multiattach_tempest_plugin.verify import text
from multiattach_tempest_plugin.verify import verdicts
from tests.unit.verify import samples


class VerdictTest(base.BaseTestCase):

    def test_all_proven(self):
        found = samples.report(samples.result('test_a', 'success'),
                               samples.result('test_b', 'success'))
        self.assertEqual((0, verdicts.PASS), (found.code, found.verdict))
        self.assertIn('PROVEN', found.sentence)

    def test_empty_run_is_unknown(self):
        found = samples.report()
        self.assertEqual(2, found.code)
        self.assertIn('proves nothing', found.sentence)

    def test_what_was_skipped_or_did_not_report_is_unknown(self):
        for other in (samples.result('test_b', 'skip', 'set this'),
                      samples.result('test_b', 'unknown', 'it was planned')):
            found = samples.report(
                samples.result('test_a', 'success'), other)
            self.assertEqual(2, found.code)
            self.assertEqual([other.words], [
                row.reason for row in found.of(verdicts.UNKNOWN)])

    def test_failure_comes_before_unknown(self):
        found = samples.report(samples.failure('test_a'))
        self.assertEqual((1, 1), (found.code, len(found.of(verdicts.UNKNOWN))))
        [row] = found.of(verdicts.FAIL)
        self.assertEqual([{'what': 'volume-1 status', 'before': 'in-use',
                           'after': 'error'}], row.changes)
        self.assertEqual(('req-1', 202, 'Nova'), tuple(
            row.requests[0][key] for key in ('id', 'status', 'service')))

    def test_failure_is_above_what_is_proven(self):
        found = samples.report(samples.result('test_a', 'success'),
                               samples.failure('test_b'))
        self.assertEqual([[verdicts.FAIL, verdicts.PASS]], [
            [row.verdict for row in rows] for rows in found.groups.values()])

    def test_one_claim_is_not_many(self):
        one = samples.report(samples.result('test_a', 'success'))
        self.assertIn('1 claim is not proven', one.sentence)
        two = samples.report(samples.failure('test_a'),
                             samples.failure('test_b'))
        self.assertIn('2 claims do not hold', two.sentence)

    def test_run_that_breaks_off_is_unknown(self):
        found = samples.report(
            samples.result('test_a', 'success'), streams.Result(
                streams.BROKEN, 'fail', 0, 'short read'), plan=['test_a'])
        self.assertIn('short read', found.broken)
        self.assertEqual(1, len(found.of(verdicts.PASS)))
        self.assertEqual(2, found.code)

    def test_class_that_could_not_be_set_up_proves_none_of_its_claims(self):
        found = samples.report(streams.Result(
            f'setUpClass ({samples.KIND})', 'fail', 0.0, 'no quota'))
        self.assertEqual(1, found.code)
        self.assertEqual(2, len(found.of(verdicts.UNKNOWN)))
        self.assertIn('no quota', found.rows[0].reason)

    def test_only_what_is_required_has_to_be_proven(self):
        passed = samples.result('test_a', 'success')
        self.assertEqual(0, samples.report(
            passed, required=['test_a$']).code)
        self.assertEqual(2, samples.report(
            passed, required=['test_b$']).code)

    def test_gap_is_no_failure(self):
        found = samples.report(
            samples.result('test_a', 'success'),
            samples.result('test_b', 'xfail', 'records before and after'))
        self.assertEqual(0, found.code)
        self.assertEqual(1, len(found.of(verdicts.GAP)))

    def test_every_test_of_the_plugin_has_a_group(self):
        plan = claims.plan()
        self.assertEqual([], [claim.test for claim in plan
                              if not claim.claim.endswith('.')])
        self.assertNotEqual([], plan)


class RenderTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        self.report = samples.report(
            samples.failure('test_a'),
            samples.result('test_b', 'skip', 'set <this> & that'))

    def test_no_output_has_a_secret(self):
        for output in (html.render(self.report).decode(),
                       junit.render(self.report).decode(),
                       verdicts.dump(self.report),
                       text.render(self.report)):
            self.assertNotIn(samples.SECRET, output)
            self.assertIn('Claim of test_a.', output)

    def test_page_needs_no_network_and_escapes_what_it_shows(self):
        page = html.render(self.report).decode()
        self.assertIn('set &lt;this&gt; &amp; that', page)
        for word in ('http://', 'https://', '<script', ' src='):
            self.assertNotIn(word, page)

    def test_page_of_a_run_without_a_test(self):
        self.assertIn('no test has run',
                      html.render(samples.report()).decode())

    def test_junit_counts_what_a_gate_must_not_pass(self):
        root = xml.etree.ElementTree.fromstring(junit.render(self.report))
        self.assertEqual(('2', '1', '1'), tuple(
            root.get(key) for key in ('tests', 'failures', 'errors')))

    def test_run_can_be_repeated_exactly(self):
        self.assertIn('--regex', repeats.commands(self.report)[-1])

    def test_changes_between_two_runs_are_named(self):
        other = samples.report(samples.result('test_a', 'success'),
                               samples.result('test_b', 'skip', 'x'))
        changes = comparing.changes(self.report, other)
        self.assertIn('pass -> fail: Claim of test_a. '
                      '(SomeNegativeTest.test_a)', changes)
        self.assertNotIn('test_b', ' '.join(changes))

    def test_report_is_read_again_from_its_json(self):
        path = pathlib.Path(
            self.useFixture(fixtures.TempDir()).path, 'report.json')
        path.write_text(verdicts.dump(self.report))
        self.assertEqual(self.report, report._other(path, []))


class MistakeTest(base.BaseTestCase):

    def test_folder_without_a_run_is_one_sentence(self):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        error = self.assertRaises(
            errors.VerifyError, report.last_run, folder)
        self.assertIn('run "tempest run" there first', str(error))

    def test_required_pattern_that_names_nothing_is_reported(self):
        path = pathlib.Path(
            self.useFixture(fixtures.TempDir()).path, 'required')
        path.write_text('# what must pass\ntest_z\n')
        error = self.assertRaises(
            errors.VerifyError, report._required, path,
            [samples.claim('test_a')])
        self.assertIn('"test_z"', str(error))
