"""Cohort-component projection of the population of all municipalities at once, on plain tables. Knows no edition."""

from nlib.methods.projection.backtest import backtest, banded, errors, fast, ranked_courses, size_class
from nlib.methods.projection.cohorts import Cohorts, cohorts
from nlib.methods.projection.courses import is_usual, limited, usual
from nlib.methods.projection.project import Course, project, trend
from nlib.methods.projection.rates import Assumptions, Rates, estimate

__all__ = [
    "Assumptions",
    "Cohorts",
    "Course",
    "Rates",
    "backtest",
    "banded",
    "cohorts",
    "errors",
    "estimate",
    "fast",
    "is_usual",
    "limited",
    "project",
    "ranked_courses",
    "size_class",
    "trend",
    "usual",
]
