"""Operating results of municipal accounts (SSB 12137).

The figures are asked for and read by name; names other than «Frie inntekter per innbygger (kr)» are from memory, and a fetch holds
them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="12137",
    title="Finansielle nøkkeltall fra resultatregnskapet, kommunekonsern, etter region, statistikkvariabel og år",
    keys={"KOKkommuneregion0000": "komm_nr"},
    contents={
        "Brutto driftsresultat i prosent av brutto driftsinntekter (prosent)": "gross_operating_result_pct",
        "Netto driftsresultat i prosent av brutto driftsinntekter (prosent)": "net_operating_result_pct",
    },
    named=("ContentsCode",),
    first_year=2015,
    breaks={2020: "ny kommunelov, flere enheter i konsernet"},
)
RAW = DECLARED.raw("economy")


class Results(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Regnskapsår", ge=2000, le=2100)
    gross_operating_result_pct: float = column("Brutto driftsresultat, av brutto driftsinntekter", "prosent", nullable=True)
    net_operating_result_pct: float = column("Netto driftsresultat, av brutto driftsinntekter", "prosent", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Operating results of municipal accounts; a municipality that has merged begins after it: figures cannot be added."""
    return DECLARED.followed(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="municipal_results",
    title="Finansielle nøkkeltall fra resultatregnskapet",
    key=("komm_nr", "year"),
    schema=Results,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="året",
)
