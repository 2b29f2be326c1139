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

"""The only module that waits.

Every wait looks at the records themselves, in both services where both keep
some: the status of a multiattach volume is in-use before and after most of
what can happen to it.
"""

import dataclasses
import time

from oslo_log import log
from tempest.lib import exceptions as lib_exc

from multiattach_tempest_plugin import state

LOG = log.getLogger(__name__)

# Seconds before the second look, and how much longer each next pause is.
FIRST_PAUSE = 0.5
GROWTH = 1.5

MIGRATING = ('starting', 'migrating', 'completing')


class WaitEnded(lib_exc.TempestException):
    """What was waited for can no longer happen."""

    message = 'Waited for %(what)s: %(reason)s. Seen last:\n%(seen)s'


class WaitTimedOut(lib_exc.TempestException):
    """What was waited for did not happen in time."""

    message = 'Waited %(timeout)s s for %(what)s. Seen last:\n%(seen)s'


def pauses(interval):
    """Count how long to wait between two looks, in seconds.

    :param interval: longest pause, in seconds
    :returns: endless iterator
    """
    pause = FIRST_PAUSE
    while True:
        yield min(pause, interval)
        pause = min(pause * GROWTH, interval)


def wait_until(what, look, reached, hopeless, *, timeout, interval):
    """Look again and again, fast at first, until something is reached.

    :param str what: what is waited for, to complete 'Waited for ...'
    :param look: callable without arguments; returns what the services say
    :param reached: callable on that; true when there is no more to wait for
    :param hopeless: callable on that; a reason to give up at once, or None
    :param timeout: seconds until the wait fails
    :param interval: longest pause between two looks, in seconds
    :returns: what was seen last
    :raises WaitEnded: as soon as there is a reason to give up
    :raises WaitTimedOut: with what was seen last
    """
    begin = time.monotonic()
    end = begin + timeout
    longer = pauses(interval)
    while True:
        seen = look()
        if reached(seen):
            LOG.info('Waited %.1f s for %s', time.monotonic() - begin, what)
            return seen
        reason = hopeless(seen)
        if reason:
            raise WaitEnded(what=what, reason=reason, seen=seen)
        left = end - time.monotonic()
        if left <= 0:
            raise WaitTimedOut(timeout=timeout, what=what, seen=seen)
        time.sleep(min(next(longer), left))


def error_in(seen):
    """Find an error status in what the services say.

    :param State seen: volumes and servers
    :returns: a sentence about the first error, or None
    """
    for volume in seen.volumes.values():
        if volume.status.startswith('error'):
            return f'volume {volume.id} is in status {volume.status}'
        for attachment in volume.attachments.values():
            if attachment.status.startswith('error'):
                return (f'attachment {attachment.id} is in status '
                        f'{attachment.status}')
    for server in seen.servers.values():
        if server.status == 'ERROR':
            return f'server {server.id} is in status ERROR: {server.fault}'
    return None


def is_attached(seen, volume_id):
    """Tell if both services list a volume on the same servers.

    :param State seen: with the volume and all servers that should have it
    :param str volume_id: UUID of the volume
    """
    volume = seen.volumes[volume_id]
    in_cinder = {(entry.id, entry.server_id, entry.status)
                 for entry in volume.attachments.values()}
    in_nova = {(attachments[volume_id].attachment_id, server_id, 'attached')
               for server_id, attachments in seen.nova_attachments.items()
               if volume_id in attachments}
    return (in_cinder == in_nova
            and len(in_nova) == len(seen.nova_attachments)
            and volume.status == 'in-use')


def is_detached(seen, volume_id):
    """Tell if neither service lists a volume on any of some servers.

    :param State seen: with the volume and the servers
    :param str volume_id: UUID of the volume
    """
    volume = seen.volumes[volume_id]
    attached_to = {entry.server_id for entry in volume.attachments.values()}
    return (not any(volume_id in attachments or server_id in attached_to
                    for server_id, attachments
                    in seen.nova_attachments.items())
            and volume.status == ('in-use' if attached_to else 'available'))


def is_settled(seen, volume_id):
    """Tell if no retype or migration of the volume goes on.

    Cinder sets the status first and settles the quota after that.

    :param State seen: with the temporary volumes and the quota usage
    :param str volume_id: UUID of the volume
    """
    volume = seen.volumes[volume_id]
    return (volume.status != 'retyping'
            and volume.migration_status not in MIGRATING
            and not seen.temporary_volumes[volume_id]
            and not any(usage['reserved']
                        for usage in seen.quota_usage.values()))


def _wait(observer, what, reached, hopeless=error_in, *, volumes,
          servers=(), moving=False):
    def look():
        seen = observer.records(volumes, servers)
        if moving:
            return dataclasses.replace(
                seen, quota_usage=observer.quota_usage())
        return seen

    client = observer.volumes_client
    return wait_until(what, look, reached, hopeless,
                      timeout=client.build_timeout,
                      interval=client.build_interval)


def for_volume_available(observer, volume_id):
    """Wait until a volume is made.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :returns: State
    """
    return _wait(observer, f'volume {volume_id} to become available',
                 lambda seen: seen.volumes[volume_id].status == 'available',
                 volumes=[volume_id])


def for_snapshot_available(observer, snapshot_id):
    """Wait until a snapshot is made.

    :param Observer observer: looks at the services
    :param str snapshot_id: UUID of the snapshot
    :returns: Snapshot
    """
    client = observer.snapshots_client
    return wait_until(
        f'snapshot {snapshot_id} to become available',
        lambda: observer.snapshot(snapshot_id),
        lambda seen: seen.status == 'available',
        lambda seen: (f'it is in status {seen.status}'
                      if seen.status == 'error' else None),
        timeout=client.build_timeout, interval=client.build_interval)


