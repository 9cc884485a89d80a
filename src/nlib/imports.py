"""Files that people have by hand: what each is, whether it can be read, and its bytes kept in the edition.

Only what a reader has read whole is kept. Tables are built from the kept bytes later, by the same readers.
"""

import datetime
import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from nlib import pipeline, store
from nlib.errors import BadAnswer, NlibError, WrongUse
from nlib.readers import (
    accounts,
    bridge,
    emissions,
    named_columns,
    old_projection,
    own_indicators,
    sheets,
    statbank_export,
    survey_export,
    survey_frame,
    survey_notes,
    telemarksforsking,
)
from nlib.readers import goals as goals_file
from nlib.readers.sheets import Sheet
from nlib.sources import employment_bridge, goals, kartverket_boundaries, old_projections, telemarksforsking_figures
from nlib.store import Edition
from nlib.tables import CC_BY, SSB


@dataclass(frozen=True)
class Kind:
    """A kind of file: whose it is, the licence where it is known, whether sheets are such a file, and what is in them.

    `read` gives lines for the user, the first with the count of rows; what cannot be read is a `BadAnswer`.
    """

    producer: str | None
    licence: str | None
    recognised: Callable[[list[Sheet]], bool]
    read: Callable[[list[Sheet]], list[str]]


def _statbank(found: list[Sheet]) -> list[str]:
    return [line for e in statbank_export.read(found) for line in (f"tabell {e.table}, {_counted(e.frame, ['value'])}", *e.told)]


def _telemarksforsking(found: list[Sheet]) -> list[str]:
    frame, told = telemarksforsking.read(found)
    return [_counted(frame, ["value"]), *told]


def _accounts(found: list[Sheet]) -> list[str]:
    frame, told = accounts.read(found)
    return [_counted(frame, ["wage_costs_kr", "operating_result_kr", "employees"]), *told]


def _old_projection(found: list[Sheet]) -> list[str]:
    frame, told = old_projection.read(found)
    return [_counted(frame, ["population"]), *told]


def _emissions(found: list[Sheet]) -> list[str]:
    frame, told = emissions.read(found)
    return [_counted(frame, ["emissions_t"]), *told]


def _own_indicators(found: list[Sheet]) -> list[str]:
    frame, told = own_indicators.read(found)
    return [f"{len(frame)} indikatorer i {frame['area'].nunique()} områder", *told]


def _survey_frame(found: list[Sheet]) -> list[str]:
    frame, told = survey_frame.read(found)
    return [f"{len(frame)} grupper, {frame['invited'].sum()} inviterte", *told]


def _survey_notes(found: list[Sheet]) -> list[str]:
    frame, told = survey_notes.read(found)
    return [f"{len(frame)} notater, {frame['quote'].notna().sum()} godkjente sitater", *told]


def _bridge(found: list[Sheet]) -> list[str]:
    frame, told = bridge.read(found)
    return [_counted(frame, list(bridge.COUNTS)), *told]


def _counted(frame: pd.DataFrame, figures: list[str]) -> str:
    return f"{len(frame)} rader, {int(frame[figures].isna().sum().sum())} manglende tall"


BOUNDARIES = "kommunegrenser"
SHEETS = {
    "statbank": Kind(SSB, CC_BY, statbank_export.recognised, _statbank),
    "regnskap": Kind(None, None, partial(named_columns.recognised, accounts.KIND), _accounts),
    "framskriving": Kind(
        old_projections.IMPORTED.producer,
        old_projections.IMPORTED.licence,
        partial(named_columns.recognised, old_projection.KIND),
        _old_projection,
    ),
    # before Telemarksforsking's, which have a «Størrelse» too
    survey_frame.KIND: Kind(None, None, partial(named_columns.recognised, survey_frame.KIND), _survey_frame),
    "telemarksforsking": Kind(
        telemarksforsking_figures.IMPORTED.producer,
        None,
        partial(named_columns.recognised, telemarksforsking.KIND),
        _telemarksforsking,
    ),
    "utslipp": Kind(None, None, partial(named_columns.recognised, emissions.KIND), _emissions),
    own_indicators.KIND: Kind(None, None, partial(named_columns.recognised, own_indicators.KIND), _own_indicators),
    survey_notes.KIND: Kind(None, None, partial(named_columns.recognised, survey_notes.KIND), _survey_notes),
    "bro": Kind(
        employment_bridge.IMPORTED.producer,
        employment_bridge.IMPORTED.licence,
        partial(named_columns.recognised, bridge.KIND),
        _bridge,
    ),
}
KINDS = (BOUNDARIES, goals.KIND, survey_export.KIND, *SHEETS)
PRIVATE = (survey_export.KIND, survey_notes.KIND)  # hold what people have said
BESIDE = ".kodebok.yaml"  # in place of .csv or .xlsx: the codebook of a file with answers


