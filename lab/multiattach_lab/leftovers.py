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

# What all who are in a project change, and a neighbour at any time. Seen with
# four workers in one project: Cinder counts a volume when all are deleted.
_SHARED = ('quota in use', 'reservation')


def left(before, after, shared):
    """Tell what is there that was not, or has changed.

    :param before: rows of :meth:`multiattach_lab.cloud.Cloud.records`
    :param after: the same, later
    :param bool shared: whether several work in one project
    :returns: sentence (str), '' if nothing is left
    """
    known = {tuple(row) for row in before}
    new = [f'{what} {id_} ({name})' for what, id_, name in after
           if (what, id_, name) not in known
           and not (shared and what in _SHARED)]
    return f'The tests left behind: {", ".join(new)}.' if new else ''
