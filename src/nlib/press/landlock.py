"""Which files a process and all that it starts can reach, by Linux's Landlock: it holds for C and bare system calls too.

A process gives up for ever what it does not name. No privilege is needed, and no program: three system calls, which no library
that is kept gives from Python.
"""

import ctypes
import os
import struct
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446  # the numbers of the system calls, the same on every kind of machine
VERSION, BENEATH, NO_NEW_PRIVS = 1, 1, 38
WRITE_FILE, READ_FILE, READ_DIR, TRUNCATE, IOCTL = 1 << 1, 1 << 2, 1 << 3, 1 << 14, 1 << 15
KNOWN = {1: 13, 2: 14, 3: 15, 5: 16}  # version -> how many kinds of access to files it knows, counted from running a program
TCP, OTHERS = 0b11, 0b11  # to listen and connect; to signal others, and to connect to their abstract sockets
SYSTEM = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/fonts", "/etc/ld.so.cache", "/etc/localtime", "/etc/mime.types"),
    *("/etc/ssl/openssl.cnf", "/dev/urandom", "/dev/random", "/dev/zero"),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/sys/vm", "/sys/devices/system/cpu", "/sys/fs/cgroup"),
)
DISCARDED = ("/dev/null",)


def version() -> int:
    """Which version of Landlock the system has; 0 where it has none."""
    if sys.platform != "linux":
        return 0
    return max(0, _call(CREATE, None, 0, VERSION))


def only(reads: Iterable[Path], lists: Iterable[Path], writes: Iterable[Path]) -> None:
    """From now on this process reads these files, what is in these folders, Python's own and the system's fonts and libraries; it
    lists what is in `lists`, and writes in `writes`. It runs no program, has no TCP and signals no other process. Nothing where the
    system has no Landlock.

    What is not there is left out, and so is a folder on Python's path that what is to be read lies in.
    """
    if not (known := version()):
        return
    reads = [path.resolve() for path in reads]
    own = {Path(path).resolve() for path in (sys.prefix, sys.base_prefix, *sys.path)}
    own = {path for path in own if not any(read.is_relative_to(path) for read in reads)}
    whole = (1 << KNOWN[max(each for each in KNOWN if each <= known)]) - 1
    fields = [whole, *([TCP] if known >= 4 else []), *([OTHERS] if known >= 6 else [])]
    rules = _done(_call(CREATE, struct.pack(f"{len(fields)}Q", *fields), 8 * len(fields), 0))
    for path in (*map(Path, SYSTEM), *own, *reads):
        _allow(rules, path, READ_FILE | READ_DIR)
    for path in lists:
        _allow(rules, path, READ_DIR)
    for path in (*map(Path, DISCARDED), *writes):
        _allow(rules, path, whole & ~1)
    _done(ctypes.CDLL(None, use_errno=True).prctl(NO_NEW_PRIVS, 1, 0, 0, 0))
    _done(_call(RESTRICT, rules, 0))
    os.close(rules)


def own_folder() -> Path:
    """A folder of this process's own for what it writes on the way, which it is told of as such."""
    folder = Path(tempfile.gettempdir(), str(os.getpid()))
    folder.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder


def _allow(rules: int, path: Path, access: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not path.is_dir():
        access &= WRITE_FILE | READ_FILE | TRUNCATE | IOCTL
    _done(_call(ADD, rules, BENEATH, struct.pack("=Qi", access, handle), 0))
    os.close(handle)


def _call(*arguments) -> int:
    return ctypes.CDLL(None, use_errno=True).syscall(*arguments)


def _done(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
