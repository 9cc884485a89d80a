"""The centrality class of each municipality (KLASS 128, its correspondence to 131)."""

from functools import partial

import pandas as pd

from nlib.readers import klass
from nlib.tables import KOMM_NR, SSB, Dataset, KlassQuery, Raw, Table, column

FIELDS = {
    "targetCode": "komm_nr",
    "sourceCode": "centrality",
    "sourceName": "name",
    "validFrom": "valid_from",
    "validTo": "valid_to",
}


def synthetic(norway) -> list[bytes]:
    """Made-up groups of today's municipalities: by population, the largest first."""
    return [klass.write(norway.groups(6).rename(columns={"group": "centrality"}, errors="raise"), "correspondenceItems", FIELDS)]


RAW = Raw(
    name="klass_128_groups",
    producer=SSB,
    table="KLASS 128",
    title="Standard for sentralitet",
    page="https://www.ssb.no/klass/klassifikasjoner/128",
    query=KlassQuery("128", "corresponds", since="2020-01-01", target="131"),
    read=partial(klass.read, part="correspondenceItems", fields=FIELDS),
    synthetic=synthetic,
    optional=True,
)


class Groups(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    centrality: str = column("Sentralitetsklasse; 1 er mest sentral, 6 minst", str_matches=r"^[1-6]$")
    name: str = column("Hva gruppen heter")
    valid_from: str = column("Første dag kommunen er i gruppen")
    valid_to: str = column("Første dag den ikke lenger er der", nullable=True)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """The group of every municipality number since 2020, one row a period; `valid_to` is missing while it holds."""
    return raw.drop_duplicates()


DATASET = Dataset(
    name="centrality_classes",
    title="Kommunenes sentralitet",
    key=("komm_nr", "valid_from"),
    schema=Groups,
    needs=(RAW,),
    build=build,
)
