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
