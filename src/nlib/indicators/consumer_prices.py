"""The consumer price index over the years, from SSB's table of today and, before it begins, from the closed one."""

import pandas as pd

from nlib.core.tables import Table, column, measure


class Prices(Table):
    year: int = column("År", ge=1979, le=2100)
    cpi: float = column("Konsumprisindeksen (KPI), snitt av årets tolv måneder; siste tabells basisår er 100", "indeks", gt=0)
    chained: bool = column("Sann når tallet er fra den avsluttede tabellen, ganget opp til den nyes nivå")


def build(consumer_prices_2025: pd.DataFrame, consumer_prices_2015: pd.DataFrame) -> pd.DataFrame:
    """The yearly mean of the consumer price index; see `chain` for how SSB 14700 and 03013 are put together."""
    return chain(consumer_prices_2025, consumer_prices_2015)


def chain(new: pd.DataFrame, old: pd.DataFrame) -> pd.DataFrame:
    """An index with a predecessor: the new one whole, and before its first year the old one multiplied up to it, `chained`.

    The factor is that of the first year that both have. Where they have none in common, the old years are left out: nothing says
    what they would be in the new measure. Without one of them the other stands as it is.
    """
    if new.empty or old.empty:
        return (new if len(new) else old).assign(chained=False)
    both = new.merge(old, on="year", suffixes=("", "_old"), validate="1:1").sort_values("year")
    earlier = old[old["year"] < new["year"].min()]
    if both.empty:
        return new.assign(chained=False)
    factor = both["cpi"].iloc[0] / both["cpi_old"].iloc[0]
    return pd.concat([earlier.assign(cpi=earlier["cpi"] * factor, chained=True), new.assign(chained=False)], ignore_index=True)


DATASET = measure("Konsumprisindeksen", Prices, build, key=("year",), moment="året")
