"""Runs jobs on a Dask cluster that shares no disk with this machine; the same jobs, and the same answers, as `nlib.press.fork`.

What the pages are made from is sent once, by hash: a worker keeps it in its own folder and is sent only what it lacks. A worker
runs no notebook itself and never forks: it asks a local parent (`nlib.press.fork`), which stands ready for the next job. Pages come
back as bytes. Only workers with the same system, Python, packages and code are used, for they make the same pages.
"""

import collections
import functools
import hashlib
import importlib.metadata
import io
import itertools
import logging
import os
import pickle
import platform
import queue
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from pathlib import Path

from nlib.core import store
from nlib.core.errors import ClusterUnavailable, DifferentVersions, NlibError, NotebookFailed, WrongUse
from nlib.press import fork

AHEAD = 4  # jobs that the cluster has at a time for each thread of its workers
CONNECT = 10  # seconds that the scheduler has to answer
PATIENCE = 30  # seconds that a cluster may be without workers
LOOK = 2  # seconds of silence before the cluster is looked at
PARCEL = 16_000_000  # bytes of files that are sent at a time
BETWEEN = ("cloudpickle", "dask", "ipython", "msgpack", "pillow", "tornado")  # packages that ours use, and pages or talk hang on
ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}")
SCHEDULER = "planleggeren"
SAME = "Installer samme nlib fra samme låser (make cluster) på alle maskinene, og start klyngen på nytt."


class WorkersLost(NotebookFailed):
    """Every worker that was to do a job is gone."""


@dataclass(frozen=True)
class Order:
    """What workers are told of a run: how a job is done and made ready for, pickled; files by path with their hash; environment."""

    work: bytes
    ready: bytes
    files: dict[str, str]
    environment: dict[str, str]

    @property
    def name(self) -> str:
        told = (self.work, self.ready, sorted(self.files.items()), sorted(self.environment.items()))
        return store.sha256(repr(told).encode())[:20]


def each(
    jobs: Iterable,
    work: Callable[[object], bytes],
    ready: Callable[[], None],
    address: str,
    root: Path,
    files: Iterable[Path],
    environment: dict[str, str] | None = None,
) -> Iterator[tuple[object, bytes | NlibError]]:
    """Every job with what `work(job)` gave, or the error that it met, as each is done on the cluster of this scheduler.

    root: the home that paths in jobs, work and ready are of; on a worker they are of a home of its own, that has these files.
    environment: what the processes there are started with. A job whose worker is gone is done by another; one that loses as many as
    the scheduler allows, even when it is the only one there, is a failure.

    `ClusterUnavailable` where the scheduler does not answer, has no workers, or goes away; `DifferentVersions` before any job where
    workers are not like this machine.
    """
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    order = Order(
        _pickled(work, root),
        _pickled(ready, root),
        {path.relative_to(root).as_posix(): store.digest(path) for path in files},
        environment or {},
    )
    waiting = collections.deque(jobs)
    with _connected(address) as client:
        team = _Team(client, order, root)
        team.look()
        done: queue.SimpleQueue = queue.SimpleQueue()
        running: dict = {}
        suspects: collections.deque = collections.deque()  # done one at a time in the end: others died with what they died of
        while waiting or running or suspects:
            alone = not (waiting or running)
            queued, room = (suspects, 1) if alone else (waiting, AHEAD * team.threads)
            while queued and len(running) < room:
                job = queued.popleft()
                future = client.submit(outcome, order.name, _pickled(job, root), pure=False)
                running[future.key] = job, alone
                future.add_done_callback(done.put)
            try:
                future = done.get(timeout=LOOK)
            except queue.Empty:
                team.look()
                continue
            try:
                told = future.result(timeout=PATIENCE)
            except TimeoutError:  # the worker that had the page is gone, and the job is not done yet by another
                done.put(future)
                team.look()
                continue
            except (CancelledError, CommClosedError) as error:
                raise ClusterUnavailable(_gone(client)) from error
            except NlibError:
                raise
            except KilledWorker as error:
                told = WorkersLost(f"Arbeiderne som skulle lage siden, ble borte {error.allowed_failures + 1} ganger på rad")
            except Exception as error:
                told = NotebookFailed(f"Arbeideren kunne ikke lage siden: {type(error).__name__}: {error}")
            job, alone = running.pop(future.key)
            if isinstance(told, WorkersLost) and not alone:
                suspects.append(job)
            elif isinstance(told, str):  # by a worker that has come since, and knows nothing of the run
                waiting.appendleft(job)
                team.forget(told)
                team.look()
            else:
                yield job, told


