"""Residents aged 16 and over by highest level of education, 1 October, on today's municipalities (SSB 09429)."""

from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import SINCE_1994, StatBank

LEVELS = {
    "01": "grunnskole",
    "02a": "videregaende",
    "11": "fagskole",
    "03a": "kort_hoyere",
    "04a": "lang_hoyere",
    "09a": "uoppgitt",
}

DECLARED = StatBank(
    table="09429",
    title="Utdanningsnivå, etter region, nivå, kjønn, statistikkvariabel og år",
    keys={"Region": "komm_nr", "Nivaa": "level"},
    values={"Nivaa": LEVELS},
    only={"Kjonn": "0"},
    codes={"Tid": SINCE_1994},
    contents={"Personer": "persons"},
    first_year=1970,
)
RAW = DECLARED.raw("education")


class Educated(Counts):
    year: int = column("År; tallene gjelder 1. oktober", ge=1970, le=2100)
    level: str = column("Høyeste fullførte utdanning", isin=list(LEVELS.values()))
    persons: Count = count("Bosatte 16 år og over", "personer")


DATASET = DECLARED.dataset(RAW, "education", "Utdanningsnivå blant bosatte", Educated, moment="1. oktober")
