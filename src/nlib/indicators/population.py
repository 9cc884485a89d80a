"""Population on 1 January and its changes through the year (SSB 07459, 06913 and 01223)."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import Count, Placed, Rests, column, count, measure

BOUNDARY_MOVE = 0.005  # of the population: what the changes of a year leave unexplained when a boundary has moved


class Population(Placed):
    year: int = column("År", ge=1950, le=2100)
    population: Count = count("Folketall 1. januar", "personer")
    births: Count = count("Levendefødte i året", "personer")
    deaths: Count = count("Døde i året", "personer")
    in_migration: Count = count("Innflyttinger i året, fra utlandet og andre kommuner", "personer")
    out_migration: Count = count("Utflyttinger i året, til utlandet og andre kommuner", "personer")
    growth: Count = column("Folkevekst fra 1. januar til neste 1. januar", "personer", nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, eller grensen er flyttet i året")


def build(population_by_age, population_changes, municipality_codes, municipality_changes) -> pd.DataFrame:
    """Population on 1 January and its changes through the year, on today's municipalities.

    Births, deaths, moves and growth are those of `population_changes`; without growth there, it is the difference to the next
    1 January.
    Moves are to and from other countries and other municipalities. A year is comparable when its 1 January is not touched by
    a split, and the two tables do not differ in growth by more than a boundary move would explain.
    """
    frame = population_by_age.groupby(["komm_nr", "year"])["population"].sum(skipna=False).reset_index()
    following = frame.assign(year=frame["year"] - 1).rename(columns={"population": "following"})
    frame = frame.merge(following, on=["komm_nr", "year"], how="left", validate="1:1")
    frame = frame.merge(population_changes.drop(columns="comparable"), on=["komm_nr", "year"], how="left", validate="1:1")
    register = Register(municipality_codes, municipality_changes)
    frame = frame.merge(register.comparable(frame["year"], day="01-01"), on=["komm_nr", "year"], validate="1:1")
    difference = frame["following"] - frame["population"]
    moved = (difference - frame["growth"]).abs() / frame["population"] > BOUNDARY_MOVE
    return frame.assign(
        growth=frame["growth"].fillna(difference), comparable=frame["comparable"] & ~moved.fillna(False).astype(bool)
    )[list(Population.to_schema().columns)]


TITLE = "Folketall og folkevekst"
RESTS = {
    "population_by_age": Rests(years=(0, 1)),
    "population_changes": Rests(into=("births", "deaths", "in_migration", "out_migration", "growth"), years=(0,)),
}
DATASET = measure(TITLE, Population, build, moment="1. januar", rests=RESTS)
