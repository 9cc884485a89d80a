"""Files that people have by hand: what each is, whether it can be read, and its bytes kept in the edition.

Only what a reader has read whole is kept. Tables are built from the kept bytes later, by the same readers.
"""

import datetime
from collections.abc import Callable, Iterable
from pathlib import Path

from nlib.build import pipeline
from nlib.core import store
from nlib.core.errors import BadAnswer, NlibError, WrongUse
from nlib.core.store import Edition
from nlib.data.readers import kinds, statbank_export, survey_export
from nlib.data.readers.kinds import File, FileKind

LARGEST = 200_000_000  # bytes of any file; tables may have fewer
BESIDE = ".kodebok.yaml"  # in place of .csv or .xlsx: the codebook of a file with answers


def edition(name: str | None = None, root: Path | None = None) -> Edition:
    """The edition that files are imported to: the one named, else the newest with real figures, else this year's."""
    real = [there for there in store.editions(root) if not store.edition(there, root).synthetic]
    chosen = store.new_edition(name or (real[0] if real else str(datetime.date.today().year)), root)
    if chosen.name == store.DEMO or chosen.synthetic:
        raise WrongUse(f"Utgaven {chosen.name} er syntetisk og kan ikke ta inn virkelige tall: velg en annen med --edition")
    return chosen


def load(edition: Edition, paths: Iterable[Path], kind: str | None = None, say: Callable[[str], None] = print) -> list[str]:
    """Import every file that can be, and give a line for each that could not; `kind` is recognised where it is None."""
    known = kinds.kinds()
    if kind is not None and kind not in known:
        raise WrongUse(f"Ingen slags fil heter «{kind}». Velg blant: {', '.join(known)}")
    failed = []
    for path in paths:
        try:
            _load_one(edition, path, known[kind] if kind else None, say)
        except NlibError as error:
            failed.append(f"{path.name}: {error}")
    return failed


def _load_one(edition: Edition, path: Path, kind: FileKind | None, say: Callable[[str], None]) -> None:
    if not path.is_file():
        raise BadAnswer("Det er ikke en vanlig fil, og den har ingen slutt")
    if path.stat().st_size > LARGEST:
        raise BadAnswer(f"Filen er over {LARGEST // 10**6} MB")
    if path.name.endswith(BESIDE):
        say(f"{path.name}: tas inn sammen med svarene den hører til")
        return
    body = _body(path, kind)
    name = path.name.encode("utf-8", "replace").decode()
    if before := edition.imported(body):
        say(f"{name}: er tatt inn fra før, som {before['kind']}, {before['when'][:10]} ({before['name']})")
        return
    file = File(body, pipeline.datasets().values())
    if survey_export.is_packed(body):
        kind = survey_export.FILE
    kind = kind or kinds.recognise(file)
    contents = kind.contents(file)
    if kind.private and store.tracked(edition.raw):
        raise WrongUse(
            f"Git følger med på {edition.raw}, og det som står i filen, skal ikke dit: skriv data/raw/* i .gitignore, "
            "eller bruk NLIB_HOME"
        )
    called = f"{kind.name}-{store.sha256(body)[:8]}{_suffix(path, body)}" if kind.private else name
    tables, notes = _stands_in(file) if kind is statbank_export.FILE else ([], [])
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    replaced = [e for e in edition.imports() if contents.own and e["kind"] == kind.name and contents.own.items() <= e.items()]
    entry = {"when": when, "producer": kind.producer, "licence": kind.licence, "tables": tables}
    edition.keep(kind.name, called, body, entry | contents.own)
    for former in replaced:
        edition.forget(former)
        notes.append(f"erstatter {former['name']}, tatt inn {former['when'][:10]}")
    if kind.source:  # counts as that source's, in place of one that was fetched
        raw, plan = pipeline.raws()[kind.source], f"import-{store.sha256(body)[:12]}"
        kept = f"000{path.suffix}"  # what the file is called could be what the folder's own list is called
        edition.receive(raw, plan, kept, body, {"address": f"nlib import {name}", "query": None, "fetched": when})
        edition.count(raw, plan, [kept], None)
    say("\n    ".join([f"{name}: {kind.name}, {contents.lines[0]}", *contents.lines[1:], *notes]))


def _suffix(path: Path, body: bytes) -> str:
    return ".zip" if survey_export.is_packed(body) else path.suffix if path.suffix.isascii() else ""


def _body(path: Path, kind: FileKind | None) -> bytes:
    """A file as it is kept: that of answers together with the codebook beside it, all others as they are."""
    body, beside = path.read_bytes(), path.with_suffix(BESIDE)
    if survey_export.is_packed(body):
        return body
    if kind in (None, survey_export.FILE) and beside.is_file():
        return survey_export.packed(beside.read_bytes(), body)
    if kind is survey_export.FILE:
        raise BadAnswer(f"Svarene mangler kodeboken {beside.name}: lag den med nlib survey draft {path.name}, og rett den")
    return body


def draft(path: Path) -> str:
    """A first codebook for a file with answers to a survey."""
    return survey_export.draft(path.read_bytes())


def _stands_in(file: File) -> tuple[list[str], list[str]]:
    """The numbers of the tables that a StatBank file can stand in for where they are not fetched, and a line for each it holds."""
    there = statbank_export.tables(file.sheets)
    tables, notes = [], []
    for need in pipeline.imported():
        if need.kind == "statbank" and need.table in there:
            try:
                need.together([("filen", need.read(file.body))])
            except BadAnswer as error:
                notes.append(f"brukes ikke i stedet for å hente tabell {need.table}: {error}")
            else:
                tables.append(need.table)
                notes.append(f"brukes i stedet for tabell {need.table} så lenge den ikke er hentet")
    return tables, notes


def forget(edition: Edition, paths: Iterable[Path], say: Callable[[str], None] = print) -> list[str]:
    """Take files out of the edition again, known by what is in them; gives a line for each that cannot be."""
    missing = []
    for path in paths:
        entry = edition.imported(_body(path, None))
        if entry is None:
            missing.append(f"{path.name}: er ikke tatt inn i utgaven {edition.name}")
        elif kinds.kinds()[entry["kind"]].source:
            missing.append(f"{path.name}: {entry['kind']} kan ikke tas ut, bare byttes ut: ta inn andre")
        else:
            edition.forget(entry)
            say(f"{entry['name']}: tatt ut av utgaven {edition.name}. Neste: nlib build --edition {edition.name}")
    return missing
