"""What is new in an edition since the one before it: later years, what is corrected, sources updated, new or gone, municipalities.

It stands in lines on the index and in a mail, on the page «Nytt», and in its feed (Atom).
"""

import datetime
import uuid

import pandas as pd

from nlib.charts.html import anchor
from nlib.core import store
from nlib.core.catalogue import LISTED
from nlib.core.language import alphabetical, listed, number, spans
from nlib.core.translations import _
from nlib.press.real import facts_of
from nlib.press.render import page, template
from nlib.themes.rapport.news import changed, counted, later

PAGE, FEED = "nytt.html", "nytt.xml"
SHOWN = 10  # of the municipalities that an indicator is another for


def news(edition: store.Edition) -> list[str]:
    """A line for each thing that has changed since the edition before; none where there is no such edition."""
    before = edition.before
    if before is None:
        return []
    return [*_figures(edition, before), *_sources(edition, before), *_places(edition, before)]


def _facts(edition, before) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """The facts of both editions; None where one has none."""
    both = [each.kept("facts") for each in (edition, before) if each.holds_table("facts")]
    return (both[0], both[1]) if len(both) == 2 else None


def _figures(edition, before):
    """Indicators that have a later year than before, and those that are no longer what they were."""
    if (both := _facts(edition, before)) is None:
        return
    found: dict[tuple, list[str]] = {}
    for name, years in later(*both).items():
        found.setdefault(years, []).append(_called(name))
    for (now, then), labels in found.items():
        since = _(" (i utgaven {name}: {then})", name=before.name, then=then) if then else ""
        yield _("Nye tall for {labels}: {now}{since}", labels=listed(labels), now=now, since=since)
    corrected, estimated = _others(*both)
    if corrected:
        yield _(
            "Rettet av kilden: {value}", value=listed([f"{_called(name)} ({_places_of(rows)})" for name, rows in corrected.items()])
        )
    if estimated:
        yield _("Beregnet på nytt, også for tidligere år: {value}", value=listed([_called(name) for name in estimated]))


def _others(now, then) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """What is no longer what it was, by indicator: what registers count, and what is estimated."""
    rows = dict(list(changed(now, then).groupby("indicator")))
    corrected = {name: rows[name] for name in counted(name for name in LISTED.index if name in rows)}
    return corrected, {name: rows[name] for name in LISTED.index if name in rows and name not in corrected}


def _called(indicator: str) -> str:
    label = _(LISTED.at[indicator, "label"])
    return label[0].lower() + label[1:]


def _places_of(rows: pd.DataFrame) -> str:
    places = rows["komm_nr"].nunique()
    return _("én kommune") if places == 1 else _("{places} kommuner", places=number(places))


def _sources(edition, before):
    """Sources that the producer has changed since, and that have come or gone."""
    from nlib.build import pipeline

    now, then = (each.raw_manifest().get("sources", {}) for each in (edition, before))
    named = {name: raw.source for name, raw in pipeline.raws().items()}
    updated = [named[n] for n in named if n in now and n in then and now[n]["updated"] != then[n]["updated"]]
    new = [named[n] for n in named if n in now and n not in then]
    gone = [named[n] for n in named if n in then and n not in now]
    for what, names in ((_("Oppdatert av produsenten"), updated), (_("Nye kilder"), new), (_("Ikke med lenger"), gone)):
        if names:
            yield f"{what}: {listed(names)}"


def _places(edition, before):
    """Municipalities whose number or name is new."""
    if not before.holds_table("municipalities"):
        return
    now, then = (each.kept("municipalities").set_index("komm_nr")["name"] for each in (edition, before))
    fresh = now[~now.index.isin(then.index) | (now != then.reindex(now.index))]
    if len(fresh):
        yield _("Kommuner med nytt nummer eller navn: ") + listed([f"{name} ({number})" for number, name in fresh.items()])


def pages(edition: store.Edition) -> dict[str, bytes]:
    """The page «Nytt» and its feed, by name; none where there is no edition before."""
    if edition.before is None:
        return {}
    return {PAGE: _page(edition, edition.before).encode(), FEED: _feed(edition, edition.before).encode()}


