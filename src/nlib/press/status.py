"""What there is and what has been done, as rows that a program or a person reads: `nlib list` and `nlib status`."""

import os
import shutil
import sys

from nlib.core import store
from nlib.core.store import Edition
from nlib.press import local

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
    runs = {
        path.parent.name: path.stat().st_mtime
        for path in (store.home() / "reports").glob("*/run.json")
        if not path.parent.is_symlink()
    }
    name = name or max(runs, key=lambda run: runs[run], default=None)
    return Edition(name, store.home()) if name in runs else store.edition(name)


def of(edition: Edition) -> dict:
    """What the last run of an edition did, from its run.json, and the process that has the folders now, None where none has."""
    run = store.read_json(edition.reports / "run.json")
    failed = run.get("failed", {})
    return {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "running": _running(edition),
        "begun": run.get("begun"),
        "seconds": run.get("seconds"),
        "pages": run.get("pages"),
        "failed": [f"{where}: {why}" for where, why in failed.items()] if isinstance(failed, dict) else failed,
        "built": len(edition.processed_manifest().get("tables", {})),
        "nlib_version": run.get("nlib_version"),
        "commit": run.get("commit"),
    }


def lines(run: dict) -> list[str]:
    """A status as a person reads it."""
    running = f"En kjøring pågår nå (prosess {run['running']})." if run["running"] else "Ingen kjøring pågår."
    found = [f"Utgaven {run['edition']}: {run['built']} tabeller. {running}"]
    if run["seconds"] is None:
        return [*found, "Ingen sider er laget ennå."]
    seconds = run["seconds"] if isinstance(run["seconds"], dict) else {"sider": run["seconds"]}
    took = ", ".join(f"{step} {number:.0f} s" for step, number in seconds.items())
    found.append(f"Siste kjøring{' ' + run['begun'] if run['begun'] else ''}: {took}. nlib {run['nlib_version']}, {run['commit']}.")
    if run["pages"]:
        found.append("Sider: " + ", ".join(f"{number} {what}" for what, number in run["pages"].items()) + ".")
    return [*found, f"{len(run['failed'])} ting feilet.", *(f"  - {each}" for each in run["failed"])]


def _running(edition: Edition) -> int | None:
    """The process that has the folders; None where none has, and on Windows, where it cannot be asked."""
    who = store.holder(edition.root)
    if who is None or sys.platform == "win32":
        return None
    try:
        os.kill(who, 0)
    except ProcessLookupError:
        return None
    except PermissionError:  # another user's
        pass
    return who
