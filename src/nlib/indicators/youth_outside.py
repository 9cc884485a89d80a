"""The share of the young who are outside work, education and labour-market measures (SSB 13563)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count, measure


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
    table = outside_work.assign(share_pct=_share(outside_work))
    nation = table.dropna(subset="share_pct").groupby("year")[["young", "outside"]].sum()
    return table.merge(_share(nation).rename("nation_pct").reset_index(), on="year", how="left", validate="m:1")


def _share(table: pd.DataFrame) -> pd.Series:
    counts = table[["young", "outside"]].astype("Float64")
    return (100 * counts["outside"] / counts["young"].where(counts["young"] > 0)).astype(float)


DATASET = measure("Unge utenfor arbeid og utdanning, andel", Outside, build, moment="november")
