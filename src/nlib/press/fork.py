"""Runs each job in a process of its own, forked from a parent that has imported and loaded everything beforehand.

The parent is a fresh interpreter with one thread, whatever process asks: only that can be forked safely. It runs no notebook
itself, so nothing that one does can reach another. A job's result is bytes, sent back; only the process that asked writes files. A
child runs what somebody wrote in a notebook: what it says is read as bytes of a known form until its end or its deadline, and
never unpickled.
"""

import atexit
import collections
import contextlib
import gc
import importlib
import json
import os
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from nlib.core import errors
from nlib.core.errors import NlibError, NotebookFailed
from nlib.core.processes import die_with_parent
from nlib.press import enclosure, landlock, seccomp

AVAILABLE = hasattr(os, "fork") and sys.platform == "linux"
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")
ONE_THREAD |= {"OMP_THREAD_LIMIT": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false", "PYTHONHASHSEED": "0"}
PAGE, ERROR = b"P", b"E"  # what a child says begins with what it is, and how many bytes that is in eight
READ = 1 << 20  # bytes at a time
LONGEST = 500_000_000  # bytes that a job may give
TRIES = 2  # for a job whose process is killed
PARENTS = 5  # that a run may lose
LOST = f"Prosessen som lager sidene, ble stoppet {PARENTS} ganger. Er det nok minne på maskinen?"
REFUSED = {
    "socket.connect": "nettet",
    "socket.sendto": "nettet",
    "socket.getaddrinfo": "nettet",
    "subprocess.Popen": "andre programmer",
    "os.system": "andre programmer",
    "os.exec": "andre programmer",
    "os.posix_spawn": "andre programmer",
    "os.fork": "andre programmer",
    "os.forkpty": "andre programmer",
}


@dataclass(frozen=True)
class Limits:
    """What one job may use, and the seconds without any that a parent waits for more before it ends.

    reads: the files and folders that a job may read, besides Python's and the system's; it then writes in a folder of its own.
    lists: folders that it may see the names in.
    """

    seconds: float = 300
    megabytes: int = 2048
    idle: float = 300
    reads: tuple[Path, ...] | None = None
    lists: tuple[Path, ...] = ()


@dataclass
class _Child:
    """A process that does a job: the job's name, the end of the pipe it is heard in, when it is ended, and what it
    has answered."""

    id: int
    pid: int
    pipe: int
    deadline: float
    answer: bytearray = field(default_factory=bytearray)


def each(
    jobs: Iterable,
    work: Callable[[object], bytes],
    ready: Callable[[], None],
    workers: int,
    limits: Limits | None = None,
) -> Iterator[tuple[object, bytes | NlibError]]:
    """Every job with what `work(job)` gave, or the error that it met, as each is done; `workers` at a time.

    work, ready: functions of a module, or partials of such. `ready()` is called once in the parent, to load what all jobs use. A
    job that takes too long or too much memory is stopped and its error says so; one whose process is killed is tried again, and so
    are all that are left where the parent is.
    """
    waiting = dict(enumerate(jobs))
    for attempt in range(PARENTS if waiting else 0):
        with Parent(work, ready, workers, limits or Limits()) as parent:
            parent.ask(waiting)
            for id, outcome in parent.outcomes():
                yield waiting.pop(id), outcome
                if not waiting:
                    return
            if parent.refused:
                raise parent.refused
        time.sleep(0.2 * attempt)
    for job in waiting.values():
        yield job, NotebookFailed(LOST)


class _Process:
    """A parent's process and the connection to it, which has been sent where its modules are."""

    def __init__(self, environment: dict[str, str], first: str = ""):
        self.pipe, theirs = Pipe()
        self.temporary = tempfile.TemporaryDirectory(prefix="nlib-", ignore_cleanup_errors=True)  # also of those that are killed
        given = enclosure.shown(environment) | ONE_THREAD | {"TMPDIR": self.temporary.name}
        inside = enclosure.words(environment)
        command = [*inside, sys.executable, "-m", "nlib.press.fork", str(theirs.fileno()), self.temporary.name, first]
        self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=given, stdin=subprocess.DEVNULL)
        theirs.close()
        with contextlib.suppress(OSError):  # it is gone already: `outcomes` ends at once, and the next one is asked
            self.pipe.send_bytes(pickle.dumps(sys.path))


_begun: list[tuple[dict[str, str], _Process]] = []


def begin(first: str) -> None:
    """Start a parent before it is known what it is to do: it calls the function `first` («module:name»), which loads what it will
    use whatever that is, while this process finds out. The next `Parent` in the same environment is this one."""
    environment = dict(os.environ)
    begun = _Process(environment, first)
    atexit.register(begun.process.kill)  # where it came to nothing
    _begun.append((environment, begun))


