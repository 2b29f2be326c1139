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


import importlib
import pathlib
import re
import sys
import uuid

import fixtures
from oslotest import base

from multiattach_lab import faults
from multiattach_lab import releases

PARTS = ('nova-api', 'nova-conductor', 'nova-scheduler', 'nova-compute',
         'nova-libvirt', 'cinder-api', 'cinder-scheduler', 'cinder-volume')
SOURCE = '''
LIMIT = 1


def allowed(count):
    return count > LIMIT
'''


def change(module='nova.compute.api', old='> LIMIT', new='>= LIMIT'):
    return faults.Change(module, old, new)


class ChangeTest(base.BaseTestCase):

    def test_replaces_the_one_place(self):
        self.assertEqual(SOURCE.replace('count > LIMIT', 'count >= LIMIT'),
                         change().apply(SOURCE))

    def test_refuses_source_without_the_place(self):
        error = self.assertRaises(faults.FaultError,
                                  change(old='< LIMIT').apply, SOURCE)
        self.assertIn('nova.compute.api has 0 places', str(error))
        self.assertIn('< LIMIT', str(error))

    def test_refuses_to_choose_between_places(self):
        error = self.assertRaises(faults.FaultError,
                                  change(old='LIMIT').apply, SOURCE)
        self.assertIn('nova.compute.api has 2 places', str(error))


class FaultTest(base.BaseTestCase):

    def fault(self, **values):
        return faults.Fault(part='cinder-volume', origin='bug 1', symptom='.',
                            changes=(change(),), **values)

    def test_restarts_the_service_of_its_program(self):
        self.assertEqual('cinder', self.fault().service)

    def test_fits_its_first_release_and_all_later_ones(self):
        """A new release gets every fault; an old one, those that it knew."""
        order = list(releases.RELEASES)
        for name in order:
            self.assertTrue(self.fault().fits(name))
            self.assertEqual(
                order.index(name) >= order.index('2024.2'),
                self.fault(since='2024.2').fits(name), name)


class ImporterTest(base.BaseTestCase):

    def setUp(self):
        super().setUp()
        folder = self.useFixture(fixtures.TempDir()).path
        # Another name for each test, as Python remembers what it imported.
        self.name = f'target_{uuid.uuid4().hex}'
        self.path = pathlib.Path(folder, f'{self.name}.py')
        self.path.write_text(SOURCE)
        self.useFixture(
            fixtures.MonkeyPatch('sys.dont_write_bytecode', False))
        self.useFixture(fixtures.MonkeyPatch('sys.path',
                                             [folder, *sys.path]))
        self.useFixture(fixtures.MonkeyPatch('sys.meta_path',
                                             list(sys.meta_path)))
        self.addCleanup(sys.modules.pop, self.name, None)

    def importer(self, *changes):
        importer = faults.Importer(changes or [change(self.name)])
        importer.install()
        return importer

    def target(self):
        return importlib.import_module(self.name)

    def test_imports_target_from_changed_source(self):
        importer = self.importer()
        self.assertTrue(self.target().allowed(1))
        importer.check()
        self.assertEqual(SOURCE, self.path.read_text())

    def test_makes_every_change_of_a_target(self):
        self.importer(change(self.name),
                      change(self.name, 'LIMIT = 1', 'LIMIT = 5'))
        self.assertFalse(self.target().allowed(4))
        self.assertTrue(self.target().allowed(5))

    def test_does_not_take_the_compiled_source(self):
        self.assertFalse(self.target().allowed(1))
        del sys.modules[self.name]
        self.importer()
        self.assertTrue(self.target().allowed(1))

    def test_leaves_no_compiled_source_of_its_own(self):
        self.importer()
        self.assertTrue(self.target().allowed(1))
        del sys.modules[self.name]
        sys.meta_path.pop(0)
        self.assertFalse(self.target().allowed(1))

    def test_leaves_other_modules_alone(self):
        importer = self.importer(change('never.imported'))
        self.assertFalse(self.target().allowed(1))
        self.assertIsNone(importer.find_spec(self.name, None))

    def test_refuses_target_that_is_imported_already(self):
        self.target()
        error = self.assertRaises(faults.FaultError, self.importer)
        self.assertEqual(f'{self.name} is imported already.', str(error))

    def test_refuses_target_that_is_never_imported(self):
        importer = self.importer()
        error = self.assertRaises(faults.FaultError, importer.check)
        self.assertEqual(f'{self.name} was never imported.', str(error))

    def test_refuses_target_that_does_not_fit(self):
        self.importer(change(self.name, '< LIMIT'))
        self.assertRaises(faults.FaultError, self.target)
        self.assertNotIn(self.name, sys.modules)


class FaultsTest(base.BaseTestCase):
    """Every table of the package, whatever bugs there are."""

    def test_each_names_its_program_origin_and_symptom(self):
        for name in faults.names():
            fault = faults.load(name)
            self.assertIn(fault.part, PARTS, name)
            self.assertTrue(fault.origin, name)
            self.assertRegex(fault.symptom, r'^[A-Z].+\.$', name)

    def test_each_says_how_it_is_seen_or_why_not(self):
        """A fault without expected words would be caught by any failure."""
        for name in faults.names():
            fault = faults.load(name)
            self.assertNotEqual(bool(fault.expected), bool(fault.unseen),
                                name)
            if fault.expected:
                self.assertIsNone(re.search(fault.expected, 'Waited.'), name)

    def test_each_changes_something_in_its_own_service(self):
        for name in faults.names():
            fault = faults.load(name)
            self.assertTrue(fault.changes, name)
            for each in fault.changes:
                self.assertNotEqual(each.old, each.new, name)
                self.assertEqual(fault.service,
                                 each.module.partition('.')[0], name)

    def test_each_fits_a_release_of_the_lab(self):
        for name in faults.names():
            self.assertTrue(any(faults.load(name).fits(release)
                                for release in releases.RELEASES), name)

    def test_no_two_make_the_same_changes(self):
        changes = {}
        for name in faults.names():
            changes.setdefault(faults.load(name).changes, []).append(name)
        self.assertEqual(
            [], [twins for twins in changes.values() if len(twins) > 1])
