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

"""The unit tests of both distributions: the plugin's, and the lab's."""

import pathlib

_ROOT = pathlib.Path(__file__).parents[2]


def load_tests(loader, _tests, pattern):
    """Find tests here and beside the lab, for whoever looks here alone."""
    return loader.suiteClass(
        loader.discover(str(_ROOT / folder), pattern, str(_ROOT))
        for folder in ('tests/unit', 'lab/tests/unit'))
