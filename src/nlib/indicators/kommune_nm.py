"""The indicators of our Kommune-NM of every municipality and year: value, score, rank."""

import re

import numpy as np
import pandas as pd

from nlib.core.breaks import A_ORDNINGEN
from nlib.core.errors import InvalidTable
from nlib.core.tables import KEY, Count, Placed, column, measure
from nlib.methods.composite import placed_by_value, score

FIRST = A_ORDNINGEN  # a-ordningen: no year before can be compared with one after
TABLES = (  # that an indicator can be taken from
    "business_indicators",
    "employment_rates",
    "employment_growth",
    "labour_force_status",
    "income",
    "commuting",
    "population",
    "population_growth_parts",
    "age_structure",
    "education_levels",
    "education_gap",
    "municipal_results",
    "municipal_balance",
    "municipal_key_figures",
)
FIGURE = re.compile(r"(?P<table>\w+)\.(?P<column>\w+)(?:\[(?P<by>\w+)=(?P<values>[^\]]+)\])?")


class Scores(Placed):
    year: int = column("År", ge=1980, le=2100)
    indicator: str = column("Hva som er målt")
    area: str = column("Området i indeksen")
    direction: int = column("1: høyt er bra, -1: lavt er bra, 0: teller ikke", isin=[-1, 0, 1])
    weight: float = column("Vekt i området", ge=0)
    area_weight: float = column("Områdets vekt", ge=0)
    value: float = column("Verdien; mangler der den ikke er kjent eller ikke kan sammenlignes", "som listen sier", nullable=True)
    size: float = column("Det verdien er målt på", nullable=True)
    score: float = column("Poeng: 50 er gjennomsnittet, 20 poeng er ett standardavvik", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank: Count = column("Plass, 1 er best", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)
    place: Count = column("Plass etter verdien, 1 er høyest; mangler der færre enn 50 ligger under", ge=1, nullable=True)
    tied: int = column("Hvor mange som deler verdien, den selv medregnet", ge=0)


def build(kommune_nm_indicators: pd.DataFrame, *tables: pd.DataFrame) -> pd.DataFrame:
    """The value of each indicator in the list, scored in its direction as the business index is (`nlib.methods.composite.score`).

    A figure is a column of one of `TABLES`, added up over the rows that the list names (one hidden row leaves it missing), and
    divided by its denominator where the list says so. What a split has touched is missing. Years are from 2015
    to the last that has as many areas as any. `InvalidTable` names every figure that does not exist.
    """
    given = dict(zip(TABLES, tables, strict=True))
    figures = {text for column in ("figure", "denominator") for text in kommune_nm_indicators[column] if text}
    if faults := sorted(filter(None, (_fault(text, given) for text in figures))):
        raise InvalidTable("kommune_nm_indicators", faults)
    found = {text: _summed(text, given) for text in figures}
    values = [_valued(row, found) for row in kommune_nm_indicators.itertuples()]
    known = pd.concat(values, ignore_index=True).dropna(subset="value")
    known = known[known["year"] >= FIRST]
    counts = kommune_nm_indicators[(kommune_nm_indicators["direction"] != 0) & (kommune_nm_indicators["weight"] > 0)]
    areas = known.merge(counts[["indicator", "area"]], on="indicator", validate="m:1").groupby("year")["area"].nunique()
    known = known[known["year"] <= areas.index[areas == areas.max()].max()] if len(areas) else known.head(0)
    places = [sorted(known["komm_nr"].unique()), sorted(known["year"].unique()), list(kommune_nm_indicators["indicator"])]
    every = pd.MultiIndex.from_product(places, names=[*KEY, "indicator"])
    table = known.set_index(every.names).reindex(every).reset_index()
    listed = kommune_nm_indicators[["indicator", "area", "direction", "weight", "area_weight"]]
    return placed_by_value(score(table.merge(listed, on="indicator", validate="m:1")))[list(Scores.to_schema().columns)]


def _fault(text, given):
    """Why a figure cannot be found, for the person who wrote the list; None where it can."""
    match = FIGURE.fullmatch(text)
    if match is None or match["table"] not in given:
        return f"«{text}» er ikke tabell.kolonne i en av tabellene {', '.join(TABLES)}"
    lacking = [name for name in (match["column"], match["by"]) if name and name not in given[match["table"]]]
    return f"tabellen {match['table']} har ikke kolonnen {lacking[0]} («{text}»)" if lacking else None


def _summed(text, given):
    """A figure by municipality and year, missing where one of its rows is, or is not comparable."""
    match = FIGURE.fullmatch(text)
    assert match, "the list was read with it"
    rows = given[match["table"]]
    if match["by"]:
        rows = rows[rows[match["by"]].astype("str").isin(match["values"].split("|"))]
    figure = rows[match["column"]].astype("Float64").astype(float)
    if "comparable" in rows:
        figure = figure.where(rows["comparable"])
    return figure.groupby([rows[key] for key in KEY]).sum(skipna=False)


def _valued(row, found):
    value = found[row.figure]
    size = found[row.denominator].reindex(value.index) if row.denominator else pd.Series(np.nan, index=value.index)
    if pd.notna(row.times):
        value = row.times * value / size.where(size > 0)
    return pd.DataFrame({"value": value, "size": size}).reset_index().assign(indicator=row.indicator)


TITLE = "Kommune-NM-lignende indeks, indikator for indikator"
DATASET = measure(TITLE, Scores, build, by=("indicator",), needs=("kommune_nm_indicators", *TABLES), moment="året", partial=True)
