"""The only module that knows folders: editions, raw files with their manifest, and the built tables as parquet.

Nothing is ever half there: a file is written aside and renamed, and it counts only once a manifest names it with its hash.

    data/raw/<edition>/<source>/<plan>/<call>.json      as it came, never changed
    data/raw/<edition>/import/<kind>/<hash>/<name>      the same, of files that came by hand
    data/raw/<edition>/manifest.json                    which files count, with address, query, time, licence, sha256
    data/processed/<edition>/<table>.parquet            the tables
    data/processed/<edition>/manifest.json              sha256 of each and of what it was built from
"""

import contextlib
import datetime
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nlib import __version__
from nlib.core import settings
from nlib.core.errors import AlreadyRunning, NlibError, RawFileChanged, RawFileMissing, UnknownEdition, UnknownTable, WrongUse
from nlib.core.invented import Invented
from nlib.core.meant import near, question
from nlib.core.translations import WRITTEN, spoken

if TYPE_CHECKING:  # what declares tables takes a second to load, and pages are made without it; pandas half a second
    import pandas as pd

    from nlib.core.tables import Imported, Raw

DEMO = "demo"
BY_HAND = "import"  # the folder of an edition's raw files that came by hand
REGIONS = "regions.json"  # in an edition where municipalities are put together: which


def home() -> Path:
    """The folder that holds data/, notebooks/ and reports/: the setting `home`, or else the checkout that nlib runs from."""
    if given := settings.value("home"):
        return Path(given).resolve()
    checkout = Path(__file__).resolve().parents[3]
    return checkout if (checkout / "notebooks").is_dir() else Path.cwd()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@functools.cache
def code() -> str:
    """The hash of all of nlib's code, with what lies beside it."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return sha256(b"".join(str(path.relative_to(root)).encode() + path.read_bytes() for path in files))


def tracked(folder: Path) -> bool:
    """Whether git would take up what is put in a folder (that need not be there yet); True also where git cannot be asked."""
    folder = folder.resolve()
    if not any((part / ".git").exists() for part in (folder, *folder.parents)):
        return False
    there = next(part for part in (folder, *folder.parents) if part.is_dir())
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if not (git := shutil.which("git")):
        return True
    asked = [git, "-C", str(there), "check-ignore", "--quiet", str(folder / "import" / "svar.csv")]
    return subprocess.run(asked, env=plain, capture_output=True, check=False).returncode != 0


def digest(path: Path) -> str:
    """The sha256 of a file as it stands; empty where there is none."""
    return sha256(path.read_bytes()) if path.is_file() else ""


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """The file whole, or as it was before: written aside in the same folder, flushed to disk, then renamed."""
    write_together([(path, data)], mode)


def write_together(files: Iterable[tuple[Path, bytes]], mode: int = 0o644) -> None:
    """These files whole, or all of them as they were before: none is renamed until the last is written aside, so that a disk that
    fills up changes nothing."""
    written = []
    try:
        for path, data in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            written.append((aside, path))
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(aside, mode)
        for aside, path in written:
            os.replace(aside, path)
    except BaseException:
        for aside, _ in written:
            Path(aside).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def whole_folder(path: Path):
    """A folder beside this one to write in; it takes this one's place when all is written, and is taken away where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
    before = aside.with_name(f"{aside.name}.before")
    try:
        yield aside
        os.chmod(aside, 0o755)
        if path.exists():
            os.replace(path, before)
        os.replace(aside, path)
        shutil.rmtree(before, ignore_errors=True)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        if before.exists() and not path.exists():
            os.replace(before, path)
        raise


def as_json(content) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def write_json(path: Path, content) -> None:
    write(path, as_json(content))


