"""Runs jobs on a Dask cluster that shares no disk with this machine; the same jobs, and the same answers, as `nlib.press.fork`.

What the pages are made from is sent once, by hash: a worker keeps it in its own folder and is sent only what it lacks. A worker
runs no notebook itself and never forks: it asks a local parent (`nlib.press.fork`), which stands ready for the next job. Pages come
back as bytes. Only workers with the same system, Python, packages and code are used, for they make the same pages.
"""

import functools
import importlib.metadata
import io
import itertools
import logging
import os
import pickle
import platform
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
from nlib.press import enclosure, fork

CONNECT = 10  # seconds that the scheduler has to answer
PATIENCE = 30  # seconds that a cluster may be without workers
LOOK = 2  # seconds of silence before the cluster is looked at
BETWEEN = (
    "cloudpickle",
    "dask",
    "ipython",
    "msgpack",
    "pillow",
    "tornado",
)  # packages that ours use, and pages or messages hang on
ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}")
SAME = "Installer samme nlib fra samme låser (make cluster) på alle maskinene, og start klyngen på nytt."


class NotEquipped(Exception):
    """A worker that has come since the run began, and has not what it needs."""


@dataclass(frozen=True)
class Order:
    """A run: how a job is done and made ready for, pickled; files by path with their hash; the environment of the processes."""

    work: bytes
    ready: bytes
    files: dict[str, str]
    environment: dict[str, str]

    @property
    def name(self) -> str:
        return f"run-{store.sha256(repr(self).encode())[:20]}"


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
    sent = {path.relative_to(root).as_posix(): store.digest(path) for path in files}
    order = Order(_pickled(work, root), _pickled(ready, root), sent, environment or {})
    client = _connected(address)
    from distributed.comm import CommClosedError

    with client:
        try:
            yield from _done(client, order, root, jobs)
        except (CancelledError, CommClosedError) as error:
            gone = f"Forbindelsen til {address} ble borte. Sidene som er laget, står: kjør samme kommando om igjen med --changed."
            raise ClusterUnavailable(gone) from error


def _connected(address: str):
    """A client of the scheduler at this address."""
    try:
        from distributed import Client
    except ImportError as error:
        raise WrongUse(f"--scheduler trenger pakken distributed ({error}): pip install distributed") from error
    if not ADDRESS.fullmatch(address):
        raise WrongUse(f"«{address}» er ikke adressen til en planlegger: skriv for eksempel tcp://10.0.0.1:8786")
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what goes wrong is an error here
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared here
            return Client(address, timeout=CONNECT, set_as_default=False)
    except OSError as error:
        raise ClusterUnavailable(
            f"Planleggeren {address} svarer ikke innen {CONNECT} sekunder. Er den startet (dask scheduler)? Er porten åpen?"
        ) from error


def _done(client, order: Order, root: Path, jobs: Iterable) -> Iterator[tuple[object, bytes | NlibError]]:
    from distributed import KilledWorker, as_completed

    completed = as_completed(loop=client.loop, with_results=True, raise_errors=False)
    running, suspects = {}, []  # suspects are done one at a time in the end: others died with what they died of

    def send(job, alone=False):
        future = client.submit(outcome, order.name, _pickled(job, root), pure=False)
        running[future] = job, alone
        completed.add(future)

    _equip(client, order, root)
    for job in jobs:
        send(job)
    while running:
        unequipped = []
        for future, answer in _next(client, completed):
            job, alone = running.pop(future)
            error = answer[1] if isinstance(answer, tuple) else answer  # with its class and where it was raised
            if isinstance(error, NotEquipped):
                unequipped.append((job, alone))
            elif isinstance(error, KilledWorker) and not alone:
                suspects.append(job)
            elif isinstance(error, KilledWorker):
                times = error.allowed_failures + 1
                yield job, NotebookFailed(f"Arbeiderne som skulle lage siden, ble borte {times} ganger på rad")
            elif isinstance(error, CancelledError) or (isinstance(answer, tuple) and isinstance(error, NlibError)):
                raise error  # the scheduler is gone, or what all jobs need is wrong
            elif isinstance(error, bytes | NlibError):
                yield job, error
            else:
                yield job, NotebookFailed(f"Arbeideren kunne ikke lage siden: {type(error).__name__}: {error}")
        if unequipped:
            _equip(client, order, root)
        for job, alone in unequipped:
            send(job, alone)
        if suspects and not running:
            send(suspects.pop(), alone=True)


