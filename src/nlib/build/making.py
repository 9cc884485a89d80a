"""Tables as they are built: each when what it is made of is, as many at a time as there are cores."""

import contextlib
import hashlib
import json
import multiprocessing
import os
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from multiprocessing.connection import Connection, wait
from typing import NamedTuple

import pandas as pd

from nlib.build import lineage, regions
from nlib.build.code import code_hash
from nlib.core.errors import NlibError, many
from nlib.core.invented import Invented
from nlib.core.municipalities import Register
from nlib.core.processes import serve_parent
from nlib.core.store import Edition, read_table
from nlib.core.tables import CANNOT_OCCUR, Dataset, Imported, Lineage, Raw
from nlib.data.codebooks.blanking import blanked

EMPTY = "tom, kilden er ikke hentet eller tatt inn (valgfri)"
REGISTER = ("municipality_codes", "municipality_changes")


class Made(NamedTuple):
    """A table (as a file, from another process), what is said of it, the marks of its sources, the rows that a source lacks, and
    what of it rests on invented figures."""

    table: pd.DataFrame | bytes
    said: str
    marks: dict[str, dict[str, int]]
    absent: pd.DataFrame | None = None
    invented: Invented | None = None


class Making:
    """Tables as they are built: `built` those that are new, `files` those that came from other processes, `hashes` of what each is
    made from, `marks` of the sources, `absent` the rows that a source lacks, by table, `lineage` what of each rests on invented
    figures, where there are such."""

    def __init__(self, edition: Edition, say: Callable[[str], None]):
        self.edition, self.say = edition, say
        self.hashes: dict[str, str] = {}
        self.built: dict[str, pd.DataFrame] = {}
        self.files: dict[str, bytes] = {}
        self.marks = dict(edition.processed_manifest().get("marks", {}))
        self.absent: dict[str, pd.DataFrame] = {}
        self.lineage: dict[str, Invented] = {}

    def make(self, datasets: Iterable[Dataset]) -> None:
        """Build every table whose inputs are not as they were when it was built."""
        every = {dataset.name: dataset for dataset in datasets}
        waiting, left, cores = dict(every), set(every), at_once()
        workers: list[_Worker] = []
        try:
            while waiting or any(worker.at for worker in workers):
                for dataset in [one for one in waiting.values() if left.isdisjoint(one.parents)]:
                    if cores > 1 and len(workers) == cores and all(worker.at for worker in workers):
                        break
                    del waiting[dataset.name]
                    if self.stands(dataset) or self.stood(dataset):
                        left.remove(dataset.name)
                    elif cores == 1:
                        self.take(dataset, made := self.made(dataset))
                        self.keep(dataset, made)
                        left.remove(dataset.name)
                    else:
                        free = next((worker for worker in workers if not worker.at), None)
                        if free is None:
                            workers.append(free := _Worker(self, every))
                        free.ask(dataset, self)
                busy = [worker for worker in workers if worker.at]
                answered = wait([worker.pipe for worker in busy]) if busy else []
                for worker in [worker for worker in busy if worker.pipe in answered]:
                    dataset, made = worker.answer()
                    self.take(dataset, made)
                    self.keep(dataset, made)
                    left.remove(dataset.name)
        finally:
            for worker in workers:
                worker.end()
        self.built |= {name: read_table(data) for name, data in self.files.items() if name not in self.built}

    def stands(self, dataset: Dataset) -> bool:
        """Whether a table is there that was built from what it would be built from now."""
        made_from: list = [
            code_hash(dataset.build.__module__),
            dataset.name,
            *(self._identity(need, dataset) for need in dataset.needs),
        ]
        if dataset.name in regions.MERGED_IN:
            made_from += [asdict(region) for region in self.edition.regions]
        self.hashes[dataset.name] = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
        if not self.edition.has_table(dataset.name, self.hashes[dataset.name]):
            return False
        self.say(f"{dataset.name}: uendret")
        self.lineage[dataset.name] = self.edition.invented(dataset.name)
        return True

    def stood(self, dataset: Dataset) -> bool:
        """Whether a build that was stopped had made the table from what it would be made from now; it is taken."""
        found = self.edition.begun_on(dataset.name, self.hashes[dataset.name])
        if found is None:
            return False
        table, about = found
        absent = read_table(bytes.fromhex(about["absent"])) if about["absent"] else None
        invented = Invented.from_json(about["invented"]) if about["invented"] else None
        self.take(dataset, Made(table, f"{about['said']}, fra en bygging som ble stoppet", about["marks"], absent, invented))
        return True

    def keep(self, dataset: Dataset, made: Made) -> None:
        """Keep what was made aside until all of the edition is: a build that is stopped need not make it again."""
        if self.edition.regions:  # built where they are asked for, by several at once
            return
        table = self.files[dataset.name] = made.table if isinstance(made.table, bytes) else made.table.to_parquet(index=False)
        about = {
            "said": made.said,
            "marks": made.marks,
            "absent": None if made.absent is None else made.absent.to_parquet(index=False).hex(),
            "invented": made.invented and made.invented.as_json(),
        }
        self.edition.begin(dataset.name, self.hashes[dataset.name], table, about)

    def made(self, dataset: Dataset) -> Made:
        """A table built, and checked against what it declares of itself."""
        with _of_nobody(dataset):
            given = [self._given(need, dataset) for need in dataset.needs]
            marks, absent = {}, None
            for need, frame in zip(dataset.needs, given, strict=True):
                if isinstance(need, Raw):
                    marks[need.name] = marked(frame)
                    if need.absent is not None and frame is not None:
                        absent = need.absent(frame, Register(*map(self.table, REGISTER)))
            if dataset.lacks_all(given):
                return Made(dataset.empty(), EMPTY, marks, absent)
            table = dataset.check(regions.merged(self.edition.regions, dataset.name, dataset.build(*given)))
        invented = lineage.of_table(dataset, table, self._invented(dataset, given)) if self.edition.synthetic else None
        return Made(table, f"{many(len(table), 'rad', 'rader')}", marks, absent, invented)

    def table(self, name: str) -> pd.DataFrame:
        """A table, built now or before."""
        if name not in self.built and name in self.files:
            self.built[name] = read_table(self.files[name])
        return self.built[name] if name in self.built else self.edition.table(name)

    def take(self, dataset: Dataset, made: Made) -> None:
        """Keep what was made."""
        if isinstance(made.table, bytes):
            self.files[dataset.name] = made.table
        else:
            self.built[dataset.name] = made.table
        self.marks |= made.marks
        if made.absent is not None:
            self.absent[dataset.name] = made.absent
        if made.invented is not None:
            self.lineage[dataset.name] = made.invented
        self.say(f"{dataset.name}: {made.said}")

    def _identity(self, need: Raw | Imported | Lineage | str, dataset: Dataset):
        """What a need is now, so that another is seen to be another."""
        if isinstance(need, str):
            return self.hashes[need]
        if isinstance(need, Lineage):
            return {name: invented.as_json() for name, invented in self._parents(dataset).items()}
        files = self.edition.raw_files(need) if isinstance(need, Raw) else self.edition.imported_files(need)
        digests = [entry["sha256"] for entry in files] if files is not None else None
        return [digests, self.edition.known(need)] if isinstance(need, Raw) and self.edition.synthetic else digests

    def _parents(self, dataset: Dataset) -> dict[str, Invented]:
        """What is invented of the tables that a table is made of, by name; those that are all real are left out."""
        return {name: self.lineage[name] for name in dataset.parents if name in self.lineage and self.lineage[name].any}

    def _given(self, need: Raw | Imported | Lineage | str, dataset: Dataset):
        """What a table's `build` is given for a need."""
        if isinstance(need, Lineage):
            return self._parents(dataset)
        if isinstance(need, str):
            return self.table(need)
        return self.edition.read_imported(need) if isinstance(need, Imported) else self.edition.read_raw(need)

    def _invented(self, dataset: Dataset, given: list) -> dict[str, Invented]:
        """What is invented of a table's inputs, by name."""
        own = self._parents(dataset)
        for need, frame in zip(dataset.needs, given, strict=True):
            if isinstance(need, Raw) and frame is not None:
                own[need.name] = lineage.of_source(frame, self.edition.known(need))
            elif isinstance(need, Imported) and frame is not None:
                own[need.kind] = lineage.of_source(frame, False)
        return own


