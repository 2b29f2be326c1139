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

"""The error that a user of the lab sees."""


from multiattach_lab import processes


class LabError(Exception):
    """One sentence that says what is wrong, where, and what to do.

    :param message: that sentence
    :param log: path of the log whose last lines explain it, or None
    """

    def __init__(self, message, log=None):
        if log is not None:
            message = (f'{message} The last lines of {log}:\n'
                       f'{processes.tail(log)}')
        super().__init__(message)
