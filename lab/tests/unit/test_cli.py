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

import io

import fixtures
from oslotest import base

from multiattach_lab import cli


class DrillTest(base.BaseTestCase):
    """The command ``drill``, as far as it needs no cloud."""

    def run_drill(self, *arguments):
        """Return the exit code, and what is printed to either stream."""
        printed = io.StringIO()
        for name in ('sys.stdout', 'sys.stderr'):
            self.useFixture(fixtures.MonkeyPatch(name, printed))
        folder = self.useFixture(fixtures.TempDir()).path
        code = cli.main(['drill', '--state', folder, *arguments])
        return code, printed.getvalue()

    def test_list_runs_nothing(self):
        """Who wants to know the faults sees what a user would of each."""
        code, printed = self.run_drill('--list', '--service', 'nova')
        self.assertEqual(0, code)
        self.assertIn('tag_lost_in_migration (nova-compute; mutation (the tag '
                      'is overwritten))\n    After a migration the tag',
                      printed)
        self.assertNotIn('cinder-api', printed)

    def test_mistakes_end_in_one_sentence(self):
        """A fault or a release that is not there is named, and no more."""
        for arguments, words in (
                (['--fault', 'a_swop'], 'There is no fault "a_swop"'),
                (['--release', 'diablo'], 'There is no release "diablo"'),
                (['--kind', 'perfect'], 'no kind of cloud "perfect"'),
                (['--sample', '1'], 'no fault was caught')):
            code, printed = self.run_drill(*arguments)
            self.assertEqual(1, code, printed)
            self.assertIn(words, printed)
            self.assertNotIn('Traceback', printed)


class TestTest(base.BaseTestCase):
    """The command ``test``, as far as it needs no cloud."""

    def test_mistakes_end_in_one_sentence(self):
        """A change is put into one cloud, and a fault is one of the list."""
        for arguments, words in (
                (['--package', 'nova'], '"nova" must name a package'),
                (['--package', 'nova=/src', '--kind', 'all'], 'on one cloud'),
                (['--fault', 'a_swop'], 'There is no fault "a_swop"')):
            printed = io.StringIO()
            for name in ('sys.stdout', 'sys.stderr'):
                self.useFixture(fixtures.MonkeyPatch(name, printed))
            folder = self.useFixture(fixtures.TempDir()).path
            try:
                code = cli.main(['test', '--state', folder, *arguments])
            except SystemExit as error:  # as argparse ends
                code = error.code
            self.assertNotEqual(0, code)
            self.assertIn(words, printed.getvalue())
            self.assertNotIn('Traceback', printed.getvalue())
