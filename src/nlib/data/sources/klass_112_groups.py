"""The KOSTRA group of every municipality number since 2020, one row a period (KLASS 112, its correspondence to 131).

`valid_to` is missing while it holds.
"""

from nlib.core.tables import Placed, column
from nlib.data.readers import klass

TITLE = "Standard for gruppering av kommuner etter folkemengde og økonomiske rammebetingelser (KOSTRA-grupper)"
RAW = klass.groups_of_municipalities("112", TITLE, "kostra_group", 16, "EKG{:02d}")


class Groups(Placed):
    kostra_group: str = column("KOSTRA-gruppe, slik KOSTRA-tabellene skriver den", str_matches=r"^EKG\d{2}$")
    name: str = column("Hva gruppen heter")
    valid_from: str = column("Første dag kommunen er i gruppen")
    valid_to: str = column("Første dag den ikke lenger er der", nullable=True)


DATASET = klass.dataset(RAW, "kostra_groups", "Kommunenes KOSTRA-grupper", ("komm_nr", "valid_from"), Groups)
