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

"""The only module that knows where the pages' results and faults are."""

import pathlib

from multiattach_lab import cost
from multiattach_lab import drill
from multiattach_lab import faults
from multiattach_lab import kinds
from multiattach_lab import matrix
from multiattach_lab import releases
from multiattach_lab import scoreboard as scoreboards
from multiattach_lab import stability as repetitions

RESULTS = pathlib.Path(__file__).parents[2] / 'results'
VERDICTS = (scoreboards.CAUGHT, scoreboards.CAUGHT_OTHERWISE,
            scoreboards.MISSED, scoreboards.UNSEEN)


def scoreboard(directive, name):
    """Return what a drill found (:class:`scoreboard.Scoreboard`)."""
    return scoreboards.read(_path(directive, name))


def runs(directive, name):
    """Return a row for each release that was run (:class:`matrix.Row`)."""
    return list(matrix.read(_path(directive, name)).values())


def stability(directive, name):
    """Return a row a condition and tests (:class:`stability.Row`)."""
    return list(repetitions.read(_path(directive, name)).values())


def costs(directive, name):
    """Return what tests cost (list of :class:`cost.Row`)."""
    return cost.read(_path(directive, name))


def faults_of(cloud):
    """Return the faults of a cloud ({name: :class:`faults.Fault`}).

    :param str cloud: as :func:`matrix.name` calls a release and its kind
    """
    release = cloud.removesuffix(f'-{kinds.GUESTS}')
    return drill.select(release, guests=cloud != release)


def fault(name):
    """Return the :class:`faults.Fault` of that name."""
    return faults.load(name)


def direct_swap(release):
    """Return what ``[multiattach] direct_swap`` is on a release (str)."""
    return releases.get(release).direct_swap


def _path(directive, name):
    path = RESULTS / name
    if not path.exists():
        raise directive.error(f'There are no results in {path}.')
    directive.env.note_dependency(path)
    return path
