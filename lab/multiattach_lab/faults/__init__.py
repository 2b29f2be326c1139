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

"""Bugs that Nova and Cinder once had, put back on request.

A fault is one module of this package that holds one :class:`Fault`. A
service that is started with it reads the changed source when it imports the
target, so that everything else stays as released.
"""

import dataclasses
import importlib
import importlib.abc
import importlib.machinery
import pkgutil
import sys


class FaultError(Exception):
    """A fault does not fit the release that it is put into."""


@dataclasses.dataclass(frozen=True)
class Change:
    """One place in the source: ``old`` has to be there exactly once.

    :ivar module: name of the module, such as 'nova.compute.api'
    :ivar old: text of the released source, line breaks and spaces included
    :ivar new: text that takes its place
    """
    module: str
    old: str
    new: str

    def apply(self, source):
        """Return a module's source (str) with this change.

        :raises FaultError: if ``old`` is not there, or more than once
        """
        found = source.count(self.old)
        if found != 1:
            raise FaultError(
                f'{self.module} has {found} places, and should have one, '
                f'that read:\n{self.old}')
        return source.replace(self.old, self.new)


@dataclasses.dataclass(frozen=True)
class Fault:
    """A bug.

    :ivar part: the program it sits in, such as 'nova-api'
    :ivar origin: bug number and commit, or 'mutation' of what
    :ivar symptom: what a user sees, in a user's words
    :ivar changes: tuple of :class:`Change`
    :ivar releases: names of the lab's releases that it fits; empty: all
    :ivar unseen: why no test from outside can see it, if that is so
    """
    part: str
    origin: str
    symptom: str
    changes: tuple
    releases: tuple = ()
    unseen: str = ''

    @property
    def service(self):
        """The service that has to be started with it (str)."""
        return self.part.partition('-')[0]

    def fits(self, release):
        """Whether it is meant for a release of that name (bool)."""
        return not self.releases or release in self.releases


def load(name):
    """Return the :class:`Fault` of that name.

    :raises ModuleNotFoundError: if there is none
    """
    return importlib.import_module(f'{__name__}.{name}').FAULT


def names():
    """Return the names of all faults, sorted (list of str)."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


class Importer(importlib.abc.MetaPathFinder):
    """Imports the modules that a fault changes from their changed source."""

    def __init__(self, changes):
        """Prepare; :meth:`install` makes it work.

        :param changes: iterable of :class:`Change`; none in a healthy service
        """
        self._changes = {}
        for change in changes:
            self._changes.setdefault(change.module, []).append(change)

    def install(self):
        """Watch imports from now on.

        :raises FaultError: if a target has been imported already
        """
        early = self._changes.keys() & sys.modules.keys()
        if early:
            raise FaultError(f'{", ".join(early)} is imported already.')
        sys.meta_path.insert(0, self)

    def find_spec(self, fullname, path, target=None):
        """Take over the import of a target; leave others alone."""
        changes = self._changes.get(fullname)
        if changes is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        spec.loader = _Loader(fullname, spec.origin, changes)
        return spec

    def check(self):
        """Raise FaultError if a target was never imported."""
        missing = self._changes.keys() - sys.modules.keys()
        if missing:
            raise FaultError(f'{", ".join(missing)} was never imported.')


class _Loader(importlib.machinery.SourceFileLoader):

    def __init__(self, fullname, path, changes):
        super().__init__(fullname, path)
        self._changes = changes

    def get_code(self, fullname):
        # Compiled files hold the released source.
        source = self.get_source(fullname)
        for change in self._changes:
            source = change.apply(source)
        return self.source_to_code(source, self.path)
