"""Establishments by industry and number of employees (SSB 07091).

The table's number and its codes are from memory; a fetch holds them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

SIZES = {
    "Ingen ansatte": "0",
    "1-4 ansatte": "1-4",
    "5-9 ansatte": "5-9",
    "10-19 ansatte": "10-19",
    "20-49 ansatte": "20-49",
    "50-99 ansatte": "50-99",
    "100-249 ansatte": "100-249",
    "250 ansatte og over": "250+",
}

DECLARED = StatBank(
    table="07091",
    title="Virksomheter, etter region, næring (SN2007), antall ansatte, statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "section", "AntAnsatte": "size"},
    codes={"NACE2007": tuple("ABCDEFGHIJKLMNOPQRS")},
    values={"AntAnsatte": SIZES},
    named=("AntAnsatte",),
    contents={"Virksomheter": "establishments"},
    day="01-01",
    first_year=2009,
)
RAW = DECLARED.raw("establishments", "population_years")


class Establishments(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 1. januar", ge=2009, le=2100)
    section: str = column("Næringshovedområde, SN2007", str_matches=r"^[A-S]$")
    size: str = column("Antall ansatte", isin=list(SIZES.values()))
    establishments: pd.Int64Dtype = column("Virksomheter (bedrifter)", "virksomheter", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Establishments by industry and number of employees, 1 January, on today's municipalities; combinations with none left out."""
    table = DECLARED.today(raw, municipality_codes, municipality_changes)
    return table[(table["establishments"] != 0).fillna(True)]


DATASET = Dataset(
    name="establishments",
    title="Virksomheter etter næring og størrelse",
    key=("komm_nr", "year", "section", "size"),
    schema=Establishments,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="1. januar",
)
