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

"""The lab's progress, printed."""

import contextlib
import time

import rich.console


class Progress:
    """A line a step, with its time; colours on a terminal only."""

    def __init__(self):
        self.console = rich.console.Console(highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def step(self, name):
        """Print a step's name and, at its end, how long it took."""
        begin = time.monotonic()
        self.console.print(f'  {name} ...', end='')
        try:
            yield
        except BaseException:
            self.console.print(' [red]failed[/red]')
            raise
        seconds = time.monotonic() - begin
        self.console.print(f' [green]{seconds:.1f} s[/green]')

    def note(self, text):
        """Print a line that belongs to the last step."""
        self.console.print(f'    {text}')
