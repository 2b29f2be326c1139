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

"""The lab's part of Neutron: ports are bound without an agent."""

import socket
import socketserver
import threading

from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events
from neutron_lib.callbacks import registry
from neutron_lib.callbacks import resources
from neutron_lib import constants
from neutron_lib.plugins.ml2 import api

_SSH = 22


class Mechanism(api.MechanismDriver):
    """Binds each port to its network's first segment. Nothing is wired."""

    def initialize(self):
        pass

    def bind_port(self, context):
        segment = context.segments_to_bind[0]
        context.set_binding(segment[api.ID], portbindings.VIF_TYPE_OVS, {},
                            status=constants.PORT_STATUS_ACTIVE)


class GuestMechanism(Mechanism):
    """Passes on logins at floating IPs too, to where guests listen.

    All addresses of the lab's networks are this machine's own.
    """

    def initialize(self):
        self._servers = {}
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE,
                      events.AFTER_DELETE):
            registry.subscribe(self._changed, resources.FLOATING_IP, event)

    def _changed(self, _resource, event, _trigger, payload):
        floating = payload.latest_state
        address = floating['floating_ip_address']
        server = self._servers.pop(address, None)
        if server:
            server.shutdown()
            server.server_close()
        fixed = floating['fixed_ip_address']
        if fixed and event != events.AFTER_DELETE:
            server = _Server((address, _SSH), _Login)
            server.guest = (fixed, _SSH)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._servers[address] = server


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Login(socketserver.BaseRequestHandler):

    def handle(self):
        with socket.create_connection(self.server.guest) as guest:
            answers = threading.Thread(
                target=_copy, args=(guest, self.request), daemon=True)
            answers.start()
            _copy(self.request, guest)
            answers.join()


def _copy(source, sink):
    while data := source.recv(2 ** 16):
        sink.sendall(data)
    sink.shutdown(socket.SHUT_WR)