def _next(client, completed) -> list:
    """The jobs that are done since last, at least one; `ClusterUnavailable` where nobody is there to do any."""
    while True:
        until = time.monotonic() + LOOK
        while time.monotonic() < until:
            if batch := completed.next_batch(block=False):
                return batch
            time.sleep(0.05)
        _wait_for_workers(client)


def _wait_for_workers(client) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        where = client.scheduler.address
        none = f"Planleggeren {where} har ingen arbeidere ({PATIENCE} sekunder): start dem med dask worker {where} på hver maskin."
        raise ClusterUnavailable(none) from error


def _equip(client, order: Order, root: Path) -> None:
    """See that every worker is like this machine, and give it what it lacks for the run."""
    _wait_for_workers(client)
    _compare(client)
    lacking = _ask(client, equip, order, [])
    for digest, name in {digest: name for name, digest in order.files.items()}.items():
        if those := [where for where, lacked in lacking.items() if digest in lacked]:
            _ask(client, equip, order, [(root / name).read_bytes()], workers=those)
    if any(_ask(client, equip, order, [], workers=list(lacking)).values()):
        raise ClusterUnavailable("Filene ble endret mens de ble sendt til arbeiderne: kjør samme kommando om igjen")


def _ask(client, function, *given, workers: list[str] | None = None) -> dict:
    """What the function answers on each of these workers, or all; those that are gone by now do not."""
    answers = client.run(function, *given, workers=workers, on_error="return")
    failed = {where: answer for where, answer in answers.items() if isinstance(answer, Exception)}
    for where, error in failed.items():
        if isinstance(error, ImportError):
            raise DifferentVersions(f"Arbeideren {where} mangler noe: {error}. {SAME}")
        if where in client.nthreads():
            raise ClusterUnavailable(f"Arbeideren {where} kan ikke brukes: {type(error).__name__}: {error}") from error
    return {where: answer for where, answer in answers.items() if where not in failed}


def _compare(client) -> None:
    """`DifferentVersions` where a worker or the scheduler has not what this machine has."""
    here = versions(packages())
    answers = _ask(client, versions, list(packages()))
    try:
        answers["planleggeren"] = client.run_on_scheduler(versions, list(packages()))
    except ImportError as error:
        raise DifferentVersions(f"Planleggeren mangler noe: {error}. {SAME}") from error
    differences = [
        f"  - {where}: {what} er {there[what]} der og {here[what]} her\n"
        for where, there in sorted(answers.items())
        for what in here
        if there[what] != here[what]
    ]
    if differences:
        raise DifferentVersions(
            f"Klyngen har ikke det samme som denne maskinen, og sidene kunne blitt andre:\n{''.join(differences)}{SAME}"
        )


def packages() -> tuple[str, ...]:
    """The packages that pages and messages to a cluster hang on: those that nlib asks for, and some of theirs."""
    asked = [need for need in importlib.metadata.requires("nlib") or [] if "extra ==" not in need]
    return tuple(sorted({re.split(r"[^\w.-]", need)[0] for need in asked} | set(BETWEEN)))


def versions(names: Iterable[str]) -> dict[str, str]:
    """What pages hang on here besides their figures: the system, Python, nlib's code and these packages."""
    found = {"systemet": f"{platform.system()} {platform.machine()}", "Python": platform.python_version()}
    found["koden til nlib"] = store.code()[:12]
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "ikke installert"
    return found


