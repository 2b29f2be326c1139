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

"""The releases that the lab can run, one row each."""

import dataclasses

from multiattach_lab import errors


# Up to this day the newest point release of each series is taken.
_NEWEST = '2026-11-20'
# The last day on which no series had the fix of bug 2112187.
_BEFORE_FIX = '2025-08-17'


@dataclasses.dataclass(frozen=True)
class Release:
    """One row: what is installed, and how it runs.

    ``date`` is the day as of which dependencies are resolved (YYYY-MM-DD):
    old services do not run with later libraries. The services themselves
    are the newest point releases of their series up to ``services_date``.
    ``direct_swap`` and ``attachments_of_other_projects`` are what the
    plugin's options of these names have to say about this release: since
    Nova's fix of bug 2112187 (29.3.0, 30.1.0, 31.1.0, 32.0.0) only Cinder may
    swap, and Cinder has the fix of bug 2138566 since 28.0.0. ``threads`` are
    the services that run in native threads, as their release allows; the
    others know eventlet alone.
    ``libraries`` are requirements that the date does not decide, since a
    release took up a library later than it appeared.
    """
    name: str
    date: str
    nova: int
    cinder: int
    keystone: int
    glance: int
    placement: int
    neutron: int
    direct_swap: str = 'refused'
    attachments_of_other_projects: str = 'shown'
    threads: tuple[str, ...] = ()
    services_date: str = _NEWEST
    libraries: tuple[str, ...] = ()

    @property
    def services(self):
        """The services' packages and their series ({str: int})."""
        return {'nova': self.nova, 'cinder': self.cinder,
                'keystone': self.keystone, 'glance': self.glance,
                'openstack-placement': self.placement,
                'neutron': self.neutron}

    def before_fix(self):
        """Return the same series just before the fix of bug 2112187."""
        return dataclasses.replace(
            self, name=f'{self.name}-unfixed', direct_swap='allowed',
            services_date=_BEFORE_FIX)


_2024_1 = Release(
    '2024.1', '2024-06-15', nova=29, cinder=24, keystone=25, glance=28,
    placement=11, neutron=24)
_2024_2 = Release(
    '2024.2', '2024-10-20', nova=30, cinder=25, keystone=26, glance=29,
    placement=12, neutron=25)
_2025_1 = Release(
    '2025.1', '2025-06-15', nova=31, cinder=26, keystone=27, glance=30,
    placement=13, neutron=26)

RELEASES = {row.name: row for row in (
    Release('2023.1', '2023-06-15', nova=27, cinder=22, keystone=23,
            glance=26, placement=9, neutron=22, direct_swap='allowed',
            # Cinder's own key manager has not what castellan 4.2 asks of one.
            libraries=('SQLAlchemy<2', 'castellan<4.2')),
    Release('2023.2', '2023-12-15', nova=28, cinder=23, keystone=24,
            glance=27, placement=10, neutron=23, direct_swap='allowed',
            libraries=('SQLAlchemy<2',)),
    _2024_1.before_fix(),
    _2024_1,
    _2024_2.before_fix(),
    _2024_2,
    _2025_1.before_fix(),
    _2025_1,
    Release('2025.2', '2025-12-15', nova=32, cinder=27, keystone=28,
            glance=31, placement=14, neutron=27),
    Release('2026.1', '2026-04-15', nova=33, cinder=28, keystone=29,
            glance=32, placement=15, neutron=28,
            attachments_of_other_projects='hidden', threads=('nova',)),
    Release('2026.2', '2026-11-20', nova=34, cinder=29, keystone=30,
            glance=33, placement=16, neutron=29,
            attachments_of_other_projects='hidden',
            threads=('nova', 'cinder')),
)}

DEFAULT = '2026.2'


def get(name):
    """Return the row of that name.

    :raises LabError: if no release has that name
    """
    try:
        return RELEASES[name]
    except KeyError:
        raise errors.LabError(
            f'There is no release "{name}": choose one of '
            f'{", ".join(RELEASES)}.') from None
