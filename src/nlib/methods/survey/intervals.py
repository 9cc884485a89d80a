"""How sure a figure of a survey is: shares, a net promoter score, the change between two waves, and ranks of answers.

Those who answered are taken as a random draw, without replacement, from those who were invited. That is what an interval
covers; that those who did not answer may think otherwise, no interval tells (see `nlib.methods.survey.response`).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

LEVEL = 0.90
DRAWS = 1000
SEED = 40
LARGEST_DRAW = 10**7  # answers in a draw: with (nearly) everybody asked, the ranks are as good as known


def correction(n: ArrayLike, population: ArrayLike) -> np.ndarray:
    """The finite-population correction of a variance, (N - n) / (N - 1): 1 where few of the invited answered, 0 where all did.

    n: answers; population: invited (N). 1, no correction, where the population is not known, or is less than the answers, as
    where people place themselves in another group than the list of the invited does.

    >>> correction(40, [80, np.nan]).round(3).tolist()
    [0.506, 1.0]
    """
    n, population = np.broadcast_arrays(np.asarray(n, float), np.asarray(population, float))
    known = np.isfinite(population) & (population >= n)
    return np.where(known, (population - n) / np.where(known & (population > 1), population - 1, 1), 1.0)


def margin(n: ArrayLike, population: ArrayLike = np.nan, level: float = LEVEL) -> np.ndarray:
    """The largest margin of error of a share, in percentage points: that of 50 %, by the normal approximation.

    40 answers: 13.0; of 80 invited: 9.3. NaN without answers. Surveys commonly print it at 95 percent (15.5 and 11.0); the interval
    of each share is `wilson`.

    >>> margin(40, [np.nan, 80]).round(1).tolist()
    [13.0, 9.3]
    """
    n = np.asarray(n, float)
    with np.errstate(divide="ignore"):
        return np.where(n > 0, 100 * _z(level) * np.sqrt(0.25 / n * correction(n, population)), np.nan)


def wilson(share: ArrayLike, n: ArrayLike, finite: ArrayLike = 1.0, level: float = LEVEL) -> tuple[np.ndarray, np.ndarray]:
    """Wilson's score interval of shares (0-1): those true shares that the answers do not speak against (Wilson 1927).

    n: answers, or with weights the effective number of them (`nlib.methods.survey.weights.kish`); finite: `correction`, with which
    n answers are worth n / finite. Where all have answered, the share is the whole truth and the interval has no width. NaN where
    n is 0 or the share is missing. It never goes outside 0-1, and has a width for 0 and 1 too. Computed by statsmodels.

    >>> low, high = wilson([0, 0.5], 40, [1, correction(40, 80)])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 0.409], [0.063, 0.591])
    """
    from statsmodels.stats.proportion import proportion_confint  # takes time to load, and no page needs it

    share, n, finite = np.broadcast_arrays(*(np.asarray(a, float) for a in (share, n, finite)))
    known = np.isfinite(share) & (n > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.where(known & (finite > 0), n / finite, 1.0)
    low, high = proportion_confint(np.where(known, share, 0) * worth, worth, alpha=1 - level, method="wilson")
    certain = known & (finite == 0)
    low, high = (np.where(certain, share, np.where(known, end, np.nan)) for end in (low, high))
    return np.clip(low, 0, share), np.clip(high, share, 1)


def nps(
    promoters: ArrayLike, detractors: ArrayLike, n: ArrayLike, finite: ArrayLike = 1.0, level: float = LEVEL
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The net promoter score, promoters (9-10) less detractors (0-6) in percent of answers, -100 to 100, and its interval.

    Adjusted Wald: three answers are added, a half of them passive and a quarter on each side, before the interval is taken, so
    that it has a width also where all answer alike (Rocks 2016, «Interval estimation for the net promoter score»). The score
    itself is not adjusted. finite: `correction`. Gives (score, low, high); NaN without answers.

    >>> [round(float(figure), 1) for figure in nps(20, 10, 40)]
    [25.0, 2.6, 43.9]
    """
    promoters, detractors, n = (np.asarray(a, float) for a in (promoters, detractors, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.where(n > 0, (promoters - detractors) / n, np.nan)
    above, below = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    middle = above - below
    half = _z(level) * np.sqrt((above + below - middle**2) / (n + 3) * finite)
    certain = np.asarray(finite, float) == 0
    low, high = (np.where(certain, score, np.clip(end, -1, 1)) for end in (middle - half, middle + half))
    return (
        100 * score,
        100 * np.where(n > 0, np.minimum(low, score), np.nan),
        100 * np.where(n > 0, np.maximum(high, score), np.nan),
    )


def difference(now: Sequence[ArrayLike], then: Sequence[ArrayLike]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How much a figure has changed between two waves, and the interval of the change, from those of the two.

    now, then: each (figure, low, high). For shares with `wilson` it is Newcombe's hybrid score interval (1998, method 10);
    56 of 70 against 48 of 80 gives 20.0 points, at 95 percent 5.2 to 33.4. The waves are taken as independent: where some answered
    both, the interval is rather too wide than too narrow. Gives (change, low, high).

    >>> now, then = (0.8, *wilson(0.8, 70, level=0.95)), (0.6, *wilson(0.6, 80, level=0.95))
    >>> [round(100 * float(figure), 1) for figure in difference(now, then)]
    [20.0, 5.2, 33.4]
    """
    (last, last_low, last_high), (first, first_low, first_high) = ([np.asarray(a, float) for a in wave] for wave in (now, then))
    change = last - first
    return change, change - np.hypot(last - last_low, first_high - first), change + np.hypot(last_high - last, first - first_low)


def rank_intervals(
    chosen: pd.DataFrame | np.ndarray,
    weights: ArrayLike | None = None,
    finite: float = 1.0,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """The rank of each answer of a multiple-choice question, 1 for what most have chosen, with its interval by bootstrap.

    chosen: True or 1 where a respondent (row) has chosen an answer (column); weights: one a respondent. Respondents are drawn
    with replacement, n / finite of them, so that a draw varies as much as answers from a finite population do (`correction`).
    Answers chosen by equally many share the better rank, but `rank_low` (best) to `rank_high` (worst) span all their places.
    Gives `rank`, `rank_low`, `rank_high` (Int64), indexed by answer; missing where nobody has answered.

    >>> chosen = pd.DataFrame({"tomt": [1] * 20, "buss": [1] * 9 + [0] * 11, "lån": [1] * 8 + [0] * 12})
    >>> rank_intervals(chosen).loc["buss"].tolist()
    [2, 2, 3]
    """
    columns = list(chosen.columns) if isinstance(chosen, pd.DataFrame) else range(np.shape(chosen)[1])
    counted = np.asarray(chosen, float)
    n, k = counted.shape
    if not n or not k:
        return pd.DataFrame(pd.NA, columns, ["rank", "rank_low", "rank_high"]).astype("Int64")
    counted = counted * (np.ones(n) if weights is None else np.asarray(weights, float))[:, None]
    own = counted.sum(axis=0)[None]
    if finite > 0:
        size = int(min(round(n / finite), LARGEST_DRAW))
        counts = np.random.default_rng(seed).multinomial(size, np.full(n, 1 / n), draws)
        totals = np.vstack([own * size / n, counts @ counted])
    else:
        totals = own
    totals = np.round(totals, 9)  # equal sums of weights are equal
    above = (totals[:, None, :] > totals[:, :, None]).sum(axis=2)
    alike = (totals[:, None, :] == totals[:, :, None]).sum(axis=2)
    tail = (1 - level) / 2
    return pd.DataFrame(
        {
            "rank": above[0] + 1,
            "rank_low": np.quantile(above + 1, tail, axis=0, method="lower"),
            "rank_high": np.quantile(above + alike, 1 - tail, axis=0, method="higher"),
        },
        columns,
    ).astype("Int64")


def _z(level: float) -> float:
    from scipy.special import ndtri  # takes time to load, and a page that shows what is estimated has no use for it

    return float(ndtri((1 + level) / 2))
