"""The business index (næringslivsindeks): its twelve indicators scored 0-100, with ranks."""

import pandas as pd

from nlib.core.tables import Count, Placed, column, measure
from nlib.indicators.business_indicators import AREAS
from nlib.methods.composite import placed_by_value, score


class Scores(Placed):
    year: int = column("År", ge=1990, le=2100)
    indicator: str = column("Hva som er målt", isin=list(AREAS))
    area: str = column("Området i indeksen", isin=list(dict.fromkeys(AREAS.values())))
    value: float = column("Verdien; mangler der den ikke er kjent", "prosent, kr eller per 100", nullable=True)
    size: float = column("Det raten er målt på (nevneren)", "personer, foretak eller virksomheter", ge=0, nullable=True)
    score: float = column("Poeng: 50 er gjennomsnittet, 20 poeng er ett standardavvik", "poeng, 0–100", ge=0, le=100, nullable=True)
    rank: Count = column("Plass, 1 er høyest", ge=1, nullable=True)
    n: int = column("Antall kommuner som er rangert", ge=0)
    place: Count = column("Plass etter verdien, 1 er høyest; mangler der færre enn 50 ligger under", ge=1, nullable=True)
    tied: int = column("Hvor mange som deler verdien, den selv medregnet", ge=0)


def build(business_indicators: pd.DataFrame) -> pd.DataFrame:
    """The score of each indicator is clip(50 + 20 (value - mean) / sd, 0, 100) over the year's municipalities, unweighted.

    Source: Telemarksforsking's næringslivsindeks, whose rule is recovered from published scores (`nlib.methods.composite.score`).
    """
    return placed_by_value(score(business_indicators))[list(Scores.to_schema().columns)]


DATASET = measure("Næringslivsindeksen, indikator for indikator", Scores, build, by=("indicator",), moment="året", partial=True)
