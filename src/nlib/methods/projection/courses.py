"""Which course leads: the one that has tested best of those whose growth is like what municipalities of its size have had."""

import numpy as np

from nlib.methods.projection.cohorts import Cohorts
from nlib.methods.projection.project import project
from nlib.methods.projection.rates import Rates

DECADE = 10
USUAL = (0.05, 0.95)  # of the decades that have been seen
STEPS, CLOSE = 20, 1e-10  # no age goes below 0, so that growth does not always follow; percent
NEAREST = 4  # one in so many municipalities is of a municipality's size: those nearest in population


def usual(people: Cohorts) -> tuple[np.ndarray, np.ndarray]:
    """The growth over ten years that nine of ten decades have had in municipalities of each one's size, % by place.

    The 5th and 95th percentile of all ten-year spans of comparable figures in the quarter of the municipalities that are nearest in
    population (by ratio) in the last year, itself among them. NaN where there are no ten years.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 10})
    >>> low, high = usual(cohorts(pd.concat([ages.assign(year=year) for year in range(2010, 2027)])))
    >>> (float(low[0]), float(high[0]))
    (0.0, 0.0)
    """
    now = people.totals[-1] if len(people.years) else np.zeros(0)
    low, high = np.full(len(now), np.nan), np.full(len(now), np.nan)
    if len(people.years) <= DECADE:
        return low, high
    totals = np.where(people.comparable, people.totals, np.nan)
    whole = np.stack([people.comparable[at : at + DECADE + 1].all(axis=0) for at in range(len(totals) - DECADE)])
    before = totals[:-DECADE]
    grown = np.where(whole & (before > 0), 100 * (totals[DECADE:] / np.where(before > 0, before, np.nan) - 1), np.nan)
    size = np.log(np.where(now > 0, now, np.nan))
    for place in np.flatnonzero(np.isfinite(size)):
        near = np.argsort(np.abs(size - size[place]), kind="stable")[: max(1, len(now) // NEAREST)]
        decades = grown[:, near]
        if (known := decades[np.isfinite(decades)]).size:
            low[place], high[place] = np.quantile(known, USUAL)
    return low, high


def is_usual(totals: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether growth over every ten years of a course lies from low to high, by place; True where nothing says otherwise.

    totals: population by year and place. A course of under ten years is judged by as much of the range as it is of ten years.

    >>> is_usual(np.array([[100.0, 100.0], [101.0, 110.0]]), low=np.array([-5.0, -5.0]), high=np.array([15.0, 15.0])).tolist()
    [True, False]
    """
    span = min(DECADE, len(totals) - 1)
    if not span:
        return np.ones(totals.shape[1], dtype=bool)
    before = np.where(totals[:-span] > 0, totals[:-span], np.nan)
    grown = totals[span:] / before
    least, most = ((1 + end / 100) ** (span / DECADE) for end in (low, high))
    tolerance = 1e-9
    outside = (grown < least - tolerance) | (grown > most + tolerance)
    return np.logical_not(outside.any(axis=0))


def limited(
    start: np.ndarray, rates: Rates, years: int, attractiveness: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Attractiveness by year and place, moved as little as keeps each year's growth within what makes the decade usual.

    start, rates, years, attractiveness: as `project` takes them; low and high: growth over ten years in %, by place.

    >>> ages = pd.DataFrame({"komm_nr": "3222", "sex": "0", "age": range(106), "population": 100})
    >>> population = cohorts(pd.concat([ages.assign(year=year) for year in range(2015, 2027)]))
    >>> limited(population.at(2026), estimate(population), 2, np.zeros(1), np.array([-90.0]), np.array([900.0])).tolist()
    [[0.0], [0.0]]
    """
    path = np.array(np.broadcast_to(attractiveness, (years, len(start))), dtype=float)
    least, most = (100 * ((1 + end / 100) ** (1 / DECADE) - 1) for end in (low, high))
    for year in range(years):
        for _ in range(STEPS):
            totals = project(start, rates, year + 1, path[: year + 1]).totals
            growth = 100 * (totals[-1] / np.where(totals[-2] > 0, totals[-2], np.nan) - 1)
            lacking = np.nan_to_num(np.clip(growth, least, most) - growth)
            if np.abs(lacking).max(initial=0.0) < CLOSE:
                break
            path[year] += lacking
    return path
