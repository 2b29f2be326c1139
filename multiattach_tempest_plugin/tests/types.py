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


"""Volume types: the configured ones, and those that are made for a test."""

from tempest import config

from multiattach_tempest_plugin.tests import pools

CONF = config.CONF

ENCRYPTION = {'provider': 'luks', 'control_location': 'front-end',
              'cipher': 'aes-xts-plain64', 'key_size': 256}


def plain_volume_type():
    """Name the volume type that unflag retypes to; empty if there is none."""
    return CONF.multiattach.plain_volume_type or CONF.volume.volume_type


class VolumeTypes:
    """Finds volume types, and creates some that are deleted with the class.

    The class that has it is one of Tempest's test classes, with
    resource_name, os_owner, os_admin and observer.
    """

    @classmethod
    def find_types(cls):
        """Find the volume types that tempest.conf names.

        :raises tempest.lib.exceptions.InvalidConfiguration: if there is none
            of that name, or its multiattach property is not as it has to be
        """
        types = pools.list_types(cls.os_admin)
        found = {True: pools.find_type(
            types, CONF.volume.volume_type_multiattach, multiattach=True)}
        cls.multiattach_type = found[True]['name']
        if plain_volume_type():
            found[False] = pools.find_type(
                types, plain_volume_type(), multiattach=False)
            cls.plain_type = found[False]['name']
        cls._qos = {multiattach: volume_type.get('qos_specs_id')
                    for multiattach, volume_type in found.items()}

    @classmethod
    def type_id(cls, name):
        """Find the UUID of a volume type by its name."""
        return pools.find_type(pools.list_types(cls.os_admin), name)['id']

    @classmethod
    def create_volume_type(cls, multiattach=True, **extra_specs):
        """Create a volume type for the owner's project alone.

        Its QoS is that of the configured type: a retype in use must not
        change what is for the front end.

        :param bool multiattach: whether it has the property
        :param extra_specs: what else it asks of a pool
        :returns: name of the type
        """
        created = cls._create_type(multiattach, extra_specs)
        qos = cls._qos.get(multiattach)
        if qos:
            cls.os_admin.volume_qos_client_latest.associate_qos(
                qos, created['id'])
        return created['name']

    @classmethod
    def _create_type(cls, multiattach, extra_specs):
        client = cls.os_admin.volume_types_client_latest
        created = client.create_volume_type(**{
            'name': cls.resource_name('type'),
            'os-volume-type-access:is_public': False,
            'extra_specs': {**(pools.MULTIATTACH if multiattach else {}),
                            **extra_specs}})['volume_type']
        cls.addClassResourceCleanup(client.delete_volume_type, created['id'])
        client.add_type_access(
            created['id'], project=cls.os_owner.credentials.project_id)
        return created

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
        """Create a multiattach type with QoS specs of its own.

        :param specs: of the QoS, and its consumer
        :returns: name of the type
        """
        client = cls.os_admin.volume_qos_client_latest
        qos = client.create_qos(
            name=cls.resource_name('qos'), **specs)['qos_specs']['id']
        cls.addClassResourceCleanup(client.delete_qos, qos)
        created = cls._create_type(True, {})
        # Cinder deletes no QoS specs that a type has.
        cls.addClassResourceCleanup(client.disassociate_all_qos, qos)
        client.associate_qos(qos, created['id'])
        return created['name']

    def type_of_pool(self, pool, multiattach):
        """Create a volume type that no other pool serves, or skip.

        :param str pool: as host@backend#pool
        :param bool multiattach: whether the type has the property
        :returns: name of the type
        """
        specs = pools.specs_of(pools.list_pools(self.os_admin), pool)
        if specs is None:
            raise self.skipException(
                f'Other pools serve every volume type that {pool} serves. To '
                f'run this test set in tempest.conf: [multiattach] '
                f'migration_destination = a pool that no other is like')
        return self.create_volume_type(multiattach, **specs)

    def skip_if_copied(self, volume):
        """Skip where a first retype has copied a volume.

        The flag is not that of the new type then
        (gaps.FLAG_AFTER_RETYPE_WITH_MIGRATION).

        :param state.Volume volume: as it is after the retype
        """
        if volume.migration_status:
            raise self.skipException(
                'Cinder copies a volume that this storage cannot retype, and '
                'leaves its flag as it was. To run this test set in '
                'tempest.conf: [volume] volume_type_multiattach and '
                '[multiattach] plain_volume_type = types of storage that '
                'retypes a volume where it is')

    def type_elsewhere(self, volume, destination, multiattach):
        """Create a volume type that has a volume migrated, or skip.

        :param dict volume: as an administrator gets it
        :param str destination: pool that alone serves the type
        :param bool multiattach: whether the type has the property
        :returns: name of the type
        """
        if pools.backend_of(destination) == pools.backend_of(
                volume['os-vol-host-attr:host']):
            raise self.skipException(
                f'Storage may move a volume to its own pool {destination} '
                f'without Nova. To run this test set in tempest.conf: '
                f'[multiattach] migration_destination = a pool of another '
                f'backend')
        return self.type_of_pool(destination, multiattach)

    def destination_of(self, volume):
        """Choose the pool to move a volume to, or skip if there is none.

        :param str volume: UUID of the volume
        :returns: name of the pool
        :raises tempest.lib.exceptions.InvalidConfiguration: if tempest.conf
            names one that the cloud does not have
        """
        shown = self.observer.show_volume(volume)
        host = shown['os-vol-host-attr:host']
        found = pools.list_pools(self.os_admin)
        configured = CONF.multiattach.migration_destination
        if configured and host not in pools.find_pool(
                found, configured).names:
            return configured
        types = pools.list_types(self.os_admin)
        # A volume that is unflagged meanwhile is flagged again where it is.
        specs = [pools.find_type(types, name)['extra_specs']
                 for name in (self.multiattach_type, shown['volume_type'])]
        destination = pools.destination(
            found, {**specs[0], **specs[1]}, shown)
        if not destination:
            raise self.skipException(
                f'No pool but {host} takes a volume of type '
                f'{shown["volume_type"]}. To run this test set in '
                f'tempest.conf: [volume] volume_type_multiattach = a type of '
                f'two pools, or [multiattach] migration_destination = '
                f'host@backend#pool')
        return destination
