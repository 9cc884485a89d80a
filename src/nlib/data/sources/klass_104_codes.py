"""Every county number and name since 1994, one row a period; `valid_to` is missing while it holds (KLASS 104)."""

from nlib.core.municipalities import resource
from nlib.core.tables import Table, column
from nlib.data.readers import klass

FIELDS = {"code": "county_nr", "name": "county", "validFrom": "valid_from", "validTo": "valid_to"}


def made(norway):
    """The real numbers and names of today: the synthetic country has the real map."""
    counties = resource("counties.csv")
    today = counties[counties["county_nr"].isin(norway.register.current["komm_nr"].str[:2])]
    return today.assign(valid_from="2024-01-01", valid_to=None)


RAW = klass.source("104", "codes", "Standard for fylkesinndeling: koder", FIELDS, made, known=True, optional=True)


class Counties(Table):
    county_nr: str = column("Fylkesnummer", str_matches=r"^\d{2}$")
    county: str = column("Fylkesnavn, slik KLASS skriver det")
    valid_from: str = column("Første dag")
    valid_to: str = column("Første dag det ikke lenger gjelder", nullable=True)


DATASET = klass.dataset(RAW, "county_codes", "Fylkesnumre og -navn over tid", ("county_nr", "valid_from"), Counties)
