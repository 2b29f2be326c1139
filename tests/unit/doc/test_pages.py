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

import pathlib
import subprocess
import sys
import tempfile

import testtools

from tests.unit import browser
from tests.unit import doc

WIDE_TABLES = """page => {
    const width = page.documentElement.clientWidth;
    return [...page.querySelectorAll('table')].flatMap(table => {
        const box = table.getBoundingClientRect();
        const right = Math.max(box.right, box.left + table.scrollWidth);
        const body = table.parentElement.getBoundingClientRect().right;
        return right <= Math.min(width, body) + 1 ? [] : [
            `"${table.textContent.trim().split('\\n')[0]}" ends at ${right}`];
    });
}"""


@browser.needs_browser
class PagesTest(testtools.TestCase):
    """Every page can be read on a screen and on a telephone."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def test_no_table_is_wider_than_its_page(self):
        subprocess.run(
            [sys.executable, '-m', 'sphinx', '-q', '-b', 'html', '-d',
             self.folder / 'doctrees', doc.ROOT / 'doc' / 'source',
             self.folder / 'html'], check=True, capture_output=True)
        self.assertIn('claims.html', {
            page.name for page in (self.folder / 'html').iterdir()})
        self.assertEqual([], browser.look(
            self.folder / 'html', WIDE_TABLES))

    def test_wide_table_is_found(self):
        (self.folder / 'wide.html').write_text(
            f'<table><tr><td>{"x" * 90}</td></tr></table>'
            f'<details><table><tr><td>{"y" * 90}</td></tr></table></details>'
            '<table><tr><td>short</td></tr></table>')
        found = browser.look(self.folder, WIDE_TABLES)
        self.assertEqual(
            [f'wide.html at 400: "{letter * 90}' for letter in 'xy'],
            [each.rpartition('"')[0] for each in found])
