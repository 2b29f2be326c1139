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

from oslo_config import cfg
from tempest import config

multiattach_group = cfg.OptGroup(
    name='multiattach',
    title='Moving volumes that several servers use')

MultiattachGroup = [
    cfg.StrOpt('plain_volume_type',
               default='',
               help='Name of a volume type without the multiattach property '
                    'on the same backend as [volume] '
                    'volume_type_multiattach. Tests retype a volume to it to '
                    'switch the multiattach flag off. Empty means [volume] '
                    'volume_type; where that is empty too, these tests are '
                    'skipped.'),
    cfg.StrOpt('direct_swap',
               default='refused',
               choices=[
                   ('refused',
                    'only Cinder may swap a volume, and only one that it is '
                    'migrating: Nova from 29.3, 30.1, 31.1 and 32.0 on'),
                   ('allowed',
                    'an administrator may swap a volume: Nova before these '
                    'releases')],
               help='How Nova answers an administrator who asks it to swap '
                    'a volume that Cinder is not migrating (bug 2112187). '
                    'Where it is allowed, the same request for a volume with '
                    'several writers is refused for another reason, with '
                    'another answer.'),
    cfg.StrOpt('migration_destination',
               default='',
               help='Pool that tests migrate volumes to, as '
                    '"host@backend#pool". It must take volumes of both volume '
                    'types and support multiattach. Empty means the first '
                    'pool that does and does not hold the volume yet; this '
                    'is also used for a volume that the scheduler has '
                    'placed on the named pool already.'),
    cfg.StrOpt('unflag_in_use',
               default='no',
               choices=[
                   ('no', 'the cloud refuses it; such tests are skipped'),
                   ('api', 'a retype of a volume in use may switch the flag'),
                   ('reset-status',
                    'an administrator sets the status of the volume to '
                    'available before the retype and to in-use after it')],
               help='How the multiattach flag of a volume that one server '
                    'uses is switched off. No release of Cinder allows it '
                    'through the API up to now. "reset-status" bypasses that '
                    'check: choose it only with the consent of the '
                    'operator of the cloud, whose storage has to retype '
                    'a volume where it is.'),
    cfg.BoolOpt('bootable_volumes',
                default=True,
                help='Whether the policy of Cinder lets several servers share '
                     'a volume that one of them booted from '
                     '(volume:multiattach_bootable_volume). Where it does '
                     'not, the test of such a volume is skipped.'),
    cfg.ListOpt('roles_without_multiattach',
                default=[],
                help='Roles of a user who may create and retype volumes, but '
                     'whom the policy of Cinder keeps from multiattach types '
                     '(volume:multiattach). By default it keeps no member '
                     'from them, and the test of such a user is skipped.'),
    cfg.StrOpt('attachments_of_other_projects',
               default='hidden',
               choices=[
                   ('hidden', 'to nobody: Cinder from 28.0 on'),
                   ('shown', 'to a user who knows the id: Cinder before 28.0; '
                             'the test of it is skipped')],
               help='To whom Cinder shows an attachment of another project '
                    '(bug 2138566).'),
    cfg.IntOpt('servers',
               default=2,
               min=2,
               help='How many servers share the volume. A class of tests '
                    'boots this many and keeps them until it is done.'),
    cfg.StrOpt('known_gaps',
               default='tolerated',
               choices=[
                   ('tolerated',
                    'a test of a gap that the cloud has is skipped, and one '
                    'of a gap that is fixed passes; what leaves a real '
                    'hypervisor out of step with Cinder is not run'),
                   ('expected',
                    'a known gap is an expected failure, and one that is '
                    'fixed fails the run, with what to remove'),
                   ('enforced', 'a known gap fails the run')],
               help='What a gap that today\'s Nova and Cinder are known to '
                    'have means. The documentation lists them.'),
]


def register_opts(conf):
    """Add our options to Tempest's.

    :param conf: the oslo.config object of Tempest
    """
    config.register_opt_group(conf, multiattach_group, MultiattachGroup)


def get_opt_lists():
    """Name our options for Tempest's sample configuration.

    :returns: list of tuples of a group name and a list of options
    """
    return [(multiattach_group.name, MultiattachGroup)]


def list_opts():
    """Name our options, with their group, for oslo.config's tools.

    :returns: list of tuples of a group and a list of options
    """
    return [(multiattach_group, MultiattachGroup)]
