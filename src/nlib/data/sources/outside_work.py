"""Young residents outside work, education and labour-market measures (SSB 13563)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count
from nlib.data.sources.ssb_13563 import AGES, DECLARED, OUTSIDE, RAW, WHOLE

KEY = ["komm_nr", "year", "comparable"]


class Outside(Counts):
    year: int = column("År; tallene gjelder november", ge=2008, le=2100)
    young: Count = count("Bosatte 15–29 år", "personer")
    outside: Count = count("Av dem utenfor arbeid, utdanning og arbeidsmarkedstiltak; færre enn fire er skjult", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Residents aged 15-29, and those of them outside work, education and measures as SSB counts them (NEET2 of 13563)."""
    young = raw[(raw["Alder"] == AGES[1]) & raw["HovArbStyrkStatus"].isin(["TOT3", "NEET2"])]
    table = DECLARED.today(young, municipality_codes, municipality_changes)
    wide = table.pivot(index=KEY, columns="status", values="persons").reindex(columns=[WHOLE, OUTSIDE])
    return wide.set_axis(["young", "outside"], axis=1).reset_index()


DATASET = DECLARED.dataset(RAW, "outside_work", "Unge utenfor arbeid og utdanning", Outside, build, moment="november")
