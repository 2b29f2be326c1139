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

import importlib.metadata

from oslotest import base


class PackagingTest(base.BaseTestCase):

    def test_entry_points_load(self):
        """Every command, and the program itself, is there."""
        points = importlib.metadata.distribution(
            'multiattach-lab').entry_points
        self.assertEqual({'console_scripts', 'multiattach_lab'},
                         points.groups)
        for point in points:
            self.assertTrue(callable(point.load()), point)
