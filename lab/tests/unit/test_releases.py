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

import dataclasses
import datetime

from oslo_config import cfg
from oslotest import base

from multiattach_lab import errors
from multiattach_lab import releases
from multiattach_tempest_plugin import config

# When a series got the fix of bug 2112187; 32 and later were born with it.
FIXED = {29: '2025-08-18', 30: '2025-08-18', 31: '2025-08-19'}


def nova_series(name):
    """Return the series of nova in a release such as '2024.1-unfixed'."""
    year, half = name.partition('-')[0].split('.')
    return 29 + 2 * (int(year) - 2024) + int(half) - 1


def era(row):
    """Return who may swap directly in a release, by its point releases."""
    if row.nova >= 32:
        return 'refused'
    fixed = row.services_date >= FIXED.get(row.nova, '9999')
    return 'refused' if fixed else 'allowed'


class ReleasesTest(base.BaseTestCase):

    def test_eras_of_known_point_releases(self):
        """The rule that rows are held against tells the eras apart."""
        row = releases.get(releases.DEFAULT)
        for nova, day, expected in (
                (34, '2026-11-20', 'refused'), (32, '2025-10-01', 'refused'),
                (31, '2025-08-19', 'refused'), (31, '2025-08-18', 'allowed'),
                (29, '2025-08-17', 'allowed'), (28, '2026-01-01', 'allowed')):
            self.assertEqual(expected, era(dataclasses.replace(
                row, nova=nova, services_date=day)), (nova, day))

    def test_rows_say_who_may_swap(self):
        """direct_swap follows from the point releases, in words we know."""
        conf = cfg.ConfigOpts()
        config.register_opts(conf)
        conf(args=[], default_config_files=[])
        for row in releases.RELEASES.values():
            self.assertEqual(era(row), row.direct_swap, row.name)
            conf.set_override('direct_swap', row.direct_swap, 'multiattach')

    def test_rows_say_who_sees_attachments(self):
        """Cinder hides attachments of other projects since 28.0.0."""
        conf = cfg.ConfigOpts()
        config.register_opts(conf)
        conf(args=[], default_config_files=[])
        for row in releases.RELEASES.values():
            value = row.attachments_of_other_projects
            self.assertEqual(
                'hidden' if row.cinder >= 28 else 'shown', value, row.name)
            conf.set_override(
                'attachments_of_other_projects', value, 'multiattach')

    def test_series_of_a_row_were_released_together(self):
        """All services of a row are of the release that it is named after.

        Every project counts one up with each release.
        """
        for row in releases.RELEASES.values():
            nova = nova_series(row.name)
            self.assertEqual(
                {'nova': nova, 'glance': nova - 1, 'keystone': nova - 4,
                 'cinder': nova - 5, 'neutron': nova - 5,
                 'openstack-placement': nova - 18}, row.services, row.name)

    def test_services_are_no_older_than_their_dependencies(self):
        """Both dates are days, and the services' is not the earlier one."""
        for row in releases.RELEASES.values():
            first, last = [datetime.datetime.strptime(day, '%Y-%m-%d')
                           for day in (row.date, row.services_date)]
            self.assertLessEqual(first, last, row.name)

    def test_rows_name_services_that_run_in_threads(self):
        """Only Nova and Cinder are told how to run, the newest in threads."""
        for row in releases.RELEASES.values():
            self.assertLessEqual(set(row.threads), {'nova', 'cinder'})
        newest = releases.get(releases.DEFAULT)
        self.assertEqual({'nova', 'cinder'}, set(newest.threads))

    def test_newest_is_the_default(self):
        """Who names no release gets the last row, and the rows are in order.

        A series before its fix comes just before itself.
        """
        names = list(releases.RELEASES)
        self.assertEqual(releases.DEFAULT, names[-1])
        self.assertEqual(names, sorted(names, key=lambda name: (
            name.partition('-')[0], not name.endswith('-unfixed'))))

    def test_each_fixed_series_is_there_before_its_fix_too(self):
        """A series that got the fix later has both eras, of one series."""
        for nova in FIXED:
            rows = [row for row in releases.RELEASES.values()
                    if row.nova == nova]
            self.assertEqual({'allowed', 'refused'},
                             {row.direct_swap for row in rows}, nova)
            self.assertEqual(1, len({row.date for row in rows}), nova)

    def test_unknown_release_is_told_with_the_choices(self):
        """A mistyped release is answered with those that there are."""
        error = self.assertRaises(errors.LabError, releases.get, '2026.3')
        self.assertIn('"2026.3"', str(error))
        for name in releases.RELEASES:
            self.assertIn(name, str(error))
