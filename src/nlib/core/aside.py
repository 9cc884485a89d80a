"""Two processes that do the same, where a core is free: each makes half of what takes time, and the first has it all.

The second is forked from the first as the work begins, so it meets what the first meets, in the same order; what it makes is handed
over in that order. Nothing depends on it: where there is none, where it is lost or stuck, or where it met something else, the first
makes the rest itself. What it shows, returns or fails of is thrown away.
"""

import contextlib
import ctypes
import gc
import os
import pickle
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, Pipe
from typing import TypeVar

PR_SET_PDEATHSIG = 1
ROOM = 1 << 20  # bytes that the second can be ahead by
PATIENCE = 10.0  # seconds that the first waits for what the second hands over

Made = TypeVar("Made")

forking = False  # the fork that is under way is made here
_allowed = False
_first: Connection | None = None  # in the second process: where it hands over
_second: Connection | None = None  # in the first


def allow() -> None:
    """Let what this process does be shared: a core is free."""
    global _allowed
    _allowed = True


def die_with_parent() -> None:
    """Have this process killed where its parent is gone."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@contextlib.contextmanager
def shared() -> Iterator[None]:
    """Do what follows in two processes, where it is allowed and no thread makes a fork unsafe. The second ends with it."""
    global _second
    pid = _split()
    try:
        yield
    finally:
        if pid == 0:
            os._exit(0)
        if _second:
            _second.close()
            _second = None
        if pid:
            os.kill(pid, signal.SIGKILL)


def _split() -> int | None:
    """0 in the second process, its number in the first; None where one does it all."""
    global _first, _second, forking
    if not _allowed or len(os.listdir("/proc/self/task")) > 1:
        return None
    heard, told = Pipe(duplex=False)
    _widen(told)
    forking = True
    try:
        pid = os.fork()
    except OSError:  # there is no room for another process
        return None
    finally:
        forking = False
    if pid == 0:
        die_with_parent()
        gc.disable()  # it lives for a second
        _first = told
        heard.close()
    else:
        _second = heard
        told.close()
    return pid


def _widen(told: Connection) -> None:
    """Let the second be ahead of the first, as far as the system lets it."""
    import fcntl  # Linux has it, where alone this is asked for

    with contextlib.suppress(OSError):
        fcntl.fcntl(told.fileno(), fcntl.F_SETPIPE_SZ, ROOM)


def second() -> bool:
    """Whether this process is the second of two: what it makes besides what it hands over is seen by nobody."""
    return _first is not None


def handed(name: str, make: Callable[[], Made]) -> Made:
    """What `make()` gives, made by the second process and called by this name; made here where it has not handed over the same."""
    global _second
    if _first:
        made = make()
        _first.send_bytes(pickle.dumps((name, made)))
        return made
    if _second:
        with contextlib.suppress(EOFError, OSError):
            if _second.poll(PATIENCE):
                told, made = pickle.loads(_second.recv_bytes())
                if told == name:
                    return made
        _second.close()
        _second = None
    return make()
