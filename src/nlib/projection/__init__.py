"""Cohort-component projection of the population of all municipalities at once, on plain tables. Knows no edition."""

from nlib.projection.backtest import backtest, errors, size_class
from nlib.projection.cohorts import Cohorts, cohorts
from nlib.projection.project import Course, project, trend
from nlib.projection.rates import Assumptions, Rates, estimate

__all__ = [
    "Assumptions",
    "Cohorts",
    "Course",
    "Rates",
    "backtest",
    "cohorts",
    "errors",
    "estimate",
    "project",
    "size_class",
    "trend",
]
