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

"""The page of a report, as a browser shows it."""

import pathlib

import fixtures
from oslotest import base
import testscenarios

from multiattach_tempest_plugin.verify import html
from multiattach_tempest_plugin.verify import streams
from tests.unit import browser
from tests.unit.verify import samples

MANY = [f'test_number_{number}' for number in range(500)]
# What a reader stumbles over with eyes, a keyboard or a screen reader.
STUMBLES = """page => {
    const root = page.documentElement;
    const bad = (selector, isBad, what) =>
        [...page.querySelectorAll(selector)].filter(isBad).map(
            each => `${what}: ${each.textContent.trim().slice(0, 60)}`);
    const wide = each => each.scrollWidth > each.clientWidth + 1;
    return [
        ...bad('html', wide, 'the page is wider than its window'),
        ...bad('summary, [tabindex]', each => each.tabIndex < 0,
               'no key reaches it'),
        ...bad('pre, .scroll', each => wide(each) && each.tabIndex < 0,
               'no key scrolls it'),
        ...bad('section', each => !page.getElementById(
            each.getAttribute('aria-labelledby'))?.textContent.trim(),
            'a section without a name'),
        ...bad('th', each => !each.scope, 'a heading of nothing'),
        ...bad('summary', each => !each.innerText.trim(), 'an empty row'),
        ...(root.lang ? [] : ['no language']),
        ...['h1', 'main'].filter(
            name => page.querySelectorAll(name).length !== 1).map(
            name => `not one ${name}`),
        ...[...page.querySelectorAll('[src], link[href]')].map(
            each => `${each.tagName} comes from elsewhere`),
    ];
}"""


@browser.needs_browser
class ReportPageTest(testscenarios.WithScenarios, base.BaseTestCase):

    scenarios = [
        ('green', {'report': lambda: samples.report(
            samples.result('test_a', 'success'),
            samples.result('test_b', 'success'))}),
        ('failed', {'report': lambda: samples.report(
            samples.failure('test_a'),
            samples.result('test_b', 'skip', 'Set [section] option = value')
        )}),
        ('empty', {'report': samples.report}),
        ('killed', {'report': lambda: samples.report(
            samples.result('test_a', 'success'),
            streams.Result(streams.BROKEN, 'fail', 0, 'short read'))}),
        ('many', {'report': lambda: samples.report(*(
            samples.failure(name) if name.endswith('00')
            else samples.result(name, 'success') for name in MANY),
            plan=MANY)}),
    ]

    def test_everybody_can_read_it(self):
        """Nothing is in the way of eyes, a keyboard or a screen reader."""
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (folder / 'report.html').write_bytes(html.render(self.report()))
        self.assertEqual([], browser.look(folder, STUMBLES))


@browser.needs_browser
class StumblesTest(base.BaseTestCase):

    def test_what_is_in_the_way_is_found(self):
        folder = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        (folder / 'bad.html').write_text(
            f'<!DOCTYPE html><p>{"x" * 500}</p><section>s</section>'
            '<table><tr><th>h</th></tr></table>'
            '<details><summary tabindex="-1"> </summary></details>')
        found = {each.partition(': ')[2].partition(':')[0]
                 for each in browser.look(folder, STUMBLES)}
        self.assertEqual({
            'the page is wider than its window', 'no key reaches it',
            'a section without a name', 'a heading of nothing',
            'an empty row', 'no language', 'not one h1', 'not one main'},
            found)
