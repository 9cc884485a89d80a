"""The first page of the commuting report: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what is uncertain in words. Which three is by rule:

1. development, always;
2. the largest partner, of out-commuters where they are at least as many as in-commuters, else of in-commuters;
3. the place among the municipalities where a share is among the highest or lowest tenth, else the labour-market area.

Where a rule has no figures to speak from, its finding is left out.
"""

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import employed_years, one_person, place, span
from nlib.core.language import MISSING, UNCHANGED, more, number, percent, points, rank
from nlib.core.translations import _
from nlib.themes.pendling import figures as pendling

JOINED = "\N{WORD JOINER}–\N{WORD JOINER}"  # a dash that no line is broken at
MEASURES = {  # column: what it is called, how its value is written, what its highest rank is called
    # jobs are told by their own page, from their own table
    "employed_residents": (_("Sysselsatte innbyggere"), number, _("flest")),
    "out_pct": (_("Utpendling"), percent, _("høyest")),
    "in_pct": (_("Innpendling"), percent, _("høyest")),
    "coverage_pct": (_("Arbeidsplass\N{SOFT HYPHEN}dekning"), percent, _("høyest")),
}
TENTH = 0.1


def front(
    commuting: pd.DataFrame,
    commuting_flows: pd.DataFrame,
    labour_market_areas: pd.DataFrame,
    labour_market_area_figures: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest year that the municipality has figures for."""
    name = names[komm_nr]
    title = _("Pendling til og fra {name}", name=name)
    rows = employed_years(commuting, komm_nr)
    if rows.empty:
        return Front(title, _("Tabell 03321 har ingen sysselsatte for {name}.", name=name), (), ())
    charts = (
        pendling.trend(commuting, names, komm_nr),
        pendling.partners(commuting, commuting_flows, names, komm_nr),
        pendling.position(commuting, names, [], komm_nr)
        if _stands_out(commuting, komm_nr, rows["year"].max())
        else pendling.area(commuting, labour_market_areas, labour_market_area_figures, names, komm_nr),
    )
    return Front(
        title,
        _lead(rows.iloc[-1], name),
        tuple(key_figure(commuting, rows, column) for column in MEASURES),
        tuple(
            Finding(f"{chart.title}. {_reservation(chart, rows)}".strip(), chart.id) for chart in charts if isinstance(chart, Chart)
        ),
    )


def key_figure(commuting: pd.DataFrame, rows: pd.DataFrame, column: str) -> KeyFigure:
    """A measure of the latest year with its change and its place. rows: the municipality's own years, sorted."""
    label, written, direction = MEASURES[column]
    last = rows.iloc[-1]
    period = _("4. kvartal {year}", year=last["year"]) + ("" if last["comparable"] else _(", fordelt etter folketall"))
    return KeyFigure(label, written(last[column]), period, change(rows, column), standing(commuting, rows, column, direction))


def change(rows: pd.DataFrame, column: str) -> str:
    """The change since the first comparable year, in percentage points or persons; else why there is none."""
    last = rows.iloc[-1]
    if pd.isna(last[column]):
        return _("Endring: tall mangler")
    if not last["comparable"]:
        return _("Endring oppgis ikke: kommunen er berørt av en deling")
    years = span(rows, column)
    if years is None:
        return _("Endring oppgis ikke: ingen tidligere {word}", word=_("år") if len(rows) == 1 else _("sammenlignbare år"))
    first, now = rows.set_index("year")[column].loc[list(years)]
    if column == "employed_residents":
        relative = f" ({percent(100 * (now - first) / first, sign=True)})" if first else ""
        return _("{now} siden {years}{relative}", now=number(now - first, sign=True), years=years[0], relative=relative)
    return _("{now} siden {years}", now=points(now - first, sign=True), years=years[0])


def standing(commuting: pd.DataFrame, rows: pd.DataFrame, column: str, direction: str) -> str:
    """The place among the comparable municipalities, with the places it has had; empty where it has none."""
    held = place(commuting, column, rows.iloc[-1]["komm_nr"], rows["year"].max())
    if held is None:
        return _("Plass oppgis ikke") if pd.notna(rows.iloc[-1][column]) else ""
    over = (
        _(
            ", plass\N{NO-BREAK SPACE}{best}{joined}{worst} siden {since}",
            best=held.best,
            joined=JOINED,
            worst=held.worst,
            since=held.since,
        )
        if held.best < held.worst
        else ""
    )
    return rank(held.rank, held.n, direction) + over


def _stands_out(commuting, komm_nr, year):
    """Whether a share is among the highest or lowest tenth of the comparable municipalities."""
    places = [held for column in ("out_pct", "in_pct") if (held := place(commuting, column, komm_nr, year))]
    return len(places) == 2 and any(not TENTH < (held.rank - 0.5) / held.n < 1 - TENTH for held in places)


def _reservation(chart, rows):
    """What a reader of this finding should doubt, in a sentence."""
    last = rows.iloc[-1]
    if not last["comparable"]:
        return _("Tallene er usikre fordi kommunen er berørt av en deling.")
    if one_person(last):
        return one_person(last)
    return {
        "pendling.trend": _(
            "Registertall har ingen utvalgsfeil; endringer under {unchanged} regnes som om lag uendret.",
            unchanged=points(UNCHANGED),
        ),
        "pendling.position": _("Lavere plass er ikke nødvendigvis tilbakegang."),
        "pendling.area": _("Området er beregnet, og andre metoder gir andre grenser."),
    }.get(chart.id, _("Hvor folk faktisk møter fram, kan avvike fra registeret."))


def _lead(last, name):
    """The commuters of the latest year; jobs are told by their own page."""
    net = last["net_commuters"]
    words = _(
        "I 4. kvartal {year} pendlet {in_commuters} inn til {name} og {out_commuters} ut",
        year=last["year"],
        in_commuters=number(last["in_commuters"]),
        name=name,
        out_commuters=number(last["out_commuters"]),
    )
    if pd.isna(net):
        return _("{words}. Tall som mangler, er vist som {missing}", words=words, missing=MISSING)
    if net == 0:
        return _("{words}, like mange hver vei.", words=words)
    return _("{words}, altså {net} {word}.", words=words, net=more(abs(net)), word=_("inn enn ut") if net > 0 else _("ut enn inn"))
