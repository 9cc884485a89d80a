"""What every page says of a fact in the same words: its value, period, change and place. The key figures of a page are facts."""

from collections.abc import Callable

import pandas as pd

from nlib.charts.chart import Chart, Finding, KeyFigure, Missing
from nlib.charts.facts import span
from nlib.core.catalogue import LISTED, plain
from nlib.core.language import number, percent, points, with_unit
from nlib.core.translations import _

SURE = _("ni av ti")
Drawn = Callable[..., Chart | Missing]  # a figure of the view by its id, and what its reader assumes


def latest(facts: pd.DataFrame, indicator: str, komm_nr: str) -> pd.Series | None:
    """A municipality's fact of the latest year; None where it has none."""
    own = facts[(facts["indicator"] == indicator) & (facts["komm_nr"] == komm_nr)]
    return None if own.empty else own.loc[own["year"].idxmax()]


def between(low: float, high: float, decimals: int) -> str:
    """The interval of an estimate: «(mellom 0,8 og 1,5, ni av ti)»."""
    return _("(mellom {low} og {high}, {sure})", low=number(low, decimals), high=number(high, decimals), sure=SURE)


def place(fact: pd.Series) -> str:
    """A rank with its N and direction, its band where it has one, or that it is shared; empty where none is told."""
    if pd.isna(fact["rank"]):
        return ""
    first, last, n = int(fact["rank"]), int(fact["rank"]) + int(fact["tied"]) - 1, number(fact["n"])
    if pd.notna(fact["rank_low"]):
        kind = LISTED.at[fact["indicator"], "kind"]
        band = f"{number(fact['rank_low'])}–{number(fact['rank_high'])}"
        told = _("med andre vekter {band}", band=band) if kind == "sammensatt" else _("{band} er like rimelig", band=band)
        return _("plass {first} av {n} (1 er høyest); {told}", first=number(first), n=n, told=told)
    return (
        _("delt plass {first}–{last} av {n} (1 er høyest)", first=number(first), last=number(last), n=n)
        if last > first
        else _("plass {first} av {n} (1 er høyest)", first=number(first), n=n)
    )


def cards(facts: pd.DataFrame, komm_nr: str, *indicators: str) -> tuple[KeyFigure, ...]:
    """The key figures of a page: the latest value of each of these indicators that the municipality has."""
    own = facts[(facts["komm_nr"] == komm_nr) & facts["indicator"].isin(indicators)]
    by = {indicator: rows.sort_values("year") for indicator, rows in own.groupby("indicator")}
    return tuple(_card(indicator, by[indicator]) for indicator in indicators if indicator in by)


def _card(indicator: str, rows: pd.DataFrame) -> KeyFigure:
    row, last = LISTED.loc[indicator], rows.iloc[-1]
    when = f"{_(row['moment'])} {last['year']}".strip() + ("" if last["comparable"] else _(", kan ikke sammenlignes"))
    value = with_unit(plain(indicator, last["value"]), _(row["unit"]))  # in large type, with no room for «prosent»
    return KeyFigure(_(row["label"]), value, when, _beside(row, rows), place(last))


def _beside(row: pd.Series, rows: pd.DataFrame) -> str:
    """What stands under a value: an estimate's interval, else the change since the first year it can be compared with, else the
    nation's value."""
    last = rows.iloc[-1]
    if pd.notna(last["low"]):
        low, high = (round(last[end], -3) if row["unit"] == "kr" else last[end] for end in ("low", "high"))
        return between(low, high, int(row["decimals"]))
    years = None if row["change"] == "none" else span(rows, "value", broken=int(row["broken"]))
    if years is None:
        return (
            ""
            if pd.isna(last["nation"]) or row["quantity"] == "count"
            else _("landet {value}", value=plain(row.name, last["nation"]))
        )
    first = rows.set_index("year").at[years[0], "value"]
    change = last["value"] - first
    moved = points(change, int(row["decimals"]), sign=True) if row["unit"] == "%" else plain(row.name, change, sign=True)
    relative = f" ({percent(100 * change / first, sign=True)})" if row["change"] == "percent" and first else ""
    return _("{now} siden {years}{relative}", now=moved, years=years[0], relative=relative)


def findings(*charts, doubt: str = "") -> tuple[Finding, ...]:
    """The titles of these figures, those that are there, each with what a reader should doubt."""
    shown = [chart for chart in charts if isinstance(chart, Chart)]
    return tuple(Finding(f"{chart.title}. {doubt}".strip(), chart.id, synthetic=chart.synthetic) for chart in shown)
