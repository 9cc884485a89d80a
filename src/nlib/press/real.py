"""What a reader is told of an edition in which some figures are invented: which are not."""

from collections.abc import Collection

from nlib.core.language import spans
from nlib.core.store import Edition
from nlib.core.tables import SSB
from nlib.core.translations import tr


def real_of(edition: Edition, sources: Collection[str] | None = None) -> str:
    """Which figures are real among these sources (all where not given), in a sentence; empty where none or every one is."""
    if not edition.synthetic:
        return ""
    named = []
    for name, entry in edition.raw_manifest()["sources"].items():
        years = entry.get("known")
        if isinstance(years, list) and years and (sources is None or name in sources):
            producer = "SSB" if entry["producer"] == SSB else entry["producer"]
            named.append(f"{entry['title'].partition(', etter ')[0]} {spans(years)} ({producer}, tabell {entry['table']})")
    told = tr("Demodata – ikke bare virkelige tall. Virkelige er: {real}. Tall som bygger på noe annet, er oppdiktet og merket.")
    return told.format(real="; ".join(named)) if named else ""
