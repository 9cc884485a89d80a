"""Every projection that could have been made in an earlier year, against what came, with the band it would have had."""

import pandas as pd

from nlib.core.tables import Placed, column, measure
from nlib.indicators.projection_rates import bosted
from nlib.methods.attractiveness.backtest import SIZES
from nlib.methods.projection import banded, cohorts, errors
from nlib.methods.projection.backtest import COURSES, LEAST


class Errors(Placed):
    origin: int = column("Året framskrivingen går ut fra, med tall til og med 1. januar", ge=1950, le=2100)
    horizon: int = column("År fram", "år", ge=1)
    course: str = column("neutral: attraktivitet null; trend: som den har vært; unchanged: uendret folketall", isin=COURSES)
    size_class: str = column("Folketall da framskrivingen ble laget", isin=[*SIZES])
    fast: bool = column("Sann når folketallet hadde vokst mer enn 1 prosent i året de siste fem årene")
    forecast: float = column("Framskrevet folketall, ikke avrundet", "personer", gt=0)
    actual: float = column("Folketallet slik det ble", "personer", gt=0)
    low: float = column("Nedre grense for 90 prosents bånd, laget uten kommunens egne senere feil", "personer", gt=0, nullable=True)
    high: float = column("Øvre grense for 90 prosents bånd, laget uten kommunens egne senere feil", "personer", gt=0, nullable=True)


def build(population_by_age: pd.DataFrame, population_changes: pd.DataFrame, attractiveness: pd.DataFrame) -> pd.DataFrame:
    """Projections from every earlier 1 January against what came, each made with what was known then.

    Bands are from what other municipalities have shown in all years, and the municipality's own errors until then; errors of the
    same year are shared. Empty where there are too few years.
    """
    people = cohorts(population_by_age)
    if len(people.years) < LEAST + 2:
        return DATASET.empty()
    return banded(errors(people, population_changes, bosted(attractiveness))).drop(columns="ages")


DATASET = measure("Framskrivinger fra tidligere år mot det som kom", Errors, build, key=("komm_nr", "origin", "horizon", "course"))
