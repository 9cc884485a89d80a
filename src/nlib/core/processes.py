"""What a process that another has forked does first."""

import ctypes
import signal

PR_SET_PDEATHSIG = 1  # to Linux's `prctl`


def die_with_parent() -> None:
    """Have this process killed where its parent is gone: one that stayed would keep the edition locked."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def serve_parent() -> None:
    """Die with the parent, and leave Ctrl-C to it."""
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
