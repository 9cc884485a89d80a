"""The catalogue: every published indicator, declared once, in the order it is shown (`indicators.csv`).

- indicator, page: its name here, and the theme whose page goes deeper; chart: the figure that shows it, as theme.figure
- label, subject: what a table and a sentence call it (bokmål); unit (empty for a count) and decimals: how it is written, everywhere
- moment: when in the year it is of, as it stands before the year («4. kvartal»)
- kind: `telling` (a register's count: no interval), `anslag` (estimated), `sammensatt` (an index: its rank hangs on weights)
- quantity: `rate`, which is compared with other places, or `count`, which only changes
- direction: 1 more is better, -1 less is, 0 neither: such a one is never called good or bad
- scope: who is counted: bosatt, arbeidssted, registrert (firms by their register address) or kommunen (the municipality's accounts)
- change: how a change is measured: percent, points (the indicator's own unit), or none where years are not compared with each
  other; broken: the year that broke the series (2015: a-ordningen, 2020: the local government act), or 0
- figure: where its value stands, as table.column, with [column=value;column=value] for the rows that are meant; weight: what it is
  a share of, so that the nation's value is the mean weighted with it; nation: where the nation's value stands, where it is another
  (none of the two: the nation has no value)
- low, high: its interval (90 percent); rank_low, rank_high: the band of its rank
- base: the people or events that lie under it: no rank is shown of fewer than `LEAST_BASE`
- source: a table of SSB, or nlib where it is made of several; strip: 1 where it is among those that a report opens with
"""

import re

import numpy as np
import pandas as pd

from nlib.core.errors import InvalidTable
from nlib.core.language import number, with_unit
from nlib.core.municipalities import resource
from nlib.core.translations import _

KEY = ["komm_nr", "year"]
LEAST_BASE = 50  # people or events, before a rank is shown
FIGURE = re.compile(r"(?P<table>\w+)\.(?P<column>\w+)(?:\[(?P<rows>[^\]]+)\])?")
PRECISE = 2  # decimals beyond those written that places are compared by: as a page holds them for its reader's own choice
IN_WORDS = {"%": "prosent", "%-poeng": "prosentpoeng"}  # a unit in a sentence
PLACES = ("figure", "weight", "nation", "low", "high", "rank_low", "rank_high", "base")  # that name a table and a column
CATALOGUE = resource("indicators.csv").fillna("").assign(position=lambda listed: range(1, len(listed) + 1))
LISTED = CATALOGUE.set_index("indicator")
TABLES = tuple(dict.fromkeys(text.partition(".")[0] for place in PLACES for text in CATALOGUE[place] if text))


def square(text: str, tables: dict[str, pd.DataFrame]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A figure by municipality (rows) and every year from the first to the last, and where it is comparable: of several sources
    (`source` of its table) only what is of the one that most have that year.

    text: as the column `figure`. `InvalidTable` where it names a column that its table has not.
    """
    match = figure(text)
    table = chosen(match, tables[match["table"]])
    if table.empty:
        return pd.DataFrame(dtype=float), pd.DataFrame(dtype=bool)
    years = range(table["year"].min(), table["year"].max() + 1)
    keyed = table.set_index(KEY)
    wide = keyed[match["column"]].astype("Float64").astype(float).unstack().reindex(columns=years)
    comparable = wide.notna()
    if "comparable" in keyed:
        comparable = keyed["comparable"].astype(float).unstack().reindex(columns=years).eq(1)
    if "source" in keyed:
        source = keyed["source"].astype(object).unstack().reindex(columns=years).where(wide.notna())
        comparable &= source.eq(source.mode().reindex([0]).iloc[0])  # none where nobody has a figure
    return wide, comparable


def figure(text: str) -> re.Match:
    """The parts of a figure's place: `table`, `column` and perhaps `rows`."""
    match = FIGURE.fullmatch(text)
    if match is None:
        raise InvalidTable("facts", [f"«{text}» er ikke tabell.kolonne"])
    return match


def chosen(match: re.Match, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of its table that a figure is of."""
    tests = [test.split("=") for test in (match["rows"] or "").split(";") if test]
    if lacking := [name for name in (match["column"], *(name for name, __ in tests)) if name not in table]:
        raise InvalidTable("facts", [f"tabellen {match['table']} har ikke kolonnen {lacking[0]} («{match[0]}»)"])
    for name, wanted in tests:
        table = table[table[name].isin([wanted, int(wanted) if wanted.isdigit() else wanted == "True"])]
    return table


def beside(text: str, tables: dict[str, pd.DataFrame], like: pd.DataFrame) -> pd.DataFrame:
    """What lies beside an indicator (its interval, weight, base) by the same municipalities and years; missing where none is."""
    return square(text, tables)[0].reindex_like(like) if text else like * np.nan


def written(indicator: str, value: float, sign: bool = False) -> str:
    """A value of an indicator as every sentence writes it: «70,5 prosent», «945 000 kr», «50 013»."""
    unit = LISTED.at[indicator, "unit"]
    return with_unit(plain(indicator, value, sign), _(IN_WORDS.get(unit, unit)))


def plain(indicator: str, value: float, sign: bool = False) -> str:
    """A value without its unit, beside one that has it; kroner in whole thousands."""
    row = LISTED.loc[indicator]
    return number(round(value, -3) if row["unit"] == "kr" else value, int(row["decimals"]), sign)


def compared(indicator: str, values):
    """Values of an indicator as places are compared by them: no finer than a page can hold."""
    return held(values, int(LISTED.at[indicator, "decimals"]))


def held(values, decimals):
    """Values no finer than a page holds them, at a half only where they are: written as they were themselves (−0,0496 as 0,0).

    decimals: that they are written with; an array where each column has its own.
    """
    written, finest = 10.0**decimals, 10.0 ** (decimals + PRECISE)
    fine = np.rint(values * finest) / finest
    half = np.abs(np.abs(fine) * written % 1 - 0.5) < 1e-6
    return np.rint((fine + half * np.sign(values - fine) / finest) * finest) / finest + 0.0  # no -0
