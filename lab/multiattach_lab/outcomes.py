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

"""What became of the tests of a run, as it is kept."""

import dataclasses
import re

_ID = r'\b(?:req-)?[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}\b'
# Times, and the numbers that Tempest makes its names unique with.
_UNIQUE = re.compile(r'\b\d{4}-\d\d-\d\dT[\d:.]+|(?<=-)\d{6,}\b')


@dataclasses.dataclass(frozen=True)
class Outcomes:
    """What became of the tests of a run, each sorted by its name.

    :ivar passed: names of the tests that passed (list of str)
    :ivar skipped: {test: reason}
    :ivar gaps: {test: words} of tests that are known to fail, and did
    :ivar failed: {test: words} of all others
    """
    passed: list
    skipped: dict
    gaps: dict
    failed: dict

    @classmethod
    def of(cls, found):
        """Sort results.

        :param found: iterable of :class:`Result` of a stream
        """
        kinds = {'success': {}, 'skip': {}, 'xfail': {}}
        failed = {}
        for result in sorted(found, key=lambda result: result.test):
            kinds.get(result.status, failed)[result.test] = result.words
        return cls(list(kinds['success']), kinds['skip'], kinds['xfail'],
                   failed)

    @property
    def tests(self):
        """The names of all tests (set of str)."""
        return {*self.passed, *self.skipped, *self.gaps, *self.failed}


def mask(value):
    """Return something without the parts of texts that differ in every run.

    Ids are numbered in each text, so that one can be told from another.

    :param value: what JSON can hold
    """
    if isinstance(value, dict):
        return {key: mask(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [mask(entry) for entry in value]
    if not isinstance(value, str):
        return value
    seen = {}
    numbered = re.sub(
        _ID, lambda found: f'<id-{seen.setdefault(found[0], len(seen) + 1)}>',
        value)
    return _UNIQUE.sub('<unique>', numbered)
