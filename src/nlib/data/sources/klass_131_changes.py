"""What became of municipality numbers (KLASS 131, changes)."""

from functools import partial

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import KOMM_NR, SSB, Dataset, KlassQuery, Raw, Table, column
from nlib.data.readers import klass

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
    known=True,
)


class Changes(Table):
    date: str = column("Dagen endringen trådte i kraft")
    old_nr: str = column("Nummeret før", str_matches=KOMM_NR)
    new_nr: str = column("Nummeret etter", str_matches=KOMM_NR)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Changes from one municipality number to another, those where only a part moved and both go on among them.

    A new name is no change of number, and neither is a number that only began or only ended (KLASS gives no other with it):
    those are in `municipality_codes`.
    """
    both = raw.dropna(subset=["old_nr", "new_nr"])
    return both[both["old_nr"] != both["new_nr"]].drop_duplicates()


DATASET = Dataset("municipality_changes", "Endringer i kommuneinndelingen", ("date", "old_nr", "new_nr"), Changes, (RAW,), build)
