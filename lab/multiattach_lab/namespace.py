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

"""Linux namespaces of a lab with guests, made without root.

In them the lab has a network of its own, where each address of guests is
local, a folder at /run, and processes that nobody outlives.
"""

import ctypes
import fcntl
import os
import select
import signal
import socket
import struct
import sys
import traceback

from multiattach_lab import errors

_NEW_MOUNTS = 0x00020000
_NEW_USER = 0x10000000
_NEW_PROCESSES = 0x20000000
_NEW_NETWORK = 0x40000000
_BIND, _RECURSIVE, _PRIVATE = 4096, 16384, 1 << 18
_READ_ONLY, _REMOUNT = 1, 32
_SET_ADDRESS, _SET_NETMASK, _SET_FLAGS = 0x8916, 0x891c, 0x8914
_UP_AND_RUNNING = 0x41
# All addresses of guests: those of a loopback's network are local.
_GUESTS = ('172.16.0.1', '255.240.0.0')
# Who root is inside; libvirt and PostgreSQL want anybody else.
_NOBODY_SPECIAL = 1000
_KVM = '/dev/kvm'

_libc = ctypes.CDLL(None, use_errno=True)


def call(function, folder, remember):
    """Call a function in new namespaces.

    They last until the function and all that forked from it have ended.

    :param function: callable; returns an exit code, or None for 0
    :param folder: pathlib.Path that is at /run there
    :param remember: callable that is given the id (int) of a process that
        :func:`enter` takes
    :returns: exit code (int)
    :raises LabError: if the system does not let us
    """
    sys.stdout.flush()
    code, report = os.pipe()
    lease, held = os.pipe()
    first = os.fork()
    if not first:
        os.close(code)
        os.close(held)
        _leave(_become_first, function, folder, report, lease)
    os.close(report)
    os.close(lease)
    _, status = os.waitpid(first, 0)
    # Line by line: a short function may have ended before the first is read.
    with open(code, 'rb') as answers:
        words = answers.readline().decode()
        if status:
            raise errors.LabError(words)
        remember(int(words))
        try:
            return int(answers.readline() or 1)
        except KeyboardInterrupt:
            # The function is in the same terminal, and was told too.
            return int(answers.readline() or 1)


def enter(function, process):
    """Call a function in the namespaces of a process.

    :param function: callable; returns an exit code, or None for 0
    :param process: id (int) of the process
    :returns: exit code (int)
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    # All of them first: in that of mounts /proc is another.
    for namespace in [os.open(f'/proc/{process}/ns/{name}', os.O_RDONLY)
                      for name in ('user', 'net', 'mnt', 'pid')]:
        _check(_libc.setns(namespace, 0))
        os.close(namespace)
    inner = os.fork()
    if not inner:
        _leave(function)
    os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]))


def _leave(function, *arguments):
    """End this process with the exit code that a function returns."""
    code = 1
    try:
        code = function(*arguments) or 0
    except errors.LabError as error:
        print(error, file=sys.stderr)
    except SystemExit as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        code = 130
    except BaseException:  # noqa: BLE001
        # Nobody else would tell of it.
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _check(result):
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _become_first(function, folder, report, lease):
    """Make the namespaces, and their first process; return an exit code."""
    try:
        user, group = os.geteuid(), os.getegid()
        _check(_libc.unshare(
            _NEW_USER | _NEW_MOUNTS | _NEW_NETWORK | _NEW_PROCESSES))
        for name, text in (
                ('setgroups', 'deny'),
                ('uid_map', f'{user or _NOBODY_SPECIAL} {user} 1'),
                ('gid_map', f'{group or _NOBODY_SPECIAL} {group} 1')):
            with open(f'/proc/self/{name}', 'w') as file:
                file.write(text)
        ready, told = os.pipe()
        first = os.fork()
        if not first:
            _leave(_run, function, folder, report, lease, told)
        os.close(told)
        problem = os.read(ready, 256)
    except OSError as error:
        problem = str(error).encode()
    os.write(report, (b'A lab with guests needs user namespaces with mounts '
                      b'and a network of their own, and the system does not '
                      b'give them: ' + problem) if problem
             else f'{first}\n'.encode())
    return int(bool(problem))


def _run(function, folder, report, lease, told):
    """Call a function as the first process of the namespaces."""
    try:
        _prepare(folder)
    except OSError as error:
        os.write(told, str(error).encode())
        return 1
    os.close(told)
    alive, held = os.pipe()
    child = os.fork()
    if not child:
        for unused in (alive, report, lease):
            os.close(unused)
        _leave(function)
    os.close(held)
    # Whoever reads our output reads that of the function alone.
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.setsid()
    _watch(child, report, lease, alive)
    return 0


def _watch(child, report, lease, alive):
    """Reap processes until none is left that forked from the function.

    The end of this process ends all others, such as guests.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    woken, wake = os.pipe2(os.O_NONBLOCK)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    watched = {woken, lease, alive}
    while child or alive in watched:
        code = _reap(child)
        if code is not None:
            child = 0
            watched.discard(lease)
            os.write(report, f'{code}\n'.encode())
            os.close(report)
            continue
        ready, *_ = select.select(watched, (), ())
        if woken in ready:
            os.read(woken, 4096)
        if alive in ready:
            watched.discard(alive)
        if lease in ready:
            # Who has called does not live any more.
            watched.discard(lease)
            os.kill(child, signal.SIGTERM)


def _reap(child):
    """Reap what has ended; return the exit code of a child if it has."""
    code = None
    while True:
        try:
            ended, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return code
        if not ended:
            return code
        if ended == child:
            code = os.waitstatus_to_exitcode(status) % 256


def _prepare(folder):
    _mount(None, '/', _RECURSIVE | _PRIVATE)
    _mount('proc', '/proc', 0, 'proc')
    run = folder / 'run'
    run.mkdir(exist_ok=True)
    if os.path.exists(_KVM):
        # It may hang. libvirt looks whether it may write to it.
        nothing = folder / 'kvm'
        nothing.touch()
        _mount(str(nothing), _KVM, _BIND)
        _mount(None, _KVM, _BIND | _REMOUNT | _READ_ONLY)
    _mount(str(run), '/run', _BIND)
    with socket.socket() as any_socket:
        _interface(any_socket, 'lo', _SET_FLAGS,
                   struct.pack('h', _UP_AND_RUNNING))
        for request, address in zip(
                (_SET_ADDRESS, _SET_NETMASK), _GUESTS, strict=True):
            _interface(any_socket, 'lo:1', request, struct.pack(
                'hH4s', socket.AF_INET, 0, socket.inet_aton(address)))
    # Guests are logged in to at port 22.
    with open('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'w') as file:
        file.write('0')


def _mount(source, target, flags, kind=None):
    _check(_libc.mount(*(each and each.encode()
                         for each in (source, target, kind)), flags, None))


def _interface(any_socket, name, request, value):
    fcntl.ioctl(any_socket, request,
                struct.pack('16s24s', name.encode(), value))
