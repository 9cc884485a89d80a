"""Greenhouse-gas emissions in all, and for each inhabitant, from the imported emissions by sector."""

import pandas as pd

from nlib.core.tables import KEY, Count, Counts, column, count, measure

TOTAL = "i alt"


class Totals(Counts):
    year: int = column("År", ge=1980, le=2100)
    emissions_t: Count = count("Utslipp av klimagasser i alt", "tonn CO2-ekvivalenter")
    per_inhabitant_t: float = column("Utslipp per innbygger 1. januar", "tonn CO2-ekvivalenter", ge=0, nullable=True)


def build(emissions: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Emissions of all sectors, tonnes of CO2 equivalents: the total of the file where it has one, else the sum of the sectors.

    The sum is missing where a sector is hidden, or has no row in a year while the municipality has it in another: it would be
    too low. Years that the file does not have are not there.
    """
    wide = emissions.pivot(index=KEY, columns="sector", values="emissions_t").astype("Float64")
    rows = emissions.assign(row=True).pivot(index=KEY, columns="sector", values="row").eq(True)
    gap = wide.isna() & rows.groupby(level="komm_nr").transform("any")
    given = wide[TOTAL] if TOTAL in wide else pd.Series(pd.NA, wide.index, dtype="Float64")
    sectors = wide.columns.drop(TOTAL, errors="ignore")
    summed = wide[sectors].sum(axis=1, min_count=1).mask(gap[sectors].any(axis=1))
    total = given.fillna(summed).astype("Int64").rename("emissions_t").reset_index()
    people = population[[*KEY, "population"]]
    table = total.merge(people, on=KEY, how="left", validate="1:1")
    inhabitants = table.pop("population").astype("Float64")
    table["per_inhabitant_t"] = (table["emissions_t"] / inhabitants.where(inhabitants > 0)).astype("Float64").astype(float)
    return table.merge(emissions.groupby(KEY)["comparable"].all().reset_index(), on=KEY, validate="1:1")


DATASET = measure("Klimagassutslipp i alt", Totals, build, moment="året", partial=True)
