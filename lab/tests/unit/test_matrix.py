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

import contextlib
import fcntl
import io
import json
import pathlib
import types

import fixtures
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import lab
from multiattach_lab import matrix
from multiattach_lab import progress
from multiattach_lab import releases
from multiattach_tempest_plugin.verify import streams

CLASS = 'multiattach_tempest_plugin.tests.api.test_swap_negative.Swap'
VERSIONS = {'nova': '29.2.2', 'cinder': '24.4.0'}


def results(*statuses):
    """Return results of tests, one a status, named by their number."""
    return [streams.Result(f'{CLASS}.test_{number}', status, 1.5,
                           f'words of {number}')
            for number, status in enumerate(statuses)]


def row(*statuses, release='2024.1-unfixed', kind='default', error=''):
    return matrix.sort(release, kind, VERSIONS, results(*statuses), error,
                       17.26, 99)


class RowTest(base.BaseTestCase):

    def test_results_are_sorted_by_what_became_of_them(self):
        """Every result is in one place, by its own name, with its words."""
        found = row('xfail', 'success', 'fail', 'skip', 'uxsuccess',
                    'unknown')
        self.assertEqual([f'{CLASS}.test_1'], found.passed)
        self.assertEqual({f'{CLASS}.test_3': 'words of 3'}, found.skipped)
        self.assertEqual({f'{CLASS}.test_0': 'words of 0'}, found.gaps)
        self.assertEqual(
            {f'{CLASS}.test_{number}': f'words of {number}'
             for number in (2, 4, 5)}, found.failed)
        self.assertEqual((17, 99, VERSIONS),
                         (found.start, found.seconds, found.versions))

    def test_green_is_what_passed_and_nothing_else(self):
        """A release is green if tests passed and no other was red.

        One on which nothing ran is not green, nor one that ended early, nor
        one on which a known gap is fixed.
        """
        self.assertTrue(row('success', 'skip', 'xfail').green)
        for statuses in ((), ('skip', 'skip'), ('success', 'fail'),
                         ('success', 'uxsuccess'),
                         ('success', 'unknown')):
            self.assertFalse(row(*statuses).green, statuses)
        self.assertFalse(row('success', error='nova ended.').green)


class FileTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = folder / 'new' / 'releases.json'

    def test_nothing_was_run_yet(self):
        """No file means no rows, and no failure."""
        self.assertEqual({}, matrix.read(self.path))

    def test_rows_come_back_in_the_order_of_the_releases(self):
        """What was written is read again, the oldest release first."""
        newest = row('success', release=releases.DEFAULT)
        oldest = row('fail', 'skip', release='2023.1')
        other = row('success', release=releases.DEFAULT, kind='one-pool')
        matrix.write(self.path, {each.cloud: each
                                 for each in (other, newest, oldest)})
        found = matrix.read(self.path)
        self.assertEqual({'2023.1': oldest, '2026.2': newest,
                          '2026.2-one-pool': other}, found)
        self.assertEqual(['2023.1', '2026.2', '2026.2-one-pool'], list(found))

    def test_kind_is_the_default_where_none_is_written(self):
        """Results from before there were kinds are still read."""
        matrix.write(self.path, {'2026.2': row('success', release='2026.2')})
        [written] = json.loads(self.path.read_text())
        del written['kind']
        self.path.write_text(json.dumps([written]))
        self.assertEqual('default', matrix.read(self.path)['2026.2'].kind)


class RunTest(base.BaseTestCase):

    def test_release_that_does_not_start_is_red_and_others_follow(self):
        """A release that cannot be had does not end the matrix.

        1. Let every start fail for a reason of its own.
        2. Run two releases: both are written with their reason, the logs of
           both are copied, and the whole fails.
        """
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', str(folder / 'cache')))
        output = io.StringIO()
        self.useFixture(fixtures.MonkeyPatch('sys.stdout', output))
        chosen = Broken(folder)
        path = folder / 'releases.json'
        names = ['2023.1', '2026.2-one-pool']
        clouds = [('2023.1', 'default'), ('2026.2', 'one-pool')]
        self.assertEqual(
            1, matrix.run(chosen, clouds, path, None, [], 'tempest.conf'))
        rows = matrix.read(path)
        self.assertEqual(names, list(rows))
        for name in names:
            self.assertEqual(f'{name} is broken', rows[name].error)
            self.assertEqual(
                name, (folder / f'logs-{name}' / 'nova.log').read_text())
            self.assertIn(f'{name} is broken', output.getvalue())

    def test_run_without_a_test_is_reported(self):
        """A Tempest that ends before its first test is no green release."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.useFixture(fixtures.EnvironmentVariable(
            'XDG_CACHE_HOME', str(folder / 'cache')))
        tempest = folder / 'bin' / 'tempest'
        tempest.parent.mkdir()
        tempest.write_text('#!/bin/sh\n')
        tempest.chmod(0o755)
        self.useFixture(fixtures.MonkeyPatch(
            'sys.executable', str(tempest.parent / 'python')))
        output = io.StringIO()
        self.useFixture(fixtures.MonkeyPatch('sys.stdout', output))
        path = folder / 'releases.json'
        self.assertEqual(1, matrix.run(
            Idle(folder), [('2026.2', 'default')], path, None, [],
            'tempest.conf'))
        self.assertEqual(
            'No test was run.', matrix.read(path)['2026.2'].error)

    def test_folder_of_another_lab_is_left_alone(self):
        """No release is called red because a lab runs in the folder."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        with open(folder / 'lock', 'w') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            error = self.assertRaises(
                errors.LabError, matrix.run, lab.Lab(folder),
                [('2026.2', 'default')],
                folder / 'releases.json', None, [], 'tempest.conf')
        self.assertIn(f'A lab runs in {folder} already', str(error))
        self.assertFalse((folder / 'releases.json').exists())


class Broken:
    """A lab in which no release starts."""

    def __init__(self, state):
        self.state = state

    def check_free(self):
        pass

    def started(self, release, kind, _database_url):
        name = matrix.name(release, kind)
        logs = self.state / 'logs'
        logs.mkdir(exist_ok=True)
        (logs / 'nova.log').write_text(name)
        raise errors.LabError(f'{name} is broken')


class Idle:
    """A lab in which every release starts, and serves nobody."""

    def __init__(self, state):
        self.state = state

    def check_free(self):
        pass

    @contextlib.contextmanager
    def started(self, _release, _kind, _database_url):
        (self.state / 'logs').mkdir()
        yield types.SimpleNamespace(
            progress=progress.Progress(), check=lambda: None,
            records=lambda: [])
