"""What there is and what has been done, as rows that a program or a person reads: `nlib list` and `nlib status`."""

import os
import sys

from nlib.build import pipeline
from nlib.core import store
from nlib.core.catalogue import CATALOGUE
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
        return CATALOGUE.to_dict("records")
    if what == "editions":
        return [{"name": name} for name in store.editions()]
    if what == "notebooks":
        return [{"name": name, "path": str(path)} for name, path in local.notebooks(store.home() / "notebooks").items()]
    if what == "kommuner":
        table = (edition or store.edition()).table("municipalities")[["komm_nr", "name", "county"]]
        return table.astype(object).where(table.notna(), None).to_dict("records")
    there = {row["Tabell"]: row for row in pipeline.describe(edition).to_dict("records")} if edition else {}
    return [_table(dataset, there.get(dataset.name)) for dataset in pipeline.datasets().values()]


def _table(dataset, held: dict | None) -> dict:
    if held is None:
        return {"name": dataset.name, "title": dataset.title, "built": False, "covered": "ikke bygd"}
    told = {"years": held["År"], "rows": held["Rader"], "source": held["Kilde"]}
    covered = f"{held['År']:10} {held['Rader']:>8} rader  {held['Kilde']}"
    return {"name": dataset.name, "title": dataset.title, "built": True} | told | {"covered": covered}


def line(what: str, row: dict) -> str:
    """A row of a list as a person reads it."""
    return LINES[what].format(**{name: "" if value is None else value for name, value in row.items()})


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


def lines(told: dict) -> list[str]:
    """A status as a person reads it."""
    running = f"En kjøring pågår nå (prosess {told['running']})." if told["running"] else "Ingen kjøring pågår."
    found = [f"Utgaven {told['edition']}: {told['built']} tabeller. {running}"]
    if told["seconds"] is None:
        return [*found, "Ingen sider er laget ennå."]
    seconds = told["seconds"] if isinstance(told["seconds"], dict) else {"sider": told["seconds"]}
    took = ", ".join(f"{step} {number:.0f} s" for step, number in seconds.items())
    found.append(
        f"Siste kjøring{' ' + told['begun'] if told['begun'] else ''}: {took}. nlib {told['nlib_version']}, {told['commit']}."
    )
    if told["pages"]:
        found.append("Sider: " + ", ".join(f"{number} {what}" for what, number in told["pages"].items()) + ".")
    return [*found, f"{len(told['failed'])} ting feilet.", *(f"  - {each}" for each in told["failed"])]


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