def at_once() -> int:
    """How many processes to share work on: one where other threads of this process may hold what a forked one would wait for."""
    safe = sys.platform == "linux" and threading.active_count() == 1 and not multiprocessing.current_process().daemon
    return len(os.sched_getaffinity(0)) if safe else 1


class _Worker:
    """A process that builds the tables it is asked for, one after the other; it keeps those that it has built or been given.

    at: the table that it is building. has: those that it need not be given.
    """

    def __init__(self, making: Making, datasets: Mapping[str, Dataset]):
        self.at: Dataset | None = None
        self.has = set(making.built)
        self.pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("fork")
        self.process = context.Process(target=_serve, args=(making, datasets, theirs, os.getpid()), daemon=True)
        self.process.start()
        theirs.close()

    def ask(self, dataset: Dataset, making: Making) -> None:
        lacks = {*dataset.parents, *REGISTER} & making.files.keys() - self.has
        self.at, self.has = dataset, self.has | lacks | {dataset.name}
        with contextlib.suppress(OSError):  # it is gone, which its answer tells
            self.pipe.send((dataset.name, {name: making.files[name] for name in lacks}, making._parents(dataset)))

    def answer(self) -> tuple[Dataset, Made]:
        """What it has made; raises what it met."""
        dataset, self.at = self.at, None
        assert dataset is not None
        try:
            outcome = self.pipe.recv()
        except (EOFError, OSError):
            raise NlibError(f"Prosessen som bygde {dataset.name}, ble stoppet. Er det nok minne på maskinen?") from None
        if isinstance(outcome, BaseException):
            raise outcome
        return dataset, outcome

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _serve(making: Making, datasets: Mapping[str, Dataset], pipe: Connection, parent: int) -> None:
    """What a worker does until it is ended; it ends with its parent too."""
    making.say = lambda line: None
    serve_parent()
    while os.getppid() == parent:
        name, files, invented = pipe.recv()
        making.built |= {given: read_table(data) for given, data in files.items()}
        making.lineage |= invented
        try:
            made = making.made(datasets[name])
            making.take(datasets[name], made)
            pipe.send(made._replace(table=making.built[name].to_parquet(index=False)))
        except BaseException as error:
            if not isinstance(error, NlibError):
                error.add_note(traceback.format_exc())
            pipe.send(error)


@contextlib.contextmanager
def _of_nobody(dataset: Dataset):
    """What goes wrong with files that came by hand, without the numbers of firms and people in them: a run's log is mailed, and
    what failed is shown among the reports."""
    try:
        yield
    except NlibError as error:
        if dataset.imported or dataset.private:
            error.args = (blanked(str(error)),)
        raise


def marked(frame: pd.DataFrame | None) -> dict[str, int]:
    """How many cells of a source bear each of the producer's marks, those that cannot occur left out."""
    if frame is None or "status" not in frame:
        return {}
    counted = frame.loc[frame["status"].ne(CANNOT_OCCUR), "status"].value_counts()
    return {str(mark): int(count) for mark, count in sorted(counted.items())}


def register_of(edition: Edition, built: dict[str, pd.DataFrame]) -> Register:
    """The municipalities of the edition, as they are being built."""
    return Register(*(built[name] if name in built else edition.table(name) for name in REGISTER))
