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

Each module is the table of one program: a fault a row, which has the fault's
name in capitals. A service that is started with a fault reads the changed
source when it imports the target, so that everything else stays as released.
"""

import dataclasses
import functools
import importlib
import importlib.abc
import importlib.machinery
import pkgutil
import sys

from multiattach_lab import releases


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

    :ivar origin: bug number and commit, or 'mutation' of what
    :ivar symptom: what a user sees, in a user's words
    :ivar changes: tuple of :class:`Change`
    :ivar expected: regular expression for the words in which a test is
        expected to see it; empty for what none can see
    :ivar since: the first of the lab's releases that it fits; empty: all fit
    :ivar unseen: why no test from outside can see it, if that is so
    :ivar guests: whether only real guests show it
    :ivar part: the program it sits in, such as 'nova-api', as the name of its
        table says
    """
    origin: str
    symptom: str
    changes: tuple
    expected: str = ''
    since: str = ''
    unseen: str = ''
    guests: bool = False
    part: str = ''

    @property
    def service(self):
        """The service that has to be started with it (str)."""
        return self.part.partition('-')[0]

    def fits(self, release):
        """Whether it is meant for a release of that name (bool)."""
        order = list(releases.RELEASES)
        return not self.since or (
            order.index(self.since) <= order.index(release))


def load(name):
    """Return the :class:`Fault` of that name.

    :raises KeyError: if there is none
    """
    return _rows()[name]


def names():
    """Return the names of all faults, sorted (list of str)."""
    return sorted(_rows())


@functools.cache
def _rows():
    found = {}
    for table in pkgutil.iter_modules(__path__):
        part = table.name.replace('_', '-')
        module = importlib.import_module(f'{__name__}.{table.name}')
        found |= {name.lower(): dataclasses.replace(row, part=part)
                  for name, row in vars(module).items()
                  if isinstance(row, Fault)}
    return found


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
