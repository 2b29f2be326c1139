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

import os
import pathlib
import re
import tomllib

import testtools
import yaml

ROOT = pathlib.Path(__file__).parents[2]
CHECKOUTS = [pathlib.Path(path) for path in os.environ.get(
    'ZUUL_CHECKOUTS', '').split(os.pathsep) if path]
# Attributes of a job that Zuul knows, as far as ours use them.
ATTRIBUTES = {'abstract', 'description', 'group-vars', 'irrelevant-files',
              'name', 'nodeset', 'override-checkout', 'parent',
              'required-projects', 'timeout', 'vars', 'voting'}
PIPELINES = ('check', 'experimental', 'gate')
SOURCE = {'.sh', '.py', '.yaml', '.rst', ''}


class _Loader(yaml.SafeLoader):
    """Reads what Zuul reads, without its secrets."""


_Loader.add_multi_constructor('!', lambda *_: None)


def definitions(*folders):
    """Return the items of Zuul files: (kind, {attribute: value}) each."""
    return [pair for folder in folders
            for path in (*folder.glob('.zuul.yaml'),
                         *folder.glob('.zuul.d/**/*.yaml'),
                         *folder.glob('zuul.d/**/*.yaml'))
            for item in yaml.load(path.read_text(), _Loader) or ()
            for pair in item.items()]


def named(kind, found):
    return {value['name']: value for each, value in found
            if each == kind and 'name' in value}


OURS = definitions(ROOT)
JOBS = named('job', OURS)


def listed(project):
    """Return the names of the jobs that a project or template runs."""
    return [name for pipeline in PIPELINES
            for entry in project.get(pipeline, {}).get('jobs', ())
            for name in ([entry] if isinstance(entry, str) else entry)]


class ZuulTest(testtools.TestCase):
    """What can be said of our jobs without a Zuul."""

    def test_jobs_have_known_attributes(self):
        for name, job in JOBS.items():
            self.assertEqual(set(), job.keys() - ATTRIBUTES, name)

    def test_every_job_is_run_or_inherited(self):
        """No job is forgotten; those of the lab are for other projects."""
        runs = {name for _, each in OURS for name in listed(each)}
        parents = {job['parent'] for job in JOBS.values()}
        self.assertEqual(
            {'multiattach-tempest-plugin-lab-cinder',
             'multiattach-tempest-plugin-lab-nova'},
            JOBS.keys() - runs - parents)

    def test_expressions_are_right(self):
        """Each compiles, and a change of code is relevant."""
        for name, job in JOBS.items():
            for each in job.get('irrelevant-files', ()):
                self.assertIsNone(re.match(each, 'devstack/plugin.sh'), name)
                self.assertIsNone(re.match(
                    each, 'multiattach_tempest_plugin/state.py'), name)
        regex = JOBS['multiattach-tempest-plugin-base']['vars'][
            'tempest_test_regex']
        for test in ('multiattach_tempest_plugin.tests.api.test_x.X.test_y',
                     'tempest.api.compute.admin.test_volume_swap.X.test_y'):
            self.assertIsNotNone(re.search(regex, test))

    def test_each_python_that_we_name_has_a_job(self):
        """What the package says of itself is tested."""
        project = tomllib.loads(
            (ROOT / 'pyproject.toml').read_text())['project']
        versions = re.findall(r'Python :: 3\.(\d+)',
                              ' '.join(project['classifiers']))
        self.assertIn('11', versions)
        [ours] = [each for kind, each in OURS if kind == 'project']
        self.assertEqual(
            {f'openstack-tox-py3{version}' for version in versions},
            {name for name in listed(ours) if '-tox-py3' in name})

    def test_files_that_jobs_name_are_there(self):
        """The list of what to exclude is where a job looks for it."""
        path = JOBS['multiattach-tempest-plugin-base']['vars'][
            'tempest_test_exclude_list'].rpartition('}}/')[2]
        self.assertTrue((ROOT / path).is_file(), path)


@testtools.skipUnless(
    CHECKOUTS, 'To run this test set ZUUL_CHECKOUTS to checkouts of '
    'openstack/devstack, tempest, openstack-zuul-jobs, requirements and '
    'devstack-plugin-ceph, with colons between them')
class NamesTest(testtools.TestCase):
    """Every name that our jobs use is one of the projects they come from."""

    def setUp(self):
        super().setUp()
        self.found = [*OURS, *definitions(*CHECKOUTS)]

    def test_parents_and_nodesets(self):
        jobs, nodesets = (named(kind, self.found)
                          for kind in ('job', 'nodeset'))
        for name, job in JOBS.items():
            self.assertIn(job['parent'], jobs, name)
            if 'nodeset' in job:
                self.assertIn(job['nodeset'], nodesets, name)

    def test_jobs_and_templates_of_project(self):
        jobs, templates = (named(kind, self.found)
                           for kind in ('job', 'project-template'))
        for kind, each in OURS:
            if kind != 'job':
                self.assertEqual([], [name for name in listed(each)
                                      if name not in jobs])
                self.assertEqual([], [name for name in each.get(
                    'templates', ()) if name not in templates])

    def test_variables(self):
        """Each is written somewhere in the source of these projects."""
        text = '\n'.join(
            path.read_text(errors='replace') for folder in CHECKOUTS
            for path in folder.rglob('*')
            if path.is_file() and path.suffix in SOURCE
            and '.git' not in path.parts)
        words = set(re.findall(r'[\w-]+', text))
        used = set()
        for job in JOBS.values():
            groups = job.get('group-vars', {})
            used.update(groups)
            for variables in (job.get('vars', {}), *groups.values()):
                used.update(variables)
                for name in ('devstack_localrc', 'devstack_services'):
                    used.update(variables.get(name, ()))
        self.assertNotEqual(set(), used)
        self.assertEqual(set(), used - words)
