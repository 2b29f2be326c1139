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

"""Run one service of a release; runs inside that release's environment.

``python -m multiattach_lab.serve SERVICE DESCRIPTOR CONCURRENCY FAULT...``,
where the descriptor is that of a listening socket, and FAULT names no fault
unless the lab is drilled.
"""

import importlib
import os
import socket
import sys
import traceback

from multiattach_lab import faults

_LARGEST_IMAGE = 2 ** 32  # bytes


def _patch(service, concurrency):
    """Do what a service's own start script does before any other import."""
    if service not in ('nova', 'cinder'):
        return
    if concurrency == 'eventlet':
        import eventlet
        eventlet.monkey_patch()
        return
    importlib.import_module(f'{service}.monkey_patch').patch('threading')


def main(service, descriptor, concurrency, names):
    """Serve until killed.

    :param service: name of a module of ``multiattach_lab.services``
    :param descriptor: number of the listening socket
    :param concurrency: 'threading' or 'eventlet'
    :param names: modules of ``multiattach_lab.faults``
    """
    importer = faults.Importer(
        change for name in names for change in faults.load(name).changes)
    importer.install()
    _patch(service, concurrency)
    module = importlib.import_module(f'multiattach_lab.services.{service}')
    application = module.application()
    importer.check()
    import waitress
    waitress.serve(application, sockets=[socket.socket(fileno=descriptor)],
                   threads=32, channel_timeout=600, ident=None,
                   max_request_body_size=_LARGEST_IMAGE)


if __name__ == '__main__':
    name, number, how, *bugs = sys.argv[1:]
    # The services read their own arguments from here.
    del sys.argv[1:]
    try:
        main(name, int(number), how, bugs)
    except BaseException:  # noqa: BLE001
        # A service that failed at its start would live on in its threads.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
