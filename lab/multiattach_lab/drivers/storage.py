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

"""The lab's volume driver: a volume is a sparse file of its size.

Cinder's API, scheduler and volume manager are the real ones. Only real guests
open the file; without them it holds bytes only where Cinder itself copies, or
makes a volume from an image.
"""

import os
import pathlib

from cinder import context as cinder_context
from cinder import exception
from cinder import interface
from cinder import objects
from cinder.volume import driver
from oslo_config import cfg
from oslo_utils import units
import tenacity

OPTIONS = [
    cfg.StrOpt('folder', help='Folder of this pool.'),
    cfg.IntOpt('free', default=1000, help='GiB that are left, of 1000.'),
    cfg.BoolOpt('multiattach', default=True,
                help='Whether several servers can share a volume.'),
    cfg.IntOpt('step', default=1,
               help='GiB of which the size of a volume is a multiple.'),
    cfg.BoolOpt('reports_pools', default=True,
                help='Whether the statistics are those of a list of pools.'),
    cfg.ListOpt('pool_names', default=[],
                help='Pools, if there is not one of the name of the backend.'),
    cfg.BoolOpt('retypes', default=True,
                help='Whether a volume gets another type, in any of the '
                     'pools, without a copy.'),
    cfg.StrOpt('cluster', help='Name of the cluster of this host.'),
]


@interface.volumedriver
class Storage(driver.VolumeDriver):
    """A backend: one folder of sparse files, in whichever pool they are."""

    VERSION = '1.0'
    SUPPORTS_ACTIVE_ACTIVE = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.configuration.append_config_values(OPTIONS)
        self._folder = pathlib.Path(self.configuration.folder)

    def check_for_setup_error(self):
        self._folder.mkdir(parents=True, exist_ok=True)

    def _path(self, resource):
        return self._folder / resource.name

    def _update_volume_stats(self):
        name = self.configuration.volume_backend_name
        pool = {
            'total_capacity_gb': 1000,
            'free_capacity_gb': self.configuration.free,
            'reserved_percentage': 0,
            'multiattach': self.configuration.multiattach,
            'QoS_support': False,
        }
        names = self.configuration.pool_names or [name]
        self._stats = {
            'driver_version': self.VERSION,
            'vendor_name': 'multiattach_lab',
            'storage_protocol': 'file',
            'volume_backend_name': name,
            # A migration copies to a volume that was just made.
            'sparse_copy_volume': True,
            **({'pools': [{'pool_name': each, **pool} for each in names]}
               if self.configuration.reports_pools else pool),
        }

    def create_volume(self, volume):
        self._path(volume).touch(exist_ok=False)
        self.extend_volume(volume, volume.size)

    def extend_volume(self, volume, new_size):
        if new_size % self.configuration.step:
            raise exception.InvalidInput(
                reason=f'{new_size} GiB is no multiple of '
                       f'{self.configuration.step} GiB')
        os.truncate(self._path(volume), new_size * units.Gi)

    def delete_volume(self, volume):
        if volume.migration_status == 'deleting':
            _wait_for_attachments(volume)
        self._path(volume).unlink(missing_ok=True)

    def create_snapshot(self, snapshot):
        self._copy(snapshot.volume, snapshot)

    def delete_snapshot(self, snapshot):
        self._path(snapshot).unlink(missing_ok=True)

    def revert_to_snapshot(self, context, volume, snapshot):
        self._copy(snapshot, volume)
        self.extend_volume(volume, volume.size)

    def create_volume_from_snapshot(self, volume, snapshot):
        self._copy(snapshot, volume)
        self.extend_volume(volume, volume.size)

    def clone_image(self, context, volume, image_location, image_meta,
                    image_service):
        with open(self._path(volume), 'xb') as file:
            image_service.download(context, image_meta['id'], file)
        self.extend_volume(volume, volume.size)
        return {}, True

    def create_cloned_volume(self, volume, src_vref):
        self._copy(src_vref, volume)
        self.extend_volume(volume, volume.size)

    def ensure_export(self, context, volume):
        if not self._path(volume).exists():
            raise exception.VolumeNotFound(volume_id=volume.id)

    def create_export(self, context, volume, connector):
        pass

    def remove_export(self, context, volume):
        pass

    def initialize_connection(self, volume, connector):
        self.ensure_export(None, volume)
        # For Nova and os-brick that is a file, where 'local' is a device.
        return {'driver_volume_type': 'gpfs',
                'data': {'device_path': str(self._path(volume))}}

    def terminate_connection(self, volume, connector, **kwargs):
        pass

    def retype(self, context, volume, new_type, diff, host):
        # A type has no other meaning here than what Cinder itself does.
        return self.configuration.retypes, None

    def _copy(self, source, target):
        # Python would write the holes of a sparse file.
        self._execute('cp', '--sparse=always', self._path(source),
                      self._path(target))


@tenacity.retry(retry=tenacity.retry_if_result(bool),
                wait=tenacity.wait_fixed(0.05),
                stop=tenacity.stop_after_delay(10),
                retry_error_callback=lambda _state: None)
def _wait_for_attachments(volume):
    """Wait until the attachments of a volume that moved are with its copy.

    Cinder asks for the deletion of what is left behind before it moves them,
    and deletes those that it finds there. Storage that takes longer to delete
    than this one never shows that.
    """
    return objects.VolumeAttachmentList.get_all_by_volume_id(
        cinder_context.get_admin_context(), volume.id)
