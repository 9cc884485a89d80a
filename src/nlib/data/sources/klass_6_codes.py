"""The standard industrial classification with its names (KLASS 6)."""

import pandas as pd

from nlib.core.municipalities import resource
from nlib.core.tables import Dataset, Table, column
from nlib.data.readers import klass

FIELDS = {"code": "nace", "parentCode": "parent", "level": "level", "name": "name"}
FIELDS |= {"validFrom": "valid_from", "validTo": "valid_to"}
FIRST_DAY = "2009-01-01"  # of SN2007 in KLASS; the figures that nlib reads are by it
SN2025 = "2025-01-01"  # its first day: a code that began before is of SN2007, one that holds on it of SN2025


def made(norway) -> pd.DataFrame:
    """The real two-digit codes, with the project's short names, and their sections."""
    codes = resource("industries.csv")
    twos = codes.rename(columns={"nace2": "nace", "section": "parent"}, errors="raise").assign(level="2")
    sections = pd.DataFrame({"nace": sorted(codes["section"].unique())}).assign(parent=None, level="1", name=lambda f: f["nace"])
    return pd.concat([sections, twos]).assign(valid_from=FIRST_DAY, valid_to=None)


TITLE = "Standard for næringsgruppering (SN): koder"
RAW = klass.source("6", "codes", TITLE, FIELDS, made, since=FIRST_DAY, known=True, optional=True)


class Codes(Table):
    nace: str = column("Næringskode, slik KLASS skriver den", str_matches=r"^([A-Z]|\d{2}(\.\d{1,3})?)$")
    parent: str = column("Koden over; mangler for næringshovedområder", nullable=True)
    level: int = column("Nivå: 1 næringshovedområde, 2 tosiffer, til 5 femsiffer", ge=1, le=5)
    name: str = column("Næringens navn")
    valid_from: str = column("Første dag")
    valid_to: str = column("Første dag den ikke lenger gjelder", nullable=True)
    sn2007: bool = column("Sann når koden er i SN2007, som tallene i utgaven er ført etter")
    sn2025: bool = column("Sann når koden er i SN2025")


def build(raw: pd.DataFrame) -> pd.DataFrame:
    """Every code of the industrial classification since SN2007, one row a period; `valid_to` is missing while it holds.

    The same code may mean one industry in SN2007 and another in SN2025 (J, 62): names are joined where `sn2007` is true.
    """
    after = raw["valid_to"].isna() | (raw["valid_to"] > SN2025)
    return raw.assign(sn2007=raw["valid_from"] < SN2025, sn2025=after).drop_duplicates()


DATASET = Dataset("industry_codes", "Næringskoder og -navn", ("nace", "valid_from"), Codes, (RAW,), build)
