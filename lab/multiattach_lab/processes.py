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

"""Processes that end with the lab, however it ends."""

import ctypes
import os
import signal
import socket
import subprocess

_PR_SET_PDEATHSIG = 1


def start(command, log, environment, descriptors=()):
    """Start a process that is killed as soon as its parent is gone.

    :param command: list of str or pathlib.Path
    :param log: pathlib.Path of its output; overwritten
    :param environment: dict, all that the process sees
    :param descriptors: numbers of the file descriptors that it inherits
    :returns: subprocess.Popen, leader of a session of its own
    """
    libc = ctypes.CDLL(None)

    def die_with_parent():
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    with open(log, 'w') as output:
        return subprocess.Popen(
            [str(word) for word in command], env=environment,
            stdin=subprocess.DEVNULL, stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
            pass_fds=descriptors,
            # Runs one system call; nothing else sets this for a program
            # that is not ours.
            preexec_fn=die_with_parent)  # noqa: PLW1509


def kill(process):
    """Kill a process with its session, and wait until it is gone.

    A lab needs no graceful end: its database is thrown away.
    """
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def reserve():
    """Keep a free port of 127.0.0.1 for a program that binds it itself.

    Ports that the kernel hands out itself (32768 and up on Linux) collide
    with outgoing connections, so that lower ones are tried.

    :returns: socket.socket that does not listen; the program may listen on
        its port, and no other lab gets it until both are closed
    """
    first = 20000 + os.getpid() % 8000
    for port in range(first, 32768):
        candidate = socket.socket()
        try:
            candidate.bind(('127.0.0.1', port))
        except OSError:  # taken: the next one
            candidate.close()
            continue
        # Once it is bound: what other labs bind does not have it, and fails,
        # and PostgreSQL does, and succeeds.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return candidate
    raise OSError(f'no free port on 127.0.0.1 from {first} to 32767')


def listen():
    """Open a listening socket on a free port of 127.0.0.1.

    :returns: socket.socket
    """
    listener = reserve()
    listener.listen(1024)
    return listener


def tail(log, lines=10):
    """Return the last lines of a log (str), each cut off at 300 characters."""
    last = log.read_text(errors='replace').splitlines()[-lines:]
    return '\n'.join(line[:300] for line in last)
