"""The years ahead: survivors a year older, those who are born, those who come and go."""

from dataclasses import dataclass

import numpy as np

from nlib.core.errors import WrongUse
from nlib.methods.projection.cohorts import newborn, older, women
from nlib.methods.projection.rates import PLAIN, Assumptions, Rates


@dataclass(frozen=True)
class Course:
    """A projected course. people: by year (the start first), place, sex and age. births, deaths, migration: by year and place,
    through each year but the last; people of a year + births - deaths + migration = people of the next. Persons, not rounded.
    """

    people: np.ndarray
    births: np.ndarray
    deaths: np.ndarray
    migration: np.ndarray

    @property
    def totals(self) -> np.ndarray:
        """Population by year and place."""
        return self.people.sum(axis=(2, 3))


def project(
    start: np.ndarray,
    rates: Rates,
    years: int,
    attractiveness: np.ndarray | float = 0.0,
    fertility: float = 1.0,
    assumptions: Assumptions = PLAIN,
) -> Course:
    """The population of the years after the start, with attractiveness in % of the population a year.

    attractiveness: one figure, one for each place, or a row of such for each year.
    start: people by place, sex and age. fertility: times that of `rates`. A year: of those who are there some die (mortality
    falls by `mortality_gain` a year) and the rest become a year older; women give birth; net migrants by age are `migration`
    times those who are there, and `neutral` + attractiveness % of the population by the ages of `movers`. No age goes below 0:
    there leave no more than are left. `WrongUse` where the parts do not fit.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> population = cohorts(pd.concat([ages.assign(year=year) for year in (2024, 2025, 2026)]))
    >>> course = project(population.at(2026), estimate(population), years=2, attractiveness=1.0)
    >>> course.totals[:, 0].round().tolist()
    [8629.0, 8715.0, 8803.0]
    """
    start = np.asarray(start, dtype=float)
    if start.shape != rates.migration.shape:
        raise WrongUse(f"Folketallet er {start.shape} etter sted, kjønn og alder, men ratene er {rates.migration.shape}")
    if years < 0 or (start < 0).any() or fertility < 0:
        raise WrongUse("Antall år, folketall og fruktbarhet kan ikke være under 0")
    drawn = np.broadcast_to((rates.neutral + attractiveness) / 100, (years, len(start)))
    people, births, deaths, moved = [start], [], [], []
    for year in range(years):
        now = people[-1]
        hazard = -np.log(rates.survival) * (1 - assumptions.mortality_gain) ** year
        died = now * (1 - np.exp(-hazard))
        born = (women(now, rates.sexes) * fertility * rates.fertility).sum(axis=1)
        come = now * rates.migration + (drawn[year] * now.sum(axis=(1, 2)))[:, None, None] * rates.movers
        come = np.maximum(come, died - now)
        following = older(now - died + come)
        following[..., 0] = newborn(born * rates.newborn_left, rates.sexes)
        people.append(following)
        births.append(born)
        deaths.append(died.sum(axis=(1, 2)) + born * (1 - rates.newborn_left))
        moved.append(come.sum(axis=(1, 2)))
    by_year = (np.array(figures).reshape(years, len(start)) for figures in (births, deaths, moved))
    return Course(np.stack(people), *by_year)


def trend(rates: Rates, years: int, assumptions: Assumptions = PLAIN) -> np.ndarray:
    """Attractiveness as it has been, less of it each year as `fade` says, by year and place.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100 - np.arange(106) ** 4 // 1300000})
    >>> rates = estimate(cohorts(pd.concat([ages.assign(year=year) for year in (2024, 2025, 2026)])))
    >>> ahead = trend(rates, years=10)
    >>> np.allclose(ahead[1], 0.9 * ahead[0])
    True
    """
    return rates.attractiveness * (1 - assumptions.fade) ** np.arange(years)[:, None]
