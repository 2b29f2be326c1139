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

import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import testtools

from tests.unit import doc

BROWSERS = ('chromium', 'chromium-browser', 'google-chrome')
OPTIONS = (
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
    '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    '--allow-file-access-from-files',
    # The theme names things on the web, which no page needs.
    '--host-resolver-rules=MAP * ~NOTFOUND')
WIDTHS = (1300, 400)
# Shows each page in frames, and says what is wider than its frame's page.
HARNESS = """<!DOCTYPE html><html><body><pre></pre><script>
const found = [];
function measure(frame) {
    const page = frame.contentDocument;
    page.querySelectorAll('details').forEach(each => each.open = true);
    const width = page.documentElement.clientWidth;
    page.querySelectorAll('table').forEach(table => {
        const right = Math.max(table.getBoundingClientRect().right,
                               table.getBoundingClientRect().left
                               + table.scrollWidth);
        const body = table.parentElement.getBoundingClientRect().right;
        if (right > Math.min(width, body) + 1)
            found.push(`${frame.title}: "${table.textContent.trim()
                .split('\\n')[0]}" ends at ${right}`);
    });
}
addEventListener('load', () => {
    document.querySelectorAll('iframe').forEach(measure);
    document.querySelector('pre').textContent = JSON.stringify(found);
});
</script>%s</body></html>
"""


def browser():
    """Return the path of a browser, None if there is none."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def wide_tables(folder):
    """Return a sentence (str) about each table that is wider than its page.

    :param folder: pathlib.Path of HTML pages
    """
    frames = ''.join(
        f'<iframe width="{width}" height="600" title="{page.name} at {width}"'
        f' src="{page.as_uri()}"></iframe>'
        for page in sorted(folder.rglob('*.html')) for width in WIDTHS)
    with tempfile.TemporaryDirectory() as profile:
        harness = pathlib.Path(profile) / 'harness.html'
        harness.write_text(HARNESS % frames)
        shown = subprocess.run(
            [browser(), *OPTIONS, f'--user-data-dir={profile}', '--dump-dom',
             harness.as_uri()],
            capture_output=True, text=True, check=True, timeout=180).stdout
    return json.loads(html.unescape(
        re.search(r'<pre>(.+?)</pre>', shown, re.S).group(1)))


@testtools.skipUnless(
    browser(), 'There is no browser to look at the pages with. To run this '
    'test install the package chromium')
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
        self.assertEqual([], wide_tables(self.folder / 'html'))

    def test_wide_table_is_found(self):
        (self.folder / 'wide.html').write_text(
            f'<table><tr><td>{"x" * 90}</td></tr></table>'
            f'<details><table><tr><td>{"y" * 90}</td></tr></table></details>'
            '<table><tr><td>short</td></tr></table>')
        found = wide_tables(self.folder)
        self.assertEqual(
            [f'wide.html at 400: "{letter * 90}' for letter in 'xy'],
            [each.rpartition('"')[0] for each in found])
