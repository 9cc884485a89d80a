"""Our Kommune-NM's areas and total, with ranks, a robust version and a band of ranks."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.methods.composite import index


class Areas(Placed):
    year: int = column("År", ge=1980, le=2100)
    area: str = column("Området i indeksen, eller samlet")
    area_weight: float = column("Områdets vekt", ge=0)
    score: float = column("Poeng; mangler når færre enn fire områder er kjent", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank: Count = column("Plass, 1 er høyest", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)
    told: int = column("Antall indikatorer som poengene er laget av", ge=0)
    robust_score: float = column(
        "Poeng med median og MAD, der små kommuner er trukket mot snittet", "poeng, 0–100", ge=0, le=100, nullable=True
    )
    robust_rank: Count = column("Plass etter de robuste poengene", ge=1, nullable=True)
    rank_low: Count = column("Samlet: beste plass med ni av ti tilfeldige vektinger", ge=1, nullable=True)
    rank_high: Count = column("Samlet: dårligste plass med ni av ti tilfeldige vektinger", ge=1, nullable=True)


def build(kommune_nm: pd.DataFrame) -> pd.DataFrame:
    """The weighted mean of each area's scores, and of the areas'; at least four areas are needed, or all where there are fewer.

    Weights are equal unless the list of indicators gives others (`nlib.methods.composite.index`).
    """
    areas = kommune_nm.loc[kommune_nm["area_weight"] > 0, "area"].nunique()
    return index(kommune_nm, enough=min(4, max(areas, 1))).areas[list(Areas.to_schema().columns)]


DATASET = measure("Kommune-NM-lignende indeks, områder og samlet", Areas, build, by=("area",), moment="året", partial=True)
