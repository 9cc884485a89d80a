"""How far projections made in earlier years would have been from what came, and the bands that follow."""

import pandas as pd

from nlib.attractiveness.backtest import ALL, SIZES
from nlib.indicators.projection_rates import bosted
from nlib.projection import backtest, cohorts, errors
from nlib.projection.backtest import COURSES, LEAST
from nlib.tables import Dataset, Table, column

HORIZON = 2050


class Backtest(Table):
    origin: int = column("Året framskrivingen går ut fra, med tall til og med 1. januar", ge=1950, le=2100)
    horizon: int = column("År fram", "år", ge=1)
    course: str = column("neutral: attraktivitet null; trend: som den har vært; unchanged: uendret folketall", isin=COURSES)
    size_class: str = column("Kommuner etter folketall", isin=[ALL, *SIZES])
    mean_abs_error_pct: float = column("Snittet av feilene uten fortegn", "prosent av folketallet", ge=0, nullable=True)
    mean_error_pct: float = column("Snittet av feilene; over 0 er for høyt framskrevet", "prosent av folketallet", nullable=True)
    within_5_pct: float = column("Andel av kommunene med feil under 5 prosent", "prosent", ge=0, le=100, nullable=True)
    coverage_pct: float = column("Andel av 80 prosents bånd som holdt", "prosent", ge=0, le=100, nullable=True)
    width_pct: float = column("Halve bredden på 80 prosents bånd, slik det kunne vært gitt da", "prosent", ge=0, nullable=True)
    n: int = column("Antall kommuner; 0 der ingenting er kommet ennå", ge=0)


def build(population_by_age: pd.DataFrame, population_changes: pd.DataFrame, attractiveness: pd.DataFrame) -> pd.DataFrame:
    """Projections from every earlier 1 January against what came, by course, horizon and size; bands of the latest to 2050.

    Each is made with what was known then. Empty where there are too few years.
    """
    held = cohorts(population_by_age)
    if len(held.years) < LEAST + 2:
        return DATASET.empty()
    last = int(held.years[-1])
    return backtest(errors(held, population_changes, bosted(attractiveness)), last, max(HORIZON - last, 1))


DATASET = Dataset(
    name="projection_backtest",
    title="Hvor langt framskrivinger har vært fra det som kom",
    key=("origin", "horizon", "course", "size_class"),
    schema=Backtest,
    needs=("population_by_age", "population_changes", "attractiveness"),
    build=build,
)
