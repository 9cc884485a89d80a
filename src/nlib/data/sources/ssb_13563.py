"""Labour-force status of residents (SSB 13563)."""

import pandas as pd

from nlib.core.breaks import BREAKS
from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

STATUSES = {
    "A.01": "sysselsatt",
    "A.09": "ledig",
    "U.01": "tiltak",
    "U.03": "utdanning",
    "U.04-U.05": "aap_ufor",
    "U.06-U.07": "pensjon",
    "U.90A": "ovrige",
}
WHOLE, OUTSIDE = "i_alt", "utenfor"  # everybody; outside work, education and measures: some of the others, summed by SSB
AGES = ("15-74", "15-29")

DECLARED = StatBank(
    table="13563",
    title="Kommunefordelt prioritert arbeidsstyrkestatus (15 år og over), etter region, status, innvandringskategori, alder og år",
    keys={"Region": "komm_nr", "HovArbStyrkStatus": "status", "Alder": "age"},
    values={"HovArbStyrkStatus": {"TOT3": WHOLE} | STATUSES | {"NEET2": OUTSIDE}, "Alder": {age: age for age in AGES}},
    only={"InnvandrKat": "A-G"},
    contents={"Bosatte": "persons"},
    first_year=2008,
    breaks=BREAKS,
)
RAW = DECLARED.raw("labour_force")


class Status(Counts):
    year: int = column("År; tallene gjelder november", ge=2008, le=2100)
    status: str = column(
        "Prioritert arbeidsstyrkestatus; aap_ufor er arbeidsavklaringspenger eller uføretrygd", isin=list(STATUSES.values())
    )
    persons: Count = count("Bosatte 15–74 år; færre enn fire er skjult", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Residents aged 15-74 by labour-force status, each person in the first that holds, on today's municipalities."""
    adults = raw[(raw["Alder"] == AGES[0]) & raw["HovArbStyrkStatus"].isin(STATUSES)]
    return DECLARED.today(adults, municipality_codes, municipality_changes).drop(columns="age")


DATASET = DECLARED.dataset(RAW, "labour_force_status", "Tilknytning til arbeidsmarkedet", Status, build, moment="november")
