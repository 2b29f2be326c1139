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

"""What a report tells of the cloud that the tests ran on."""

from importlib import metadata
import json

from tempest import config
from tempest.lib import exceptions as lib_exc
from testtools import content
from testtools import content_type
import urllib3

from multiattach_tempest_plugin import config as our_config
from multiattach_tempest_plugin.tests import pools
from multiattach_tempest_plugin.verify import steps
from multiattach_tempest_plugin import waiters

CONF = config.CONF

_JSON = content_type.ContentType('application', 'json', {'charset': 'utf8'})


def of_cloud(admin):
    """Look at what differs from cloud to cloud.

    :param admin: client manager of an administrator
    :returns: {name: str}
    """
    return {
        'Nova': _told(_versions, admin.compute_versions_client),
        'Cinder': _told(_versions, admin.volume_versions_client_latest),
        'pools': _told(_pools, admin),
        'credentials': ('made by Tempest for each class'
                        if CONF.auth.use_dynamic_credentials
                        else 'of an accounts file'),
        'guests': ('logged in to: data is compared'
                   if CONF.validation.run_validation
                   else 'not logged in to: records are compared, no data'),
        'servers a volume': str(CONF.multiattach.servers),
        **{f'[multiattach] {name}': _written(CONF.multiattach[name])
           for name in sorted(option.name for option
                              in our_config.MultiattachGroup)
           if name != 'servers'},
        'Tempest': metadata.version('tempest'),
        'plugin': metadata.version('multiattach-tempest-plugin'),
    }


def _written(value):
    return ', '.join(value) if isinstance(value, list) else str(value)


def _told(look, client):
    """Return what a look finds, or why nobody knows (str).

    Not every test needs it, so a cloud that does not show it fails none here.
    """
    try:
        return look(client)
    except (lib_exc.TempestException, urllib3.exceptions.HTTPError) as error:
        return f'unknown: {error}'


def _pools(admin):
    return ', '.join(pool.name for pool in pools.list_pools(admin))


def _versions(client):
    """Name the microversions of the newest API (str)."""
    found = waiters.look(client.list_versions)['versions']
    newest = max(found, key=lambda each: [
        int(part) for part in each['id'].lstrip('v').split('.')])
    return f'{newest["min_version"]} to {newest["version"]}'


def content_of(make):
    """Return what a test attaches, which is made when the test is over.

    :param make: callable that returns what JSON can hold
    :returns: testtools.content.Content
    """
    return content.Content(_JSON, lambda: [json.dumps(make()).encode()])


class Facts:
    """Attaches to each test what a report tells of it.

    The class that has it is one of Tempest's test classes, and has os_admin
    and the journal of credentials.Credentials.
    """

    facts = None

    @classmethod
    def look_at_cloud(cls):
        """Look at the cloud, once for all classes."""
        Facts.facts = Facts.facts or of_cloud(cls.os_admin)

    def setUp(self):
        super().setUp()
        self.addDetail(steps.CLOUD, content_of(lambda: self.facts))
        earlier = len(self.journal.requests)
        self.addOnException(lambda _error: self.addDetail(
            steps.REQUESTS,
            content_of(lambda: self.journal.requests[earlier:])))
