"""Runs jobs on a Dask cluster that shares no disk with this machine; the same jobs, and the same answers, as `nlib.press.fork`.

What the pages are made from is sent with the run, to the workers there are and those that come later, and kept in a folder of the
worker's own by hash. A worker runs no notebook itself and never forks: it asks a local parent (`nlib.press.fork`), which stands
ready for the next job. Pages come back as bytes. Only workers with the same system, Python, packages and code are used, for they
make the same pages.
"""

import contextlib
import copyreg
import functools
import importlib.metadata
import io
import itertools
import logging
import os
import pickle
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path

from distributed import Client, KilledWorker, WorkerPlugin, as_completed
from distributed.comm import CommClosedError
from distributed.versions import get_versions

from nlib.core import store
from nlib.core.errors import ClusterUnavailable, DifferentVersions, NlibError, NotebookFailed, WrongUse
from nlib.press import enclosure, fork

CONNECT = 10  # seconds that the scheduler has to answer
PATIENCE = 30  # seconds that a cluster may be without workers
LOOK = 2  # seconds of silence before the cluster is looked at
ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?(\[[\da-fA-F:]+\]|[\w.-]+):\d{1,5}")
SAME = "Installer samme nlib fra samme låser (make cluster) på alle maskinene, og start klyngen på nytt."
HOME = "NLIB_CLUSTER_HOME"  # in the environment of a worker's parent: where the files of its run lie


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
    bodies = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    run = Run(_pickled(work, root), _pickled(ready, root), bodies, environment or {}, versions())
    with _connected(address) as client:
        try:
            _begin(client, run)
            yield from _done(client, run.name, [(job, _pickled(job, root)) for job in jobs])
        except (CancelledError, CommClosedError) as error:
            gone = f"Forbindelsen til {address} ble borte. Sidene som er laget, står: kjør samme kommando om igjen med --changed."
            raise ClusterUnavailable(gone) from error
        finally:
            with contextlib.suppress(Exception):  # the scheduler is gone, or never had it
                client.unregister_worker_plugin(run.name)


def _connected(address: str) -> Client:
    """A client of the scheduler at this address."""
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


def _begin(client: Client, run: "Run") -> None:
    """See that the scheduler and the workers are like this machine, and give them what the run needs."""
    _wait_for_workers(client)
    try:
        _compare("planleggeren", client.run_on_scheduler(versions), run.versions)
        client.register_plugin(run, run.name)
    except ImportError as error:
        raise DifferentVersions(f"Klyngen mangler noe: {error}. {SAME}") from error


def _wait_for_workers(client: Client) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        where = client.scheduler_info(n_workers=0)["address"]
        none = f"Planleggeren {where} har ingen arbeidere ({PATIENCE} sekunder): start dem med dask worker {where} på hver maskin."
        raise ClusterUnavailable(none) from error


def _done(client: Client, run: str, jobs: list[tuple[object, bytes]]) -> Iterator[tuple[object, bytes | NlibError]]:
    suspects = []  # done one at a time in the end: others died with what they died of
    for sent, answer in _answers(client, run, jobs):
        if isinstance(answer, KilledWorker):
            suspects.append(sent)
        else:
            yield sent[0], answer
    for suspect in suspects:
        for sent, answer in _answers(client, run, [suspect]):
            if isinstance(answer, KilledWorker):
                times = answer.allowed_failures + 1
                answer = NotebookFailed(f"Arbeiderne som skulle lage siden, ble borte {times} ganger på rad")
            yield sent[0], answer


def _answers(client: Client, run: str, jobs: list[tuple[object, bytes]]) -> Iterator[tuple]:
    """Each job with its answer; raises what all of them meet, and `ClusterUnavailable` where nobody is there to do any."""
    running = {client.submit(outcome, run, data, pure=False): (job, data) for job, data in jobs}
    completed = as_completed(running, loop=client.loop, with_results=True, raise_errors=False)
    heard = time.monotonic()
    while running:
        if not (batch := completed.next_batch(block=False)):
            if time.monotonic() > heard + LOOK:
                _wait_for_workers(client)
            time.sleep(0.05)
            continue
        heard = time.monotonic()
        for future, answer in batch:
            error = answer[1] if isinstance(answer, tuple) else answer  # with its class and where it was raised
            if isinstance(error, CancelledError) or (isinstance(answer, tuple) and isinstance(error, NlibError)):
                raise error  # the scheduler is gone, or what all jobs need is wrong
            if not isinstance(error, bytes | NlibError | KilledWorker):
                error = NotebookFailed(f"Arbeideren kunne ikke lage siden: {type(error).__name__}: {error}")
            yield running.pop(future), error


