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

"""What real guests need of the machine, and the image that they boot.

The guest is a kernel and programs of the distribution: BusyBox, which CirrOS
is too, and an SSH server.

``python -m multiattach_lab.guests`` fails with what the machine lacks.
"""

import pathlib
import shutil
import subprocess
import sys

import psutil

from multiattach_lab import errors

_INIT = pathlib.Path(__file__).parent / 'guest_init.sh'
# Each is needed by those after it.
_MODULES = ('virtio_blk', 'virtio_net', 'ata_piix', 'sr_mod', 'isofs')
_SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
# Debian's package of each program.
_PROGRAMS = {
    'qemu-system-x86_64': 'qemu-system-x86',
    'qemu-img': 'qemu-utils',
    'libvirtd': 'libvirt-daemon and libvirt-daemon-driver-qemu',
    'genisoimage': 'genisoimage',
    'busybox': 'busybox-static',
    'dropbear': 'dropbear-bin',
    'dropbearkey': 'dropbear-bin',
    'ldd': 'libc-bin',
}
_LIBRARY = pathlib.Path('/usr/lib/python3/dist-packages')
_OLDEST_LIBVIRT = (8, 0)  # what Nova 34 asks for
# Inside the namespaces of the lab.
_RUN = pathlib.Path('/run')


def program(name):
    """Return the path of a program, None if it is not installed."""
    return shutil.which(name, path=_SYSTEM_PATH)


def check():
    """Check what the system has to bring.

    :raises LabError: if something is missing or too old
    """
    missing = [f'{name} (package {package})'
               for name, package in _PROGRAMS.items() if not program(name)]
    if not any(_kernels()):
        missing.append('a kernel in /boot with its modules '
                       '(package linux-image-cloud-amd64)')
    module = f'libvirtmod.cpython-{"".join(map(str, sys.version_info[:2]))}'
    if not list(_LIBRARY.glob(f'{module}-*.so')):
        missing.append('the libvirt module of Python '
                       f'{sys.version_info[0]}.{sys.version_info[1]} '
                       '(package python3-libvirt)')
    if missing:
        raise errors.LabError(
            f'A lab with guests needs {", ".join(missing)}: install what '
            '"bindep guests" lists, or start the lab without guests.')
    words = subprocess.run([program('libvirtd'), '--version'], check=True,
                           stdout=subprocess.PIPE, text=True).stdout
    version = words.split()[-1]
    if tuple(map(int, version.split('.')[:2])) < _OLDEST_LIBVIRT:
        raise errors.LabError(
            f'A lab with guests needs libvirt '
            f'{".".join(map(str, _OLDEST_LIBVIRT))}, and this is {version}: '
            'take a newer distribution, or start the lab without guests.')


def _kernels():
    """Yield (path of a kernel, folder of its modules), the newest first."""
    for kernel in sorted(pathlib.Path('/boot').glob('vmlinuz-*'),
                         reverse=True):
        modules = pathlib.Path('/lib/modules') / kernel.name.partition('-')[2]
        if (modules / 'modules.dep').exists():
            yield kernel, modules


def make_image(folder):
    """Make what guests boot.

    :param folder: pathlib.Path that does not exist yet
    :returns: tuple of the paths of the kernel and of the first file system
    :raises LabError: if it cannot be made
    """
    kernel, modules = next(_kernels())
    root = folder / 'root'
    for name in ('bin', 'config', 'dev', 'etc/dropbear', 'modules', 'proc',
                 'root/.ssh', 'sys', 'tmp'):
        (root / name).mkdir(parents=True)
    (root / 'root' / '.ssh').chmod(0o700)
    order = _needed(modules)
    for path in order:
        shutil.copy(path, root / 'modules')
    (root / 'modules' / 'order').write_text(
        ''.join(f'{path.name}\n' for path in order))
    shutil.copy(program('busybox'), root / 'bin')
    shutil.copy(program('dropbear'), root / 'bin')
    for library in _libraries(program('dropbear')):
        target = root / library.relative_to('/')
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, target)
    shutil.copy(_INIT, root / 'init')
    (root / 'etc' / 'passwd').write_text('root:x:0:0::/root:/bin/sh\n')
    (root / 'etc' / 'group').write_text('root:x:0:\n')
    (root / 'etc' / 'shells').write_text('/bin/sh\n')
    (root / 'bin' / 'sudo').write_text('#!/bin/sh\nexec "$@"\n')
    for path in ('init', 'bin/sudo'):
        (root / path).chmod(0o755)
    _run([program('dropbearkey'), '-t', 'ecdsa', '-f',
          root / 'etc' / 'dropbear' / 'key'])
    image = folder / 'initramfs'
    names = '\n'.join(str(path.relative_to(root))
                      for path in sorted(root.rglob('*')))
    with open(image, 'wb') as output:
        _run([program('busybox'), 'cpio', '-o', '-H', 'newc', '-R', '0:0'],
             cwd=root, input=names.encode(), stdout=output)
    return kernel, image


