"""Municipality numbers and names with their first and last day (KLASS 131)."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import KOMM_NR, Dataset, Table, column
from nlib.data.readers import klass

FIELDS = {"code": "komm_nr", "name": "name", "validFrom": "valid_from", "validTo": "valid_to"}


def made(norway) -> pd.DataFrame:
    """The real numbers and names: the synthetic country has the real map."""
    return resource("municipalities.csv")


RAW = klass.source("131", "codes", "Standard for kommuneinndeling: koder", FIELDS, made, known=True)


class Codes(Table):
    komm_nr: str = column("Kommunenummer", str_matches=KOMM_NR)
    name: str = column("Kommunenavn")
    valid_from: str = column("Første dag")
    valid_to: str = column("Første dag det ikke lenger gjelder", nullable=True)


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Every municipality number and name since 1994, one row a period; `valid_to` is missing while it holds."""
    return raw.drop_duplicates()


DATASET = Dataset("municipality_codes", "Kommunenumre og -navn over tid", ("komm_nr", "valid_from"), Codes, (RAW,), build)
