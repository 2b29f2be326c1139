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


"""Volume types that ask for more than a pool: encryption, QoS."""

from multiattach_tempest_plugin.tests import pools

ENCRYPTION = {'provider': 'luks', 'control_location': 'front-end',
              'cipher': 'aes-xts-plain64', 'key_size': 256}


class VolumeTypes:
    """Creates volume types that are deleted with the class.

    The class that has it is one of base.MultiattachTest.
    """

    @classmethod
    def type_id(cls, name):
        """Find the UUID of a volume type by its name."""
        return pools.find_type(pools.list_types(cls.os_admin), name)['id']

    @classmethod
    def create_encrypted_type(cls, **extra_specs):
        """Create a multiattach type whose volumes Cinder encrypts.

        :param extra_specs: what it asks of a pool
        :returns: name of the type
        """
        name = cls.create_volume_type(**extra_specs)
        cls.os_admin.encryption_types_client_latest.create_encryption_type(
            cls.type_id(name), **ENCRYPTION)
        return name

    @classmethod
    def create_qos_type(cls, **specs):
        """Create a multiattach type with QoS specs.

        :param specs: of the QoS, and its consumer
        :returns: name of the type
        """
        client = cls.os_admin.volume_qos_client_latest
        qos = client.create_qos(
            name=cls.resource_name('qos'), **specs)['qos_specs']['id']
        cls.addClassResourceCleanup(client.delete_qos, qos)
        name = cls.create_volume_type()
        # Cinder deletes no QoS specs that a type has.
        cls.addClassResourceCleanup(client.disassociate_all_qos, qos)
        client.associate_qos(qos, cls.type_id(name))
        return name
