"""The first page of the report on value creation: two key figures and three findings, each with what it is based on.

The findings are of value per employee, the gap to the nation, and whether a few firms have most. One that cannot be shown gives
way to the industries.
"""

from dataclasses import replace

import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.core.catalogue import LEAST_BASE
from nlib.core.language import at, number, percent, rank
from nlib.core.translations import _
from nlib.themes.facts import cards, latest
from nlib.themes.verdiskaping import figures as verdiskaping
from nlib.themes.verdiskaping.figures import ACCOUNTS, ESTIMATE, SHORT, best_of, cells_of, other_kind, parts_of

FINDINGS = 3


def front(
    facts: pd.DataFrame,
    value_creation: pd.DataFrame,
    value_creation_gap: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest year of the best figures that the municipality has."""
    name = names[komm_nr]
    each = best_of(value_creation, komm_nr, "best_per_employee", "per_employee_kr")
    whole = best_of(value_creation, komm_nr, "best_total", "value_added_mnok")
    parts, cells = parts_of(value_creation, komm_nr), cells_of(value_creation_gap, value_creation, komm_nr)
    charts = (
        (verdiskaping.per_employee(value_creation, value_creation_error, names, komm_nr), each["source"].max()),
        (verdiskaping.gap(value_creation_gap, value_creation, value_creation_error, names, komm_nr), parts["source"].max()),
        (verdiskaping.concentration(value_creation, names, komm_nr), ACCOUNTS),
        (verdiskaping.industries(value_creation_gap, value_creation, names, komm_nr), cells["source"].max()),
    )
    found = {
        sentence: Finding(sentence, chart.id)
        for chart, source in reversed(charts)  # what two figures find alike is told of the first
        if isinstance(chart, Chart) and (sentence := _("{title}. Grunnlag: {short}.", title=chart.title, short=SHORT[source]))
    }
    figures = cards(facts, komm_nr, "per_employee_kr")
    apart = f" {other_kind(fact, each)}" if (fact := latest(facts, "per_employee_kr", komm_nr)) is not None else ""
    if len(each) and each["source"].iloc[-1] == ESTIMATE:
        figures = tuple(replace(one, label=_("Verdiskaping per sysselsatt")) for one in figures)
    figures += (total(value_creation, whole.iloc[-1]),) if len(whole) else ()
    sources = [SHORT[rows["source"].iloc[-1]] for rows in (each, whole) if len(rows)]
    return Front(
        _("Verdiskaping: {name}", name=name),
        lead(sources, name) + apart.rstrip(),
        figures,
        tuple(reversed(found.values()))[:FINDINGS],
    )


def total(value_creation: pd.DataFrame, row: pd.Series) -> KeyFigure:
    """Value creation in all, mill. kr, its share of the nation's, and the place among those with figures of the same kind."""
    value, label = row["value_added_mnok"], _("Samlet verdiskaping, mill.\N{NO-BREAK SPACE}kr")
    share = row["share_pct"]
    of = _("{share} av landets", share=percent(share, 1 if share >= 1 else 2)) if share >= 0.005 else ""
    same = value_creation[(value_creation["source"] == row["source"]) & (value_creation["year"] == row["year"])]
    same = same[same["usable"] & same["comparable"] & same["value_added_mnok"].notna()].set_index("komm_nr")["value_added_mnok"]
    places = same.rank(ascending=False, method="min")
    known = len(same) > 1 and row["komm_nr"] in places and not row["employees_sure"] < LEAST_BASE
    place = rank(int(places[row["komm_nr"]]), len(same)) if known else _("Plass oppgis ikke")
    return KeyFigure(label, number(value, 0 if abs(value) >= 20 else 1), f"{row['year']}, {SHORT[row['source']]}", of, place)


def lead(sources: list[str], name: str) -> str:
    """What kinds of figures the page has for the municipality, per employee and in all, and that they are not put together."""
    if not sources:
        return verdiskaping.NOTHING.format(at=at(name))
    if len(set(sources)) == 1:
        return _("Tallene bygger på {short}, det beste som finnes for {name}.", short=sources[0], name=name)
    return _(
        "Verdiskaping per ansatt bygger på {short}, den samlede på {short2}: det beste som finnes for {name} av hvert. De er ulikt "
        "målt (med og uten avskrivninger) og holdes aldri mot hverandre i én figur.",
        short=sources[0],
        short2=sources[1],
        name=name,
    )
