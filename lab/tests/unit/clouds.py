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

"""A stand-in for what the lab hands to the modules of its services."""

import pathlib

from multiattach_lab import kinds
from multiattach_lab import releases
from multiattach_lab import services


class Layout:
    """Where things of a cloud are that nobody has started."""

    packages = {}
    ports = {name: port for port, name in enumerate(services.SERVICES, 20001)}

    def __init__(self, folder, release=releases.DEFAULT,
                 kind=kinds.DEFAULT,
                 server='postgresql+psycopg2://lab:lab@127.0.0.1:20000'):
        self.release = releases.get(release)
        self.kind = kinds.get(kind)
        self.state = pathlib.Path(folder) / 'state'
        self.logs = self.state / 'logs'
        self.database_folder = self.state / 'database'
        self.environment = pathlib.Path(folder) / 'environment'
        self._server = server

    def etc(self, service):
        return self.state / 'etc' / service

    def packaged(self, path):
        file = self.environment / 'etc' / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text('[composite:main]\n')
        return file

    def url(self, service):
        return f'http://127.0.0.1:{self.ports[service]}'

    def database_url(self, name):
        return f'{self._server}/{name}'
