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

import pathlib
import shlex

from multiattach_tempest_plugin import journal

# What is removed first, and how; {id} is quoted for a shell.
_REMOVE = {
    'servers': 'openstack server delete --wait {id}',
    'snapshots': 'openstack volume snapshot delete --force {id}',
    'volumes': 'openstack volume delete --force {id}',
    'types': 'openstack volume type delete {id}',
    'floatingips': 'openstack floating ip delete {id}',
    'routers': 'openstack router delete {id}',
    'networks': 'openstack network delete {id}',
    'security-groups': 'openstack security group delete {id}',
    'os-keypairs': 'openstack --os-compute-api-version 2.10 keypair delete '
                   '--user {user} {id}',
    'users': 'openstack user delete {id}',
    'projects': 'openstack project delete {id}',
}
# What keeps a resource from being removed goes first.
_BEFORE = {
    # Its servers are gone, so that nobody uses what is left of them.
    'volumes': 'openstack --os-volume-api-version 3.44 volume attachment list '
               '--all-projects --volume-id {id} -f value -c ID | '
               'xargs -r -n 1 openstack --os-volume-api-version 3.44 '
               'volume attachment delete',
    'routers': 'openstack port list --router {id} -f value -c ID | '
               'xargs -r -n 1 openstack router remove port {id}',
    # Neutron makes it with the first request of a project.
    'projects': 'openstack security group list --project {id} -f value '
                '-c ID | xargs -r openstack security group delete',
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
    left.sort(key=lambda entry: order.index(entry['kind']))
    return left, paths


def commands(left, paths):
    """Return the commands of an administrator that remove what is left.

    Each can be repeated; what is gone already is an error that does no harm.

    :param left: list of entries
    :param paths: paths of the journals, which are removed last
    :returns: list of str
    """
    lines = []
    for entry in left:
        kind = entry['kind']
        known = shlex.quote(entry['id'] or entry['name'])
        if not entry['id'] and kind in _FIND:
            lines.append(
                f'{_FIND[kind].format(name=known)} -f value -c ID | '
                f'xargs -r {_REMOVE[kind].format(id="")}'.strip())
            continue
        if kind in _BEFORE:
            lines.append(_BEFORE[kind].format(id=known))
        lines.append(_REMOVE[kind].format(
            id=known, user=shlex.quote(entry.get('user', ''))))
    if paths:
        lines.append(f'rm {shlex.join(map(str, paths))}')
    return lines