class Parent:
    """The asking side: the parent's process, to which jobs are sent as they come, and its outcomes.

    It ends when it is left, or when it has had nothing to do for as long as its limits say. environment: what it is started with
    besides this process's own. refused: the error that making ready met, once the outcomes have ended.
    """

    def __init__(self, work, ready, workers, limits, environment=None):
        self.refused = None
        here = os.environ | (environment or {})
        begun = [_begun.pop()] if _begun else []
        started = next((process for before, process in begun if _same(before, here)), None) or _Process(here)
        self.pipe, self.process, self.temporary = started.pipe, started.process, started.temporary
        with contextlib.suppress(OSError):  # as above
            self.pipe.send_bytes(pickle.dumps((work, ready, workers, limits)))

    def ask(self, jobs: dict) -> None:
        """Have these jobs done; each has a name that its outcome comes by, and that no other job on its way has."""
        with contextlib.suppress(OSError):  # as above
            self.pipe.send_bytes(pickle.dumps(jobs))

    def outcomes(self) -> Iterator[tuple[object, bytes | NlibError]]:
        """The name of each job with its outcome as it is done, until the parent is gone."""
        while True:
            try:
                id, outcome = pickle.loads(self.pipe.recv_bytes())
            except (EOFError, OSError):
                return
            if id is None:
                self.refused = outcome
                return
            yield id, outcome

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.pipe.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.temporary.cleanup()


def _same(before: dict[str, str], now: dict[str, str]) -> bool:
    """Whether a process of the one environment does in the other: libraries add variables of their own as they are loaded."""
    return before.items() <= now.items() and not any(name.startswith("NLIB_") for name in now.keys() - before.keys())


def _serve(asker: Connection, first: str) -> None:
    """The parent: makes ready, forks a child for each job, and passes on what each one says, as long as somebody asks."""
    sys.path[:] = pickle.loads(asker.recv_bytes())
    gc.disable()  # what is loaded stays, so there is no rubbish to look for in it
    if first:
        module, _, name = first.partition(":")
        getattr(importlib.import_module(module), name)()
    try:
        work, ready, workers, limits = pickle.loads(asker.recv_bytes())
    except (EOFError, OSError):
        return  # there was nothing to do
    try:
        ready()
        if (threads := len(os.listdir("/proc/self/task"))) != 1:
            raise NlibError(f"Prosessen som skal dele seg, har {threads} tråder: bruk --engine kernel, og meld fra om feilen.")
    except Exception as error:
        asker.send_bytes(pickle.dumps((None, _sendable(error))))
        return
    gc.freeze()
    gc.enable()
    with contextlib.suppress(EOFError, OSError):  # nobody is asking any longer
        _Queue(asker, work, workers, limits).serve()


class _Queue:
    """The jobs that have been asked for, and the children that do them, by the end of the pipe that each is heard in."""

    def __init__(self, asker: Connection, work, workers: int, limits: Limits):
        self.asker, self.work, self.workers, self.limits = asker, work, workers, limits
        self.waiting: dict = {}
        self.queue: collections.deque = collections.deque()
        self.tries: collections.Counter = collections.Counter()
        self.children: dict[int, _Child] = {}

    def serve(self) -> None:
        """Do what is asked for, until nothing has been for a long time."""
        try:
            while self._turn():
                pass
        finally:
            for child in self.children.values():
                _end(child)

    def _turn(self) -> bool:
        while self.queue and len(self.children) < self.workers:
            id = self.queue.popleft()
            child = _forked(id, self.waiting[id], self.work, self.limits, [self.asker.fileno(), *self.children])
            self.children[child.pipe] = child
        soonest = min((child.deadline for child in self.children.values()), default=time.monotonic() + self.limits.idle)
        heard = wait([self.asker, *self.children], max(0, soonest - time.monotonic()))
        if not (heard or self.children):
            return False
        if self.asker in heard:
            jobs = pickle.loads(self.asker.recv_bytes())
            self.waiting |= jobs
            self.queue.extend(jobs)
        for child in list(self.children.values()):
            if child.pipe in heard and _ended(child):
                self._done(child)
            elif time.monotonic() >= child.deadline:
                late = NotebookFailed(f"Notatboken brukte mer enn {self.limits.seconds:g} sekunder og ble stoppet")
                self._give(child, late)
        return True

    def _done(self, child: _Child) -> None:
        """Pass on what a child has answered; one that was killed before it had is tried again."""
        outcome = _outcome(child.answer)
        self.tries[child.id] += 1
        if outcome is None and self.tries[child.id] < TRIES:
            _end(self.children.pop(child.pipe))
            self.queue.append(child.id)
        else:
            self._give(child, outcome or NotebookFailed(f"Notatboken kunne ikke kjøres: prosessen ble borte {TRIES} ganger"))

    def _give(self, child: _Child, outcome: bytes | NlibError) -> None:
        _end(self.children.pop(child.pipe))
        self.asker.send_bytes(pickle.dumps((child.id, outcome)))
        del self.waiting[child.id], self.tries[child.id]


