"""From expected figures to whole numbers."""

import numpy as np


def whole(expected: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Whole numbers that are right on average: what is over a whole one is one more where `luck` (0-1) is below it."""
    floor = np.floor(expected)
    return (floor + (luck < expected - floor)).astype(int)


def shared(expected: np.ndarray, totals: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Whole numbers in the proportions of each row, that add up to its total and are right on average.

    Sums along the row are rounded, up where `luck` (0-1, one a row) says so, and the figures are the steps between them. The
    largest remainder would give the rare nothing in every small place. A row of nothing shares its total equally.
    """
    expected = np.where(expected.sum(axis=1, keepdims=True) > 0, expected, 1.0)
    sums = np.cumsum(expected, axis=1)
    sums *= (totals / sums[:, -1])[:, None]
    sums[:, -1] = totals
    return np.diff(np.floor(np.minimum(sums, totals[:, None]) + luck[:, None]), axis=1, prepend=0).astype(int)


def spread(totals: np.ndarray, weights: np.ndarray, group: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Whole numbers for the members of groups, by weight, that add up to each group's totals (a row a group). weights (above 0) and
    group (the row of `totals`): an entry a member; luck (0-1): as `totals`. Rounded as `shared` does it."""
    order = np.argsort(group, kind="stable")
    of, starts = group[order], np.searchsorted(group[order], np.arange(len(totals)))
    upto = np.cumsum(weights[order].astype(float))
    upto -= np.r_[0.0, upto][starts][of]
    ends = np.r_[starts[1:], len(of)] - 1
    share = upto / upto[ends][of]
    share[ends] = 1.0
    sums = np.floor(share[:, None] * totals[of] + luck[of])
    steps = np.diff(sums, axis=0, prepend=0)
    steps[starts] = sums[starts]
    figures = np.empty_like(steps, dtype=int)
    figures[order] = steps
    return figures
