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

"""What tests leave behind in a cloud."""

# What Cinder gets wrong when several work in one project: four workers ended
# with one volume reserved, and no reservation.
_OF_A_PROJECT = ('quota reserved',)
# What a neighbour changes too, who may be in the middle of anything.
_OF_A_NEIGHBOUR = ('quota in use', 'quota reserved', 'reservation')


def left(before, after, kind):
    """Tell what is there that was not, or has changed.

    :param before: rows of :meth:`multiattach_lab.cloud.Cloud.records`
    :param after: the same, later
    :param kind: :class:`multiattach_lab.kinds.Kind` of the cloud
    :returns: sentence (str), '' if nothing is left
    """
    of_others = (_OF_A_NEIGHBOUR if kind.neighbour
                 else _OF_A_PROJECT if kind.accounts else ())
    known = {tuple(row) for row in before}
    new = [f'{what} {id_} ({name})' for what, id_, name in after
           if (what, id_, name) not in known and what not in of_others]
    return f'The tests left behind: {", ".join(new)}.' if new else ''
