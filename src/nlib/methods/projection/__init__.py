"""Cohort-component projection of the population of all municipalities at once, on plain tables. Knows no edition."""

from nlib.methods.projection.backtest import backtest, errors, size_class
from nlib.methods.projection.cohorts import Cohorts, cohorts
from nlib.methods.projection.project import Course, project, trend
from nlib.methods.projection.rates import Assumptions, Rates, estimate

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
