"""SSB's own projection of population (SSB 14288).

The names of the alternatives are from memory; a fetch holds them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="14288",
    title="Framskrevet folkemengde 1. januar, etter region, kjønn, alder, statistikkvariabel og år",
    keys={"Region": "komm_nr"},  # sex and age are summed by SSB
    contents={
        "Hovedalternativet (MMMM)": "main",
        "Lav nasjonal vekst (LLML)": "low",
        "Høy nasjonal vekst (HHMH)": "high",
    },
    named=("ContentsCode",),
    day="01-01",
)
RAW = DECLARED.raw("projection", None)


class Projected(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=2000, le=2150)
    main: pd.Int64Dtype = column("Framskrevet folketall 1. januar, hovedalternativet (MMMM)", "personer", ge=0, nullable=True)
    low: pd.Int64Dtype = column("Framskrevet folketall 1. januar, lav nasjonal vekst (LLML)", "personer", ge=0, nullable=True)
    high: pd.Int64Dtype = column("Framskrevet folketall 1. januar, høy nasjonal vekst (HHMH)", "personer", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """SSB's projected population on 1 January in three alternatives, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="population_projection",
    title="SSBs befolkningsframskriving",
    key=("komm_nr", "year"),
    schema=Projected,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="1. januar",
)