def _forked(id, job, work, limits, others) -> _Child:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for pipe in [ours, *others]:
                os.close(pipe)
            _alone(limits)
            try:
                outcome = work(job)
            except MemoryError:
                outcome = NotebookFailed(f"Notatboken brukte mer enn {limits.megabytes} MB minne")
            except BaseException as error:
                outcome = error if isinstance(error, NlibError) else NotebookFailed(f"{type(error).__name__}: {error}")
            with open(theirs, "wb") as pipe:
                pipe.write(_form(outcome))
        finally:
            os._exit(0)
    os.close(theirs)
    return _Child(id, pid, ours, time.monotonic() + limits.seconds)


def _alone(limits: Limits) -> None:
    """What a child may: it dies with its parent, has its own random state, bounded memory, the files it is to read, and no network
    or programs.

    Maps that are shared between processes are no data to the system: they are bounded by all that is mapped.
    """
    import resource  # Linux has it, where alone there are forks

    import numpy  # the parent has loaded it, but not who asks

    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(100_000, 10, 10)  # it lives a second: rubbish is looked for seldom
    status = Path("/proc/self/status").read_text()
    for name, limit, times in (("VmData:", resource.RLIMIT_DATA, 1), ("VmSize:", resource.RLIMIT_AS, 2)):
        bound = int(status.partition(name)[2].split()[0]) * 1024 + times * limits.megabytes * 1024 * 1024
        resource.setrlimit(limit, (bound, bound))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    numpy.random.seed(0)
    random.seed(0)
    if limits.reads is not None:
        landlock.only(limits.reads, limits.lists, [landlock.own_folder()])
    seccomp.no_sockets()
    sys.addaudithook(_refuse)


def _refuse(event, arguments):
    if event in REFUSED:
        raise NotebookFailed(f"En rapport har ikke lov til å bruke {REFUSED[event]} ({event}): det skal gjøres i nlib fetch")


def _ended(child: _Child) -> bool:
    """Takes what a child has answered since it was last heard; whether that is all of it."""
    part = os.read(child.pipe, READ)
    child.answer += part
    return not part or len(child.answer) > LONGEST


def _form(outcome) -> bytes:
    """What a child's outcome is in its pipe: the page, or the error's name and words as JSON, after what it is and its length."""
    kind, words = PAGE, outcome
    if isinstance(outcome, BaseException):
        error = _sendable(outcome)
        kind, words = ERROR, json.dumps([type(error).__name__, str(error)]).encode()
    return kind + len(words).to_bytes(8, "big") + words


def _outcome(answer: bytearray) -> bytes | NlibError | None:
    """The page or the error that a child answered; None where it was killed before it had, or answered something else."""
    if len(answer) > LONGEST:
        return NotebookFailed(f"Notatboken ga mer enn {LONGEST // 10**6} MB, og ble stoppet")
    kind, length, words = bytes(answer[:1]), int.from_bytes(answer[1:9], "big"), bytes(answer[9:])
    if len(words) != length:
        return None
    if kind == PAGE:
        return words
    try:
        name, message = json.loads(words)
        known = getattr(errors, name, None) if kind == ERROR else None
    except (ValueError, TypeError, RecursionError):
        return None
    if not (isinstance(known, type) and issubclass(known, NlibError) and isinstance(message, str)):
        return None
    error = known.__new__(known)
    error.args = (message,)
    return error


def _end(child: _Child) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    os.waitpid(child.pid, 0)
    os.close(child.pipe)
    shutil.rmtree(Path(tempfile.gettempdir(), str(child.pid)), ignore_errors=True)


def _sendable(error: BaseException) -> NlibError:
    if isinstance(error, NlibError) and type(error).__module__ == "nlib.core.errors":
        return error
    return NlibError(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by who asked, who ends this too
    try:
        _serve(Connection(int(sys.argv[1])), *sys.argv[3:])
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)  # where who asked is gone, nobody else will
        gc.freeze()  # nothing is looked for in what is thrown away whole
    os._exit(0)  # and nothing is taken apart, which would take a tenth of a second
