"""Dwellings started and completed, to each 1 000 inhabitants (SSB 05940 and 07459)."""

import pandas as pd

from nlib.core.tables import KOMM_NR, Dataset, Table, column

KEY = ["komm_nr", "year"]
MEAN = 3  # years that the rate is the mean of: a single year may be one block of flats


class Built(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2000, le=2100)
    completed: pd.Int64Dtype = column("Boliger fullført i året", "boliger", ge=0, nullable=True)
    started: pd.Int64Dtype = column("Boliger det er gitt igangsettingstillatelse til i året", "boliger", ge=0, nullable=True)
    per_1000: float = column("Fullførte boliger per 1 000 innbyggere 1. januar", "boliger", ge=0, nullable=True)
    mean_per_1000: float = column("Snittet av de tre siste årene", "boliger", ge=0, nullable=True)
    nation_mean_per_1000: float = column("Det samme for landet", "boliger", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår i et av de tre årene")


def build(construction: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Dwellings completed through the year to each 1 000 inhabitants on its 1 January, and the mean rate of three years.

    The mean is dwellings of the three years over inhabitants of the three; it is missing where a year is. The nation is the sum of
    municipalities whose mean is known.
    """
    table = construction.merge(population[[*KEY, "population"]], on=KEY, how="left", validate="1:1").sort_values(KEY)
    counts = table[["completed", "population"]].astype("Float64").astype(float)
    counts = counts.where((counts["population"] > 0) & counts["completed"].notna())
    table["per_1000"] = 1000 * counts["completed"] / counts["population"]
    counts["comparable"] = table["comparable"].astype(float)
    years = range(table["year"].min(), table["year"].max() + 1) if len(table) else ()
    wide = counts.set_index(pd.MultiIndex.from_frame(table[KEY])).unstack("year")
    latest = {name: wide[name].reindex(columns=years).T.rolling(MEAN, min_periods=1) for name in counts}
    sums = {name: latest[name].sum().where(latest[name].count() == MEAN).T for name in ("completed", "population")}
    means = {"mean_per_1000": 1000 * sums["completed"] / sums["population"], "comparable": latest["comparable"].min().T.eq(1)}
    rates = pd.DataFrame({name: square.stack() for name, square in means.items()}).reset_index()
    nation = 1000 * sums["completed"].sum(min_count=1) / sums["population"].sum(min_count=1)
    table = table.drop(columns=["population", "comparable"]).merge(rates, on=KEY, how="left", validate="1:1")
    return table.assign(nation_mean_per_1000=table["year"].map(nation))


DATASET = Dataset(
    name="dwelling_construction",
    title="Boligbygging per innbygger",
    key=("komm_nr", "year"),
    schema=Built,
    needs=("construction", "population"),
    build=build,
    moment="året",
)
