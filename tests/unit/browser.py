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

"""Look at pages in a real browser, on a screen and on a telephone."""

import html
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

import testtools

_BROWSERS = ('chromium', 'chromium-browser', 'google-chrome')
_OPTIONS = (
    '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
    '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync',
    '--allow-file-access-from-files',
    # What pages name on the web they have to do without.
    '--host-resolver-rules=MAP * ~NOTFOUND')
_WIDTHS = (1300, 400)
# Shows each page in frames, with all that can be opened open.
_HARNESS = """<!DOCTYPE html><html><body><pre></pre><script>
const look = %s;
addEventListener('load', () => {
    const found = [];
    document.querySelectorAll('iframe').forEach(frame => {
        const page = frame.contentDocument;
        page.querySelectorAll('details').forEach(each => each.open = true);
        found.push(...look(page).map(each => `${frame.title}: ${each}`));
    });
    document.querySelector('pre').textContent = JSON.stringify(found);
});
</script>%s</body></html>
"""


def _browser():
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


needs_browser = testtools.skipUnless(
    _browser(), 'There is no browser to look at the pages with. To run this '
    'test install the package chromium')


def look(folder, function):
    """Return what a function finds on pages (list of str, page and width).

    :param folder: pathlib.Path of HTML pages
    :param function: of JavaScript, from a document to a list of sentences
    """
    frames = ''.join(
        f'<iframe width="{width}" height="600" title="{page.name} at {width}"'
        f' src="{page.as_uri()}"></iframe>'
        for page in sorted(folder.rglob('*.html')) for width in _WIDTHS)
    with tempfile.TemporaryDirectory() as profile:
        harness = pathlib.Path(profile) / 'harness.html'
        harness.write_text(_HARNESS % (function, frames))
        shown = subprocess.run(
            [_browser(), *_OPTIONS, f'--user-data-dir={profile}',
             '--dump-dom', harness.as_uri()],
            capture_output=True, text=True, check=True, timeout=180).stdout
    return json.loads(html.unescape(
        re.search(r'<pre>(.+?)</pre>', shown, re.S).group(1)))
