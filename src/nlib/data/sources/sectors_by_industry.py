"""Employed persons by industry in 16 groups and sector of the employer, by workplace and by residence (SSB 13472)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count
from nlib.data.sources.ssb_07984 import INDUSTRIES
from nlib.data.sources.ssb_13472 import DECLARED, EVERY, RAW, SECTORS


class Employed(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    industry: str = column("Næringer, SN2007, fra og med – til og med; 00 er uoppgitt", isin=INDUSTRIES)
    sector: str = column("Arbeidsgiverens sektor", isin=list(SECTORS.values()))
    jobs: Count = count("Sysselsatte etter arbeidssted; 1 og 2 er 0 eller 3", "personer")
    employed_residents: Count = count("Sysselsatte etter bosted; 1 og 2 er 0 eller 3", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by industry and sector, 4th quarter, on today's municipalities; combinations with nobody left out.

    Empty where the figures came by hand: exports are of all industries together.
    """
    by_industry = raw[raw["NACE2007"] != EVERY]
    if by_industry.empty:
        return DATASET.empty()
    employed = DECLARED.today(by_industry, municipality_codes, municipality_changes)
    nobody = (employed[["employed_residents", "jobs"]] == 0).fillna(False).all(axis=1)
    return employed[~nobody]


DATASET = DECLARED.dataset(
    RAW, "employed_by_sector_and_industry", "Sysselsatte etter sektor og næring", Employed, build, moment="4. kvartal", partial=True
)