def for_attached(observer, volume_id, server_ids):
    """Wait until both services say that these servers share the volume.

    Nova lists a volume before it answers the request to attach it, so that
    one which it does not list was taken off again.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :param list server_ids: UUIDs of all servers that should have it
    :returns: State
    """
    def hopeless(seen):
        for server_id, attachments in seen.nova_attachments.items():
            if volume_id not in attachments:
                return f'Nova does not list it on server {server_id}'
        return error_in(seen)

    return _wait(observer,
                 f'volume {volume_id} on servers {", ".join(server_ids)}',
                 lambda seen: is_attached(seen, volume_id),
                 hopeless, volumes=[volume_id], servers=server_ids)


def for_detached(observer, volume_id, server_id):
    """Wait until neither service says that the server has the volume.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :param str server_id: UUID of the server
    :returns: State
    """
    return _wait(observer, f'volume {volume_id} off server {server_id}',
                 lambda seen: is_detached(seen, volume_id),
                 volumes=[volume_id], servers=[server_id])


def for_retyped(observer, volume_id, volume_type):
    """Wait until a volume has another type, and fail when it is put back.

    Cinder sets the status to retyping before it answers, so that any other
    status is the end of the retype.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :param str volume_type: name of the type asked for
    :returns: State
    """
    def reached(seen):
        volume = seen.volumes[volume_id]
        return (volume.volume_type == volume_type
                and volume.status in ('available', 'in-use')
                and is_settled(seen, volume_id))

    def hopeless(seen):
        volume = seen.volumes[volume_id]
        if volume.volume_type != volume_type and volume.status != 'retyping':
            return (f'Cinder ended the retype with status {volume.status} '
                    f'and type {volume.volume_type}')
        return error_in(seen)

    return _wait(observer, f'volume {volume_id} to have type {volume_type}',
                 reached, hopeless, volumes=[volume_id], moving=True)


def for_migration(observer, volume_id, server_ids, outcome):
    """Wait until a migration is over and its temporary volume is gone.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :param list server_ids: UUIDs of the servers that have it
    :param str outcome: 'success' or 'error', the migration_status to end in
    :returns: State
    """
    opposite = {'success': 'error', 'error': 'success'}[outcome]

    def reached(seen):
        volume = seen.volumes[volume_id]
        return (volume.migration_status == outcome
                and volume.status in ('available', 'in-use')
                and is_settled(seen, volume_id))

    def hopeless(seen):
        if seen.volumes[volume_id].migration_status == opposite:
            return f'the migration ended in {opposite}'
        return error_in(seen)

    return _wait(observer,
                 f'the migration of volume {volume_id} to end in {outcome}',
                 reached, hopeless, volumes=[volume_id], servers=server_ids,
                 moving=True)


def for_settled(observer, volume_id):
    """Wait until no retype or migration of a volume goes on.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :returns: State
    """
    return _wait(observer, f'volume {volume_id} to settle',
                 lambda seen: is_settled(seen, volume_id),
                 lambda seen: None, volumes=[volume_id], moving=True)


def for_server_status(observer, server_ids, status):
    """Wait until all servers are in a status.

    :param Observer observer: looks at the services
    :param list server_ids: UUIDs of the servers
    :param str status: as Nova names it, such as 'ACTIVE'
    :returns: State
    """
    client = observer.servers_client
    return wait_until(
        f'servers {", ".join(server_ids)} to be {status}',
        lambda: state.State(servers=observer.servers(server_ids)),
        lambda seen: all(server.status == status
                         for server in seen.servers.values()),
        error_in, timeout=client.build_timeout,
        interval=client.build_interval)


def for_actions(observer, server_id, request_ids):
    """Wait until all events of some actions on a server have a result.

    :param Observer observer: looks at the services
    :param str server_id: UUID of the server
    :param request_ids: ids of the requests that began the actions
    :returns: dict of request id to a list of 'Success' and 'Error'
    """
    client = observer.servers_client
    return wait_until(
        f'actions {", ".join(request_ids)} on server {server_id} to end',
        lambda: {key: observer.action_results(server_id, key)
                 for key in request_ids},
        lambda seen: all(results and all(results)
                         for results in seen.values()),
        lambda seen: None, timeout=client.build_timeout,
        interval=client.build_interval)


def for_deleted(show, uuid, client):
    """Wait until a volume, snapshot or server cannot be found any more.

    :param show: method that shows it by its UUID and has the name of what it
        shows, as Observer.volume
    :param str uuid: UUID of it
    :param client: service client with the timeout and interval to use
    """
    def look():
        try:
            return show(uuid)
        except lib_exc.NotFound:
            return None

    def hopeless(seen):
        if seen.status == 'error_deleting':
            return 'Cinder could not delete it'
        return None

    wait_until(f'{show.__name__} {uuid} to be deleted', look,
               lambda seen: seen is None, hopeless,
               timeout=client.build_timeout,
               interval=client.build_interval)


def for_usage_below(observer, quota, number):
    """Wait until what was deleted is not counted any more.

    Cinder deletes the record first and settles the quota after that.

    :param Observer observer: looks at the services
    :param str quota: what is counted, 'volumes' or 'snapshots'
    :param int number: how many were counted before one was deleted
    """
    client = observer.volumes_client
    wait_until(f'the {quota} in use to be fewer than {number}',
               lambda: observer.in_use(quota), lambda seen: seen < number,
               lambda seen: None, timeout=client.build_timeout,
               interval=client.build_interval)
