"""Employed persons by sector of the employer, by workplace and by residence (SSB 13472).

Sectors and figures are read by name, as they are called in the table and in SSB's exports alike.
"""

from dataclasses import replace

import pandas as pd

from nlib.core.breaks import BREAKS
from nlib.core.tables import Count, Counts, column, count
from nlib.data.readers import statbank_export
from nlib.data.sources.ssb_07984 import INDUSTRIES
from nlib.data.statbank import StatBank

SECTORS = {
    "Statsforvaltningen": "stat",
    "Fylkeskommunal forvaltning": "fylkeskommune",
    "Kommunal forvaltning": "kommune",
    "Offentlige eide foretak": "offentlig_foretak",
    "Privat sektor": "privat",
}
EVERY = "00-99"  # all industries

DECLARED = StatBank(
    table="13472",
    title="Sysselsatte per 4. kvartal, etter region, næring (SN2007), sektor, statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "industry", "Sektor": "sector"},
    codes={"NACE2007": (EVERY, *INDUSTRIES)},
    values={"Sektor": SECTORS},
    contents={"Sysselsatte personer etter arbeidssted": "jobs", "Sysselsatte personer etter bosted": "employed_residents"},
    named=("Sektor", "ContentsCode"),
    first_year=2008,
    breaks=BREAKS,
)


def whole(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of exports as an answer has them, with those that a file lacks as missing; exports are of all industries."""
    labels = {"Sektor": list(SECTORS), "ContentsCode": list(DECLARED.contents)}
    return statbank_export.filled(cells, labels=labels).assign(NACE2007=EVERY)


DIMENSIONS = {"region": "Region", "sektor": "Sektor", "statistikkvariabel": "ContentsCode", "år": "Tid"}
EXPORT = statbank_export.stand_in(DECLARED.table, "Sysselsatte etter sektor", DIMENSIONS, whole)
RAW = replace(DECLARED.raw("by_sector", "flow_years"), stand_in=EXPORT)


class Employed(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    sector: str = column("Arbeidsgiverens sektor", isin=list(SECTORS.values()))
    jobs: Count = count("Sysselsatte etter arbeidssted", "personer")
    employed_residents: Count = count("Sysselsatte etter bosted", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by sector, 4th quarter, on today's municipalities."""
    all_industries = raw[raw["NACE2007"] == EVERY]
    return DECLARED.today(all_industries, municipality_codes, municipality_changes).drop(columns="industry")


DATASET = DECLARED.dataset(RAW, "employed_by_sector", "Sysselsatte etter sektor", Employed, build, moment="4. kvartal")
