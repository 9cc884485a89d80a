"""Employed persons by two-digit industry, by residence and by workplace (SSB 08536).

SSB rounds 1 and 2 to 0 or 3, so sums of industries differ a little from other tables; the figures are kept as they are.
"""

import pandas as pd

from nlib.core.breaks import BREAKS
from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="08536",
    title="Sysselsatte per 4. kvartal, etter region, næring (SN2007), statistikkvariabel og år",
    keys={"Region": "komm_nr", "NACE2007": "nace2"},
    codes={"NACE2007": ("??",)},
    contents={"SysselBosted": "employed_residents", "SysselArbsted": "jobs"},
    first_year=2008,
    breaks=BREAKS,
)
RAW = DECLARED.raw("by_industry", "industry_years")


class Employed(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    nace2: str = column("Næring, SN2007, to sifre; 00 er uoppgitt", str_matches=r"^\d{2}$")
    employed_residents: Count = count("Sysselsatte etter bosted; 1 og 2 er 0 eller 3", "personer")
    jobs: Count = count("Sysselsatte etter arbeidssted; 1 og 2 er 0 eller 3", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by two-digit industry (SN2007), 4th quarter, on today's municipalities; those with nobody left out."""
    employed = DECLARED.today(raw, municipality_codes, municipality_changes)
    nobody = (employed[["employed_residents", "jobs"]] == 0).fillna(False).all(axis=1)
    return employed[employed["nace2"].str.fullmatch(r"\d{2}") & ~nobody]


DATASET = DECLARED.dataset(RAW, "employed_by_industry", "Sysselsatte etter næring", Employed, build, moment="4. kvartal")
