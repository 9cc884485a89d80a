"""Facts: the value of every published indicator for every municipality and year, with its interval, rank and nation."""

from collections.abc import Mapping

import pandas as pd

from nlib.core.catalogue import CATALOGUE, FIGURE, KEY, LEAST_BASE, PLACES, TABLES, beside, square
from nlib.core.invented import Invented
from nlib.core.tables import KOMM_NR, LINEAGE, Count, Table, column, measure


class Facts(Table):
    indicator: str = column("Indikatorens navn i katalogen", isin=list(CATALOGUE["indicator"]))
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=1950, le=2100)
    value: float = column("Verdien", "som katalogen sier")
    low: float = column("Nedre grense, 90 prosent; mangler for tellinger", "som katalogen sier", nullable=True)
    high: float = column("Øvre grense, 90 prosent; mangler for tellinger", "som katalogen sier", nullable=True)
    rank: Count = column("Plass, 1 er høyest; mangler der færre enn 50 ligger under", ge=1, nullable=True)
    rank_low: Count = column("Beste plass som er like rimelig", ge=1, nullable=True)
    rank_high: Count = column("Dårligste plass som er like rimelig", ge=1, nullable=True)
    n: int = column("Antall kommuner med sammenlignbart tall", ge=0)
    tied: int = column("Hvor mange av dem som deler verdien, den selv medregnet", ge=0)
    base: float = column("Hvor mange det er målt på, der det er telt: færre enn 50 gir ingen plass", ge=0, nullable=True)
    nation: float = column(
        "Landet: summen av antall, ellers veid med det tallet er en andel av", "som katalogen sier", nullable=True
    )
    comparable: bool = column(
        "Usann når en delt kommune, flyttet grense eller annen kilde enn de flestes gjør at tallet ikke kan sammenlignes"
    )
    synthetic: bool = column("Sann når tallet bygger på oppdiktede tall, i utgaven som følger med nlib")


def build(*given: pd.DataFrame | Mapping[str, Invented]) -> pd.DataFrame:
    """Each indicator of the catalogue in each year that it is known.

    given: those of `TABLES`, in order, and perhaps what of them is invented; one without rows gives no rows. Ranks are among
    comparable municipalities, 1 is highest, equal values share the better place (`tied` of them); a rank is not shown where fewer
    than fifty people or events lie under it. The nation is the sum of a count, and of a rate the mean weighted with what it is a
    share of, over all municipalities that have both; or what the catalogue names; missing where it names neither.
    """
    tables, invented = dict(zip(TABLES, given, strict=False)), given[len(TABLES)] if len(given) > len(TABLES) else {}
    found = [_facts(row, tables, _invented(row, invented)) for row in CATALOGUE.itertuples(index=False)]
    there = [rows for rows in found if len(rows)]
    return pd.concat(there, ignore_index=True) if there else pd.DataFrame(columns=list(Facts.to_schema().columns))


def _invented(row, invented) -> frozenset[int]:
    """The years in which a figure rests on invented ones."""
    named = filter(None, (FIGURE.fullmatch(getattr(row, place)) for place in PLACES if place != "base"))
    return frozenset().union(*(invented[of["table"]].of([of["column"]]) for of in named if of["table"] in invented))


def _facts(row, tables, invented: frozenset[int]) -> pd.DataFrame:
    """The rows of one indicator, from squares of municipalities by years."""
    value, comparable = square(row.figure, tables)
    if value.empty:
        return pd.DataFrame()
    ranked = value.where(comparable)
    base = beside(row.base, tables, value)
    few = base < LEAST_BASE
    rank = ranked.rank(method="min", ascending=False)
    squares = {
        "value": value,
        "low": beside(row.low, tables, value),
        "high": beside(row.high, tables, value),
        "rank": rank.mask(few),
        "rank_low": beside(row.rank_low, tables, value).where(ranked.notna() & ~few),
        "rank_high": beside(row.rank_high, tables, value).where(ranked.notna() & ~few),
        "base": base,
        "nation": beside(row.nation, tables, value) if row.nation else value * 0 + together(row, value, tables),
        "tied": (ranked.rank(method="max", ascending=False) - rank + 1).fillna(0),
        "comparable": comparable.reindex_like(value).eq(True),
    }
    at = pd.MultiIndex.from_product([value.index, value.columns], names=KEY)
    rows = pd.DataFrame({name: of.to_numpy().ravel() for name, of in squares.items()}, at).reset_index().dropna(subset="value")
    rows = rows.astype(dict.fromkeys(("rank", "rank_low", "rank_high"), "Int64") | {"tied": int, "comparable": bool})
    n = ranked.count()
    return rows.assign(indicator=row.indicator, n=rows["year"].map(n), synthetic=rows["year"].isin(invented))


def together(row, value: pd.DataFrame, tables) -> pd.Series:
    """What an indicator is of these municipalities together, by year: the sum of a count, of a rate the mean weighted with what it
    is a share of; missing where it has no weight.

    row: the catalogue's; value: the municipalities by years.
    """
    if row.quantity == "count":
        return value.sum(min_count=1)
    weight = beside(row.weight, tables, value)
    return (value * weight).sum(min_count=1) / weight.where(value.notna()).sum(min_count=1)


TITLE = "Fakta: alle publiserte indikatorer, alle kommuner og år"
DATASET = measure(TITLE, Facts, build, key=("indicator", *KEY), needs=(*TABLES, LINEAGE), moment="årene til og med", partial=True)
