"""What a projection of each municipality starts from: its people by sex and age, and the rates they are carried on by."""

import numpy as np
import pandas as pd

from nlib.core.tables import Placed, column, measure
from nlib.data.sources.ssb_07459 import EITHER
from nlib.methods.attractiveness.shrinkage import Z90
from nlib.methods.projection import cohorts, estimate
from nlib.methods.projection.cohorts import AGES

PERIODS = (10, 5, 3, 1)  # years that attractiveness is the mean of: the longest that there is
OF_PEOPLE = "prosent av folketallet i året"


class ProjectionRates(Placed):
    sex: str = column("Kjønn: 1 menn, 2 kvinner; 0 begge, der kjønn ikke er gitt", isin=["1", "2", EITHER])
    age: int = column("Alder ved årets start; 105 er 105 og eldre", "år", ge=0, le=105)
    start: int = column("Året framskrivingen går ut fra; folketallet gjelder 1. januar", ge=1950, le=2100)
    population: float = column("Folketall ved starten", "personer", ge=0, nullable=True)
    survival: float = column("Andel som lever et år senere, likt i hele landet", "0–1", ge=0, le=1)
    fertility: float = column("Fødte i året av hver kvinne på denne alderen; 0 for menn", "barn", ge=0)
    newborn_left: float = column("Andel av de fødte som er der ved årets slutt, likt i hele landet", "0–1", ge=0, le=1)
    migration: float = column("Nettoflytting i året for hver som er der", "personer", nullable=True)
    movers: float = column("Andel av dem som kommer når attraktiviteten øker, likt i hele landet; sum 1", "0–1", ge=0, le=1)
    neutral_pct: float = column("Nettoflytting som kommer i tillegg når attraktiviteten er null", OF_PEOPLE)
    attractiveness_pct: float = column("Bostedsattraktivitet slik den har vært", OF_PEOPLE)
    deviation_pct: float = column("Ett standardavvik i bostedsattraktiviteten", OF_PEOPLE, ge=0)


def build(population_by_age: pd.DataFrame, population_changes: pd.DataFrame, attractiveness: pd.DataFrame) -> pd.DataFrame:
    """Start and yearly rates of a projection from the latest 1 January; see `nlib.methods.projection` for what they mean.

    Deaths by age are not published: survival is a Gompertz line in the nation's cohort change ratios, at the level of the nation's
    deaths where they are known (I). Where births are not known, those of age 0 on the next 1 January stand for them (I). Empty
    where there are not two years in a row.
    """
    people = cohorts(population_by_age)
    if len(people.years) < 2:
        return DATASET.empty()
    rates = estimate(people, population_changes, bosted(attractiveness))
    start, places, sexes = people.at(people.years[-1]), len(people.places), len(people.sexes)
    index = pd.MultiIndex.from_product([people.places, people.sexes, AGES], names=["komm_nr", "sex", "age"])
    mothers = np.zeros(start.shape)
    mothers[:, -1] = rates.fertility  # women come last, or all are one
    everywhere = {name: np.tile(getattr(rates, name).ravel(), places) for name in ("survival", "movers")}
    of_place = {"neutral_pct": rates.neutral, "attractiveness_pct": rates.attractiveness, "deviation_pct": rates.deviation}
    return pd.DataFrame(
        {
            "start": int(people.years[-1]),
            "population": start.ravel(),
            "fertility": mothers.ravel(),
            "newborn_left": rates.newborn_left,
            "migration": rates.migration.ravel(),
            **everywhere,
            **{name: np.repeat(figures, sexes * len(AGES)) for name, figures in of_place.items()},
        },
        index,
    ).reset_index()


def bosted(attractiveness: pd.DataFrame) -> pd.DataFrame:
    """Bostedsattraktivitet by nlib's model with its posterior standard deviation, over the longest period each year has. Returns
    `komm_nr`, `year`, `value_pct`, `deviation_pct`; the standard deviation is read from the 90 % interval."""
    rows = attractiveness[(attractiveness["model"] == "nlib") & (attractiveness["kind"] == "bosted")]
    rows = rows[rows["period"].isin(PERIODS) & rows["low_pct"].notna()].sort_values("period", ascending=False)
    rows = rows.drop_duplicates(["komm_nr", "year"])
    deviation = (rows["high_pct"] - rows["low_pct"]) / (2 * Z90)
    return rows.assign(deviation_pct=deviation)[["komm_nr", "year", "value_pct", "deviation_pct"]]


DATASET = measure("Hva framskrivingen bygger på", ProjectionRates, build, key=("komm_nr", "sex", "age"))
