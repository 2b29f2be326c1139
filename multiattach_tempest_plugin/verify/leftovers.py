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

"""What runs left behind on a cloud, and the commands that remove it."""

import itertools
import pathlib
import shlex

from multiattach_tempest_plugin import journal

# What is removed first, and how; {ids} are quoted for a shell.
_REMOVE = {
    'volume-transfers': 'openstack volume transfer request delete {ids}',
    'servers': 'openstack server delete --wait {ids}',
    'snapshots': 'openstack volume snapshot delete --force {ids}',
    # With the volumes in it.
    'groups': 'openstack --os-volume-api-version 3.13 volume group delete '
              '--force {ids}',
    'volumes': 'openstack volume delete --force {ids}',
    'group_types': 'openstack --os-volume-api-version 3.13 volume group type '
                   'delete {ids}',
    'types': 'openstack volume type delete {ids}',
    'qos-specs': 'openstack volume qos delete --force {ids}',
    'floatingips': 'openstack floating ip delete {ids}',
    'routers': 'openstack router delete {ids}',
    'networks': 'openstack network delete {ids}',
    'security-groups': 'openstack security group delete {ids}',
    'os-keypairs': 'openstack --os-compute-api-version 2.10 keypair delete '
                   '--user {user} {ids}',
    'users': 'openstack user delete {ids}',
    'projects': 'openstack project delete {ids}',
}
# What keeps a resource from being removed goes first.
_BEFORE = {
    # Its servers are gone, so that nobody uses what is left of them.
    'volumes': 'for volume in {ids}; do openstack --os-volume-api-version '
               '3.44 volume attachment list --all-projects --volume-id '
               '$volume -f value -c ID; done | xargs -r -n 1 openstack '
               '--os-volume-api-version 3.44 volume attachment delete',
    'routers': 'for router in {ids}; do openstack port list --router $router '
               '-f value -c ID | xargs -r -n 1 openstack router remove port '
               '$router; done',
    # Neutron makes it with the first request of a project.
    'projects': 'for project in {ids}; do openstack security group list '
                '--project $project -f value -c ID; done | '
                'xargs -r openstack security group delete',
}
# How to find what was asked for, where no answer came with an id.
_FIND = {
    'servers': 'openstack server list --all-projects --name {name}',
    'snapshots': 'openstack volume snapshot list --all-projects '
                 '--name {name}',
    'volumes': 'openstack volume list --all-projects --name {name}',
    'routers': 'openstack router list --name {name}',
    'networks': 'openstack network list --name {name}',
}


def read(folder):
    """Read what was created and is not known to be deleted.

    :param folder: pathlib.Path of the journals
    :returns: tuple of a list of entries, in the order of their removal, and
        a list of the journals' paths, without those of workers that live
    """
    left, paths = [], []
    for path in sorted(pathlib.Path(folder).glob('*.jsonl')):
        entries = journal.read(path)
        if entries is not None:
            left += entries
            paths.append(path)
    order = list(_REMOVE)
    left.sort(key=lambda entry: (order.index(entry['kind']),
                                 _removed_together(entry)))
    return left, paths


def commands(left, paths):
    """Return the commands of an administrator that remove what is left.

    Each can be repeated; what is gone already is an error that does no harm.

    :param left: list of entries
    :param paths: paths of the journals, which are removed last
    :returns: list of str
    """
    lines = []
    for (kind, user), entries in itertools.groupby(left, _removed_together):
        known = []
        for entry in entries:
            name = shlex.quote(entry['id'] or entry['name'])
            if entry['id'] or kind not in _FIND:
                known.append(name)
            else:
                lines.append(
                    f'{_FIND[kind].format(name=name)} -f value -c ID | '
                    f'xargs -r {_REMOVE[kind].format(ids="")}'.strip())
        names = {'ids': ' '.join(known), 'user': shlex.quote(user)}
        lines += [templates[kind].format(**names)
                  for templates in (_BEFORE, _REMOVE)
                  if known and kind in templates]
    if paths:
        lines.append(f'rm {shlex.join(map(str, paths))}')
    return lines


def _removed_together(entry):
    """Return what entries have in common that one command removes."""
    kind = entry['kind']
    alone = {
        # Old clients stop at the first that is gone.
        'servers': entry['id'],
        # Their command takes one.
        'groups': entry['id'], 'group_types': entry['id'],
        # Whose it is has to be said, and names are not unique.
        'os-keypairs': entry['user']}
    return kind, alone.get(kind, '')
