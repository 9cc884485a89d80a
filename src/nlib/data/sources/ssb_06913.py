"""Births, deaths and moves through each year since 1951, on today's municipalities (SSB 06913).

Moves between municipalities that have merged since are counted in both directions: gross moves are too many in the years
before a merger, the difference between them is right.
"""

from nlib.core.tables import Count, Counts, column, count
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
    births: Count = count("Levendefødte", "personer")
    deaths: Count = count("Døde", "personer")
    in_migration: Count = count("Innflyttinger, fra utlandet og andre kommuner", "personer")
    out_migration: Count = count("Utflyttinger, til utlandet og andre kommuner", "personer")
    growth: Count = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)


DATASET = DECLARED.dataset(
    RAW, "changes_by_year", "Fødte, døde og flytting, fra årstallene", Changes, moment="året", volatile=DECLARED.figures
)
