"""A process that has loaded what commands and pages need, and forks itself where a test starts one: loading takes seconds.

What it starts is a process of its own as the real one is, with its own environment, folder, output and exit code.
How the real ones start is held by test_engine (`cold`) and by the tests that run `python -m nlib.cli`.
"""

import atexit
import contextlib
import gc
import os
import pickle
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from nlib.core.processes import die_with_parent
from nlib.press import fork

ROOT = Path(__file__).parents[1]
COLD = fork._Process
OWN = {"NLIB_HOME", "NLIB_API", "NLIB_COMMIT"}  # read when they are used, not as modules are loaded
LOADED = ("NLIB_", "PYTHON", "LC_", "LANG", "TZ")
_before = dict(os.environ)
_door = ""  # where the process is asked


@contextlib.contextmanager
def instead() -> Iterator[None]:
    """Parents of pages are forked from the process that has loaded all; it is begun when the first is asked for."""
    global _door
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        _door = f"{folder}/door"
        stack.callback(_stop)
        fork._Process = _process
        stack.callback(setattr, fork, "_Process", COLD)
        yield


_running: list[subprocess.Popen] = []


def _stop():
    while _running:
        one = _running.pop()
        one.kill()
        one.wait()


def _asked(what: tuple, handles: list[int]) -> "Started":
    if not (_running or _serving):
        environment = _before | fork.ONE_THREAD
        _running.append(
            subprocess.Popen([sys.executable, "-m", "tests.warm", _door], cwd=ROOT, env=environment, stdin=subprocess.DEVNULL)
        )
    with socket.socket(socket.AF_UNIX) as asker:
        while not _connected(asker):
            time.sleep(0.05)
        body = pickle.dumps(what)
        socket.send_fds(asker, [len(body).to_bytes(4)], handles)
        asker.sendall(body)
        return Started(int.from_bytes(asker.recv(4)))


def _connected(asker):
    if _running and _running[0].poll() is not None:
        raise RuntimeError("tests.warm is gone: run it by hand to see why")
    with contextlib.suppress(FileNotFoundError, ConnectionRefusedError):
        asker.connect(_door)
        return True
    return False


class Started:
    """A process that is not a child of this one: what of `subprocess.Popen` is used of it."""

    def __init__(self, pid: int):
        self.pid, self._handle = pid, os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> None:
        if not select.select([self._handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("warm", timeout or 0)

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)

    def __del__(self):
        os.close(self._handle)


def _process(environment: dict[str, str], first: str = ""):
    return _Warm(environment, first) if _alike(environment) else COLD(environment, first)


def _alike(environment):
    """Whether what was loaded is what would be loaded in this environment."""
    names = {name for name in environment | _before if environment.get(name) != _before.get(name)}
    return not any(name.startswith(LOADED) for name in names - OWN - fork.ONE_THREAD.keys())


class _Warm:
    """As `fork._Process`, forked."""

    def __init__(self, environment, first):
        self.pipe, theirs = Pipe()
        self.temporary = tempfile.TemporaryDirectory(prefix="nlib-", ignore_cleanup_errors=True)
        given = environment | fork.ONE_THREAD | {"TMPDIR": self.temporary.name}
        self.process = _asked(("parent", given, os.getcwd(), (self.temporary.name, first)), [theirs.fileno()])
        theirs.close()
        with contextlib.suppress(OSError):
            self.pipe.send_bytes(pickle.dumps(sys.path))


def nlib(*words: str, timeout: float = 300, **environment: str) -> subprocess.CompletedProcess:
    """What `nlib WORDS` does and says, with these variables in its environment besides this process's own."""
    told = dict(os.environ) | environment
    assert _alike(told), "start a Python of its own"
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        ours, theirs = os.pipe()
        try:
            started = _asked(("command", told, os.getcwd(), words), [out.fileno(), err.fileno(), theirs])
            os.close(theirs)
            try:
                started.wait(timeout)
            except subprocess.TimeoutExpired:
                started.kill()
                raise
            code = os.read(ours, 1)
        finally:
            os.close(ours)
        for file in (out, err):
            file.seek(0)
        return subprocess.CompletedProcess(
            ["nlib", *words], code[0] if code else -signal.SIGKILL, out.read().decode(), err.read().decode()
        )


# -- the process itself

_serving = False


def _serve(path: str) -> None:
    global _serving, _door
    die_with_parent()
    gc.disable()
    from nlib import cli  # noqa: F401
    from nlib.desk.view import needs, themes
    from nlib.press import loading, making, publish  # noqa: F401

    loading.libraries()
    for theme in themes():
        needs(theme)
    assert len(os.listdir("/proc/self/task")) == 1, "a process with threads cannot be forked safely"
    gc.freeze()
    _serving, _door = True, path
    fork._Process = _process
    signal.signal(signal.SIGCHLD, _reap)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        while True:
            asker, _ = door.accept()
            with asker:
                head, handles, *_ = socket.recv_fds(asker, 4, 3)
                body = b""
                while len(body) < int.from_bytes(head):
                    body += asker.recv(1 << 16)
                pid = os.fork()
                if pid == 0:
                    door.close()
                    asker.close()
                    os._exit(_forked(*pickle.loads(body), handles))
                asker.sendall(pid.to_bytes(4))
            for handle in handles:
                os.close(handle)


def _reap(*_):
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _forked(kind, environment, folder, what, handles) -> int:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    tempfile.tempdir = None
    if kind == "command":
        return _command(what, *handles)
    temporary, first = what
    try:
        fork._serve(Connection(handles[0]), first)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return 0


def _command(words, out, err, status) -> int:
    from nlib import cli

    os.dup2(out, 1)
    os.dup2(err, 2)
    gc.enable()
    code = 1
    try:
        cli.run(list(words))
        code = 0
    except SystemExit as done:
        code = int(done.code or 0)
    except BaseException:
        traceback.print_exc()
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(status, bytes([code]))
    return code


if __name__ == "__main__":
    from tests import warm  # not __main__: what is forked asks the same module

    warm._serve(sys.argv[1])
