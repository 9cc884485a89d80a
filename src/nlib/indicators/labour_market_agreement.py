"""How firm the labour-market areas are: how far two methods agree, and how far each agrees with the year before."""

import pandas as pd

from nlib.core.tables import Count, Table, column, measure
from nlib.indicators.labour_market_areas import agreement


class LabourMarketAgreement(Table):
    year: int = column("År; strømmene gjelder 4. kvartal", ge=1986, le=2100)
    areas: int = column("Arbeidsmarkedsområder", "antall", ge=0)
    communities: int = column("Leiden-grupper", "antall", ge=0)
    methods: float = column("Justert Rand-indeks mellom områdene og gruppene; 1 er helt like, 0 er som tilfeldig", le=1)
    previous: Count = column("Året før i tabellen", nullable=True)
    areas_since: float = column("Justert Rand-indeks mellom områdene i de to årene", le=1, nullable=True)
    communities_since: float = column("Justert Rand-indeks mellom gruppene i de to årene", le=1, nullable=True)


def build(labour_market_areas: pd.DataFrame) -> pd.DataFrame:
    """One row a year: the number of areas and of communities, and the adjusted Rand indexes between them and over time."""
    return agreement(labour_market_areas)


DATASET = measure("Hvor sikre arbeidsmarkedsområdene er", LabourMarketAgreement, build, key=("year",), moment="4. kvartal")
