"""Debt of municipalities (SSB 12143).

The figures are asked for and read by name; names other than «Frie inntekter per innbygger (kr)» are from memory, and a fetch holds
them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="12143",
    title="Finansielle nøkkeltall fra balansen, kommunekonsern, etter region, statistikkvariabel og år",
    keys={"KOKkommuneregion0000": "komm_nr"},
    contents={
        "Netto lånegjeld i prosent av brutto driftsinntekter (prosent)": "net_debt_pct",
        "Netto lånegjeld i kroner per innbygger (kr)": "net_debt_kr",
    },
    named=("ContentsCode",),
    first_year=2015,
    breaks={2020: "ny kommunelov, flere enheter i konsernet"},
)
RAW = DECLARED.raw("economy")


class Balance(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Regnskapsår", ge=2000, le=2100)
    net_debt_pct: float = column("Netto lånegjeld, av brutto driftsinntekter", "prosent", nullable=True)
    net_debt_kr: float = column("Netto lånegjeld per innbygger", "kr", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Debt in the municipal accounts, nominal; a municipality that has merged begins after it: figures cannot be added."""
    return DECLARED.followed(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="municipal_balance",
    title="Finansielle nøkkeltall fra balansen",
    key=("komm_nr", "year"),
    schema=Balance,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="året",
)
