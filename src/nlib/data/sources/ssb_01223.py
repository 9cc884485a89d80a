"""Births, deaths and moves from New Year to the end of the 4th quarter, on today's municipalities (SSB 01223).

Moves within the country and abroad are apart. Those between municipalities that have merged since are counted in both directions:
gross moves are too many in the years before a merger, the difference between them is right.
"""

from nlib.core.tables import Count, Counts, column, count
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
    births: Count = count("Levendefødte", "personer")
    deaths: Count = count("Døde", "personer")
    immigration: Count = count("Innvandring fra utlandet", "personer")
    emigration: Count = count("Utvandring til utlandet", "personer")
    domestic_in: Count = count("Innflytting fra andre kommuner", "personer")
    domestic_out: Count = count("Utflytting til andre kommuner", "personer")
    growth: Count = column("Folketilvekst slik SSB fører den, uten grenseendringer", "personer", nullable=True)


TITLE = "Fødte, døde og flytting, fra kvartalstallene"
DATASET = DECLARED.dataset(RAW, "changes_by_quarter", TITLE, Changes, moment="året", volatile=DECLARED.figures)
