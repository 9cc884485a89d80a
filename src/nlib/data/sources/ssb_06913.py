"""Births, deaths and moves through the year, since 1951 (SSB 06913)."""

import pandas as pd

from nlib.core.tables import Counts, column
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="06913",
    title="Befolkning 1. januar og endringer i løpet av året, etter region, statistikkvariabel og år",
    keys={"Region": "komm_nr"},
    contents={
        "Levendefødte": "births",
        "Døde": "deaths",
        "Innflyttinger": "in_migration",
        "Utflyttinger": "out_migration",
        "Folketilvekst": "growth",
    },
    named=("ContentsCode",),
    day="01-01",
    through=True,
    first_year=1951,
)
RAW = DECLARED.raw("changes", "employment_years")


class Changes(Counts):
    year: int = column("År; endringene er fra 1. januar til neste 1. januar", ge=1951, le=2100)
    births: pd.Int64Dtype = column("Levendefødte", "personer", ge=0, nullable=True)
    deaths: pd.Int64Dtype = column("Døde", "personer", ge=0, nullable=True)
    in_migration: pd.Int64Dtype = column("Innflyttinger, fra utlandet og andre kommuner", "personer", ge=0, nullable=True)
    out_migration: pd.Int64Dtype = column("Utflyttinger, til utlandet og andre kommuner", "personer", ge=0, nullable=True)
    growth: pd.Int64Dtype = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Births, deaths and moves through each year, on today's municipalities.

    Moves between municipalities that have merged since are counted in both directions: gross moves are too many in the years
    before a merger, the difference between them is right.
    """
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = DECLARED.dataset(
    RAW, "changes_by_year", "Fødte, døde og flytting, fra årstallene", Changes, build, moment="året", volatile=DECLARED.figures
)
