"""How far projections made in earlier years would have been from what came, and how often their bands would have held."""

import pandas as pd

from nlib.core.tables import Table, column, measure
from nlib.methods.attractiveness.backtest import ALL, SIZES
from nlib.methods.projection import backtest
from nlib.methods.projection.backtest import COURSES, GROWN


class Backtest(Table):
    origin: int = column("Året framskrivingen går ut fra, med tall til og med 1. januar", ge=1950, le=2100)
    horizon: int = column("År fram", "år", ge=1)
    course: str = column("neutral: attraktivitet null; trend: som den har vært; unchanged: uendret folketall", isin=COURSES)
    size_class: str = column("Kommuner etter folketall", isin=[ALL, *SIZES])
    growth_class: str = column(
        "Kommuner etter vekst de fem årene før: fast er mer enn 1 prosent i året", isin=[ALL, *GROWN.values()]
    )
    mean_abs_error_pct: float = column("Snittet av feilene uten fortegn", "prosent av folketallet", ge=0, nullable=True)
    mean_error_pct: float = column("Snittet av feilene; over 0 er for høyt framskrevet", "prosent av folketallet", nullable=True)
    within_5_pct: float = column("Andel av kommunene med feil under 5 prosent", "prosent", ge=0, le=100, nullable=True)
    coverage_pct: float = column("Andel av 90 prosents bånd som holdt", "prosent", ge=0, le=100, nullable=True)
    width_pct: float = column("Halve bredden på båndet oppover, i snitt", "prosent", ge=0, nullable=True)
    n: int = column("Antall kommuner", ge=1)


def build(projection_errors: pd.DataFrame) -> pd.DataFrame:
    """The errors of earlier projections and the coverage of their bands, by course, origin, horizon, size and growth."""
    return backtest(projection_errors) if len(projection_errors) else DATASET.empty()


TITLE = "Hvor langt framskrivinger har vært fra det som kom"
DATASET = measure(TITLE, Backtest, build, key=("origin", "horizon", "course", "size_class", "growth_class"))
