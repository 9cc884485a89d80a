"""The business index (næringslivsindeks): its five areas and the total, with ranks, a robust version and a band of ranks."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.indicators.business_indicators import AREAS
from nlib.methods.composite import TOTAL, index


class Areas(Placed):
    year: int = column("År", ge=1990, le=2100)
    area: str = column("Området i indeksen, eller samlet", isin=[*dict.fromkeys(AREAS.values()), TOTAL])
    score: float = column("Poeng; mangler når færre enn fire områder er kjent", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank: Count = column("Plass, 1 er høyest; mangler der færre enn 50 ligger under", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)
    indicators: int = column("Antall indikatorer som poengene er laget av", ge=0)
    size: float = column(
        "Det minste en av dem er målt på; samlet: det fire områder er målt på", "som listen over indikatorer", ge=0, nullable=True
    )
    robust_score: float = column(
        "Poeng med median og MAD, der små kommuner er trukket mot snittet", "poeng, 0–100", ge=0, le=100, nullable=True
    )
    robust_rank: Count = column("Plass etter de robuste poengene", ge=1, nullable=True)
    rank_low: Count = column("Samlet: beste plass med ni av ti tilfeldige vektinger", ge=1, nullable=True)
    rank_high: Count = column("Samlet: dårligste plass med ni av ti tilfeldige vektinger", ge=1, nullable=True)
    score_doubled: float = column("Området: samlet når det teller dobbelt", "poeng, 0–100", ge=0, le=100, nullable=True)
    score_without: float = column("Området: samlet uten det", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank_doubled: Count = column("Området: plass samlet når det teller dobbelt", ge=1, nullable=True)
    rank_without: Count = column("Området: plass samlet uten det", ge=1, nullable=True)


def build(business_indicators: pd.DataFrame) -> pd.DataFrame:
    """The score of an area is the mean of its indicators', and the index the mean of the five areas'; at least four are needed.

    Beside it the robust version and the band of ranks over random weights of the areas (`nlib.methods.composite.index`). Years
    after the last in which a municipality has the index are left out.
    """
    areas = index(business_indicators).areas[list(Areas.to_schema().columns)]
    last = areas.loc[areas["rank"].notna() & (areas["area"] == TOTAL), "year"].max()
    return areas if pd.isna(last) else areas[areas["year"] <= last]


DATASET = measure("Næringslivsindeksen, områder og samlet", Areas, build, by=("area",), moment="året", partial=True)
