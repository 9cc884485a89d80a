"""Who answered: the response rate with what it is a share of, and whether those who answered are made up as the invited are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.core.language import number, percent
from nlib.core.translations import _

DRAWS = 9999
SEED = 80
ALIKE = 0.05  # a smaller p-value speaks against the answers being made up as the frame is
LOW_PCT = 50.0  # a response rate under this is warned of


@dataclass(frozen=True)
class Test:
    """A test of whether answers are spread over groups as the invited are.

    `chi_square` with `df` degrees of freedom; `p` by simulation; `outside`: answers in no group of the frame. All NaN where
    there are fewer than two groups or no answers.
    """

    chi_square: float
    df: int
    p: float
    outside: int

    __test__ = False  # not one of pytest's

    @property
    def passed(self) -> bool:
        """Whether nothing speaks against it; False also where it could not be tested."""
        return bool(self.p >= ALIKE)


def rate(answers: int, invited: float) -> float:
    """Answers in percent of invited; NaN where nobody is known to be invited.

    >>> rate(40, 80)
    50.0
    """
    return 100 * answers / float(invited) if pd.notna(invited) and invited > 0 else np.nan


def told_rate(answers: int, invited: float) -> str:
    """The response rate with its denominator in words: «40 av 80 inviterte svarte, 50 %».

    >>> told_rate(40, 80).split(", ")[0]
    '40 av 80 inviterte svarte'
    """
    share = rate(answers, invited)
    if np.isnan(share):
        return _("{answers} svarte, men det er ikke oppgitt hvor mange som ble invitert", answers=number(answers))
    return _(
        "{answers} av {invited} inviterte svarte, {share}",
        answers=number(answers),
        invited=number(invited),
        share=percent(share, 0 if share >= 10 else 1),
    )


def representative(answers: pd.Series, invited: pd.Series, draws: int = DRAWS, seed: int = SEED) -> Test:
    """Whether answers are spread over groups as if drawn at random among the invited: Pearson's chi-square against the frame.

    answers, invited: counts by group (Series on the same labels: a size, or size by industry). The p-value is the share of draws
    without replacement from the invited that are at least as skewed, so small groups need not be merged; where a group has more
    answers than invited, the draws are with replacement. A high p-value with few answers says little: only large skews show.

    >>> test = representative(pd.Series({"små": 10, "store": 30}), pd.Series({"små": 50, "store": 30}))
    >>> test.p < 0.01, test.passed
    (True, False)
    """
    answers, invited = (_plainly_indexed(pd.Series(counts, dtype=float)) for counts in (answers, invited))
    invited = invited[invited > 0]
    outside = int(answers.sum() - answers.reindex(invited.index).sum())
    observed = answers.reindex(invited.index).fillna(0).to_numpy()
    n, population = int(observed.sum()), invited.to_numpy().astype(int)
    if n == 0 or len(population) < 2:
        return Test(np.nan, max(len(population) - 1, 0), np.nan, outside)
    expected = n * population / population.sum()
    chi = float(((observed - expected) ** 2 / expected).sum())
    random = np.random.default_rng(seed)
    if (observed <= population).all():
        drawn = random.multivariate_hypergeometric(population, n, draws, method="marginals")
    else:
        drawn = random.multinomial(n, population / population.sum(), draws)
    skews = ((drawn - expected) ** 2 / expected).sum(axis=1)
    p = (1 + int((skews >= chi - 1e-9).sum())) / (1 + draws)
    return Test(chi, len(population) - 1, p, outside)


def together(tests: Sequence[Test]) -> Test:
    """Tests of several groupings as one: their chi-squares added up, and Bonferroni's p-value; `outside` of the one with most.

    >>> together([Test(4.0, 1, 0.03, 0), Test(1.0, 2, 0.6, 2), Test(np.nan, 0, np.nan, 0)])
    Test(chi_square=5.0, df=3, p=0.06, outside=2)
    """
    made = [test for test in tests if np.isfinite(test.p)]
    outside = max((test.outside for test in tests), default=0)
    p = min(1.0, len(made) * min(test.p for test in made)) if made else np.nan
    return Test(sum(test.chi_square for test in made) if made else np.nan, sum(test.df for test in made), p, outside)


def _plainly_indexed(counts: pd.Series) -> pd.Series:
    """Counts by group, where what was counted by one column alone has its groups as they are and not in tuples of one."""
    if isinstance(counts.index, pd.MultiIndex) and counts.index.nlevels == 1:
        counts = counts.set_axis(counts.index.get_level_values(0))
    return counts
