"""What every page says of a fact in the same words: its value, period, change and place. The key figures of a page are facts."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from nlib.charts.chart import Chart, Finding, KeyFigure, Missing
from nlib.charts.facts import span
from nlib.core.catalogue import LISTED, held, plain
from nlib.core.language import number, percent, points, with_unit
from nlib.core.translations import _

SURE = _("ni av ti")
Drawn = Callable[..., Chart | Missing]  # a figure of the view by its id, and what its reader assumes


def latest(facts: pd.DataFrame, indicator: str, komm_nr: str) -> pd.Series | None:
    """A municipality's fact of the latest year; None where it has none."""
    own = facts[(facts["indicator"] == indicator) & (facts["komm_nr"] == komm_nr)]
    return None if own.empty else own.loc[own["year"].idxmax()]


def latest_of_each(facts: pd.DataFrame, komm_nr: str) -> pd.DataFrame:
    """A municipality's facts of the latest year, by indicator."""
    own = facts[facts["komm_nr"] == komm_nr].sort_values("year").drop_duplicates("indicator", keep="last")
    return own.set_index("indicator", drop=False)


def at_once(facts: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """What all that are comparable have in the year of each of these facts: by number, an indicator a column, as places are
    compared."""
    which, indicators = pd.factorize(facts["indicator"])
    then = own["year"].reindex(indicators).to_numpy(float, na_value=np.nan)
    same = facts[facts["comparable"] & (facts["year"] == then[which])]
    wide = same.pivot(index="komm_nr", columns="indicator", values="value").reindex(columns=own.index)
    decimals = LISTED["decimals"].loc[own.index].to_numpy(int)
    return pd.DataFrame(held(wide.to_numpy(float, na_value=np.nan), decimals), index=wide.index, columns=wide.columns)


def between(low: float, high: float, decimals: int) -> str:
    """The interval of an estimate: «(mellom 0,8 og 1,5, ni av ti)»."""
    return _("(mellom {low} og {high}, {sure})", low=number(low, decimals), high=number(high, decimals), sure=SURE)


def place(fact: pd.Series) -> str:
    """A rank with its N and direction, its band where it has one, or that it is shared; empty where none is told."""
    if pd.isna(fact["rank"]):
        return ""
    if pd.isna(fact["rank_low"]):
        return _("{place} av {n} (1 er høyest)", place=placed(fact["rank"], fact["tied"]), n=number(fact["n"]))
    band = f"{number(fact['rank_low'])}–{number(fact['rank_high'])}"
    weighed = LISTED.at[fact["indicator"], "kind"] == "sammensatt"
    likely = _("med andre vekter {band}", band=band) if weighed else _("{band} er like rimelig", band=band)
    return _(
        "{place} av {n} (1 er høyest); {likely}",
        place=placed(fact["rank"], fact["tied"] if weighed else 1),
        n=number(fact["n"]),
        likely=likely,
    )


def spanned(rank: int, tied: int = 1) -> str:
    """A place, or those that are shared: «12», «235–240»."""
    return number(rank) if tied <= 1 else f"{number(rank)}–{number(rank + tied - 1)}"


def placed(rank: int, tied: int = 1) -> str:
    """A place, and with which others it is shared where it is."""
    span = spanned(rank, tied)
    return _("delt plass {span}", span=span) if tied > 1 else _("plass {span}", span=span)


def cards(facts: pd.DataFrame, komm_nr: str, *indicators: str) -> tuple[KeyFigure, ...]:
    """The key figures of a page: the latest value of each of these indicators that the municipality has."""
    own = facts[facts["komm_nr"] == komm_nr].sort_values("year")
    by = {indicator: own[own["indicator"] == indicator] for indicator in indicators}
    return tuple(_card(indicator, rows) for indicator, rows in by.items() if len(rows))


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
            if pd.isna(last["nation"]) or row["quantity"] == "count" or not last["comparable"]
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
    return tuple(Finding(f"{chart.title}. {doubt}".strip(), chart.id, synthetic=chart.invented) for chart in shown)
