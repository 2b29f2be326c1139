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

"""A check from the beginning to its rows."""

import dataclasses
import logging
import os

from multiattach_tempest_plugin.verify import check_access
from multiattach_tempest_plugin.verify import check_claims
from multiattach_tempest_plugin.verify import check_cloud
from multiattach_tempest_plugin.verify import check_row
from multiattach_tempest_plugin.verify import check_servers
from multiattach_tempest_plugin.verify import check_storage
from multiattach_tempest_plugin.verify import conf

NEEDS = (*check_access.NEEDS, *check_storage.NEEDS, *check_servers.NEEDS,
         # Needs the flavor.
         check_storage.quotas)


def check(cloud, path, write, workers):
    """Check a cloud and a tempest.conf.

    :param cloud: name in clouds.yaml, or None
    :param path: pathlib.Path of tempest.conf, None for the one at hand
    :param bool write: whether to write what it lacks into it
    :param int workers: of the run to come
    :returns: tuple of the rows and of the lines that were written, as list
        of str
    :raises VerifyError: if nothing can be said
    """
    # What they say is said again in the rows, or in the one sentence.
    for name in ('keystoneauth', 'openstack', 'stevedore', 'tempest'):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    settings = conf.Settings(path or conf.at_hand())
    facts = check_cloud.read(settings, cloud, os.environ)
    facts.workers = workers
    rows = judge(facts, settings, NEEDS)
    changes = []
    if write:
        changes = [row.listed for row in rows if row.lines]
        if changes:
            settings.write()
        rows = [_written(row) for row in rows]
    if any(row.ready == check_row.NO and not row.lines for row in rows):
        rows.append(check_row.Row(
            'Claims', 'none can run', check_row.NO, {},
            'what stands above'))
    else:
        rows += [_claim(claim, rows) for claim in check_claims.ask(settings)]
    return rows, changes


def judge(facts, settings, needs):
    """Compare what there is with what is needed.

    :param facts: :class:`multiattach_tempest_plugin.verify.check_cloud.Facts`
    :param settings: :class:`multiattach_tempest_plugin.verify.conf.Settings`;
        the lines of the rows are proposed to it
    :param needs: functions on both that yield rows
    :returns: list of :class:`check_row.Row`
    """
    rows = []
    for need in needs:
        for row in need(facts, settings):
            settings.propose(row.lines)
            rows.append(row)
    return rows


def _written(row):
    if not row.lines:
        return row
    ready = (row.ready if row.ready == check_row.UNSEEN
             else check_row.YES)
    return dataclasses.replace(row, ready=ready, lines={},
                               found=f'{row.found}; now {row.listed}')


def _claim(claim, rows):
    """Make the row of a claim.

    :param dict claim: entry of :func:`check_claims.ask`
    :param list rows: of :func:`judge`
    """
    reason = claim['skipped'] or next(
        (f'{row.needed}: {row.remedy}' for row in rows
         if row.ready != check_row.YES
         and set(row.skips) & set(claim['reaches'])), '')
    return check_row.Row(
        claim['claim'], claim['test'],
        check_row.SKIPPED if reason else check_row.RUNS, {}, reason)