def edition(name: str | None = None, root: Path | None = None) -> Edition:
    """The edition that files are imported to: the one named, else the newest with real figures, else this year's."""
    real = [there for there in store.editions(root) if not store.edition(there, root).synthetic]
    chosen = store.new_edition(name or (real[0] if real else str(datetime.date.today().year)), root)
    if chosen.name == store.DEMO or chosen.synthetic:
        raise WrongUse(f"Utgaven {chosen.name} er syntetisk og kan ikke ta inn virkelige tall: velg en annen med --edition")
    return chosen


def recognise(found: list[Sheet]) -> str:
    """Which of `SHEETS` a file is; `BadAnswer` where it is none."""
    for name, kind in SHEETS.items():
        if kind.recognised(found):
            return name
    raise BadAnswer(
        "Kjenner ikke igjen filen som tabell fra Statistikkbanken, Telemarksforsking, regnskap, utslipp, bro eller kommunegrenser. "
        f"Si hva den er med --as ({', '.join(KINDS)}), så sies det hva den mangler"
    )


def _is_geojson(body: bytes) -> bool:
    """Whether it is GeoJSON, plain or in a zip."""
    if not body.startswith(b"PK"):
        return body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"FeatureCollection"' in body
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return any(name.casefold().endswith((".geojson", ".json")) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BadAnswer(f"Filen er en skadet zip- eller Excel-fil ({error}): last den ned på nytt") from error


def load(edition: Edition, paths: Iterable[Path], kind: str | None = None, say: Callable[[str], None] = print) -> list[str]:
    """Import every file that can be, and give a line for each that could not; `kind` is recognised where it is None."""
    failed = []
    for path in paths:
        try:
            _load_one(edition, path, kind, say)
        except NlibError as error:
            failed.append(f"{path.name}: {error}")
    return failed


def _load_one(edition: Edition, path: Path, kind: str | None, say: Callable[[str], None]) -> None:
    if path.stat().st_size > sheets.MAX_BYTES:
        raise BadAnswer(f"Filen er over {sheets.MAX_BYTES // 10**6} MB")
    if path.name.endswith(BESIDE):
        say(f"{path.name}: tas inn sammen med svarene den hører til")
        return
    body = _body(path, kind)
    name = path.name.encode("utf-8", "replace").decode()
    if before := edition.imported(body):
        say(f"{name}: er tatt inn fra før, som {before['kind']}, {before['when'][:10]} ({before['name']})")
        return
    raw = kartverket_boundaries.RAW
    producer: str | None
    licence: str | None
    if survey_export.is_packed(body):
        return _keep_answers(edition, path.stem + ".zip", body, say)
    if kind == BOUNDARIES or (kind is None and _is_geojson(body)):
        chosen, lines, producer, licence = BOUNDARIES, [f"{len(raw.read([body]))} kommuner"], raw.producer, raw.licence
    elif kind == goals.KIND or (kind is None and goals_file.is_yaml(body)):
        return _keep_goals(edition, name, body, say)
    else:
        found = telemarksforsking.unwrapped(body)
        if kind is None and goals_file.recognised(found):
            return _keep_goals(edition, name, body, say)
        chosen = kind or recognise(found)
        lines, producer, licence = SHEETS[chosen].read(found), SHEETS[chosen].producer, SHEETS[chosen].licence
    if chosen in PRIVATE:
        _refuse_where_git_tracks(edition)
    tables, told = _stands_in(body) if chosen == "statbank" else ([], [])
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    edition.keep(chosen, name, body, {"when": when, "producer": producer, "licence": licence, "tables": tables})
    if chosen == BOUNDARIES:  # counts as Kartverket's, in place of one that was fetched
        plan = f"import-{store.sha256(body)[:12]}"
        edition.receive(raw, plan, name, body, {"address": f"nlib import {name}", "query": None, "fetched": when})
        edition.count(raw, plan, [name], None)
    say("\n    ".join([f"{name}: {chosen}, {lines[0]}", *lines[1:], *told]))


def _body(path: Path, kind: str | None) -> bytes:
    """A file as it is kept: that of answers together with the codebook beside it, all others as they are."""
    body, beside = path.read_bytes(), path.with_suffix(BESIDE)
    if survey_export.is_packed(body):
        return body
    if kind in (None, survey_export.KIND) and beside.is_file():
        return survey_export.packed(beside.read_bytes(), body)
    if kind == survey_export.KIND:
        raise BadAnswer(f"Svarene mangler kodeboken {beside.name}: lag den med nlib survey draft {path.name}, og rett den")
    return body


def draft(path: Path) -> str:
    """A first codebook for a file with answers to a survey."""
    return survey_export.draft(path.read_bytes())


def _keep_answers(edition: Edition, name: str, body: bytes, say: Callable[[str], None]) -> None:
    """Keep the answers to a wave of a survey in place of those it had: a codebook is mended by importing the answers again."""
    answers = survey_export.read(body)
    _refuse_where_git_tracks(edition)
    own = {"komm_nr": answers.komm_nr, "year": answers.wave}
    before = [e for e in edition.imports() if e["kind"] == survey_export.KIND and own.items() <= e.items()]
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    edition.keep(survey_export.KIND, name, body, {"when": when, "producer": None, "licence": None, "tables": []} | own)
    for entry in before:
        edition.forget(entry)
    told = [*answers.told, *(f"erstatter {entry['name']}, tatt inn {entry['when'][:10]}" for entry in before)]
    asked = f"{len(answers.background)} svar på {len(answers.questions)} spørsmål i {answers.wave}"
    say("\n    ".join([f"{name}: {survey_export.KIND}, {asked}", *told]))


def _refuse_where_git_tracks(edition: Edition) -> None:
    if store.tracked(edition.raw):
        raise WrongUse(
            f"Git følger med på {edition.raw}, og svar fra folk skal ikke dit: skriv data/raw/* i .gitignore, eller bruk NLIB_HOME"
        )


def _keep_goals(edition: Edition, name: str, body: bytes, say: Callable[[str], None]) -> None:
    """Keep a municipality's goals in place of those it had: a plan is followed by changing its file and importing it again."""
    frame, told = goals.inspected(body, pipeline.datasets().values())
    number = frame["komm_nr"].iloc[0]
    before = [entry for entry in edition.imports() if entry["kind"] == goals.KIND and entry.get("komm_nr") == number]
    when = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    edition.keep(goals.KIND, name, body, {"when": when, "producer": None, "licence": None, "tables": [], "komm_nr": number})
    for entry in before:
        edition.forget(entry)
        told = [*told, f"erstatter {entry['name']}, tatt inn {entry['when'][:10]}"]
    count = f"{frame['measure'].isna().sum()} mål og {frame['measure'].notna().sum()} tiltak for kommune {number}"
    tied = f"{frame['indicator'].notna().sum()} med indikator"
    say("\n    ".join([f"{name}: {goals.KIND}, {count}, {tied}", *told]))


def _stands_in(body: bytes) -> tuple[list[str], list[str]]:
    """The numbers of the tables that a StatBank file can stand in for where they are not fetched, and a line for each it holds."""
    held = {export.table for export in statbank_export.read(telemarksforsking.unwrapped(body))}
    tables, told = [], []
    for need in pipeline.imported():
        if need.kind == "statbank" and need.table in held:
            try:
                need.together([("filen", need.read(body))])
            except BadAnswer as error:
                told.append(f"brukes ikke i stedet for å hente tabell {need.table}: {error}")
            else:
                tables.append(need.table)
                told.append(f"brukes i stedet for tabell {need.table} så lenge den ikke er hentet")
    return tables, told


def forget(edition: Edition, paths: Iterable[Path], say: Callable[[str], None] = print) -> list[str]:
    """Take files out of the edition again, known by what is in them; gives a line for each that cannot be."""
    missing = []
    for path in paths:
        entry = edition.imported(_body(path, None))
        if entry is None:
            missing.append(f"{path.name}: er ikke tatt inn i utgaven {edition.name}")
        elif entry["kind"] == BOUNDARIES:
            missing.append(f"{path.name}: kommunegrenser kan ikke tas ut, bare byttes ut: ta inn andre")
        else:
            edition.forget(entry)
            say(f"{entry['name']}: tatt ut av utgaven {edition.name}. Neste: nlib build --edition {edition.name}")
    return missing
