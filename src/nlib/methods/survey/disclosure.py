"""What of a survey may be shown: no cell of a few respondents, and none that could be worked out from the others."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from nlib.data.codebooks.blanking import LEAST


def hide(table: pd.DataFrame, by: Sequence[str | Sequence[str]], count: str = "respondents", least: int = LEAST) -> pd.DataFrame:
    """The table with `count` missing in cells of 1 to `least` - 1 respondents, and in as many more as keep those from being known.

    A cell a row. `by` lists groupings (a column or several) whose sums a reader knows: within a group, what is hidden adds up to at
    least `least`, and no hidden cell follows from the sums, of all groupings together. The smallest cells that are shown are
    the ones that go. A cell of nobody is shown as 0; with `by` empty no sums are known. The column `hidden` (bool) tells which are
    hidden, so that shares made of them can be blanked; `count` becomes Int64. A group whose own sum is below `least` is hidden
    whole: its sum must be hidden too, where it is a cell of another table.

    >>> cells = pd.DataFrame({"question": "a", "answer": ["ja", "nei", "kanskje"], "respondents": [20, 8, 3]})
    >>> hide(cells, ["question"])["respondents"].tolist()
    [20, <NA>, <NA>]
    """
    counts = table[count].to_numpy(float, na_value=np.nan)
    hidden = np.isnan(counts) | ((counts > 0) & (counts < least))
    groups = [
        np.flatnonzero(part)
        for grouping in by
        for part in _members(table, [grouping] if isinstance(grouping, str) else list(grouping))
    ]
    while (found := _exposed(counts, hidden, groups, least)) is not None:
        hidden[found] = True
    return table.assign(**{count: pd.array(np.where(hidden, np.nan, counts), "Int64"), "hidden": hidden})


def _members(table: pd.DataFrame, grouping: list[str]) -> Iterable[np.ndarray]:
    codes = table.groupby(grouping, dropna=False, sort=False).ngroup().to_numpy()
    return (codes == code for code in range(codes.max(initial=-1) + 1))


def _exposed(counts: np.ndarray, hidden: np.ndarray, groups: list[np.ndarray], least: int) -> int | None:
    """The cell to hide next, the smallest shown one in a group that gives a hidden one away; None where none does."""
    touched = [group for group in groups if hidden[group].any()]
    for group in touched:
        inside = hidden[group]
        few = inside.sum() == 1 or np.nansum(counts[group][inside]) < least
        if few and (cell := _smallest(counts, hidden, group)) is not None:
            return cell
    for cell in _determined(hidden, touched):
        for group in touched:
            if cell in group and (next_cell := _smallest(counts, hidden, group)) is not None:
                return next_cell
    return None


def _smallest(counts: np.ndarray, hidden: np.ndarray, group: np.ndarray) -> int | None:
    there = group[~hidden[group] & (counts[group] > 0)]
    return int(there[np.argmin(counts[there])]) if len(there) else None


def _determined(hidden: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """The hidden cells that the sums of the groups give exactly: those that cannot change while all sums stay as they are."""
    cells = np.flatnonzero(hidden)
    if not len(groups):
        return cells[:0]
    sums = np.array([np.isin(cells, group) for group in groups], float)
    _, strength, directions = np.linalg.svd(sums)
    free = directions[(strength > 1e-9).sum() :]
    return cells[(np.abs(free) < 1e-9).all(axis=0)]
