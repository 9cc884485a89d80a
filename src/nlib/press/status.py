"""What there is and what has been done, as rows that a program or a person reads: `nlib list` and `nlib status`."""

import os
import shutil
import sys

from nlib.core import store
from nlib.core.errors import many
from nlib.core.store import Edition
from nlib.press import local, runs

AGAIN = {
    "update": "Kjør den igjen: det som ble ferdig, lages ikke på nytt.",
    "report": "Kjør den igjen; med --changed lages bare det som gjenstår.",
}
TOLD = ("begun", "ended", "process", "step", "seconds", "pages", "failed", "lost", "nlib_version", "commit")  # of a run
LINES = {  # how a row is written where a person reads it
    "editions": "{name}",
    "notebooks": "{name}",
    "indikatorer": "{indicator:26} {label:36} {unit:8} {kind:12} {source}",
    "tabeller": "{name:28} {title:52} {covered}",
    "kommuner": "{komm_nr}  {name:34} {county}",
}


def listed(what: str, edition: Edition | None) -> list[dict]:
    """The rows of a list: editions, notebooks, published indicators (`indikatorer`), tables (`tabeller`) or municipalities
    (`kommuner`) of an edition."""
    if what == "indikatorer":
        from nlib.core.catalogue import CATALOGUE  # with pandas; what reads no table is listed at once

        return CATALOGUE.to_dict("records")
    if what == "editions":
        return [{"name": name} for name in store.editions()]
    if what == "notebooks":
        return [{"name": name, "path": str(path)} for name, path in local.notebooks(store.home() / "notebooks").items()]
    if what == "kommuner":
        table = (edition or store.edition()).table("municipalities")[["komm_nr", "name", "county"]]
        return table.astype(object).where(table.notna(), None).to_dict("records")
    from nlib.build import pipeline

    return [_table(pipeline, edition, dataset) for dataset in pipeline.datasets().values()]


def _table(pipeline, edition: Edition | None, dataset) -> dict:
    """A table by its declaration and the edition's manifest."""
    about = {"name": dataset.name, "title": dataset.title}
    entry = edition.processed_manifest().get("tables", {}).get(dataset.name) if edition else None
    if edition is None or entry is None:
        return about | {"built": False, "covered": "ikke bygd"}
    years, source = edition.years(dataset.name), pipeline.sources_text(edition, dataset.name)
    span = f"{years[0]}–{years[1]}" if years else ""
    covered = f"{span:10} {entry['rows']:>8} rader  {source}"
    return about | {"built": True, "years": span, "rows": entry["rows"], "source": source, "covered": covered}


def line(what: str, row: dict) -> str:
    """A row of a list as a person reads it: on a terminal no wider than that is."""
    text = LINES[what].format(**{name: "" if value is None else value for name, value in row.items()})
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else len(text)
    return text if len(text) <= room else f"{text[: room - 1]}…"


def last(name: str | None) -> Edition:
    """The edition of this name, or that of the last run; a run that got no figures has an edition too, with what failed in it."""
    found = [path for kind in runs.FILES.values() for path in (store.home() / "reports").glob(f"*/{kind}")]
    times = {path.parent.name: path.stat().st_mtime for path in found if not path.parent.is_symlink()}
    name = name or max(times, key=lambda run: times[run], default=None)
    return Edition(name, store.home()) if name in times else store.edition(name)


def of(edition: Edition) -> dict:
    """What there is of an edition, which process is at work on it, and the last run of each command: `update` the yearly run,
    `report` pages made by hand, both with the names of `TOLD`. None for what there is not."""
    found = {"edition": edition.name, "synthetic": edition.synthetic, "running": _living(store.holder(edition.root))}
    found["built"] = len(edition.processed_manifest().get("tables", {}))
    for command in runs.FILES:
        run = store.read_json(runs.file(edition, command))
        found[command] = {name: run[name] for name in TOLD} if run.keys() >= {*TOLD} else None
        if found[command] and not run["ended"]:
            found["running"] = found["running"] or _living(run["process"])
    return found


def lines(status: dict) -> list[str]:
    """A status as a person reads it."""
    running = f"En kjøring pågår nå (prosess {status['running']})." if status["running"] else "Ingen kjøring pågår."
    found = [f"Utgaven {status['edition']}: {many(status['built'], 'tabell', 'tabeller')}. {running}"]
    lines = [line for command in runs.FILES if status[command] for line in _lines(command, status[command])]
    return found + (lines or ["Ingen sider er laget ennå."])


def _lines(command: str, run: dict) -> list[str]:
    """What a run did, or how far it is come, or came before it was stopped."""
    begun, at, pages = f"nlib {command} {run['begun']}", f"trinnet «{run['step']}»", runs.told_pages(run["pages"])
    took = ", ".join(f"{step} {seconds:.0f} s" for step, seconds in run["seconds"].items())
    if run["ended"]:
        first = f"{begun}, ferdig {run['ended']}: {took or 'ingenting gjort'}."
    elif _living(run["process"]):
        first = f"{begun}: pågår nå (prosess {run['process']}), i {at}."
    else:
        first = f"{begun} gikk ikke til ende: den ble stanset i {at}. {AGAIN[command]}"
    failed = [f"  - {each}" for each in run["failed"]]
    about = f"  {pages}. {many(len(failed), 'ting', 'ting')} feilet. nlib {run['nlib_version']}, {run['commit']}."
    lost = [f"  Kilder som ikke kom: {', '.join(lost['source'] for lost in run['lost'])}."] if run["lost"] else []
    return [first, about, *failed, *lost]


def _living(process: int | None) -> int | None:
    """The process if it is there; None where it is not, and on Windows, where it cannot be asked."""
    if process is None or sys.platform == "win32":
        return None
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except PermissionError:  # another user's
        pass
    return process
