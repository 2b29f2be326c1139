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

"""What states of volumes and servers have to look like."""

import dataclasses

from testtools import matchers


class Unchanged(matchers.Matcher):
    """Matches a state that is the same as one seen before."""

    def __init__(self, before):
        self.before = before

    def __str__(self):
        return 'Unchanged()'

    def match(self, after):
        """Compare two states.

        :param State after: what was seen last
        :returns: None, or a mismatch with one line for each difference
        """
        return _mismatch(_differences(dataclasses.asdict(self.before),
                                      dataclasses.asdict(after)))


class Nothing(matchers.Matcher):
    """Matches when there is nothing to tell."""

    def __str__(self):
        return 'Nothing()'

    def match(self, told):
        """Check that nothing was found.

        :param list told: a sentence for each finding
        :returns: None, or a mismatch with one line for each
        """
        return _mismatch(told)


class Agreeing(matchers.Matcher):
    """Matches a state in which both services have the same attachments."""

    def __init__(self, *volume_ids):
        self.volume_ids = volume_ids

    def __str__(self):
        return f'Agreeing({", ".join(self.volume_ids)})'

    def match(self, seen):
        """Compare what the services say about some volumes.

        :param State seen: with the volumes, and all servers that may have
            them
        :returns: None, or a mismatch with what each service says
        """
        return _mismatch(_disagreements(seen, self.volume_ids))


class AttachedTo(matchers.Matcher):
    """Matches a state in which a volume is properly attached to servers."""

    def __init__(self, volume_id, server_ids):
        self.volume_id = volume_id
        self.server_ids = server_ids

    def __str__(self):
        return f'AttachedTo({self.volume_id}, {self.server_ids})'

    def match(self, seen):
        """Look for each server, and for what does not fit together.

        :param State seen: with the volume, and all servers that may have it
        :returns: None, or a mismatch with a line for each problem
        """
        missing = set(self.server_ids) - _servers_with(seen, self.volume_id)
        return _mismatch([
            *(f'server {server_id} does not have volume {self.volume_id}'
              for server_id in sorted(missing)),
            *_attachment_problems(seen, self.volume_id)])


class DetachedFrom(matchers.Matcher):
    """Matches a state in which a volume is properly detached from a server."""

    def __init__(self, volume_id, server_id):
        self.volume_id = volume_id
        self.server_id = server_id

    def __str__(self):
        return f'DetachedFrom({self.volume_id}, {self.server_id})'

    def match(self, seen):
        """Look for the server, and for what does not fit together.

        :param State seen: as for :class:`AttachedTo`
        :returns: None, or a mismatch with a line for each problem
        """
        present = self.server_id in _servers_with(seen, self.volume_id)
        return _mismatch([
            *([f'server {self.server_id} still has volume {self.volume_id}']
              if present else []),
            *_attachment_problems(seen, self.volume_id)])


def _mismatch(lines):
    lines = list(lines)
    return matchers.Mismatch('\n'.join(lines)) if lines else None


def _servers_with(seen, volume_id):
    return {server_id for server_id, attachments
            in seen.nova_attachments.items() if volume_id in attachments}


def _attachment_problems(seen, volume_id):
    """Yield what does not fit together in the records of a volume."""
    yield from _disagreements(seen, [volume_id])
    volume = seen.volumes[volume_id]
    for attachment in volume.attachments.values():
        if attachment.status != 'attached':
            yield (f'attachment {attachment.id} of volume {volume_id} is '
                   f'{attachment.status}')
    expected = 'in-use' if volume.attachments else 'available'
    if volume.status != expected:
        yield (f'volume {volume_id} with {len(volume.attachments)} '
               f'attachments is {volume.status}')


def _disagreements(seen, volume_ids):
    """Yield each attachment that one service alone has."""
    in_nova = {(volume_id, server_id, attachment.attachment_id)
               for server_id, attachments in seen.nova_attachments.items()
               for volume_id, attachment in attachments.items()
               if volume_id in volume_ids}
    in_cinder = {(volume_id, attachment.server_id, attachment.id)
                 for volume_id in volume_ids
                 for attachment
                 in seen.volumes[volume_id].attachments.values()}
    for service, difference in (('Nova', in_nova - in_cinder),
                                ('Cinder', in_cinder - in_nova)):
        for volume_id, server_id, attachment_id in sorted(difference):
            yield (f'only {service}: volume {volume_id} on server '
                   f'{server_id} by attachment {attachment_id}')


class _Absent:
    def __repr__(self):
        return 'absent'


_ABSENT = _Absent()


def _differences(before, after, path=''):
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(key for key in after if key not in before)]:
            yield from _differences(before.get(key, _ABSENT),
                                    after.get(key, _ABSENT),
                                    f'{path} {key}'.strip())
    elif before != after:
        yield f'{path}: {before!r} before, {after!r} after'