def _run(command, **options):
    try:
        subprocess.run(command, check=True, stderr=subprocess.PIPE,
                       **{'stdout': subprocess.DEVNULL, **options})
    except subprocess.CalledProcessError as error:
        raise errors.LabError(
            f'The image of guests cannot be made: {command[0]} says '
            f'{error.stderr.decode().strip()}') from None


def _needed(folder):
    """Return the paths of kernel modules, each after what it depends on."""
    depends = {}
    for line in (folder / 'modules.dep').read_text().splitlines():
        path, _, others = line.partition(':')
        depends[path] = others.split()
    by_name = {pathlib.Path(path).name.partition('.')[0].replace('-', '_'):
               path for path in depends}
    order = {}

    def add(path):
        for other in reversed(depends[path]):
            if other not in order:
                add(other)
        order.setdefault(path)

    # Who depends on virtio does not always name the transport.
    for name in ('virtio_pci', *_MODULES):
        if name in by_name:
            add(by_name[name])
    return [folder / path for path in order]


def _libraries(path):
    words = subprocess.run([program('ldd'), path], check=True, text=True,
                           stdout=subprocess.PIPE).stdout.split()
    return [pathlib.Path(word) for word in words if word.startswith('/')]


def link_library(folder):
    """Let a release import the distribution's libvirt module.

    :param folder: pathlib.Path on the release's path
    """
    for path in _LIBRARY.glob('libvirt*.*'):
        if path.suffix in ('.py', '.so'):
            (folder / path.name).symlink_to(path)


def kill(folder):
    """Kill all guests, which run on without libvirtd.

    :param folder: pathlib.Path of what Nova keeps of them; is removed from it
    """
    # Only those of this lab are in its namespaces.
    for process in psutil.process_iter():
        if process.name().startswith('qemu-system'):
            process.kill()
            process.wait()
    shutil.rmtree(folder / 'instances')
    (folder / 'instances').mkdir()


def libvirtd(folder):
    """Write the configuration of libvirtd; tell how to start it.

    :param folder: pathlib.Path that is /run in the lab's namespaces
    :returns: tuple of a command and its environment
    """
    shutil.rmtree(folder / 'libvirt', ignore_errors=True)
    settings = folder / 'libvirt' / 'config' / 'libvirt'
    settings.mkdir(parents=True)
    # Otherwise it starts a daemon for the logs of guests.
    (settings / 'qemu.conf').write_text('stdio_handler = "file"\n')
    run = _RUN / 'libvirt'
    (folder / 'libvirt' / 'libvirtd.conf').write_text(
        f'unix_sock_dir = "{run}"\n'
        'log_outputs = "2:stderr"\n'
        'host_uuid = "00000000-0000-4000-8000-000000000001"\n')
    return ([program('libvirtd'), '--config', run / 'libvirtd.conf',
             '--pid-file', run / 'libvirtd.pid'],
            {'XDG_RUNTIME_DIR': str(_RUN),
             'XDG_CONFIG_HOME': str(run / 'config'),
             'XDG_CACHE_HOME': str(run / 'cache'),
             'HOME': str(run), 'PATH': _SYSTEM_PATH, 'LANG': 'C.UTF-8'})


if __name__ == '__main__':
    try:
        check()
    except errors.LabError as error:
        sys.exit(str(error))
