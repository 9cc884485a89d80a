"""The KOSTRA group of each municipality (KLASS 112, its correspondence to 131)."""

from functools import partial

import pandas as pd

from nlib.readers import klass
from nlib.tables import KOMM_NR, SSB, Dataset, KlassQuery, Raw, Table, column

FIELDS = {
    "targetCode": "komm_nr",
    "sourceCode": "kostra_group",
    "sourceName": "name",
    "validFrom": "valid_from",
    "validTo": "valid_to",
}


def synthetic(norway) -> list[bytes]:
    """Made-up groups of today's municipalities: by population, the largest first."""
    return [klass.write(norway.groups(16).rename(columns={"group": "kostra_group"}, errors="raise"), "correspondenceItems", FIELDS)]


RAW = Raw(
    name="klass_112_groups",
    producer=SSB,
    table="KLASS 112",
    title="Standard for gruppering av kommuner etter folkemengde og økonomiske rammebetingelser (KOSTRA-grupper)",
    page="https://www.ssb.no/klass/klassifikasjoner/112",
    query=KlassQuery("112", "corresponds", since="2020-01-01", target="131"),
    read=partial(klass.read, part="correspondenceItems", fields=FIELDS),
    synthetic=synthetic,
    optional=True,
)


class Groups(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    kostra_group: str = column("KOSTRA-gruppe", str_matches=r"^\d{1,2}$")
    name: str = column("Hva gruppen heter")
    valid_from: str = column("Første dag kommunen er i gruppen")
    valid_to: str = column("Første dag den ikke lenger er der", nullable=True)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """The group of every municipality number since 2020, one row a period; `valid_to` is missing while it holds."""
    return raw.drop_duplicates()


DATASET = Dataset(
    name="kostra_groups",
    title="Kommunenes KOSTRA-grupper",
    key=("komm_nr", "valid_from"),
    schema=Groups,
    needs=(RAW,),
    build=build,
)
