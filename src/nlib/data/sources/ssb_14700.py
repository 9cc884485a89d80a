"""The consumer price index (SSB 14700), which took over after 03013 in 2026."""

from nlib.core.tables import SSB, Dataset, PxQuery, Raw
from nlib.data.readers import jsonstat
from nlib.data.sources.ssb_03013 import Prices, build

TITLE = "Konsumprisindeks, etter vare- og tjenestegruppe, statistikkvariabel og måned"


def synthetic(norway) -> list[bytes]:
    """The synthetic country's prices, a figure a month, with the mean of 2025 as 100."""
    frame = norway.cpi().rename(columns={"month": "Tid", "cpi": "value"}, errors="raise")
    base = frame.loc[frame["Tid"].str.startswith("2025"), "value"].mean()
    frame = frame.assign(VareTjenesteGrp="00", ContentsCode="KpiIndMnd", value=(100 * frame["value"] / base).round(1))
    return [jsonstat.write(frame, ["VareTjenesteGrp", "ContentsCode", "Tid"], title=TITLE, table="14700", updated=norway.updated)]


RAW = Raw(
    name="ssb_14700",
    producer=SSB,
    table="14700",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/14700",
    query=PxQuery("14700", {"VareTjenesteGrp": ("00",), "ContentsCode": ("KpiIndMnd",), "Tid": ("*",)}),
    read=jsonstat.read,
    synthetic=synthetic,
    optional=True,
)

DATASET = Dataset("consumer_prices_2025", "Konsumprisindeksen, ny serie", ("year",), Prices, (RAW,), build, moment="året")
