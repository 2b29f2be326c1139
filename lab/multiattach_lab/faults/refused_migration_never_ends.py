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

"""Cinder does not record that a migration has failed."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

FAULT = Fault(
    part='cinder-volume',
    origin='mutation of cinder 21bc0537e (the status of the failure is not '
           'stored)',
    symptom='A migration that was refused is shown as migrating for ever.',
    changes=(Change(
        'cinder.volume.manager',
        '                self._migrate_volume_generic(ctxt, volume, host, '
        'new_type_id)\n'
        '            except Exception:\n'
        '                with excutils.save_and_reraise_exception():\n'
        "                    updates = {'migration_status': 'error'}\n",
        '                self._migrate_volume_generic(ctxt, volume, host, '
        'new_type_id)\n'
        '            except Exception:\n'
        '                with excutils.save_and_reraise_exception():\n'
        '                    updates = {}\n'),),
)
