"""What became of municipality numbers (KLASS 131, changes)."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import KOMM_NR, Dataset, Table, column
from nlib.data.readers import klass

FIELDS = {"oldCode": "old_nr", "newCode": "new_nr", "changeOccurred": "date"}
TITLE = "Standard for kommuneinndeling: endringer"
RAW = klass.source("131", "changes", TITLE, FIELDS, lambda norway: resource("municipality_changes.csv"), known=True)


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
