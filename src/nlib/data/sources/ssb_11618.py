"""Population and employed persons by residence and by workplace (SSB 11618)."""

import pandas as pd

from nlib.core.breaks import BREAKS
from nlib.core.tables import Counts, column
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
    population_15_74: pd.Int64Dtype = column("Bosatte 15–74 år", "personer", ge=0, nullable=True)
    employed_residents: pd.Int64Dtype = column("Sysselsatte 15–74 år etter bosted", "personer", ge=0, nullable=True)
    jobs: pd.Int64Dtype = column("Sysselsatte 15–74 år etter arbeidssted", "personer", ge=0, nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Residents and employed persons aged 15-74 by residence and by workplace, 4th quarter, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = DECLARED.dataset(
    RAW, "employed_register", "Bosatte og sysselsatte etter bosted og arbeidssted", Employed, build, moment="4. kvartal"
)
