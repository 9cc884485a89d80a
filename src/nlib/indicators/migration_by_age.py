"""Moves in and out by age group, and the net of them to each 1 000 of the age (SSB 13255 and 07459)."""

import numpy as np
import pandas as pd

from nlib.core.tables import KEY, Count, Counts, column, count, measure


class Migration(Counts):
    year: int = column("År", ge=2000, le=2100)
    first_age: int = column("Aldersgruppen, fra og med", "år", ge=0, le=105)
    last_age: int = column("Aldersgruppen, til og med; 105 er 105 og eldre", "år", ge=0, le=105)
    moved_in: Count = count("Innflyttinger", "personer")
    moved_out: Count = count("Utflyttinger", "personer")
    net: Count = column("Innflyttinger minus utflyttinger", "personer", nullable=True)
    net_per_1000: float = column("Nettoflytting per 1 000 innbyggere i aldersgruppen 1. januar", "personer", nullable=True)
    nation_per_1000: float = column("Det samme for landet", "personer", nullable=True)


def build(moves_by_age: pd.DataFrame, population_by_age: pd.DataFrame) -> pd.DataFrame:
    """Moves in, out and net by the age groups of SSB's table, and net moves to each 1 000 inhabitants of the age on 1 January.

    A hidden age in the population leaves the rate of its group missing, not the moves. The nation is the sum of municipalities
    whose rates are known: moves between them are counted in both, and leave only those to and from abroad, where the table has
    these.
    """
    groups = moves_by_age[["first_age", "last_age"]].drop_duplicates().sort_values("first_age")
    years = moves_by_age["year"].unique()
    people = population_by_age[population_by_age["year"].isin(years)]
    place = np.searchsorted(groups["first_age"].to_numpy(), people["age"].to_numpy(), side="right") - 1
    first = pd.Series(groups["first_age"].to_numpy()[place] if len(groups) else [], index=people.index, dtype="int64")
    counts = people.assign(first_age=first).groupby([*KEY, "first_age"])["population"].sum(skipna=False).reset_index()
    table = moves_by_age.merge(counts, on=[*KEY, "first_age"], how="left", validate="1:1")
    table["net"] = table["moved_in"] - table["moved_out"]
    table["net_per_1000"] = _rate(table)
    nation = table.dropna(subset="net_per_1000").groupby(["year", "first_age"])[["net", "population"]].sum()
    rates = _rate(nation).rename("nation_per_1000").reset_index()
    return table.merge(rates, on=["year", "first_age"], how="left", validate="m:1").drop(columns="population")


def _rate(table: pd.DataFrame) -> pd.Series:
    counts = table[["net", "population"]].astype("Float64")
    return (1000 * counts["net"] / counts["population"].where(counts["population"] > 0)).astype(float)


DATASET = measure("Flytting etter alder", Migration, build, by=("first_age",), moment="året")
