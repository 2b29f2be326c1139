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

"""Run Tempest on a lab, and judge whether the run shows anything."""

import os
import pathlib
import signal
import subprocess
import sys

from multiattach_tempest_plugin.verify import streams

REGEX = '^multiattach_tempest_plugin'
# In seconds, as in Tempest's own tox.ini. Whoever calls the lab may have set
# less for tests of another kind.
_TEST_TIMEOUT = 1200
# What stestr itself shows a run with. It needs the first import and lacks it.
_VIEWER = ('import subunit.test_results; from stestr import subunit_trace; '
           'subunit_trace.main()')


class _Enough(Exception):
    """What the tests have shown so far is all that was asked."""


def run(lab, check, arguments, configuration='tempest.conf'):
    """Run tests, and show how they go.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param check: called about every second; what it raises ends the tests,
        such as LabError when a service of the lab has ended
    :param arguments: more arguments for ``tempest run``
    :param configuration: name of a file of
        :func:`multiattach_lab.tempest_conf.write`
    :returns: exit code: 0 if no test failed and there is no
        :func:`streams.problem`, which is printed
    """
    # In sessions of their own, as Tempest itself: an interrupt from the
    # keyboard ends the tests, and what has run is still shown.
    with subprocess.Popen(
            ['tee', stream(lab)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, start_new_session=True) as tee:
        viewer = subprocess.Popen(
            [sys.executable, '-c', _VIEWER],
            stdin=tee.stdout, start_new_session=True)
        try:
            code = _run(lab, check, arguments, configuration, tee.stdin)
        finally:
            tee.stdin.close()
            failed = viewer.wait()
    wrong = streams.problem(streams.read(stream(lab)))
    if wrong:
        print(wrong, file=sys.stderr)
    return code or failed or int(bool(wrong))


def results(lab, check, arguments, configuration='tempest.conf',
            enough=lambda _found: False):
    """Run tests quietly.

    :param lab: as for :func:`run`
    :param check: as for :func:`run`
    :param arguments: as for :func:`run`
    :param configuration: as for :func:`run`
    :param enough: called with the tests that have ended so far (list of
        :class:`streams.Result`); whether the others need not run
    :returns: list of :class:`streams.Result`; of a run that was enough none is
        unknown
    """
    def watch():
        check()
        if enough(_ended(lab)):
            raise _Enough

    with open(stream(lab), 'wb') as output:
        try:
            _run(lab, watch, arguments, configuration, output)
        except _Enough:
            return _ended(lab)
    return streams.read(stream(lab))


def _tempest():
    return pathlib.Path(sys.executable).parent / 'tempest'


def stream(lab):
    """Return the path of the last run's subunit stream (pathlib.Path)."""
    return lab.state / 'tempest.subunit'


def report(lab, configuration):
    """Print what the last run proves, and leave it as a page too.

    :param lab: :class:`multiattach_lab.lab.Lab`
    :param configuration: as for :func:`run`
    :returns: pathlib.Path of the page
    """
    page = lab.state / 'report.html'
    subprocess.run(
        [_tempest(), 'multiattach', 'report', '--subunit', stream(lab),
         '--config-file', lab.state / configuration, '--html', page],
        cwd=lab.state)
    return page


def log(lab):
    """Return the path of the log of the last run's Tempest (pathlib.Path)."""
    return lab.state / 'logs' / 'tempest.log'


def _run(lab, check, arguments, configuration, output):
    folder = lab.state / 'tempest'
    folder.mkdir(exist_ok=True)
    # Tempest writes it once, with the path of the Tempest of that day.
    (folder / '.stestr.conf').unlink(missing_ok=True)
    # Tempest would append to it.
    log(lab).unlink(missing_ok=True)
    process = subprocess.Popen(
        [_tempest(), 'run', '--subunit',
         '--config-file', lab.state / configuration, '--regex', REGEX,
         *arguments],
        cwd=folder, stdout=output, start_new_session=True,
        env={**os.environ, 'OS_TEST_TIMEOUT': str(_TEST_TIMEOUT)})
    try:
        while True:
            try:
                return process.wait(timeout=1)
            except subprocess.TimeoutExpired:
                check()
    finally:
        if process.poll() is None:
            # Its workers too, who would go on alone.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _ended(lab):
    """Return the results of tests in a stream that is still written."""
    return [result for result in streams.read(stream(lab))
            if result.status != 'unknown'
            and result.test != streams.BROKEN]
