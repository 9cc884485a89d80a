"""Every municipality number and name since 1994, one row a period; `valid_to` is missing while it holds (KLASS 131)."""

from nlib.core.municipalities import resource
from nlib.core.tables import KOMM_NR, Table, column
from nlib.data.readers import klass

FIELDS = {"code": "komm_nr", "name": "name", "validFrom": "valid_from", "validTo": "valid_to"}
TITLE = "Standard for kommuneinndeling: koder"
RAW = klass.source("131", "codes", TITLE, FIELDS, lambda norway: resource("municipalities.csv"), known=True)


class Codes(Table):
    komm_nr: str = column("Kommunenummer", str_matches=KOMM_NR)
    name: str = column("Kommunenavn")
    valid_from: str = column("Første dag")
    valid_to: str = column("Første dag det ikke lenger gjelder", nullable=True)


DATASET = klass.dataset(RAW, "municipality_codes", "Kommunenumre og -navn over tid", ("komm_nr", "valid_from"), Codes)
