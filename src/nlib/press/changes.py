"""What is new in an edition since the one before it: later years, sources updated, new or gone, and municipalities."""

from nlib.core import store
from nlib.core.language import listed
from nlib.press.index_figures import MEASURES, latest

TRANSLATED = True


def news(edition: store.Edition) -> list[str]:
    """A line for each thing that has changed since the edition before; none where there is no such edition."""
    before = edition.before
    if before is None:
        return []
    return [*_figures(edition, before), *_sources(edition, before), *_places(edition, before)]


def _figures(edition, before):
    """Measures of the index that have a later year than before, or figures for the first time."""
    found: dict[tuple, list[str]] = {}
    for measure in MEASURES:
        now, then = (_year(held, measure) for held in (edition, before))
        if now is not None and now != then:
            found.setdefault((now, then), []).append(measure.label.removesuffix(", prosent").lower())
    for (now, then), labels in found.items():
        word = "nye tall" if then is None else "nyere tall" if now > then else "eldre tall"
        yield f"{word.capitalize()} for {listed(labels)}: {now}" + (f" (i utgaven {before.name}: {then})" if then else "")


def _year(edition, measure):
    told = latest(edition.kept(measure.table), measure) if edition.holds_table(measure.table) else None
    return told and told[0]


def _sources(edition, before):
    """Sources that the producer has changed since, and that have come or gone."""
    from nlib.build import pipeline

    now, then = (held.raw_manifest().get("sources", {}) for held in (edition, before))
    named = {name: raw.source for name, raw in pipeline.raws().items()}
    updated = [named[n] for n in named if n in now and n in then and now[n]["updated"] != then[n]["updated"]]
    new = [named[n] for n in named if n in now and n not in then]
    gone = [named[n] for n in named if n in then and n not in now]
    for what, names in (("Oppdatert av produsenten", updated), ("Nye kilder", new), ("Ikke med lenger", gone)):
        if names:
            yield f"{what}: {listed(names)}"


def _places(edition, before):
    """Municipalities whose number or name is new."""
    if not before.holds_table("municipalities"):
        return
    now, then = (held.kept("municipalities").set_index("komm_nr")["name"] for held in (edition, before))
    fresh = now[~now.index.isin(then.index) | (now != then.reindex(now.index))]
    if len(fresh):
        yield "Kommuner med nytt nummer eller navn: " + listed([f"{name} ({number})" for number, name in fresh.items()])