def versions() -> dict[str, str]:
    """What pages and messages hang on here besides their figures: the system, Python, nlib's code and these packages."""
    asked = [need for need in importlib.metadata.requires("nlib") or [] if "extra ==" not in need]
    found = get_versions([*(re.split(r"[^\w.-]", need)[0] for need in asked), "ipython", "pillow"])
    system = {"systemet": f"{found['host']['OS']} {found['host']['machine']}", "koden til nlib": store.code()[:12]}
    return system | {name: version or "ikke installert" for name, version in found["packages"].items()}


def _compare(where: str, there: dict[str, str], here: dict[str, str]) -> None:
    """`DifferentVersions` where a worker or the scheduler has not what the machine that asks has."""
    different = [f"  - {where}: {what} er {there[what]} der og {here[what]} her\n" for what in here if there[what] != here[what]]
    if different:
        raise DifferentVersions(
            f"Klyngen har ikke det samme som denne maskinen, og sidene kunne blitt andre:\n{''.join(different)}{SAME}"
        )


# on the workers

_begun: dict[str, "_Local"] = {}  # the runs that this process knows, by name


class Run(WorkerPlugin):
    """What a run needs on each worker: how a job is done and made ready for, pickled; files by path; the environment of the
    processes; and what versions the worker must have."""

    def __init__(self, work: bytes, ready: bytes, files: dict[str, bytes], environment: dict[str, str], versions: dict[str, str]):
        self.work, self.ready, self.files, self.environment, self.versions = work, ready, files, environment, versions
        self.name = f"run-{store.sha256(repr(sorted(vars(self).items())).encode())[:20]}"

    def setup(self, worker) -> None:
        """Keep the files, and lay a home for the run out of them; both are gone with the worker."""
        _compare(worker.address, versions(), self.versions)
        home = Path(worker.local_directory) / "nlib" / self.name
        home.mkdir(parents=True, exist_ok=True)
        for name, body in self.files.items():
            kept, target = home.with_name(store.sha256(body)), home / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not kept.is_file():
                store.write(kept, body)
            if not target.exists():
                os.link(kept, target)
        self.files = {}
        for line in enclosure.lacking():
            logging.getLogger("distributed.worker").warning(line)
        _begun.setdefault(self.name, _Local(self, home, worker.state.nthreads))


def outcome(run: str, job: bytes) -> bytes | NlibError:
    """A page, or the error that making it met; raises what making ready met."""
    if run not in _begun:
        raise DifferentVersions(f"En arbeider som kom til underveis, har ikke det samme som denne maskinen. {SAME}")
    for attempt in range(fork.PARENTS):
        if answer := _begun[run].asked(job).result():
            return answer
        time.sleep(0.2 * attempt)
    return NotebookFailed(fork.LOST)


class _Local:
    """A run on this machine: a parent that is asked from the worker's threads, and started again where it is gone."""

    def __init__(self, run: Run, home: Path, workers: int):
        made = functools.partial(_called, run.work), functools.partial(_called, run.ready)
        environment = run.environment | {HOME: str(home)}
        self._new_parent = functools.partial(fork.Parent, *made, workers, fork.Limits(reads=(home,)), environment)
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


def _called(function: bytes, *given: bytes):
    return pickle.loads(function)(*map(pickle.loads, given))


# paths, which are of another home there


def _pickled(thing, root: Path) -> bytes:
    """A thing with the paths beneath the root as what they are called there."""

    def path(one: Path):
        return (_beneath, (one.relative_to(root).as_posix(),)) if one.is_relative_to(root) else one.__reduce__()

    file = io.BytesIO()
    pickler = pickle.Pickler(file)
    pickler.dispatch_table = copyreg.dispatch_table | {type(root): path}
    pickler.dump(thing)
    return file.getvalue()


def _beneath(name: str) -> Path:
    return Path(os.environ[HOME]) / name
