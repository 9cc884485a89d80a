"""County numbers and names with their first and last day (KLASS 104)."""

from functools import partial

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import SSB, Dataset, KlassQuery, Raw, Table, column
from nlib.data.readers import klass

FIELDS = {"code": "county_nr", "name": "county", "validFrom": "valid_from", "validTo": "valid_to"}


def synthetic(norway) -> list[bytes]:
    """The real numbers and names of today: the synthetic country has the real map."""
    counties = resource("counties.csv")
    held = counties[counties["county_nr"].isin(norway.register.current["komm_nr"].str[:2])]
    return [klass.write(held.assign(valid_from="2024-01-01", valid_to=None), "codes", FIELDS)]


RAW = Raw(
    name="klass_104_codes",
    producer=SSB,
    table="KLASS 104",
    title="Standard for fylkesinndeling: koder",
    page="https://www.ssb.no/klass/klassifikasjoner/104",
    query=KlassQuery("104", "codes", since="1994-01-01"),
    read=partial(klass.read, part="codes", fields=FIELDS),
    synthetic=synthetic,
    known=True,
    optional=True,
)


class Counties(Table):
    county_nr: str = column("Fylkesnummer", str_matches=r"^\d{2}$")
    county: str = column("Fylkesnavn, slik KLASS skriver det")
    valid_from: str = column("Første dag")
    valid_to: str = column("Første dag det ikke lenger gjelder", nullable=True)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Every county number and name since 1994, one row a period; `valid_to` is missing while it holds."""
    return raw.drop_duplicates()


DATASET = Dataset("county_codes", "Fylkesnumre og -navn over tid", ("county_nr", "valid_from"), Counties, (RAW,), build)
