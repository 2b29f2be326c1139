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


@dataclasses.dataclass(frozen=True)
class Release:
    """One row: what is installed, and how it runs.

    ``date`` is the day as of which dependencies are resolved (YYYY-MM-DD):
    old services do not run with later libraries. The services themselves
    are the newest point releases of their series up to ``services_date``.
    ``direct_swap`` is what the plugin's option of that name has to say about
    this release: since Nova's fix of bug 2112187 (29.3.0, 30.1.0, 31.1.0,
    32.0.0) only Cinder may swap. ``concurrency`` is how Nova and Cinder run:
    older ones know eventlet alone.
    """
    name: str
    date: str
    services_date: str
    nova: int
    cinder: int
    keystone: int
    glance: int
    placement: int
    neutron: int
    direct_swap: str
    concurrency: str

    @property
    def services(self):
        """The services' packages and their series ({str: int})."""
        return {'nova': self.nova, 'cinder': self.cinder,
                'keystone': self.keystone, 'glance': self.glance,
                'openstack-placement': self.placement,
                'neutron': self.neutron}


RELEASES = {row.name: row for row in (
    Release('2026.2', '2026-11-20', '2026-11-20',
            nova=34, cinder=29, keystone=30, glance=33, placement=16,
            neutron=29,
            direct_swap='refused', concurrency='threading'),
    # The last day before nova 29.3.0, the first of its series with the fix.
    Release('2024.1-unfixed', '2024-06-15', '2025-08-17',
            nova=29, cinder=24, keystone=25, glance=28, placement=11,
            neutron=24,
            direct_swap='allowed', concurrency='eventlet'),
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
