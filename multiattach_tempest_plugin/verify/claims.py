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

"""What the installed plugin can prove: its tests, in groups."""

import dataclasses
import inspect
import unittest

from multiattach_tempest_plugin import plugin

GAPS = 'What does not hold: known gaps'

# The groups, in their order, and the test classes whose claims they hold.
GROUPS = {
    'What is refused': (
        'SwapNegativeTest', 'SwapServerStateNegativeTest',
        'MigrateNegativeTest', 'RetypeNegativeTest', 'DetachNegativeTest',
        'VolumeActionsNegativeTest'),
    'The safe way works': (
        'SafeFlowTest', 'SafeFlowBootVolumeTest', 'SafeFlowUnflaggedTest',
        'SafeFlowSwapTest'),
    'Data': ('DataTest',),
    'The guard holds in between': ('AttachNegativeTest',),
    'Who may': (
        'AccessNegativeTest', 'RetypePolicyNegativeTest',
        'SwapPolicyNegativeTest'),
    'Sharing a volume': ('SharedVolumeTest', 'ServerActionsTest'),
    GAPS: (
        'KnownGapsOfSwapTest', 'KnownGapsTest', 'KnownGapsOfActionsTest',
        'KnownGapsOfDataTest'),
}


@dataclasses.dataclass(frozen=True)
class Claim:
    """What one test proves.

    :ivar test: name of the test
    :ivar claim: in a sentence
    :ivar steps: how it is proven (list of str)
    :ivar group: one of :data:`GROUPS`
    """
    test: str
    claim: str
    steps: list
    group: str


def plan():
    """Return all claims of the installed plugin, in their order.

    :returns: list of :class:`Claim`
    """
    found = [(group_of(type(test)), type(test), test.id().partition('[')[0])
             for test in tests_of(load())]
    order = list(GROUPS)
    found.sort(key=lambda each: (order.index(each[0]), *_place(*each)))
    return [Claim(path, claim_of(kind, path), steps_of(kind, path), group)
            for group, kind, path in found]


def load():
    """Return the tests of the plugin (unittest.TestSuite)."""
    folder, top = plugin.MultiattachTempestPlugin().load_tests()
    return unittest.TestLoader().discover(folder, top_level_dir=top)


def tests_of(suite):
    """Yield every test of a unittest suite."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


def group_of(kind):
    """Return the title of the group of a test class (str).

    :raises KeyError: if it has none
    """
    for title, names in GROUPS.items():
        if kind.__name__ in names:
            return title
    raise KeyError(f'{kind.__name__} has no group: add it to GROUPS in '
                   f'{__name__}.')


def claim_of(kind, path):
    """Return what a test proves, in a sentence (str).

    :param kind: its class
    :param str path: its name
    """
    return ' '.join(_paragraphs(kind, path)[0].split())


def steps_of(kind, path):
    """Return how a test proves it (list of str).

    :param kind: its class
    :param str path: its name
    """
    numbered = [each for each in _paragraphs(kind, path)
                if each.startswith('1. ')]
    steps = []
    for line in '\n'.join(numbered).splitlines():
        number, _, text = line.strip().partition('. ')
        if number.isdecimal():
            steps.append(text)
        else:
            steps[-1] += f' {line.strip()}'
    return steps


def _paragraphs(kind, path):
    text = inspect.getdoc(getattr(kind, path.rpartition('.')[2]))
    # Tempest puts the test's id before the docstring.
    return inspect.cleandoc(text.partition('\n\n')[2]).split('\n\n')


def _place(group, kind, path):
    """Return what sorts tests as GROUPS and their modules do."""
    method = inspect.unwrap(getattr(kind, path.rpartition('.')[2]))
    return (GROUPS[group].index(kind.__name__),
            method.__code__.co_firstlineno)
