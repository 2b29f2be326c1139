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

"""Somebody else in the project of the accounts, for as long as a cloud runs.

``python -m multiattach_lab.neighbour KEYSTONE KIND``, where KEYSTONE is the
URL of Keystone and KIND the name of a kind of cloud with accounts. In turn it
makes a volume, attaches it to a server of its own, makes and deletes volume
types, detaches the volume and deletes it.
"""

import itertools
import sys
import time

import openstack.exceptions

from multiattach_lab import kinds
from multiattach_lab import seed

# Two cores are shared with the services and the tests.
_SECONDS_A_STEP = 1.5


def boot(member):
    """Boot a server, and return it once it runs."""
    return member.compute.wait_for_server(member.compute.create_server(
        name='neighbour', networks='none',
        flavor_id=member.compute.find_flavor(seed.FLAVORS[0]).id,
        image_id=member.image.find_image(seed.IMAGES[0]).id))


def steps(member, admin, server, number):
    """Do one thing after the other, and yield after each.

    :param member: connection as who makes volumes
    :param admin: connection as who makes volume types
    :param server: what the volume is attached to
    :param number: number of the round, for names
    """
    storage, compute = member.block_storage, member.compute
    volume = storage.create_volume(
        size=1, name=f'neighbour-{number}',
        volume_type=(seed.PLAIN_TYPE, seed.MULTIATTACH_TYPE)[number % 2])
    yield
    storage.wait_for_status(volume, 'available')
    compute.create_volume_attachment(server, volume)
    yield
    made = admin.block_storage.create_type(name=f'neighbour-{number}')
    yield
    storage.wait_for_status(volume, 'in-use')
    compute.delete_volume_attachment(server, volume)
    yield
    admin.block_storage.delete_type(made)
    yield
    storage.wait_for_status(volume, 'available')
    storage.delete_volume(volume)
    yield


def main(keystone, kind):
    """Work until killed; what fails is printed.

    :param keystone: URL of Keystone, without a path
    :param kind: :class:`multiattach_lab.kinds.Kind` with accounts
    """
    member, admin = seed.neighbour(keystone, kind), seed.connect(keystone)
    server = None
    for number in itertools.count():
        try:
            server = server or boot(member)
            for _ in steps(member, admin, server, number):
                time.sleep(_SECONDS_A_STEP)
        except openstack.exceptions.SDKException as error:
            print(error)
            time.sleep(_SECONDS_A_STEP)


if __name__ == '__main__':
    main(sys.argv[1], kinds.get(sys.argv[2]))