def _connected(address: str):
    """A client of the scheduler at this address."""
    try:
        from distributed import Client
    except ImportError as error:
        raise WrongUse(f"--scheduler trenger pakken distributed ({error}): pip install distributed") from error
    if not ADDRESS.fullmatch(address):
        raise WrongUse(f"«{address}» er ikke adressen til en planlegger: skriv for eksempel tcp://10.0.0.1:8786")
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is told by an error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared here
            return Client(address, timeout=CONNECT, set_as_default=False)
    except OSError as error:
        raise ClusterUnavailable(
            f"Planleggeren {address} svarer ikke innen {CONNECT} sekunder. Er den startet (dask scheduler)? Er porten åpen?"
        ) from error


def _gone(client) -> str:
    where = client.scheduler.address if client.scheduler else "planleggeren"
    return f"Forbindelsen til {where} ble borte. Sidene som er laget, står: kjør samme kommando om igjen med --changed."


class _Team:
    """The workers of a cluster: those that have what a run needs, and how many jobs they do at a time."""

    def __init__(self, client, order: Order, root: Path):
        self.client, self.order, self.root = client, order, root
        self.threads = 0
        self._told: set[str] = set()

    def forget(self, where: str) -> None:
        """This worker is to be told of the run, whatever it has been told."""
        self._told.discard(where)

    def look(self) -> None:
        """See who is there, waiting for the first if there is none, and let those who are new have what they lack."""
        until = time.monotonic() + PATIENCE
        while not (there := self._there()):
            if time.monotonic() > until:
                raise ClusterUnavailable(
                    f"Planleggeren {self.client.scheduler.address} har ingen arbeidere ({PATIENCE} sekunder): start dem med "
                    f"dask worker {self.client.scheduler.address} på hver maskin."
                )
            time.sleep(0.2)
        self._told &= there.keys()
        if fresh := there.keys() - self._told:
            self._compare(fresh)
            self._send(fresh)
        self.threads = sum(there.values())

    def _there(self) -> dict[str, int]:
        """The workers with their threads."""
        try:
            return self.client.nthreads()
        except (OSError, CancelledError, AttributeError) as error:
            raise ClusterUnavailable(_gone(self.client)) from error

    def _ask(self, workers, function, *given) -> dict:
        """What the function answers on each of these workers; those that are gone by now do not."""
        answers = self.client.run(function, *given, workers=list(workers), on_error="return")
        for where, answer in answers.items():
            if isinstance(answer, OSError) and where not in self._there():
                continue
            if isinstance(answer, ImportError):
                raise DifferentVersions(f"Arbeideren {where} mangler noe: {answer}. {SAME}")
            if isinstance(answer, Exception):
                raise ClusterUnavailable(f"Arbeideren {where} kan ikke brukes: {type(answer).__name__}: {answer}") from answer
        return {where: answer for where, answer in answers.items() if not isinstance(answer, Exception)}

    def _compare(self, workers) -> None:
        here = versions(packages())
        answers = self._ask(workers, versions, list(packages()))
        try:
            answers[SCHEDULER] = self.client.run_on_scheduler(versions, list(packages()))
        except ImportError as error:
            raise DifferentVersions(f"Planleggeren mangler noe: {error}. {SAME}") from error
        differences = [
            f"{where}: {what} er {there[what]} der og {here[what]} her"
            for where, there in sorted(answers.items())
            for what in here
            if there[what] != here[what]
        ]
        if differences:
            raise DifferentVersions(
                "Klyngen har ikke det samme som denne maskinen, og sidene kunne blitt andre:\n"
                + "\n".join(f"  - {line}" for line in differences)
                + f"\n{SAME}"
            )

    def _send(self, workers) -> None:
        lacking = self._ask(workers, lacks, self.order)
        wanted = set().union(*lacking.values())
        paths = {digest: self.root / name for name, digest in self.order.files.items() if digest in wanted}
        for parcel in _parcels(paths):
            those = [where for where, lacked in lacking.items() if not parcel.keys().isdisjoint(lacked)]
            self._ask(those, take, [path.read_bytes() for path in parcel.values()])
        self._told |= self._ask(lacking, begin, self.order).keys()


def _parcels(paths: dict[str, Path]) -> Iterator[dict[str, Path]]:
    """The files in parcels of about the same weight."""
    parcel, weight = {}, 0
    for digest, path in paths.items():
        parcel[digest] = path
        weight += path.stat().st_size
        if weight >= PARCEL:
            yield parcel
            parcel, weight = {}, 0
    if parcel:
        yield parcel


def packages() -> tuple[str, ...]:
    """The packages that pages and the talk with a cluster hang on: those that nlib asks for, and some of theirs."""
    asked = [need for need in importlib.metadata.requires("nlib") or [] if "extra ==" not in need]
    return tuple(sorted({re.split(r"[^\w.-]", need)[0] for need in asked} | set(BETWEEN)))


