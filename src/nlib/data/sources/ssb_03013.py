"""The consumer price index to 2025 (SSB 03013), which is closed; 14700 has taken over."""

import pandas as pd

from nlib.core.tables import SSB, Dataset, PxQuery, Raw, Table, column
from nlib.data.readers import jsonstat

TITLE = "Konsumprisindeks, etter konsumgruppe, statistikkvariabel og måned (avsluttet)"
MONTHS = 12


def synthetic(norway) -> list[bytes]:
    """The synthetic country's prices, a figure a month, to the last year of the table."""
    frame = norway.cpi().rename(columns={"month": "Tid", "cpi": "value"}, errors="raise")
    frame = frame[frame["Tid"] < "2026"].assign(Konsumgrp="TOTAL", ContentsCode="KpiIndMnd")
    return [jsonstat.write(frame, ["Konsumgrp", "ContentsCode", "Tid"], title=TITLE, table="03013", updated=norway.updated)]


RAW = Raw(
    name="ssb_03013",
    producer=SSB,
    table="03013",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/03013",
    query=PxQuery("03013", {"Konsumgrp": ("TOTAL",), "ContentsCode": ("KpiIndMnd",), "Tid": ("*",)}, closed=True),
    read=jsonstat.read,
    synthetic=synthetic,
    optional=True,
    first_year=1979,
    successor="14700",
)


class Prices(Table):
    year: int = column("År", ge=1979, le=2100)
    cpi: float = column("Konsumprisindeksen (KPI), snitt av årets tolv måneder", "indeks", gt=0)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """The yearly mean of the consumer price index, 2015 = 100; a year without all its months is left out."""
    known = raw[raw["value"].notna()]
    prices = known.groupby(known["Tid"].astype("str").str[:4].astype(int))["value"].agg(["mean", "size"])
    return prices.loc[prices["size"] == MONTHS, "mean"].rename("cpi").rename_axis("year").reset_index()


DATASET = Dataset("consumer_prices_2015", "Konsumprisindeksen til og med 2025", ("year",), Prices, (RAW,), build, moment="året")