@contextlib.contextmanager
def alone(root: Path):
    """The folders to oneself: another run that asks gets `AlreadyRunning`. The lock goes with the process, however it ends."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    with (root / "data" / ".lock").open("a+b") as file:
        if not _locked(file):
            file.seek(0)
            who = file.read().decode(errors="replace").strip() or "ukjent"
            raise AlreadyRunning(f"En annen kjøring har mappene i {root} (prosess {who}). Vent til den er ferdig.")
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def holder(root: Path) -> int | None:
    """The number of the process that took the folders last and has not given them back; it may have been killed since."""
    try:
        return int((root / "data" / ".lock").read_text())
    except (OSError, ValueError):
        return None


def _locked(file) -> bool:
    """Whether the file could be locked for this process; Windows has its own way."""
    try:
        if sys.platform == "win32":
            import msvcrt

            file.seek(1000)  # past what is written in it: Windows' locks also keep others from reading
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def clear_aside(edition: "Edition") -> None:
    """Take away what a run that was killed had begun to write aside or not yet cleared. Only for who has the folders alone."""
    for folder in (edition.raw, edition.processed, edition.reports):
        for before in [*_aside(folder, ".before")]:  # of a folder that was being replaced
            path = before.with_name(before.name[1 : -len(".12345678.before")])
            shutil.rmtree(before) if path.exists() else os.replace(before, path)
        for aside in [*_aside(folder)]:
            shutil.rmtree(aside) if aside.is_dir() else aside.unlink(missing_ok=True)
    (edition.root / "reports" / ".latest.aside").unlink(missing_ok=True)
    edition.clear_tables()


def _aside(folder: Path, ending: str = "") -> Iterator[Path]:
    """What lies aside in a folder, and of the folder itself."""
    yield from folder.rglob(f".*.????????{ending}")
    yield from folder.parent.glob(f".{folder.name}.????????{ending}")


def point(link: Path, name: str) -> None:
    """Let the link name an edition, in one step; a text file where the system has no links."""
    aside = link.with_name(f".{link.name}.aside")
    aside.unlink(missing_ok=True)
    try:
        aside.symlink_to(name, target_is_directory=True)
    except OSError:
        write(link.with_suffix(".txt"), name.encode())
        return
    os.replace(aside, link)


def read_json(path: Path) -> dict:
    """A manifest as it stands, or an empty one where there is none; a damaged one is an error that says what to do."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise NlibError(
            f"{path} er skadet ({error}). Slett mappen {path.parent} og kjør nlib fetch og nlib build på nytt."
        ) from error


