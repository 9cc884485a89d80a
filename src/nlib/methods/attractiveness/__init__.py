"""Attractiveness on plain tables: components, models, how sure they are and how well they foretell. Knows no edition."""

from nlib.methods.attractiveness.backtest import backtest
from nlib.methods.attractiveness.components import (
    PARTS,
    job_components,
    neighbours_job_growth,
    own_job_growth,
    population_components,
    published,
)
from nlib.methods.attractiveness.estimating import Estimate, estimate, windows
from nlib.methods.attractiveness.models import attractiveness, posteriors
from nlib.methods.attractiveness.shift_share import chained, classic, esteban_marquillas

__all__ = [
    "PARTS",
    "Estimate",
    "attractiveness",
    "backtest",
    "chained",
    "classic",
    "esteban_marquillas",
    "estimate",
    "job_components",
    "neighbours_job_growth",
    "own_job_growth",
    "population_components",
    "posteriors",
    "published",
    "windows",
]
