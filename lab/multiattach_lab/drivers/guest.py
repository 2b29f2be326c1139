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

"""Nova's libvirt driver, with guests in QEMU's own network.

That network needs no bridge, no tap device and no root. QEMU itself listens
at the address that Neutron gave a guest, and passes on logins.
"""

from nova.privsep import sys_admin_pctxt
from nova.virt.libvirt import config
from nova.virt.libvirt import driver
from os_brick import privileged


class Interface(config.LibvirtConfigGuestInterface):
    """An interface in QEMU's own network, which Nova knows nothing of."""

    def format_dom(self):
        element = super().format_dom()
        element.set('type', 'user')
        return element


class Network:
    """Stands where Nova's driver of virtual interfaces is; plugs nothing."""

    def get_config(self, instance, vif, image_meta, flavor, virt_type):
        found = Interface()
        # Of the types that Nova knows the one with the fewest elements.
        found.net_type = 'ethernet'
        found.model = self.get_vif_model()
        found.mac_addr = vif['address']
        return found

    def get_vif_model(self, *_args, **_options):
        return 'virtio'

    def plug(self, instance, vif):
        pass

    def unplug(self, instance, vif):
        pass


class Guest(driver.LibvirtDriver):
    """Nova's driver, without root and with that network."""

    def __init__(self, *args, **kwargs):
        for context in (sys_admin_pctxt, privileged.default):
            context.set_client_mode(False)
        super().__init__(*args, **kwargs)
        self.vif_driver = Network()
        # Nova would hear nothing of guests before its first look at them.
        self._host.initialize()

    def _create_guest_with_network(self, context, xml, instance,
                                   network_info, *args, **kwargs):
        guest = super()._create_guest_with_network(
            context, xml, instance, network_info, *args, **kwargs)
        _pass_on_logins(guest, network_info)
        return guest

    def rescue(self, context, instance, network_info, *args, **kwargs):
        super().rescue(context, instance, network_info, *args, **kwargs)
        _pass_on_logins(self._host.get_guest(instance), network_info)

    def unrescue(self, context, instance):
        super().unrescue(context, instance)
        _pass_on_logins(self._host.get_guest(instance),
                        instance.get_network_info())


def _pass_on_logins(guest, network_info):
    # Has to be on the path of the service first.
    import libvirt_qemu
    for number, vif in enumerate(network_info):
        for address in vif.fixed_ips():
            libvirt_qemu.qemuMonitorCommand(
                guest._domain,
                f'hostfwd_add hostnet{number} '
                f'tcp:{address["address"]}:22-:22',
                libvirt_qemu.VIR_DOMAIN_QEMU_MONITOR_COMMAND_HMP)
