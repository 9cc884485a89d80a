"""The business index (næringslivsindeks): its twelve indicators scored 0-100, with ranks."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.indicators.business_indicators import AREAS
from nlib.methods.composite import score


class Scores(Placed):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt", isin=list(AREAS))
    area: str = column("Området i indeksen", isin=list(dict.fromkeys(AREAS.values())))
    value: float = column("Verdien; mangler der den ikke er kjent", "prosent, kr eller per 100", nullable=True)
    score: float = column("Poeng: 50 er gjennomsnittet, 20 poeng er ett standardavvik", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank: Count = column("Plass, 1 er høyest", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)


def build(business_indicators: pd.DataFrame) -> pd.DataFrame:
    """The score of each indicator is clip(50 + 20 (value - mean) / sd, 0, 100) over the year's municipalities, unweighted.

    Source: Telemarksforsking's næringslivsindeks, whose rule is recovered from published scores (`nlib.methods.composite.score`).
    """
    return score(business_indicators)[list(Scores.to_schema().columns)]


DATASET = measure("Næringslivsindeksen, indikator for indikator", Scores, build, by=("indicator",), moment="året", partial=True)
