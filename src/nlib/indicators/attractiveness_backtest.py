"""How well attractiveness has foretold the growth of the next three years."""

import pandas as pd

from nlib.core.tables import Table, column, measure
from nlib.methods.attractiveness import backtest
from nlib.methods.attractiveness.backtest import ALL, METHODS, SIZES

HORIZON = 3
SSB = "ssb"


class Backtest(Table):
    origin: int = column("Året forutsigelsen er gjort, med tall til og med det", ge=1986, le=2100)
    method: str = column("Metode; ssb er SSBs framskriving fra året etter", isin=[*METHODS, SSB])
    size_class: str = column("Kommuner etter folketall", isin=[ALL, *SIZES])
    r2: float = column("Andel av forskjellene som er forklart; under 0 er dårligere enn snittet", "0–1", le=1, nullable=True)
    mean_abs_error_pct: float = column("Snittet av feilene uten fortegn", "prosentpoeng i året", ge=0, nullable=True)
    coverage_pct: float = column("Andel av 90 prosents intervaller som holdt", "prosent", ge=0, le=100, nullable=True)
    n: int = column("Antall kommuner", ge=0)


def build(attractiveness_components, attractiveness_residuals, old_projections) -> pd.DataFrame:
    """Forecasts of the next three years' growth above the nation's against what came, by origin, method and size of municipality.

    What is judged is the posterior of three years that pages show. SSB's earlier projections are among the methods where they
    have been imported. Empty where the years are too few to estimate on.
    """
    if attractiveness_residuals.empty:
        return DATASET.empty()
    theirs = projected(old_projections)
    return backtest(attractiveness_components, horizon=HORIZON, forecasts=theirs, residuals=attractiveness_residuals)


def projected(old_projections: pd.DataFrame) -> pd.DataFrame | None:
    """What each projection foretold of growth above the nation's, % a year over the first three years; None where there is none.

    A projection made in a year starts from its 1 January, so it foretells from the origin before. Returns `komm_nr`, `origin`,
    `method`, `forecast_pct`; the nation is the sum of the municipalities in the projection.
    """
    people = old_projections.dropna(subset="population").astype({"population": float})
    ends = [people[people["year"] == people["made"] + ahead] for ahead in (0, HORIZON)]
    both = ends[0].merge(ends[1], on=["komm_nr", "made"], suffixes=("", "_then"), validate="1:1").query("population > 0")
    if both.empty:
        return None
    nation = both.groupby("made")[["population", "population_then"]].transform("sum")
    rates = [(frame["population_then"] / frame["population"]) ** (1 / HORIZON) for frame in (both, nation)]
    return both[["komm_nr"]].assign(origin=both["made"] - 1, method=SSB, forecast_pct=100 * (rates[0] - rates[1]))


DATASET = measure("Hvor godt attraktiviteten har forutsagt veksten", Backtest, build, key=("origin", "method", "size_class"))