def _standing(path: Path) -> dict:
    """A manifest as `read_json` gives it, read again when the file is another; not to be changed by who asks."""
    try:
        stat = path.stat()
    except FileNotFoundError:
        return {}
    return _read(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@functools.lru_cache(maxsize=8)
def _read(path: Path, *stamp: int) -> dict:
    return read_json(path)


@dataclass(frozen=True)
class Region:
    """Municipalities put together: the number and name the place has, and its members' numbers of today."""

    number: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Edition:
    """One edition of the figures: a name, and where its files are.

    Where municipalities are put together to regions the name is `2026+region`: raw files are those of `2026`.
    """

    name: str
    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "data" / "raw" / self.name.partition("+")[0]

    @property
    def processed(self) -> Path:
        return self.root / "data" / "processed" / self.name

    @property
    def reports(self) -> Path:
        """Where its pages are: those in nynorsk and English in folders of their own."""
        folder = self.root / "reports" / self.name
        return folder if spoken() == WRITTEN else folder / spoken()

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that municipalities are put together to in this edition; none in one of municipalities."""
        if "+" not in self.name:
            return ()
        return tuple(Region(r["number"], r["name"], tuple(r["members"])) for r in _standing(self.processed / REGIONS))

    @property
    def manifests(self) -> tuple[Path, Path]:
        return self.raw / "manifest.json", self.processed / "manifest.json"

    def raw_manifest(self) -> dict:
        return _standing(self.raw / "manifest.json")

    def processed_manifest(self) -> dict:
        return _standing(self.processed / "manifest.json")

    @property
    def synthetic(self) -> bool:
        """Whether the figures are made up; shown on every page and every figure."""
        return bool(self.raw_manifest().get("synthetic", False))

    @property
    def before(self) -> "Edition | None":
        """The real edition before this one; None for the first, and for the synthetic edition."""
        older = [name for name in editions(self.root) if name != DEMO and name < self.name]
        return None if self.synthetic or self.regions or not older else Edition(older[0], self.root)

    @property
    def outdated(self) -> bool:
        """Whether its tables were built by another version of nlib, which may have had other tables and columns."""
        manifest = self.processed_manifest()
        return bool(manifest) and manifest.get("nlib") != __version__

    @contextlib.contextmanager
    def anew(self) -> "Iterator[Edition]":
        """The edition's raw files from the beginning: those that were stand until all are written."""
        with whole_folder(self.raw) as aside:
            yield (made := Edition(aside.name, self.root))
            write_json(aside / "manifest.json", made.raw_manifest() | {"edition": self.name})

    # raw files

    def mark_synthetic(self, seed: int) -> None:
        """Begin a synthetic edition anew: no source and no import of before counts any longer."""
        write_json(self.raw / "manifest.json", {"edition": self.name, "synthetic": True, "seed": seed, "sources": {}})

    def plan_folder(self, raw: "Raw", fingerprint: str) -> Path:
        return self.raw / raw.name / fingerprint

    def received(self, raw: "Raw", fingerprint: str) -> dict[str, dict]:
        """The answers of a plan that are safely here, by name: what an interrupted fetch need not ask for again."""
        folder = self.plan_folder(raw, fingerprint)
        journal = read_json(folder / "journal.json")
        here = {}
        for name, entry in journal.items():
            path = folder / name
            if path.is_file() and sha256(path.read_bytes()) == entry["sha256"]:
                here[name] = entry
        return here

    def receive(self, raw: "Raw", fingerprint: str, name: str, body: bytes, about: dict) -> None:
        """Keep one answer byte for byte, with what was asked and when."""
        folder = self.plan_folder(raw, fingerprint)
        write(folder / name, body)
        journal = read_json(folder / "journal.json")
        write_json(folder / "journal.json", journal | {name: about | {"sha256": sha256(body), "bytes": len(body)}})

    def holds(self, raw: "Raw", fingerprint: str) -> bool:
        """Whether the edition's manifest already counts exactly this plan."""
        return self.raw_manifest().get("sources", {}).get(raw.name, {}).get("plan") == fingerprint

    def count(self, raw: "Raw", fingerprint: str, names: list[str], updated: str | None) -> None:
        """Let the answers of a finished plan count, in this order, in place of the ones before; then clear those away."""
        journal = self.received(raw, fingerprint)
        manifest = {"edition": self.name, "synthetic": False, "sources": {}} | self.raw_manifest()
        entry = {
            "producer": raw.producer,
            "table": raw.table,
            "title": raw.title,
            "page": raw.page,
            "licence": raw.licence,
            "query": asdict(raw.query),
            "updated": updated,
            "plan": fingerprint,
            "files": [{"name": f"{raw.name}/{fingerprint}/{name}"} | journal[name] for name in names],
        }
        manifest["sources"] = manifest["sources"] | {raw.name: entry}
        write_json(self.raw / "manifest.json", manifest)
        self.clear_plans(raw, fingerprint)

    def hold(self, raw: "Raw", plan: str, bodies: list[bytes], updated: str, known: bool | list[int]) -> None:
        """Let these answers, which nobody was asked for, count. known: the years in which they are the producer's own figures."""
        folder, names = self.plan_folder(raw, plan), [f"{number:03}.json" for number in range(len(bodies))]
        about = {"address": "nlib demo", "query": None, "fetched": updated}
        journal = {name: about | {"sha256": sha256(body), "bytes": len(body)} for name, body in zip(names, bodies, strict=True)}
        files = [(folder / name, body) for name, body in zip(names, bodies, strict=True)]
        write_together([*files, (folder / "journal.json", as_json(journal))])
        self.count(raw, plan, names, updated)
        manifest = self.raw_manifest()
        entry = manifest["sources"][raw.name] | {"known": known}
        write_json(self.raw / "manifest.json", manifest | {"sources": manifest["sources"] | {raw.name: entry}})

    def known(self, raw: "Raw") -> bool | list[int]:
        """The years in which a source of an invented edition has the producer's own figures; True where all of it is so."""
        return self.raw_manifest().get("sources", {}).get(raw.name, {}).get("known", not self.synthetic)

    def note_absent(self, faults: Mapping[str, str]) -> None:
        """Remember of each of these sources why it did not come the last time it was asked for; an empty text where it did.

        An edition that holds nothing remembers nothing: it does not come into being by this.
        """
        manifest = self.raw_manifest()
        absent = {name: why for name, why in (manifest.get("absent", {}) | faults).items() if why}
        if manifest and absent != manifest.get("absent", {}):
            write_json(self.raw / "manifest.json", manifest | {"absent": absent})

    def discard(self, raw: "Raw", fingerprint: str) -> None:
        """Take away the answers of a plan that turned out to be of several versions of the table."""
        shutil.rmtree(self.plan_folder(raw, fingerprint), ignore_errors=True)

    def clear_plans(self, raw: "Raw", fingerprint: str) -> None:
        """Take away the answers of every plan but this one, which counts."""
        for folder in (self.raw / raw.name).iterdir():
            if folder.name != fingerprint:
                shutil.rmtree(folder)

    def raw_files(self, raw: "Raw") -> list[dict] | None:
        """The manifest's entries of a source's files, or of those that stand in for it; None where an optional one has none."""
        entry = self.raw_manifest().get("sources", {}).get(raw.name)
        if entry is None:
            if raw.stand_in and (files := self.imported_files(raw.stand_in)):
                return files
            if raw.optional:
                return None
            raise RawFileMissing(f"{raw.title} ({raw.source}) mangler i {self.raw}: kjør nlib fetch --only {raw.name}")
        return entry["files"]

    def read_raw(self, raw: "Raw") -> "pd.DataFrame | None":
        """A source's frame, from files that are what the manifest says; None for an optional source that is not here."""
        files = self.raw_files(raw)
        if files is None:
            return None
        if raw.stand_in is not None and raw.name not in self.raw_manifest()["sources"]:
            return self.read_imported(raw.stand_in)
        again = f"kjør nlib fetch --only {raw.name}"
        return raw.read([self._unchanged(self.raw / entry["name"], entry["sha256"], "hentet", again) for entry in files])

    def _unchanged(self, path: Path, digest: str, came: str, again: str) -> bytes:
        """A raw file that is what the manifest says, of how it `came`; the errors tell how to have it `again`."""
        if not path.is_file():
            raise RawFileMissing(f"{path} mangler: {again}")
        if sha256(body := path.read_bytes()) != digest:
            raise RawFileChanged(
                f"{path} er endret siden den ble {came} (sha256 stemmer ikke med manifest.json). Legg tilbake den opprinnelige "
                f"filen, eller slett den og {again}"
            )
        return body

    # files that came by hand

    def imports(self) -> list[dict]:
        """The manifest's entries of the files that were imported by hand, in the order they came."""
        return self.raw_manifest().get("imports", [])

    def imported(self, body: bytes) -> dict | None:
        """The entry of a file that is here unharmed already, under whatever name; None for a new one."""
        digest = sha256(body)
        for entry in self.imports():
            path = self.raw / entry["file"]
            if entry["sha256"] == digest and path.is_file() and path.read_bytes() == body:
                return entry
        return None

    def keep(self, kind: str, name: str, body: bytes, about: dict) -> dict:
        """Keep a file that came by hand byte for byte, with what it is and when; gives its entry in the manifest."""
        digest = sha256(body)
        entry = {
            "file": f"{BY_HAND}/{kind}/{digest[:12]}/{name}",
            "kind": kind,
            "name": name,
            "sha256": digest,
            "bytes": len(body),
        } | about
        path = self.raw / entry["file"]
        for folder in (path.parents[2], path.parents[1], path.parent):  # `import` and below: nobody else's, whatever the umask
            folder.mkdir(parents=True, exist_ok=True)
            os.chmod(folder, 0o700)
        write(path, body, mode=0o600)
        manifest = {"edition": self.name, "synthetic": False, "sources": {}} | self.raw_manifest()
        manifest["imports"] = [other for other in self.imports() if other["file"] != entry["file"]] + [entry]
        write_json(self.raw / "manifest.json", manifest)
        return entry

    def read_import(self, entry: dict) -> bytes:
        """An imported file, if it is what the manifest says."""
        return self._unchanged(self.raw / entry["file"], entry["sha256"], "tatt inn", "ta inn filen på nytt med nlib import")

    def imported_files(self, need: "Imported") -> list[dict] | None:
        """The manifest's entries of the imported files of a kind, in the order they came; None where there are none."""
        kind = [entry for entry in self.imports() if entry["kind"] == need.kind]
        return [entry for entry in kind if not need.table or need.table in entry.get("tables", [])] or None

    def read_imported(self, need: "Imported") -> "pd.DataFrame | None":
        """The frame of all imported files of a kind together, in the order they came; None where there are none."""
        files = self.imported_files(need)
        return files and need.together([(str(self.raw / entry["file"]), need.read(self.read_import(entry))) for entry in files])

    def forget(self, entry: dict) -> None:
        """Take an imported file out of the edition."""
        kept = [other for other in self.imports() if other["file"] != entry["file"]]
        write_json(self.raw / "manifest.json", self.raw_manifest() | {"imports": kept})
        shutil.rmtree((self.raw / entry["file"]).parent)

    # built tables

    def publish(
        self,
        tables: "dict[str, pd.DataFrame]",
        inputs: dict[str, str],
        accepted: dict[str, str] | None = None,
        marks: dict[str, dict[str, int]] | None = None,
        invented: Mapping[str, Invented] | None = None,
        encoded: Mapping[str, bytes] | None = None,
        apart: Collection[str] = (),
    ) -> None:
        """Write these tables beside the ones that stand; the manifest is changed last, names all by hash, tells the rules that are
        broken knowingly, counts the cells that the producer has marked, by source and mark, and tells what of each table is
        invented. encoded: those of the tables that are parquet already; apart: those that no notebook reaches (see `file`)."""
        entries = dict(self.processed_manifest().get("tables", {}))

        def files() -> Iterator[tuple[Path, bytes]]:
            for name, frame in tables.items():
                data = (encoded or {}).get(name) or frame.to_parquet(index=False)
                entries[name] = {"sha256": sha256(data), "rows": len(frame), "inputs": inputs[name]}
                if name in apart:
                    entries[name]["apart"] = True
                    (self.processed / BY_HAND).mkdir(mode=0o700, parents=True, exist_ok=True)
                yield self._file(name, entries[name]), data
            kept = {name: entry for name, entry in entries.items() if name in inputs}
            manifest = {
                "edition": self.name,
                "nlib": __version__,
                "synthetic": self.synthetic,
                "tables": kept,
                "accepted": accepted or {},
                "marks": marks or {},
                "invented": {name: what.as_json() for name, what in (invented or {}).items() if what.any},
            }
            yield self.processed / "manifest.json", as_json(manifest)

        write_together(files())
        self.clear_tables()
        shutil.rmtree(self.begun, ignore_errors=True)

    @property
    def begun(self) -> Path:
        """Where a build that is going on keeps each table as it is made, for the next one where it is stopped."""
        return self.processed / ".begun"

    def begin(self, name: str, inputs: str, table: bytes, about: dict) -> None:
        """Keep a table that a build has made of these inputs, and what is said of it."""
        self.begun.mkdir(parents=True, exist_ok=True)
        (self.begun / f"{name}.parquet").write_bytes(table)
        write_json(self.begun / f"{name}.json", {"inputs": inputs, "sha256": sha256(table), "about": about})

    def begun_on(self, name: str, inputs: str) -> tuple[bytes, dict] | None:
        """The table, and what was said of it, that a stopped build made of just these inputs; None where there is none whole."""
        entry, path = read_json(self.begun / f"{name}.json"), self.begun / f"{name}.parquet"
        if entry.get("inputs") != inputs or not path.is_file() or sha256(table := path.read_bytes()) != entry["sha256"]:
            return None
        return table, entry["about"]

    def clear_tables(self) -> None:
        """Take away the tables that the manifest does not name."""
        kept = self.processed_manifest().get("tables", {})
        for path in (*self.processed.glob("*.parquet"), *self.processed.glob(f"{BY_HAND}/*.parquet")):
            if path.stem not in kept or path != self.file(path.stem):
                path.unlink()

    def file(self, name: str) -> Path:
        """Where a built table lies: one of single firms in a folder that no notebook reaches, as what came by hand."""
        return self._file(name, self.processed_manifest().get("tables", {}).get(name, {}))

    def _file(self, name: str, entry: dict) -> Path:
        return self.processed / (BY_HAND if entry.get("apart") else "") / f"{name}.parquet"

    def has_table(self, name: str, inputs: str) -> bool:
        """Whether the table was built from just these inputs and is unharmed."""
        entry, path = self.processed_manifest().get("tables", {}).get(name, {}), self.file(name)
        return entry.get("inputs") == inputs and path.is_file() and sha256(path.read_bytes()) == entry["sha256"]

    def holds_table(self, name: str) -> bool:
        """Whether the edition has a table of this name."""
        return name in self.processed_manifest().get("tables", {})

    def table(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """A built table, or those of its columns that it has; `UnknownTable` says what to do where it is not there."""
        entry, path = self.processed_manifest().get("tables", {}).get(name), self.file(name)
        if entry and entry.get("apart") and not os.access(path, os.R_OK):
            raise UnknownTable(f"Tabellen {name} er om enkeltforetak: en notatbok som blir en side, får den ikke")
        if entry is None or not path.is_file():
            raise UnknownTable(f"Tabellen {name} finnes ikke i utgaven {self.name}: kjør nlib build --edition {self.name}")
        data = path.read_bytes()
        if sha256(data) != entry["sha256"]:
            raise NlibError(f"{path} er skadet: kjør nlib build --edition {self.name}, så bygges den på nytt fra rådataene")
        return read_table(data, columns)

    def years(self, name: str) -> tuple[int, int] | None:
        """The first year and the last of a built table, as its file tells without being read; None where it has none."""
        import pyarrow.parquet as pq

        about = pq.read_metadata(self.file(name))
        if "year" not in about.schema.names or not about.num_rows:
            return None
        at = about.schema.names.index("year")
        spans = [about.row_group(group).column(at).statistics for group in range(about.num_row_groups)]
        return min(span.min for span in spans), max(span.max for span in spans)

    def invented(self, name: str) -> Invented:
        """What of a built table rests on invented figures."""
        entry = self.processed_manifest().get("invented", {}).get(name)
        return Invented.from_json(entry) if entry else Invented()

    def with_pages(self) -> list[str]:
        """The numbers of the municipalities that have pages."""
        return sorted({page.parent.name.partition("-")[0] for page in self.reports.glob("[0-9]*-*/*.html")})

    def digests(self, *names: str) -> list[str | None]:
        """The sha256 of built tables as they stand; None for one that is not there."""
        tables = self.processed_manifest().get("tables", {})
        return [tables.get(name, {}).get("sha256") for name in names]

    def kept(self, name: str, real: bool = False) -> "pd.DataFrame":
        """A built table, or what of it is `real` (does not rest on invented figures), read once in this process; what is done to
        one frame of it is not seen in another."""
        key = (self, name, real, *self.digests(name))
        if key not in _kept:
            _kept[key] = self.invented(name).left(self.kept(name)) if real else self.table(name)
        return _kept[key].copy(deep=False)


_kept: "dict[tuple, pd.DataFrame]" = {}


def read_table(data: bytes, columns: list[str] | None = None) -> "pd.DataFrame":
    """A parquet file's frame, read without starting threads: a process that has read it can still be forked."""
    import pyarrow as pa  # with pandas half a second, which a command that reads no table does without
    import pyarrow.parquet as pq

    read = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False).read(columns, use_threads=False)
    return read.to_pandas(use_threads=False)


NAMED = re.compile(r"\w[\w.-]*")  # what an edition may be called


def editions(root: Path | None = None) -> list[str]:
    """The editions there are, newest first; the synthetic one comes last. What holds nothing that counts is none."""
    data = (root or home()) / "data"
    names = {path.parent.name for kind in ("raw", "processed") for path in (data / kind).glob("*/manifest.json")}
    return sorted((n for n in names if not n.startswith(".") and "+" not in n), key=lambda n: (n != DEMO, n), reverse=True)


def edition(name: str | None = None, root: Path | None = None) -> Edition:
    """An edition that is there, the newest where none is named."""
    root = root or home()
    there = editions(root)
    if name is None:
        if not there:
            raise UnknownEdition(f"Det finnes ingen utgave i {root / 'data'}. {_first_edition(root)}")
        name = there[0]
    if name.partition("+")[0] not in there or ("+" in name and not (Edition(name, root).processed / REGIONS).is_file()):
        todo = f"Kjør nlib fetch --edition {name}" if NAMED.fullmatch(name) else "Se nlib list editions."
        raise UnknownEdition(
            f"Utgaven «{name}» finnes ikke i {root / 'data'}. Det som finnes: {', '.join(there) or 'ingen'}. "
            f"{question(near(name, there), todo)}"
        )
    return Edition(name, root)


def _first_edition(root: Path) -> str:
    """What is to be done where there is no edition. nlib may be installed without the folder of the project."""
    todo = "kjør nlib fetch og nlib build, eller nlib demo og nlib build --edition demo"
    if settings.value("home") or (root / "notebooks").is_dir():
        return f"Gjør dette: {todo}."
    return f"nlib er installert uten prosjektmappen og leter der du står: sett NLIB_HOME til mappen med data/, eller {todo}."


def this_year(root: Path | None = None) -> str:
    """The edition that a run without a named one is for; `WrongUse` where the clock has plainly gone back to before the newest."""
    year = datetime.date.today().year
    if ahead := [name for name in editions(root) if name.isdigit() and int(name) > year + 1]:
        raise WrongUse(f"Maskinens klokke sier {year}, men utgaven {ahead[0]} finnes: still klokken, eller oppgi --edition")
    return str(year)


def new_edition(name: str, root: Path | None = None) -> Edition:
    """An edition to fetch into; it need not be there yet."""
    if not NAMED.fullmatch(name):
        raise WrongUse(f"«{name}» kan ikke være navnet på en utgave: bruk bokstaver, tall, punktum og bindestrek")
    return Edition(name, root or home())
