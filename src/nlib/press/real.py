"""What a page says of its edition, and which figures are real where some of them are invented."""

from collections.abc import Collection

from nlib.core.language import spans
from nlib.core.store import Edition
from nlib.core.tables import SSB
from nlib.core.translations import _
from nlib.press.render import made_by


def facts_of(edition: Edition, **own) -> dict:
    """What a page says of its edition, as `nlib.press.render.page` takes it. own: what is another on this page."""
    usual = {"edition": edition.name, "synthetic": edition.synthetic, "real": real_of(edition), "figures_date": ""}
    return usual | {"sources": [], "warnings": [], "accepted": ""} | made_by() | own


def real_of(edition: Edition, sources: Collection[str] | None = None) -> str:
    """Which figures are real among these sources (all where not given), in a sentence; empty where none or every one is."""
    if not edition.synthetic:
        return ""
    named = []
    for name, entry in edition.raw_manifest()["sources"].items():
        years = entry.get("known")
        if isinstance(years, list) and years and (sources is None or name in sources):
            theirs = f"{entry['producer']}, {entry['table']}"
            producer = _("SSB, tabell {tables}", tables=entry["table"]) if entry["producer"] == SSB else theirs
            named.append(f"{entry['title'].partition(', etter ')[0]} {spans(years)} ({producer})")
    text = _("Demodata – ikke bare virkelige tall. Virkelige er: {real}. Tall som bygger på noe annet, er oppdiktet og merket.")
    return text.format(real="; ".join(named)) if named else ""
