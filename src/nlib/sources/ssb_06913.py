"""Births, deaths and moves through the year (SSB 06913).

The codes of `ContentsCode` are from memory; a fetch holds them against the live table.
"""

import pandas as pd

from nlib.statbank import StatBank
from nlib.tables import KOMM_NR, Dataset, Table, column

DECLARED = StatBank(
    table="06913",
    title="Befolkning og endringer i året, etter region, statistikkvariabel og år",
    keys={"Region": "komm_nr"},
    contents={
        "Fodte2": "births",
        "Dode3": "deaths",
        "Innvandring5": "immigration",
        "Utvandring6": "emigration",
        "Innflytting7": "domestic_in",
        "Utflytting8": "domestic_out",
        "Folketilvekst10": "growth",
    },
    day="01-01",
    first_year=1951,
)
RAW = DECLARED.raw("changes", "employment_years")


class Changes(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; endringene er fra 1. januar til neste 1. januar", ge=1950, le=2100)
    births: pd.Int64Dtype = column("Levendefødte", "personer", ge=0, nullable=True)
    deaths: pd.Int64Dtype = column("Døde", "personer", ge=0, nullable=True)
    immigration: pd.Int64Dtype = column("Innvandring fra utlandet", "personer", ge=0, nullable=True)
    emigration: pd.Int64Dtype = column("Utvandring til utlandet", "personer", ge=0, nullable=True)
    domestic_in: pd.Int64Dtype = column("Innflytting fra andre kommuner", "personer", ge=0, nullable=True)
    domestic_out: pd.Int64Dtype = column("Utflytting til andre kommuner", "personer", ge=0, nullable=True)
    growth: pd.Int64Dtype = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Births, deaths and moves through each year, on today's municipalities.

    Moves between municipalities that have merged since are counted in both directions: gross moves are too many in the years
    before a merger, the difference between them is right.
    """
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = Dataset(
    name="population_changes",
    title="Fødte, døde og flytting",
    key=("komm_nr", "year"),
    schema=Changes,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="året",
)
