"""Weights that make those who answered look like those who were invited, by what is known of both.

A weight tells how many of the invited an answer stands for, divided so that the mean is 1. Weights mend what follows from size
and industry and nothing else, and cost precision: `kish` tells how many unweighted answers they leave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

TRIM = (0.2, 5.0)  # times the mean: no answer counts less or more
ROUNDS = 200
CLOSE = 1e-9  # of the mean: weights that change less in a round are found


@dataclass(frozen=True)
class Weighting:
    """Weights with mean 1, in the order of the answers, and what they do not achieve.

    `off_pct`: the furthest a weighted share still is from the population's, in percentage points (trimming does that).
    `uncovered_pct`: how much of the population is in groups that nobody has answered from. `trimmed`: how many weights were cut.
    """

    weights: np.ndarray
    off_pct: float
    uncovered_pct: float
    trimmed: int


def kish(weights: ArrayLike) -> float:
    """The effective number of answers, (sum w)^2 / sum w^2: the unweighted answers that would be as precise (Kish 1965).

    NaN without weights that count.

    >>> kish([1, 1, 1, 1])
    4.0
    >>> round(kish([2, 1, 0.5, 0.5]), 2)
    2.91
    """
    weights = np.asarray(weights, float)
    squares = (weights**2).sum()
    return float(weights.sum() ** 2 / squares) if squares > 0 else np.nan


def post_stratified(groups: pd.Index | pd.Series | Sequence, population: Mapping) -> Weighting:
    """Weights that give each group of answers its share of the population.

    groups: the group of each answer, missing where it is not shown; population: group -> invited. An answer without group, or in
    one that the population does not have, counts 1. Groups without answers are left out of the population (`uncovered_pct`).

    >>> post_stratified(["små", "små", "små", "store"], {"små": 50, "store": 50}).weights.round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    """
    return raked(pd.DataFrame({"group": groups}), {"group": population}, trim=(0, np.inf))


def raked(answers: pd.DataFrame, population: Mapping[str, Mapping], trim: tuple[float, float] = TRIM) -> Weighting:
    """Weights that give several groupings their shares of the population at once: iterative proportional fitting.

    answers: a row an answer, a column a grouping; population: column -> group -> invited. Each round fits the groupings one by
    one and then cuts the weights to `trim` times their mean, until nothing changes. An answer without group, or in one that the
    population does not have, is left as it is by that grouping. Without cuts the sums of weights by cell are those of a
    log-linear (Poisson) model with the answers as offset and the margins as its sufficient statistics, which the tests compare
    with (statsmodels' GLM), besides figures computed once with ipfn 1.4.4 (Deming and Stephan 1940).

    >>> answers = pd.DataFrame({"size": ["små", "små", "store"], "industry": ["bygg", "handel", "handel"]})
    >>> population = {"size": {"små": 50, "store": 50}, "industry": {"bygg": 40, "handel": 60}}
    >>> raked(answers, population).weights.round(2).tolist()
    [1.2, 0.3, 1.5]
    """
    n = len(answers)
    weights = np.ones(n)
    targets, uncovered = [], 0.0
    for column, invited in population.items():
        invited = pd.Series(dict(invited), dtype=float)
        invited = invited[invited > 0]  # a group of nobody is none that the population has
        codes = pd.Index(invited.index).get_indexer(answers[column])
        covered = np.bincount(codes[codes >= 0], minlength=len(invited)) > 0
        whole = invited.sum()
        if whole > 0:
            uncovered = max(uncovered, 100 * invited[~covered].sum() / whole)
        if (invited[covered] > 0).any():
            wanted = np.where(covered, invited, 0.0)
            targets.append((codes, wanted / wanted.sum()))
    for _ in range(ROUNDS):
        before = weights
        for codes, wanted in targets:
            weights = weights * _factors(weights, codes, wanted)
        weights = _cut(weights, *trim)
        if np.allclose(weights, before, rtol=0, atol=CLOSE):
            break
    cut = (weights <= trim[0] * (1 + CLOSE)) | (weights >= trim[1] * (1 - CLOSE))
    off = max((np.abs(_shares(weights, codes, len(wanted)) - wanted).max() for codes, wanted in targets), default=0.0)
    return Weighting(weights, 100 * float(off), float(uncovered), int(cut.sum()))


def _shares(weights, codes, count):
    """Each group's share of the weights of those with a group."""
    sums = np.bincount(codes[codes >= 0], weights[codes >= 0], minlength=count)
    return sums / sums.sum()


def _cut(weights, low, high):
    """The weights with mean 1, those outside the bounds moved to them and the others scaled so that the mean still is 1."""
    if not len(weights):
        return weights
    from scipy.optimize import brentq  # takes time to load, and a page that shows what is estimated has no use for it

    weights = weights / weights.mean()
    if low <= weights.min() and weights.max() <= high:
        return weights
    scale = brentq(lambda c: np.clip(c * weights, low, high).mean() - 1, low / weights.max(), high / weights.min())
    return np.clip(scale * weights, low, high)


def _factors(weights, codes, wanted):
    """What each answer's weight is multiplied by for its groups to get their shares; 1 for one without a group."""
    now = _shares(weights, codes, len(wanted))
    return np.where(codes >= 0, np.divide(wanted, now, out=np.ones_like(wanted), where=now > 0)[codes], 1.0)
