"""How well attractiveness has foretold the growth of the next three years."""

import pandas as pd

from nlib.attractiveness import backtest
from nlib.attractiveness.backtest import ALL, METHODS, SIZES
from nlib.errors import InvalidTable
from nlib.indicators.attractiveness import TOO_FEW
from nlib.tables import Dataset, Table, column


class Backtest(Table):
    origin: int = column("Året forutsigelsen er gjort, med tall til og med det", ge=1986, le=2100)
    method: str = column("Metode", isin=METHODS)
    size_class: str = column("Kommuner etter folketall", isin=[ALL, *SIZES])
    r2: float = column("Andel av forskjellene som er forklart; under 0 er dårligere enn snittet", "0–1", le=1, nullable=True)
    mean_abs_error_pct: float = column("Snittet av feilene uten fortegn", "prosentpoeng i året", ge=0, nullable=True)
    coverage_pct: float = column("Andel av 90 prosents intervaller som holdt", "prosent", ge=0, le=100, nullable=True)
    n: int = column("Antall kommuner", ge=0)


def build(attractiveness_components: pd.DataFrame) -> pd.DataFrame:
    """Forecasts of the next three years' growth above the nation's against what came, by origin, method and size of municipality.

    Empty where the years are too few to estimate on.
    """
    try:
        return backtest(attractiveness_components)
    except InvalidTable as error:
        if TOO_FEW not in str(error):
            raise
        return DATASET.empty()


DATASET = Dataset(
    name="attractiveness_backtest",
    title="Hvor godt attraktiviteten har forutsagt veksten",
    key=("origin", "method", "size_class"),
    schema=Backtest,
    needs=("attractiveness_components",),
    build=build,
)
