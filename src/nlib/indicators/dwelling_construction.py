"""Dwellings started and completed, to each 1 000 inhabitants (SSB 05940 and 07459)."""

import pandas as pd

from nlib.core.tables import KEY, Count, Placed, column, count, measure

MEAN = 3  # years that the rate is the mean of: a single year may be one block of flats


class Built(Placed):
    year: int = column("År", ge=2000, le=2100)
    completed: Count = count("Boliger fullført i året", "boliger")
    started: Count = count("Boliger det er gitt igangsettingstillatelse til i året", "boliger")
    per_1000: float = column("Fullførte boliger per 1 000 innbyggere 1. januar", "boliger", ge=0, nullable=True)
    mean_per_1000: float = column("Snittet av de tre siste årene", "boliger", ge=0, nullable=True)
    nation_mean_per_1000: float = column("Det samme for landet", "boliger", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår i et av de tre årene")


def build(construction: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Dwellings completed through the year to each 1 000 inhabitants on its 1 January, and the mean rate of three years.

    The mean is dwellings of the three years over inhabitants of the three; it is missing where a year is. The nation is the sum of
    municipalities whose mean is known.
    """
    table = construction.merge(population[[*KEY, "population"]], on=KEY, how="left", validate="1:1")
    known = table[table["completed"].notna() & (table["population"] > 0)].astype({"completed": float, "population": float})
    rates = known[KEY].assign(per_1000=1000 * known["completed"] / known["population"])
    spread = pd.concat([known.assign(year=known["year"] + back) for back in range(MEAN)])
    sums = spread.groupby(KEY).agg(completed=("completed", "sum"), population=("population", "sum"), years=("year", "size"))
    sums = sums[sums["years"] == MEAN].drop(columns="years").reset_index()
    nation = sums.groupby("year")[["completed", "population"]].sum()
    sums["mean_per_1000"] = 1000 * sums["completed"] / sums["population"]
    means = sums.drop(columns=["completed", "population"])
    three = pd.concat([table.assign(year=table["year"] + back) for back in range(MEAN)]).groupby(KEY)["comparable"].all()
    table = (
        table.drop(columns=["population", "comparable"])
        .merge(three.reset_index(), on=KEY, how="left", validate="1:1")
        .merge(rates, on=KEY, how="left", validate="1:1")
    )
    table = table.merge(means, on=KEY, how="left", validate="1:1")
    return table.assign(nation_mean_per_1000=table["year"].map(1000 * nation["completed"] / nation["population"]))


DATASET = measure("Boligbygging per innbygger", Built, build, moment="året")
