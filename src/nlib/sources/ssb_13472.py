"""Employed persons by sector of the employer, by workplace and by residence (SSB 13472).

The names of the sectors and of the figures are those of SSB's own export; their codes are not known here, so both are asked for
and read by name. That the other variables are `Region` and `Tid` is from memory.
"""

from dataclasses import replace
from functools import partial

import pandas as pd

from nlib.readers import statbank_export
from nlib.statbank import A_ORDNINGEN, StatBank
from nlib.tables import CC_BY, KOMM_NR, SSB, Dataset, Imported, Table, column

SECTORS = {
    "Statsforvaltningen": "stat",
    "Fylkeskommunal forvaltning": "fylkeskommune",
    "Kommunal forvaltning": "kommune",
    "Offentlige eide foretak": "offentlig_foretak",
    "Privat sektor": "privat",
}

DECLARED = StatBank(
    table="13472",
    title="Sysselsatte per 4. kvartal, etter region, sektor, statistikkvariabel og år",
    keys={"Region": "komm_nr", "Sektor": "sector"},
    values={"Sektor": SECTORS},
    contents={
        "Sysselsatte personer etter arbeidssted": "jobs",
        "Sysselsatte personer etter bosted": "employed_residents",
    },
    named=("Sektor", "ContentsCode"),
    first_year=2000,
    breaks=A_ORDNINGEN,
)
EXPORT = Imported(
    kind="statbank",
    title="Sysselsatte etter sektor",
    producer=SSB,
    licence=CC_BY,
    table=DECLARED.table,
    key=("Region", "Sektor", "ContentsCode", "Tid"),
    read=partial(
        statbank_export.cells,
        table=DECLARED.table,
        dimensions={"region": "Region", "sektor": "Sektor", "statistikkvariabel": "ContentsCode", "år": "Tid"},
        coded=("Region",),
    ),
    finish=partial(statbank_export.filled, labels={"Sektor": list(SECTORS), "ContentsCode": list(DECLARED.contents)}),
)
RAW = replace(DECLARED.raw("by_sector"), stand_in=EXPORT)


class Employed(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    sector: str = column("Arbeidsgiverens sektor", isin=list(SECTORS.values()))
    jobs: pd.Int64Dtype = column("Sysselsatte etter arbeidssted", "personer", ge=0, nullable=True)
    employed_residents: pd.Int64Dtype = column("Sysselsatte etter bosted", "personer", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by sector, 4th quarter, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="employed_by_sector",
    title="Sysselsatte etter sektor",
    key=("komm_nr", "year", "sector"),
    schema=Employed,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="4. kvartal",
)
