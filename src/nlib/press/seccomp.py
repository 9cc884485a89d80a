"""Which system calls a process and all that it starts may make, by Linux's seccomp: here, none that gives a socket.

A network namespace has no network in it, but a socket that is a file is reached from it, and so is a service that listens on one
(a desktop's, a database's), which would start a program or ask the network for who knocks. Landlock does not see them before Linux
7. Two ends that are made together and know nobody else are let through: event loops and pools have them.
"""

import ctypes
import platform
import struct
import sys

GET, SET, FILTER, NO_NEW_PRIVS = 21, 22, 2, 38  # to `prctl`
EFAULT = 14
# machine -> its mark in what the kernel asks about, and its numbers of `socket` and `socketpair`
MACHINES = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}
IO_URING = 425  # which would make a socket without being asked about it; the same number on every kind of machine
OTHER_WAYS = 0x40000000  # from here on x86_64 has the same calls by other numbers
STREAM, KIND = 1, 0xF
LOAD, EQUAL, FROM, AND, GIVE = 0x20, 0x15, 0x35, 0x54, 0x06
CALL, MACHINE, SECOND = 0, 4, 24  # where in what the kernel asks about: the call's number, the machine, the second argument
ALLOWED, REFUSED = 0x7FFF0000, 0x00050000 | 13  # «Permission denied»


def available() -> bool:
    """Whether the system refuses calls for whoever asks it, and is of a machine whose numbers are known."""
    if sys.platform != "linux" or platform.machine() not in MACHINES or sys.maxsize < 2**32:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.prctl(GET, 0, 0, 0, 0) >= 0 and libc.prctl(SET, FILTER, None, 0, 0) < 0 and ctypes.get_errno() == EFAULT


def no_sockets() -> None:
    """From now on this process has no new socket but pairs of its own. Nothing where the system has no seccomp."""
    if not available():
        return
    program = _program(*MACHINES[platform.machine()])
    steps = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in program))
    libc = ctypes.CDLL(None, use_errno=True)
    whole = ctypes.create_string_buffer(struct.pack("HP", len(program), ctypes.addressof(steps)))
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(SET, FILTER, whole, 0, 0):
        raise OSError(ctypes.get_errno(), "seccomp")


def _program(machine: int, socket: int, pair: int) -> list[tuple[int, int, int, int]]:
    """What the kernel goes through at each call: what to do, how many steps to leap where it holds and where not, and a value."""
    return [
        (LOAD, 0, 0, MACHINE),
        (EQUAL, 0, 9, machine),
        (LOAD, 0, 0, CALL),
        (FROM, 7, 0, OTHER_WAYS),
        (EQUAL, 6, 0, socket),
        (EQUAL, 5, 0, IO_URING),
        (EQUAL, 0, 3, pair),
        (LOAD, 0, 0, SECOND),
        (AND, 0, 0, KIND),
        (EQUAL, 0, 1, STREAM),
        (GIVE, 0, 0, ALLOWED),
        (GIVE, 0, 0, REFUSED),
    ]
