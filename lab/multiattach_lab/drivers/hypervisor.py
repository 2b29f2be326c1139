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

"""The lab's compute driver: Nova's own fake one. No guest runs.

Nova's API, conductor, scheduler and compute manager are the real ones; this
keeps a table of which server has which volume, and not a byte.
"""

import uuid

from nova import conf
from nova import objects
from nova.virt import fake
from oslo_config import cfg

_GROUP = 'multiattach_lab'
conf.CONF.register_opts([cfg.BoolOpt('swaps', default=True)], _GROUP)


class Hypervisor(fake.FakeDriver):
    """Nova's fake driver, made to outlive a restart and to know of tags."""

    def get_nodenames_by_uuid(self, refresh=False):
        return {_identity(node): node for node in self.get_available_nodes()}

    def get_available_resource(self, nodename):
        resources = super().get_available_resource(nodename)
        return resources | {'uuid': _identity(nodename)}

    def attach_volume(self, context, connection_info, instance, *args,
                      **kwargs):
        super().attach_volume(
            context, connection_info, instance, *args, **kwargs)
        # Nova reads this before it detaches a volume with a tag.
        if instance.device_metadata is None:
            instance.device_metadata = objects.InstanceDeviceMetadata(
                devices=[])
            instance.save()

    def swap_volume(self, *args, **kwargs):
        if not conf.CONF[_GROUP].swaps:
            # As libvirt where a disk is no device or file of its host.
            raise NotImplementedError('Swap only supports host devices')
        return super().swap_volume(*args, **kwargs)


def _identity(node):
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, node))
