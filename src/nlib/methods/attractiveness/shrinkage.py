"""Empirical Bayes: how much of a place's residual is its own and how much is luck, by the size of the place.

A place's residual of a year is a + e, where a ~ N(0, tau^2) is what the place has of its own and e ~ N(0, sigma^2 size^-0.76) is a
year's noise: on published figures the residual's standard deviation goes with population^-0.38.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

SIZE_POWER = 0.76  # the noise variance goes with population to minus this
Z90 = 1.6448536269514722
TOP = 0.10
DRAWS = 1000
SEED = 2017
RATIO = (-14.0, 14.0)  # ln of the widest range of tau^2 over a typical year's noise variance that is searched


@dataclass(frozen=True)
class Variances:
    """Variance between places (`tau2`) and of a year's noise in a place of one inhabitant (`sigma2`), squared % a year."""

    tau2: float
    sigma2: float


def noise(population: ArrayLike) -> np.ndarray:
    """A year's noise variance by population, where 1 is that of a place with one inhabitant."""
    return np.asarray(population, dtype=float) ** -SIZE_POWER


def variances(residuals: np.ndarray, population: np.ndarray) -> Variances:
    """tau^2 and sigma^2 by maximum likelihood, from residuals within and between places.

    residuals: places (rows) by years, NaN where missing; population: one a place. The likelihood is that of the model of the
    module, times tau^2, so that tau is never 0 and the intervals never close on nothing (adjusted density maximisation).
    Source: Li and Lahiri (2010), J. Multivariate Analysis 101.
    """
    count = (~np.isnan(residuals)).sum(axis=1)
    present, n = count > 0, count[count > 0]
    unit = noise(population)[present]
    typical = np.median(unit)
    unit = unit / typical
    mean = np.nanmean(residuals[present], axis=1)
    within = np.nansum((residuals[present] - mean[:, None]) ** 2, axis=1)
    total = n.sum()
    if not (np.nansum(residuals**2) > 0):
        return Variances(0.0, 0.0)

    def profiled(ratio):
        spread = n * ratio + unit
        return spread, (np.sum(within / unit) + np.sum(n * mean**2 / spread)) / total

    def loss(log_ratio):
        spread, sigma2 = profiled(np.exp(log_ratio))
        return 0.5 * (total * np.log(sigma2) + np.sum(np.log(spread))) - (log_ratio + np.log(sigma2))

    from scipy.optimize import minimize_scalar  # takes time to load, and a page that shows what is estimated has no use for it

    grid = np.linspace(*RATIO, 57)
    best = grid[np.argmin([loss(point) for point in grid])]
    step = grid[1] - grid[0]
    found = minimize_scalar(loss, bounds=(best - step, best + step), method="bounded", options={"xatol": 1e-6}).x
    sigma2 = profiled(np.exp(found))[1]
    return Variances(float(np.exp(found) * sigma2), float(sigma2 / typical))


def posterior(
    mean: np.ndarray, years: np.ndarray | int, population: ArrayLike, spread: Variances, structure: np.ndarray | float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """What a place has of its own, given the mean of its residuals over some years: posterior mean and standard deviation, %.

    `structure` is the variance that uncertain coefficients give the residual (squared %): it widens the interval.
    """
    luck = spread.sigma2 * noise(population) / years
    total = spread.tau2 + luck
    kept = np.divide(spread.tau2, total, out=np.zeros_like(total), where=total > 0)
    return kept * mean, np.sqrt(spread.tau2 * (1 - kept) + kept**2 * structure)


def ranking(value: np.ndarray, deviation: np.ndarray | None = None, draws: int = DRAWS, seed: int = SEED) -> dict[str, np.ndarray]:
    """Rank 1 for the highest value, and how sure it is, from draws of every place's value.

    Returns `rank`, and where deviations are given `rank_low` and `rank_high` (from 5 to 95 % of the draws, widened to hold the
    rank) and `p_top10` (the share of draws in which the place is among the highest tenth, rounded up). The same seed gives the
    same.
    """
    from scipy.stats import rankdata

    places = len(value)
    result = {"rank": rankdata(-value, method="min").astype(int)}
    if deviation is not None:
        order = np.argsort(-(value + deviation * _luck(draws, places, seed)).astype(np.float32), axis=1)
        ranks = np.empty(order.shape, dtype=np.int16 if places < 2**15 else np.int32)
        np.put_along_axis(ranks, order, np.arange(1, places + 1, dtype=ranks.dtype)[None, :], axis=1)
        result["p_top10"] = (ranks <= np.ceil(TOP * places)).mean(axis=0)
        ranks.sort(axis=0)
        result["rank_low"] = np.minimum(result["rank"], ranks[int(0.05 * (draws - 1))])
        result["rank_high"] = np.maximum(result["rank"], ranks[int(np.ceil(0.95 * (draws - 1)))])
    return result


def positive(mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The probability that a value is above 0; one half where nothing is known of it."""
    from scipy.special import ndtr

    return ndtr(np.divide(mean, deviation, out=np.zeros_like(mean), where=deviation > 0))


@lru_cache(maxsize=16)
def _luck(draws, places, seed):
    return np.random.default_rng(seed).standard_normal((draws, places), dtype=np.float32)
