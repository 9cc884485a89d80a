"""What pages say of their figures, and the page «Om tallene»: where each is from, how new, what is missing, and what it means."""

import datetime
from pathlib import Path

import pandas as pd

from nlib.build import pipeline
from nlib.core import store
from nlib.core.language import date
from nlib.core.tables import MARKS
from nlib.core.translations import WRITTEN, _, spoken
from nlib.press.local import about_of
from nlib.press.real import facts_of, real_of
from nlib.press.render import page, template

OLDEST = 2  # years
OVERVIEW = {"Innhold": "Innhold", "Tabell": "Tabell", "År": "År", "Kommuner": "Kommuner", "Manglende tall": "Mangler"}
OVERVIEW |= {"Ikke sammenlignbare": "Ikke like"}
COLUMNS = {"column": "Kolonne", "unit": "Enhet", "meaning": "Betydning"}


def facts(edition: store.Edition, notebook: Path) -> dict:
    """What a page says of its figures: edition, date, sources, warnings (from the tables that the notebook's metadata names)."""
    about = about_of(notebook)
    moments = {name: moment for name in about["tables"] if (moment := pipeline.datasets()[name].moment)}
    tables = {name: edition.table(name)["year"] for name in moments}
    years = {name: int(column.max()) for name, column in tables.items() if len(column)}  # an optional source may not be there
    latest = [f"{_(moments[name])} {years[name]}" for name in years]
    return {
        "edition": edition.name,
        "synthetic": edition.synthetic,
        "real": real_of(edition, pipeline.origins(about["tables"])),
        "figures_date": latest[0] if latest else "",
        "sources": sources_of(edition, about["tables"]),
        "warnings": old(edition, list(years.values())),
        "accepted": accepted_in(edition),
    }


def accepted_in(edition: store.Edition) -> str:
    """One line of the rules that are broken knowingly, for the end of every page; empty where none is."""
    accepted = edition.processed_manifest().get("accepted", {})
    return f"{_('Godtatt brudd på en kontroll:')} {'; '.join(accepted.values())}" if accepted else ""


def old(edition: store.Edition, years: list[int]) -> list[str]:
    """A word of warning where the newest figures are more than two years older than the edition's name says it is."""
    newest = max(years, default=None)
    if newest is None or not edition.name.isdigit() or int(edition.name) - newest <= OLDEST:
        return []
    text = _("Gamle tall: de nyeste er fra {newest}, og utgaven er fra {edition}. Se etter om kilden har stoppet.")
    return [text.format(newest=newest, edition=edition.name)]


def sources_of(edition: store.Edition, tables) -> list[tuple[str, str, str, str]]:
    """Where tables come from: text, address, licence, and when; and what stands in for a source that is not here."""
    counted = edition.raw_manifest()["sources"]
    raws = pipeline.origins(tables).values()
    here = [
        (f"{raw.source}: {raw.title}", raw.page, raw.licence, updated_text(counted[raw.name]))
        for raw in raws
        if raw.name in counted
    ]
    absent = [raw for raw in raws if raw.name not in counted and raw.instead]
    by_hand = [
        (
            f"{need.source}: {_('egen fil')}",
            "",
            need.licence or _("ikke oppgitt"),
            f"{_('tatt inn')} {day_of(entry['when'])}",
        )
        for need, entry in pipeline.files_by_hand(edition, tables)
    ]
    return here + [(f"{raw.producer}: {raw.instead}", raw.page, raw.licence, _("følger nlib")) for raw in absent] + by_hand


def updated_text(source: dict) -> str:
    """When the producer last changed the table, in words; when it was fetched where the producer does not say."""
    moment = source["updated"] or source["files"][0]["fetched"]
    word = _("oppdatert") if source["updated"] else _("hentet")
    return f"{word} {day_of(moment)}"


def day_of(moment: str) -> str:
    """The day of an ISO time, in words."""
    return date(datetime.date.fromisoformat(moment[:10]))


def titles(tables) -> list[tuple[str, str]]:
    """Tables by name, each with its title."""
    return [(name, pipeline.datasets()[name].title) for name in tables]


def about_html(edition: store.Edition) -> str:
    """The page «Om tallene»: where each table of the edition is from, what it covers, what is missing, and what it means."""
    facts = facts_of(edition, sources=sources_of(edition, pipeline.datasets()), accepted=accepted_in(edition))
    tables = pipeline.describe(edition).sort_values("Innhold")
    body = template("om_tallene.html.j2").render(
        language=WRITTEN if spoken() != WRITTEN else "",  # the tables are described in bokmål only
        marks="; ".join(f"«{mark}» {what}" for mark, what in MARKS.items()),
        overview=tables[list(OVERVIEW)].rename(columns=OVERVIEW),
        sources=pipeline.describe_sources(edition).drop(columns="Lisens"),
        tables=[(row, _columns(row["Tabell"])) for row in tables.to_dict("records")],
        facts=facts,
    )
    return page([body], title=_("Om tallene"), place=_("Alle kommuner"), edition_facts=facts, index="index.html")


def _columns(name: str) -> pd.DataFrame:
    columns = pipeline.datasets()[name].columns().rename(columns=COLUMNS)
    return columns[list(COLUMNS.values())]