def _page(edition, before) -> str:
    sections = [
        (heading, why, [_section(edition, name, rows) for name, rows in found.items()])
        for heading, why, found in _sections(edition, before)
    ]
    body = template("nytt.html.j2").render(
        lead=_(
            "Hva som er annerledes enn i utgaven {name}: nye år, det kilden har rettet, og det som er beregnet på nytt.",
            name=before.name,
        ),
        lines=news(edition) or [_nothing(before)],
        follow=_("Følg med: legg adressen til denne strømmen inn i en nyhetsleser."),
        feed=FEED,
        sections=sections,
    )
    return page([body], title=_("Nytt siden sist"), place=_("Alle kommuner"), edition_facts=facts_of(edition), index="index.html")


def _nothing(before) -> str:
    return _("Ingen av tallene er nye eller rettet siden utgaven {name}.", name=before.name)


def _sections(edition, before):
    if (both := _facts(edition, before)) is None:
        return
    corrected, estimated = _others(*both)
    if corrected:
        yield _("Rettet av kilden"), _("Tall for år som også forrige utgave hadde, og som kilden har endret siden."), corrected
    if estimated:
        why = _("Anslag og indekser regnes ut av alle årene hver gang: nye tall endrer også tidligere år.")
        yield _("Beregnet på nytt"), why, estimated


def _section(edition, name, rows) -> tuple[str, str, pd.DataFrame, str, dict[str, int]]:
    """An indicator that is another, with those municipalities for which it has changed most: its id, what it is, and a table with
    its caption and decimals."""
    names = edition.kept("municipalities").set_index("komm_nr")["name"]
    rows = rows.assign(place=rows["komm_nr"].map(names)).dropna(subset="place")
    most = rows.assign(size=(rows["value"] - rows["before"]).abs()).sort_values("size", ascending=False, kind="stable").head(SHOWN)
    most = most.sort_values(["place", "year"], key=lambda column: column.map(alphabetical) if column.dtype == "str" else column)
    shown = pd.DataFrame(
        {_("Kommune"): most["place"], _("År"): most["year"].astype("str"), _("Før"): most["before"], _("Nå"): most["value"]}
    ).reset_index(drop=True)
    decimals = dict.fromkeys((_("Før"), _("Nå")), int(LISTED.at[name, "decimals"]))
    label, unit = _(LISTED.at[name, "label"]), _(LISTED.at[name, "unit"])
    title = f"{label}{f', {unit}' if unit else ''}"
    caption = _("{title}: de {shown} som er mest endret", title=title, shown=len(shown)) if len(rows) > SHOWN else title
    summary = f"{title}: {_places_of(rows)}, {spans(sorted(set(rows['year'])))}"
    return anchor(name), summary, shown, caption, decimals


def _feed(edition, before) -> str:
    """The feed: an entry for each thing that is new in the edition."""
    return template("nytt.xml.j2").render(
        id=_id("feed"),
        title=_("Kommunetall, nytt i utgaven {name}", name=edition.name),
        when=_moment(edition),
        feed=FEED,
        page=PAGE,
        entries=[(_id(edition.name, line), line) for line in news(edition) or [_nothing(before)]],
    )


def _id(*parts: str) -> str:
    """An address that is the same every time for the same thing."""
    return uuid.uuid5(uuid.NAMESPACE_URL, " ".join(("nlib", *parts))).urn


def _moment(edition) -> str:
    """When the edition's figures were fetched or taken in last, as a feed says it."""
    fetched = [file["fetched"] for source in edition.raw_manifest().get("sources", {}).values() for file in source.get("files", [])]
    moments = [datetime.datetime.fromisoformat(text) for text in [*fetched, *(entry["when"] for entry in edition.imports())]]
    latest = max((moment.astimezone(datetime.UTC) for moment in moments), default=datetime.datetime.fromtimestamp(0, datetime.UTC))
    return f"{latest.replace(tzinfo=None).isoformat(timespec='seconds')}Z"
