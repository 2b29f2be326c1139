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

"""Bugs of nova-conductor."""

from multiattach_lab.faults import Change
from multiattach_lab.faults import Fault

MULTIATTACH_WITH_OLD_MICROVERSION_ACCEPTED = Fault(
    origin='mutation of nova 7e6ae9afd9',
    symptom='A multiattach volume can be attached with a microversion below '
            '2.60.',
    expected=r'2\.60", but it was accepted',
    changes=(Change(
        'nova.compute.utils',
        "if volume['multiattach'] and not supports_multiattach:",
        'if False:'),),
    since='2026.2',
)

OLD_MICROVERSION_IS_SERVER_ERROR = Fault(
    origin='mutation of nova 7e6ae9afd9, as in bug 1750064 (nova 5754ac0ab3)',
    symptom='Attaching a multiattach volume with a microversion below 2.60 '
            'gives error 500.',
    expected=r'2\.60", got 500',
    changes=(Change(
        'nova.compute.utils',
        'raise exception.MultiattachNotSupportedOldMicroversion()',
        'raise exception.NovaException()'),),
    since='2026.2',
)

REFUSED_ATTACH_LEAVES_VOLUME_ON_SERVER = Fault(
    origin='mutation (the block device is not destroyed)',
    symptom='After a refused attach the server lists a volume that it does '
            'not have.',
    expected='already attached|nova_attachments .* absent before',
    changes=(Change(
        'nova.conductor.manager',
        '            self.compute_rpcapi.attach_volume(context, instance, '
        'volume_bdm)\n'
        '        except Exception:\n'
        '            with excutils.save_and_reraise_exception():\n'
        '                volume_bdm.destroy()',
        '            self.compute_rpcapi.attach_volume(context, instance, '
        'volume_bdm)\n'
        '        except Exception:\n'
        '            with excutils.save_and_reraise_exception():\n'
        '                pass'),),
    since='2026.2',
)
