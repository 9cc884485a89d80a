"""The first page of the report on value creation: four key figures and three findings, made from the numbers.

A finding is the title of the figure that shows it, with what kind of figures it is of: per employee, the gap to the nation, and
whether a few firms have most. One that cannot be shown gives way to the industries.
"""

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Finding, Front, KeyFigure
from nlib.charts.facts import place
from nlib.core.language import MISSING, at, number, percent, rank
from nlib.core.translations import _
from nlib.themes.verdiskaping import figures as verdiskaping
from nlib.themes.verdiskaping.figures import ACCOUNTS, ESTIMATE, SHORT, best_of, cells_of, parts_of

FINDINGS = 3


def front(
    value_creation: pd.DataFrame,
    value_creation_gap: pd.DataFrame,
    value_creation_error: pd.DataFrame,
    names: dict[str, str],
    komm_nr: str,
) -> Front:
    """Key figures and findings of the latest year of the best figures that the municipality has."""
    name = names[komm_nr]
    each = _last(best_of(value_creation, komm_nr, "best_per_employee", "per_employee_kr"))
    whole = _last(best_of(value_creation, komm_nr, "best_total", "value_added_mnok"))
    parts, cells = parts_of(value_creation, komm_nr), cells_of(value_creation_gap, value_creation, komm_nr)
    charts = (
        (verdiskaping.per_employee(value_creation, value_creation_error, names, komm_nr), "" if each is None else each["source"]),
        (verdiskaping.gap(value_creation_gap, value_creation, value_creation_error, names, komm_nr), parts["source"].max()),
        (verdiskaping.concentration(value_creation, names, komm_nr), ACCOUNTS),
        (verdiskaping.industries(value_creation_gap, value_creation, names, komm_nr), cells["source"].max()),
    )
    told = [
        Finding(_("{title}. Grunnlag: {short}.", title=chart.title, short=SHORT[source]), chart.id)
        for chart, source in charts
        if isinstance(chart, Chart)
    ]
    figures = (
        per_employee_figure(value_creation, each),
        total_figure(value_creation, whole),
        share_figure(value_creation, whole),
        firms_figure(value_creation, komm_nr),
    )
    return Front(_("Verdiskaping: {name}", name=name), lead(each, whole, name), figures, tuple(told[:FINDINGS]))


def _last(rows):
    return None if rows.empty else rows.iloc[-1]


def per_employee_figure(value_creation: pd.DataFrame, row: pd.Series | None) -> KeyFigure:
    """Value creation per employee, the distance to the nation, and the place among those with figures of the same kind."""
    label = _("Verdiskaping per ansatt, kr")
    if row is None:
        return KeyFigure(label, MISSING, "", _("Tall mangler"), "")
    value, nation = (round(row[column], -3) for column in ("per_employee_kr", "nation_per_employee_kr"))
    against = _("Landet mangler")
    if pd.notna(nation):
        against = _("{value}\N{NO-BREAK SPACE}kr mot landet", value=number(value - nation, sign=True))
    best = value_creation[value_creation["best_per_employee"] & (value_creation["year"] == row["year"])]
    if best["source"].nunique() > 1:  # facts are ranked among the best figures, and no rank is told across kinds
        best = best.head(0)
    return KeyFigure(label, number(value), _period(row), against, _rank(best, row, "per_employee_kr", _("høyest")))


def total_figure(value_creation: pd.DataFrame, row: pd.Series | None) -> KeyFigure:
    """Value creation in all, mill. kr, the change since the year before in fixed prices, and the place."""
    label = _("Samlet verdiskaping, mill.\N{NO-BREAK SPACE}kr")
    if row is None:
        return KeyFigure(label, MISSING, "", _("Tall mangler"), "")
    value = row["value_added_mnok"]
    place = _rank(value_creation, row, "value_added_mnok", _("mest"))
    return KeyFigure(label, number(value, 0 if abs(value) >= 20 else 1), _period(row), _change(value_creation, row), place)


def share_figure(value_creation: pd.DataFrame, row: pd.Series | None) -> KeyFigure:
    """The share of the nation's value creation against the share of its employees, figures of the same kind."""
    label = _("Andel av landets verdiskaping")
    if row is None or pd.isna(row["share_pct"]):
        return KeyFigure(label, MISSING, "", _("Andelen kan ikke regnes ut"), "")
    same = value_creation[(value_creation["source"] == row["source"]) & (value_creation["year"] == row["year"])]
    share = row["share_pct"]
    decimals = int(np.clip(1 - np.floor(np.log10(abs(share))), 0, 4)) if share else 0  # two figures that tell: 12, 1,2, 0,12
    people = percent(100 * row["employees"] / same["employees"].sum(), decimals)
    of = (
        _("av de sysselsatte: {people}", people=people)
        if row["source"] == ESTIMATE
        else _("av de ansatte: {people}", people=people)
    )
    return KeyFigure(label, percent(share, decimals), _period(row), of, "")


def firms_figure(value_creation: pd.DataFrame, komm_nr: str) -> KeyFigure:
    """Whether the three largest firms have more than half of the accounts' value creation."""
    label = _("De tre største foretakene")
    rows = value_creation[(value_creation["komm_nr"] == komm_nr) & value_creation["three_over_half"].notna()]
    rows = rows[~rows["hidden"]]
    if rows.empty:
        return KeyFigure(label, MISSING, "", _("Regnskap mangler, eller vises ikke"), "")
    row = rows.sort_values("year").iloc[-1]
    much = _("over {value}", value=percent(50, 0)) if row["three_over_half"] else _("høyst {value}", value=percent(50, 0))
    return KeyFigure(label, much, _period(row), _("av {firms} foretak", firms=number(row["firms"])), "")


def lead(each: pd.Series | None, whole: pd.Series | None, name: str) -> str:
    """What kind of figures the page has for the municipality, and that they are not put together."""
    kinds = list(dict.fromkeys(SHORT[row["source"]] for row in (each, whole) if row is not None))
    if not kinds:
        return verdiskaping.NOTHING.format(at=at(name))
    if len(kinds) == 1:
        return _("Tallene bygger på {short}, det beste som finnes for {name}.", short=kinds[0], name=name)
    return _(
        "Verdiskaping per ansatt bygger på {short}, den samlede på {short2}: det beste som finnes for {name} av hvert. De er ulikt "
        "målt (med og uten avskrivninger) og holdes aldri mot hverandre i én figur.",
        short=kinds[0],
        short2=kinds[1],
        name=name,
    )


def _period(row):
    return f"{row['year']}, {SHORT[row['source']]}"


def _rank(value_creation, row, column, direction):
    """The place among the municipalities that have figures of the same kind."""
    same = value_creation[(value_creation["source"] == row["source"]) & value_creation["usable"]]
    held = place(same, column, row["komm_nr"], int(row["year"]))
    return rank(held.rank, held.n, direction) if held and held.n > 1 else _("Plass oppgis ikke")


def _change(value_creation, row):
    """The change since the year before, in fixed prices."""
    own = value_creation[(value_creation["komm_nr"] == row["komm_nr"]) & (value_creation["source"] == row["source"])]
    own = own[own["comparable"]].set_index("year")
    real = (own["value_added_mnok"] * own["price_factor"]).dropna()
    before = real.get(row["year"] - 1)
    if before is None or before <= 0 or row["year"] not in real.index:
        return _("Endring oppgis ikke")
    change = percent(100 * (real[row["year"]] / before - 1), sign=True)
    return _("{value} fra {year}, faste priser", value=change, year=row["year"] - 1)