def versions(names: Iterable[str]) -> dict[str, str]:
    """What pages hang on here besides their figures: the system, Python, nlib's code and these packages."""
    told = {"systemet": f"{platform.system()} {platform.machine()}", "Python": platform.python_version()}
    told["koden til nlib"] = store.code()[:12]
    for name in names:
        try:
            told[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            told[name] = "ikke installert"
    return told


# on the workers

_begun: dict[Path, "_Local"] = {}  # the runs that this process knows, by their home


def _shelf(worker) -> Path:
    """Where a worker keeps files by their hash; gone with the worker."""
    return Path(worker.local_directory) / "nlib"


def _home(worker, name: str) -> Path:
    """The home of a run on a worker."""
    return _shelf(worker) / f"run-{name}"


def lacks(order: Order, dask_worker) -> list[str]:
    """The hashes of the files that this worker has not."""
    return [digest for digest in order.files.values() if not (_shelf(dask_worker) / digest).is_file()]


def take(bodies: list[bytes], dask_worker) -> None:
    """Keep these files by their hash."""
    for body in bodies:
        store.write(_shelf(dask_worker) / hashlib.sha256(body).hexdigest(), body)


def begin(order: Order, dask_worker) -> None:
    """Lay a home for a run out of the files that are here."""
    home = _home(dask_worker, order.name)
    for name, digest in order.files.items():
        target = home / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            os.link(_shelf(dask_worker) / digest, target)
    _begun.setdefault(home, _Local(order, home, dask_worker.state.nthreads))


def outcome(name: str, job: bytes) -> bytes | NlibError | str:
    """A page, or the error that making it met; the worker's address where it does not know of the run."""
    from distributed import get_worker

    worker = get_worker()
    local = _begun.get(_home(worker, name))
    return local.outcome(job) if local else worker.address


class _Local:
    """A run on this machine: a parent that is asked from the worker's threads, and started again where it is gone."""

    def __init__(self, order: Order, home: Path, workers: int):
        self._order, self._home, self._workers = order, home, workers
        self._lock = threading.Lock()
        self._parent: fork.Parent | None = None
        self._answers: dict[object, Future] = {}
        self._ids = itertools.count()

    def outcome(self, job: bytes) -> bytes | NlibError:
        """A job done, or what it met; raises what making ready met."""
        for attempt in range(fork.PARENTS):
            if told := self._asked(job).result():
                return told
            time.sleep(0.2 * attempt)
        return NotebookFailed(fork.LOST)

    def _asked(self, job: bytes) -> Future:
        """The job's answer to come; empty where the parent was lost."""
        with self._lock:
            if self._parent is None:
                work = functools.partial(_work, self._home, self._order.work)
                ready = functools.partial(_ready, self._home, self._order.ready)
                self._parent = fork.Parent(work, ready, self._workers, fork.Limits(), self._order.environment)
                threading.Thread(target=self._listen, args=(self._parent,), daemon=True).start()
            id = next(self._ids)
            answer = self._answers[id] = Future()
            self._parent.ask({id: job})
        return answer

    def _listen(self, parent: fork.Parent) -> None:
        try:
            for id, told in parent.outcomes():
                self._answers.pop(id).set_result(told)
        finally:
            with self._lock, parent:
                self._parent, left, self._answers = None, self._answers, {}
            for answer in left.values():
                answer.set_exception(parent.refused) if parent.refused else answer.set_result(None)


def _work(home: Path, work: bytes, job: bytes) -> bytes:
    return _unpickled(work, home)(_unpickled(job, home))


def _ready(home: Path, ready: bytes) -> None:
    _unpickled(ready, home)()


# paths, which are of another home there


class _Pickler(pickle.Pickler):
    """Writes a path beneath the root as what it is called there."""

    def __init__(self, file, root: Path):
        super().__init__(file)
        self.root = root

    def persistent_id(self, thing):
        beneath = isinstance(thing, Path) and thing.is_relative_to(self.root)
        return thing.relative_to(self.root).as_posix() if beneath else None


class _Unpickler(pickle.Unpickler):
    """Reads what `_Pickler` wrote, with paths beneath another root."""

    def __init__(self, file, root: Path):
        super().__init__(file)
        self.root = root

    def persistent_load(self, name):
        return self.root / name


def _pickled(thing, root: Path) -> bytes:
    file = io.BytesIO()
    _Pickler(file, root).dump(thing)
    return file.getvalue()


def _unpickled(data: bytes, root: Path):
    return _Unpickler(io.BytesIO(data), root).load()