# on the workers

_begun: dict[str, "_Local"] = {}  # the runs that this process knows, by name


def _kept(worker, name: str) -> Path:
    """Where a worker keeps a file by its hash, and a run's home by its name; gone with the worker."""
    return Path(worker.local_directory) / "nlib" / name


def equip(order: Order, bodies: list[bytes], dask_worker) -> set[str]:
    """Keep these files, and lay a home for the run out of all of them; gives the hashes of those that are not here yet."""
    for body in bodies:
        store.write(_kept(dask_worker, store.sha256(body)), body)
    lacking = {digest for digest in order.files.values() if not _kept(dask_worker, digest).is_file()}
    if not lacking:
        home = _kept(dask_worker, order.name)
        for name, digest in order.files.items():
            target = home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                os.link(_kept(dask_worker, digest), target)
        _begun.setdefault(order.name, _Local(order, home, dask_worker.state.nthreads))
    return lacking


def outcome(name: str, job: bytes) -> bytes | NlibError:
    """A page, or the error that making it met; raises what making ready met."""
    if name not in _begun:
        time.sleep(1)  # while it is given what it lacks; else it would answer so to every job there is
        raise NotEquipped(name)
    for attempt in range(fork.PARENTS):
        if answer := _begun[name].asked(job).result():
            return answer
        time.sleep(0.2 * attempt)
    return NotebookFailed(fork.LOST)


class _Local:
    """A run on this machine: a parent that is asked from the worker's threads, and started again where it is gone."""

    def __init__(self, order: Order, home: Path, workers: int):
        made = functools.partial(_called, home, order.work), functools.partial(_called, home, order.ready)
        for line in enclosure.lacking():
            logging.getLogger("distributed.worker").warning(line)
        self._new_parent = functools.partial(fork.Parent, *made, workers, fork.Limits(reads=(home,)), order.environment)
        self._lock = threading.Lock()
        self._parent: fork.Parent | None = None
        self._answers: dict[object, Future] = {}
        self._ids = itertools.count()

    def asked(self, job: bytes) -> Future:
        """The job's answer to come; empty where the parent was lost."""
        with self._lock:
            if self._parent is None:
                self._parent = self._new_parent()
                threading.Thread(target=self._listen, args=(self._parent,), daemon=True).start()
            id = next(self._ids)
            answer = self._answers[id] = Future()
            self._parent.ask({id: job})
        return answer

    def _listen(self, parent: fork.Parent) -> None:
        try:
            for id, given in parent.outcomes():
                self._answers.pop(id).set_result(given)
        finally:
            with self._lock, parent:
                self._parent, left, self._answers = None, self._answers, {}
            for answer in left.values():
                answer.set_exception(parent.refused) if parent.refused else answer.set_result(None)


def _called(home: Path, function: bytes, *given: bytes):
    """What a function gives where paths are of this home."""
    return _unpickled(function, home)(*(_unpickled(each, home) for each in given))


# paths, which are of another home there


class _Pickler(pickle.Pickler):
    def __init__(self, file, root: Path):
        super().__init__(file)
        self.root = root

    def persistent_id(self, thing):
        beneath = isinstance(thing, Path) and thing.is_relative_to(self.root)
        return thing.relative_to(self.root).as_posix() if beneath else None


class _Unpickler(pickle.Unpickler):
    def __init__(self, file, root: Path):
        super().__init__(file)
        self.root = root

    def persistent_load(self, name):
        return self.root / name


def _pickled(thing, root: Path) -> bytes:
    """A thing with the paths beneath the root as what they are called there."""
    file = io.BytesIO()
    _Pickler(file, root).dump(thing)
    return file.getvalue()


def _unpickled(data: bytes, root: Path):
    """What was pickled, with those paths beneath this root."""
    return _Unpickler(io.BytesIO(data), root).load()
