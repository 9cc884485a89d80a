"""Key figures of municipal accounts (SSB 12134).

The figures are asked for and read by name; names other than «Frie inntekter per innbygger (kr)» are from memory, and a fetch holds
them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="12134",
    title="Utvalgte nøkkeltall for kommuneregnskap, kommunekonsern, etter region, statistikkvariabel og år",
    keys={"KOKkommuneregion0000": "komm_nr"},
    contents={
        "Frie inntekter per innbygger (kr)": "free_income_kr",
        "Fri egenkapital drift i prosent av brutto driftsinntekter (prosent)": "free_reserves_pct",
    },
    named=("ContentsCode",),
    first_year=2015,
    breaks={2020: "ny kommunelov, flere enheter i konsernet"},
)
RAW = DECLARED.raw("economy")


class KeyFigures(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Regnskapsår", ge=2000, le=2100)
    free_income_kr: float = column("Frie inntekter (skatt og rammetilskudd) per innbygger", "kr", nullable=True)
    free_reserves_pct: float = column("Disposisjonsfond og merforbruk, av brutto driftsinntekter", "prosent", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Key figures of the municipal accounts, nominal; a municipality that has merged begins after it: figures cannot be added."""
    return DECLARED.followed(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="municipal_key_figures",
    title="Utvalgte nøkkeltall for kommuneregnskap",
    key=("komm_nr", "year"),
    schema=KeyFigures,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="året",
)
