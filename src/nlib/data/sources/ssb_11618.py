"""Residents and employed persons aged 15-74 by residence and by workplace, 4th quarter, on today's municipalities (SSB 11618)."""

from nlib.core.breaks import BREAKS
from nlib.core.tables import Count, Counts, column, count
from nlib.data.sources.ssb_03321 import RINDAL
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="11618",
    title="Befolkning og sysselsatte, etter region, kjønn, alder, statistikkvariabel og år",
    keys={"Region": "komm_nr"},
    only={"Kjonn": "0", "Alder": "15-74"},
    contents={"BefolkningBosted": "population_15_74", "SysselBosted": "employed_residents", "SysselArbsted": "jobs"},
    first_year=2000,
    breaks=BREAKS,
    holes=(RINDAL,),
    optional=False,
)
RAW = DECLARED.raw("margins", "flow_years")


class Employed(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    population_15_74: Count = count("Bosatte 15–74 år", "personer")
    employed_residents: Count = count("Sysselsatte 15–74 år etter bosted", "personer")
    jobs: Count = count("Sysselsatte 15–74 år etter arbeidssted", "personer")


DATASET = DECLARED.dataset(
    RAW, "employed_register", "Bosatte og sysselsatte etter bosted og arbeidssted", Employed, moment="4. kvartal"
)
