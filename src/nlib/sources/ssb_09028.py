"""New and existing enterprises by industry (SSB 09028).

The table's number and its codes are from memory; a fetch holds them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="09028",
    title="Foretak og nyetablerte foretak, etter region, næring (SN2007), statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "section"},
    codes={"NACE2007": tuple("ABCDEFGHIJKLMNOPQRS")},
    contents={"Foretak": "enterprises", "NyeForetak": "new_enterprises"},
    first_year=2009,
)
RAW = DECLARED.raw("enterprises")


class Enterprises(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2001, le=2100)
    section: str = column("Næringshovedområde, SN2007", str_matches=r"^[A-S]$")
    enterprises: pd.Int64Dtype = column("Foretak ved årets start", "foretak", ge=0, nullable=True)
    new_enterprises: pd.Int64Dtype = column("Foretak etablert i året", "foretak", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Enterprises at the start of a year and those founded through it, by industry, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="enterprises",
    title="Foretak og nye foretak",
    key=("komm_nr", "year", "section"),
    schema=Enterprises,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="året",
)
