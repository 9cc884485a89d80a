"""The share of the young who are outside work, education and labour-market measures (SSB 13563)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count, measure
from nlib.indicators.commuting import beside_nation


class Outside(Counts):
    year: int = column("År; tallene gjelder november", ge=2008, le=2100)
    young: Count = count("Bosatte 15–29 år", "personer")
    outside: Count = count("Av dem utenfor arbeid, utdanning og arbeidsmarkedstiltak", "personer")
    share_pct: float = column("Andelen utenfor", "prosent", ge=0, le=100, nullable=True)
    nation_pct: float = column("Landets andel", "prosent", ge=0, le=100, nullable=True)


def build(outside_work: pd.DataFrame) -> pd.DataFrame:
    """Residents aged 15-29 outside work, education and measures, in percent of all of the age; missing where SSB hides the count.

    The nation is the sum of municipalities whose share is known.
    """
    return beside_nation(outside_work, "outside", "young")


DATASET = measure("Unge utenfor arbeid og utdanning, andel", Outside, build, moment="november")
