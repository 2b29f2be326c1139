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

A wait ends as soon as nothing goes on any more, in whatever state that is:
what should be there is for the caller to check. It polls the one record that
changes, and not the status of a multiattach volume where that is in-use
before and after.
"""

import time

from oslo_log import log
from tempest.lib import exceptions as lib_exc
import urllib3

LOG = log.getLogger(__name__)

# Seconds between the first polls, and how much longer each next pause is.
FIRST_PAUSE = 0.2
GROWTH = 1.5
# The same for a server, which takes longer.
SERVER_PAUSE = 0.5

# What a service, or a proxy in front of it, answers while it is too busy.
BUSY = (429, 502, 503, 504)

MIGRATING = ('starting', 'migrating', 'completing')


class WaitFailed(lib_exc.TempestException):
    """It ended, and not as everything that follows needs it."""

    message = 'Waited for %(what)s, but %(reason)s'


class WaitTimedOut(lib_exc.TempestException):
    """It went on when the time was over."""

    message = 'Waited %(timeout)s s for %(what)s, but %(reason)s'


def pauses(interval, pause=FIRST_PAUSE):
    """Count how long to wait between two polls, in seconds.

    :param interval: longest pause, in seconds
    :param pause: first pause, in seconds
    :returns: endless iterator
    """
    while True:
        yield min(pause, interval)
        pause = min(pause * GROWTH, interval)


def ask(client, request, *args, **kwargs):
    """Ask a service, and ask again while it is too busy to answer.

    For requests that change nothing, or should not. Any answer that is one
    ends it, a refusal too.

    :param client: service client with the timeout and interval to use
    :param request: callable that makes the request
    :param args: its arguments
    :param kwargs: its arguments by name
    :returns: what it returns
    :raises tempest.lib.exceptions.RestClientException: what it raises, once
        that is an answer or the timeout is over
    :raises urllib3.exceptions.HTTPError: the same
    """
    deadline = time.monotonic() + client.build_timeout
    longer = pauses(client.build_interval)
    while True:
        pause = next(longer)
        try:
            return request(*args, **kwargs)
        except (lib_exc.RestClientException,
                urllib3.exceptions.HTTPError) as error:
            if not is_busy(error) or time.monotonic() + pause > deadline:
                raise
            LOG.warning('A request failed, and is made again in %.1f s: %s',
                        pause, error)
        time.sleep(pause)


def look(request, *args, **kwargs):
    """Do as :func:`ask` with a method of a service client."""
    return ask(request.__self__, request, *args, **kwargs)


def is_busy(error):
    """Tell if a request failed for the moment only.

    :param error: RestClientException of Tempest, or HTTPError of urllib3
    """
    if isinstance(error, urllib3.exceptions.HTTPError):
        return True
    response = getattr(error, 'resp', None)
    return response is not None and response.status in BUSY


def wait_until(what, poll, pending, *, timeout, interval, delay=0):
    """Poll, fast at first, until nothing is pending any more.

    :param str what: what is waited for, to complete 'Waited for ...'
    :param poll: callable without arguments; returns what a service says
    :param pending: callable on that; returns what is not over yet, to
        complete 'but ...', or None
    :param timeout: seconds until the wait fails
    :param interval: longest pause between two polls, in seconds
    :param delay: seconds before the first poll, and before the next one
    :returns: what the last poll returned
    :raises WaitTimedOut: with what is not over
    """
    begin = time.monotonic()
    longer = pauses(interval, delay or FIRST_PAUSE)
    time.sleep(delay)
    while True:
        seen = poll()
        reason = pending(seen)
        waited = time.monotonic() - begin
        if not reason:
            LOG.info('Waited %.1f s for %s', waited, what)
            return seen
        if waited >= timeout:
            raise WaitTimedOut(timeout=timeout, what=what, reason=reason)
        time.sleep(min(next(longer), timeout - waited))


def _wait(client, what, poll, pending, delay=FIRST_PAUSE):
    """Wait as a client's timeout and interval say.

    What was asked for a moment ago takes a moment: hence the delay.
    """
    return wait_until(what, poll, pending, timeout=client.build_timeout,
                      interval=client.build_interval, delay=delay)


def for_created(show, uuid, client):
    """Wait until a volume or a snapshot is made.

    :param show: method that shows it by its UUID, as Observer.show_volume
    :param str uuid: UUID of it
    :param client: service client with the timeout and interval to use
    :raises WaitFailed: if it is not available then
    """
    what = f'{_kind(show)} {uuid} to be created'
    shown = _wait(client, what, lambda: show(uuid), lambda seen: (
        f'it is {seen["status"]}'
        if seen['status'] in ('creating', 'downloading') else None))
    if shown['status'] != 'available':
        raise WaitFailed(what=what, reason=f'it is {shown["status"]}')


def for_deleted(show, uuid, client):
    """Wait until a volume or a snapshot cannot be found any more.

    :param show: as for :func:`for_created`
    :param str uuid: UUID of it
    :param client: service client with the timeout and interval to use
    :raises WaitFailed: if Cinder could not delete it
    """
    def poll():
        try:
            return show(uuid)['status']
        except lib_exc.NotFound:
            return None

    def pending(status):
        return (f'it is {status}'
                if status not in (None, 'error_deleting') else None)

    what = f'{_kind(show)} {uuid} to be deleted'
    if _wait(client, what, poll, pending):
        raise WaitFailed(what=what, reason='Cinder could not delete it')


def _kind(show):
    return show.__name__.removeprefix('show_')


def for_idle(observer, volume_id):
    """Wait until a volume is neither extended nor reverted.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    """
    _wait(observer.volumes_client, f'volume {volume_id} to be idle',
          lambda: observer.show_volume(volume_id)['status'],
          lambda status: (f'it is {status}'
                          if status in ('extending', 'reverting') else None))


def for_settled(observer, volume_id):
    """Wait until no retype or migration of a volume goes on.

    Cinder sets the status first, deletes what a migration made after that,
    and settles the quota last.

    :param Observer observer: looks at the services
    :param str volume_id: UUID of the volume
    :returns: :class:`state.Volume`
    """
    client = observer.volumes_client
    _wait(client, f'the move of volume {volume_id} to end',
          lambda: observer.show_volume(volume_id),
          lambda shown: move_of(shown['status'], shown['migration_status']))
    seen, _usage = _wait(
        client, f'the move of volume {volume_id} to leave nothing',
        lambda: (observer.records([volume_id]), observer.quota_usage()),
        lambda seen: left_of_move(*seen, volume_id), delay=0)
    return seen.volumes[volume_id]


def move_of(status, migration_status):
    """Tell of a retype or migration that goes on.

    :param str status: status of the volume
    :param migration_status: its migration status, or None
    :returns: part of a sentence, or None
    """
    if status == 'retyping' or migration_status in MIGRATING:
        return f'it is {status}, with the migration status {migration_status}'
    return None


def left_of_move(seen, usage, volume_id):
    """Tell what a retype or migration has yet to remove.

    :param State seen: with the volume and its temporary volumes
    :param dict usage: as :func:`state.quota_usage` makes it
    :param str volume_id: UUID of the volume
    :returns: part of a sentence, or None
    """
    volume = seen.volumes[volume_id]
    moving = move_of(volume.status, volume.migration_status)
    temporary = seen.temporary_volumes[volume_id]
    reserved = {name: entry['reserved'] for name, entry in usage.items()
                if entry['reserved']}
    if temporary:
        return f'there are temporary volumes: {temporary}'
    return moving or (f'quota is reserved: {reserved}' if reserved else None)


def for_booted(observer, server_ids):
    """Wait until servers are built.

    :param Observer observer: looks at the services
    :param server_ids: UUIDs of the servers
    :raises WaitFailed: if one is not ACTIVE then
    """
    what = f'servers {", ".join(server_ids)} to be built'
    _wait(observer.servers_client, what,
          lambda: observer.server_ids(status='BUILD').intersection(server_ids),
          lambda seen: f'{seen} are not' if seen else None,
          delay=SERVER_PAUSE)
    for server_id in set(server_ids) - observer.server_ids(status='ACTIVE'):
        for_server(observer, server_id, 'ACTIVE')


def for_server_deleted(observer, server_id):
    """Wait until a server is not listed any more.

    :param Observer observer: looks at the services
    :param str server_id: UUID of the server
    """
    _wait(observer.servers_client, f'server {server_id} to be deleted',
          observer.server_ids,
          lambda seen: 'Nova still lists it' if server_id in seen else None,
          delay=SERVER_PAUSE)


def for_server(observer, server_id, status):
    """Wait until nothing goes on with a server.

    :param Observer observer: looks at the services
    :param str server_id: UUID of the server
    :param str status: that it should be in then, such as 'ACTIVE'
    :raises WaitFailed: if it is in another one
    """
    # Nova leaves a server SHELVED for a while before it offloads it, and
    # confirms a resize without a task.
    transient = {'BUILD', 'SHELVED', 'VERIFY_RESIZE'} - {status}

    def pending(shown):
        task = shown['OS-EXT-STS:task_state']
        goes_on = task or shown['status'] in transient
        return f'it is {shown["status"]}, {task or "idle"}' if (
            goes_on and shown['status'] != 'ERROR') else None

    what = f'server {server_id} to be {status}'
    shown = _wait(observer.servers_client, what,
                  lambda: observer.show_server(server_id), pending,
                  delay=SERVER_PAUSE)
    if shown['status'] != status:
        fault = shown.get('fault', {}).get('message', 'no fault')
        raise WaitFailed(what=what,
                         reason=f'it is {shown["status"]}: {fault}')


def for_server_built(observer, server_id):
    """Wait until a server is built, or could not be.

    :param Observer observer: looks at the services
    :param str server_id: UUID of the server
    """
    _wait(observer.servers_client, f'server {server_id} to be built',
          lambda: observer.show_server(server_id)['status'],
          lambda status: 'it is not' if status == 'BUILD' else None,
          delay=SERVER_PAUSE)


def request_id(accepted):
    """Return the id of a request that Nova accepted.

    :param accepted: response body of one of Tempest's clients
    """
    return accepted.response['x-openstack-request-id']


def for_action(observer, server_id, request_id):
    """Wait until all events of an action on a server have a result.

    :param Observer observer: looks at the services
    :param str server_id: UUID of the server
    :param str request_id: id of the request that began it
    :raises WaitFailed: if it ended in an error
    """
    what = f'action {request_id} on server {server_id} to end'
    results = _wait(
        observer.servers_client, what,
        lambda: observer.action_results(server_id, request_id),
        lambda seen: (None if seen and all(seen)
                      else f'its events have the results {seen}'))
    if set(results) != {'Success'}:
        raise WaitFailed(what=what, reason=f'its results are {results}')


def for_usage_below(observer, quota, number):
    """Wait until what was deleted is not counted any more.

    Cinder deletes the record first and settles the quota after that.

    :param Observer observer: looks at the services
    :param str quota: what is counted, 'volumes' or 'snapshots'
    :param int number: how many were counted before one was deleted
    """
    _wait(observer.volumes_client, f'the {quota} in use to be fewer',
          lambda: observer.in_use(quota),
          lambda seen: f'there are {seen}' if seen >= number > 0 else None,
          delay=0)
