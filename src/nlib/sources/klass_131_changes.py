"""What became of municipality numbers (KLASS 131, changes)."""

from functools import partial

import pandas as pd

from nlib.municipalities import resource
from nlib.readers import klass
from nlib.tables import KOMM_NR, SSB, Dataset, KlassQuery, Raw, Table, column

FIELDS = {"oldCode": "old_nr", "newCode": "new_nr", "changeOccurred": "date"}


def synthetic(norway) -> list[bytes]:
    """The real changes since 2018."""
    return [klass.write(resource("municipality_changes.csv"), "codeChanges", FIELDS)]


RAW = Raw(
    name="klass_131_changes",
    producer=SSB,
    table="KLASS 131",
    title="Standard for kommuneinndeling: endringer",
    page="https://www.ssb.no/klass/klassifikasjoner/131/endringer",
    query=KlassQuery("131", "changes", since="1994-01-01"),
    read=partial(klass.read, part="codeChanges", fields=FIELDS),
    synthetic=synthetic,
)


class Changes(Table):
    date: str = column("Dagen endringen trådte i kraft")
    old_nr: str = column("Nummeret før", str_matches=KOMM_NR)
    new_nr: str = column("Nummeret etter", str_matches=KOMM_NR)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Changes between municipality numbers; a number with more than one successor on a day was split."""
    return raw.drop_duplicates()


DATASET = Dataset(
    name="municipality_changes",
    title="Endringer i kommuneinndelingen",
    key=("date", "old_nr", "new_nr"),
    schema=Changes,
    needs=(RAW,),
    build=build,
)
