"""The consumer price index to 2025 (SSB 03013), which is closed; 14700 has taken over."""

import pandas as pd

from nlib.core.tables import SSB, Dataset, PxQuery, Raw, Table, column
from nlib.data.readers import jsonstat

MONTHS = 12


def source(table: str, title: str, group: tuple[str, str], prices, closed: bool = False, **more) -> Raw:
    """The monthly index of one group of goods (variable and code); `prices` are the synthetic country's: `month`, `cpi`."""
    select = {group[0]: (group[1],), "ContentsCode": ("KpiIndMnd",), "Tid": ("*",)}

    def synthetic(norway) -> list[bytes]:
        frame = prices(norway.cpi()).rename(columns={"month": "Tid", "cpi": "value"}, errors="raise")
        frame = frame.assign(**{group[0]: group[1]}, ContentsCode="KpiIndMnd")
        return [jsonstat.write(frame, list(select), title=title, table=table, updated=norway.updated)]

    page, query = f"https://www.ssb.no/statbank/table/{table}", PxQuery(table, select, closed=closed)
    return Raw(f"ssb_{table}", SSB, table, title, page, query, jsonstat.read, synthetic, optional=True, **more)


RAW = source(
    "03013",
    "Konsumprisindeks, etter konsumgruppe, statistikkvariabel og måned (avsluttet)",
    ("Konsumgrp", "TOTAL"),
    lambda prices: prices[prices["month"] < "2026"],
    closed=True,
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
