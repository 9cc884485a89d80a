"""Births, deaths and moves so far in the year, moves within the country and abroad apart (SSB 01223)."""

import pandas as pd

from nlib.core.tables import Counts, column
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="01223",
    title="Befolkning og endringar hittil i år, etter region, statistikkvariabel og kvartal",
    keys={"Region": "komm_nr"},
    contents={
        "Fodte2": "births",
        "Dode3": "deaths",
        "Innvandring5": "immigration",
        "Utvandring6": "emigration",
        "Tilflytting7": "domestic_in",
        "Fraflytting8": "domestic_out",
        "Folketilvekst10": "growth",
    },
    quarter="K4",
    day="01-01",
    first_year=1997,
)
RAW = DECLARED.raw("changes", "employment_years")


class Changes(Counts):
    year: int = column("År; endringene er fra 1. januar til neste 1. januar", ge=1997, le=2100)
    births: pd.Int64Dtype = column("Levendefødte", "personer", ge=0, nullable=True)
    deaths: pd.Int64Dtype = column("Døde", "personer", ge=0, nullable=True)
    immigration: pd.Int64Dtype = column("Innvandring fra utlandet", "personer", ge=0, nullable=True)
    emigration: pd.Int64Dtype = column("Utvandring til utlandet", "personer", ge=0, nullable=True)
    domestic_in: pd.Int64Dtype = column("Innflytting fra andre kommuner", "personer", ge=0, nullable=True)
    domestic_out: pd.Int64Dtype = column("Utflytting til andre kommuner", "personer", ge=0, nullable=True)
    growth: pd.Int64Dtype = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Births, deaths and moves from New Year to the end of the 4th quarter, on today's municipalities.

    Moves between municipalities that have merged since are counted in both directions: gross moves are too many in the years
    before a merger, the difference between them is right.
    """
    return DECLARED.today(raw, municipality_codes, municipality_changes)


TITLE = "Fødte, døde og flytting, fra kvartalstallene"
DATASET = DECLARED.dataset(RAW, "changes_by_quarter", TITLE, Changes, build, moment="året", volatile=DECLARED.figures)
