"""Dwellings in all, their growth, and dwellings for each 1 000 inhabitants, from SSB 06265 and the population."""

import pandas as pd

from nlib.core.tables import KEY, Counts, column, measure

SPAN = 10  # years that growth is measured over


class Rates(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=2006, le=2100)
    dwellings: pd.Int64Dtype = column("Boliger i alt, bebodde og ubebodde", "boliger", ge=0, nullable=True)
    per_1000: float = column("Boliger per 1 000 innbyggere", "boliger", ge=0, nullable=True)
    growth_10_pct: float = column("Vekst i antall boliger siste ti år", "prosent", nullable=True)
    population_growth_10_pct: float = column("Vekst i folketallet siste ti år", "prosent", nullable=True)


def build(dwellings: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Dwellings of every type, 1 January, over inhabitants the same day, and the growth of both since ten years before.

    A hidden type makes the whole missing. Growth is missing where either year is, or is not comparable.
    """
    wide = dwellings.pivot(index=KEY, columns="type", values="dwellings").astype("Float64")
    whole = wide.sum(axis=1, skipna=False).astype("Int64").rename("dwellings").to_frame()
    whole["comparable"] = dwellings.groupby(KEY)["comparable"].all()
    table = whole.reset_index().merge(population[[*KEY, "population"]], on=KEY, how="left", validate="1:1")
    people = table["population"].astype("Float64")
    table["per_1000"] = (1000 * table["dwellings"] / people.where(people > 0)).astype(float)
    stock = table.loc[table["comparable"], [*KEY, "dwellings", "population"]]
    before = stock.assign(year=stock["year"] + SPAN)
    both = table.merge(before, on=KEY, how="left", suffixes=("", "_before"), validate="1:1")
    for count, growth in {"dwellings": "growth_10_pct", "population": "population_growth_10_pct"}.items():
        start = both[f"{count}_before"].astype("Float64")
        change = 100 * (both[count].astype("Float64") / start.where(start > 0) - 1)
        table[growth] = change.where(both["comparable"]).astype(float)
    return table.drop(columns="population")


DATASET = measure("Boliger, vekst og boliger per innbygger", Rates, build, moment="1. januar")
