"""Attractiveness on plain tables: components, models, how sure they are and how well they foretell. Knows no edition."""

from nlib.attractiveness.backtest import backtest
from nlib.attractiveness.components import PARTS, job_components, population_components, published
from nlib.attractiveness.models import Estimate, attractiveness, estimate
from nlib.attractiveness.shift_share import chained, classic, esteban_marquillas

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
    "population_components",
    "published",
]
