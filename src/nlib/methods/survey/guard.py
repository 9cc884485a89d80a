"""Whether what is hidden of a question can be worked out from all that is shown of it, and what more has to be hidden until it
cannot.

A reader is taken to know who answered, by size, industry and weight, and of what they answered only what is shown. A count is
safe when there are other answers, in whole people, that give every figure that is shown and yet differ in that count: they are
looked for by integer programming. What is worked out of safe figures (intervals, differences, tests) tells nothing more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST_SPAN = 1  # a hidden count may be at least so far from the smallest to the largest that it can be
WANTED_SPAN = 2  # and so far where hiding one more count gives it
HALF = 0.5  # percent: weighted shares are shown in whole percent
TRIES = 6  # random searches for other answers, before each count that is not yet safe is looked at by itself
NODES = 500  # that one search may look at: a limit in time would give other tables on a slower machine
GAP = 0.5  # as far from the best as that is good enough
SEED = 11


@dataclass(frozen=True)
class Asked:
    """What was answered to a question by kinds of respondents: those of one size, industry and weight.

    people: how many there are of each kind; stand: of them, who took a stand; given: by kind (rows) and answer (columns) how many
    gave it; weights: one a kind. several: more than one answer could be given. everybody: all are taken to have taken a stand.
    """

    people: np.ndarray
    stand: np.ndarray
    given: np.ndarray
    weights: np.ndarray
    several: bool
    everybody: bool

    @property
    def truth(self) -> np.ndarray:
        """The answers as one row of numbers: `given`, then `stand`."""
        return np.concatenate([self.given.ravel(), self.stand]).astype(float)

    def of_answers(self, kinds: np.ndarray, answers: np.ndarray) -> np.ndarray:
        """The sum over these kinds (or with these weights) of those who gave these answers, as factors of `truth`."""
        return np.concatenate([np.outer(kinds, answers).ravel(), np.zeros(len(self.people))])

    def of_stand(self, kinds: np.ndarray) -> np.ndarray:
        """The sum over these kinds of those who took a stand, as factors of `truth`."""
        return np.concatenate([np.zeros(self.given.size), kinds])


def guarded(rows: pd.DataFrame, asked: Asked, kinds: Sequence[np.ndarray], answers: Sequence[np.ndarray]) -> pd.DataFrame:
    """The rows of a question with as many more `hidden` as keep those that are from being worked out.

    rows: `level`, `grouping`, `group`, `answer`, `n` (missing where it is not shown), `respondents` (all of them, shown or not),
    `hidden`, `weighted` (percent, missing where it is not shown). kinds, answers: one a row, which kinds of respondents and which
    answers (as columns of `asked.given`) it counts, 0 or 1. Gives `weighted` in whole percent. Where that tells too much, the
    smallest count beside the one that could be worked out is hidden; where there is none, weighted shares are not shown; where that
    is not enough, nothing is shown of the question. (Coarser steps would not help: a reader takes 65 for a whole percent, and works
    out a count of it that may be the right one.)
    """
    rows = rows.reset_index(drop=True)
    rows["weighted"] = rows["weighted"].round()
    counts = [asked.of_answers(of.astype(float), which.astype(float)) for of, which in zip(kinds, answers, strict=True)]
    low = high = np.array([count @ asked.truth for count in counts]) if len(rows) else np.zeros(0)
    while True:
        low, high = _spread(rows, asked, kinds, answers, counts, low, high)
        span = np.where(rows["hidden"], high - low, np.inf)
        beside = (_beside(rows, int(row)) for row in np.flatnonzero(span < WANTED_SPAN))
        if (more := next((row for row in beside if row is not None), None)) is not None:
            rows.loc[more, "hidden"] = True
        else:
            if (span >= LEAST_SPAN).all() or (rows["hidden"].all() and rows["n"].isna().all()):
                return rows
            if rows["weighted"].notna().any():
                rows["weighted"] = np.nan
            else:
                rows = rows.assign(hidden=True, n=np.nan)


def _beside(rows: pd.DataFrame, row: int) -> int | None:
    """The smallest count that is shown in the same level and grouping, of the same answer or the same group, one of nobody last;
    None where none is."""
    own = rows.loc[row]
    near = rows["level"].eq(own["level"]) & rows["grouping"].eq(own["grouping"]) & ~rows["hidden"]
    near &= rows["answer"].eq(own["answer"]) | rows["group"].eq(own["group"])
    return int(rows.loc[near, "respondents"].replace(0, np.inf).idxmin()) if near.any() else None


def _spread(rows, asked: Asked, kinds, answers, counts, low, high):
    """The smallest and largest of each count among other answers that give all that is shown: of those that were found."""
    hidden = np.flatnonzero(rows["hidden"].to_numpy(bool))
    if not len(hidden):
        return low, high
    system = _told(rows, asked, kinds, answers, counts)
    matrix = np.array([counts[row] for row in hidden])
    low, high = low.copy(), high.copy()

    def look(direction: np.ndarray) -> None:
        if (found := _found(system, direction)) is not None:
            values = matrix @ found
            low[hidden], high[hidden] = np.minimum(low[hidden], values), np.maximum(high[hidden], values)

    random = np.random.default_rng(SEED)
    for _ in range(TRIES):
        narrow = high[hidden] - low[hidden] < WANTED_SPAN
        if not narrow.any():
            return low, high
        look((random.choice([-1.0, 1.0], len(hidden)) * narrow) @ matrix)
    for place, row in enumerate(hidden):
        for sign in (1.0, -1.0):
            if high[row] - low[row] < WANTED_SPAN:
                look(sign * matrix[place])
    return low, high


def _told(rows, asked: Asked, kinds, answers, counts):
    """All that is shown as rules over the answers in whole people: a matrix, and the least and most of each of its rows."""
    each = np.eye(len(asked.people))
    rules = []
    for own, people in zip(each, asked.people, strict=True):
        given, stand = asked.of_answers(own, np.ones(asked.given.shape[1])), asked.of_stand(own)
        rules.append((stand, people if asked.everybody else 0, people))
        if asked.several:
            rules += [(asked.of_answers(own, answer) - stand, -np.inf, 0) for answer in np.eye(asked.given.shape[1])]
        if not asked.everybody:
            rules.append((given - stand, 0, np.inf if asked.several else 0))
        elif not asked.several:
            rules.append((given - stand, -np.inf, 0))
    for at, row in enumerate(rows.itertuples(index=False)):
        stand = asked.of_stand(kinds[at].astype(float))
        rules.append((stand, row.n, row.n) if pd.notna(row.n) else (stand, 0, np.inf))
        if not row.hidden:
            rules.append((counts[at], row.respondents, row.respondents))
        elif row.respondents > 0:  # a count of nobody is hidden only where it must be: a reader may guess that this is none
            rules.append((counts[at], 1, np.inf))
        if not row.hidden and pd.notna(row.weighted):
            given = 100 * asked.of_answers(kinds[at] * asked.weights, answers[at].astype(float))
            whole = asked.of_stand(kinds[at] * asked.weights)
            rules += [(given - (row.weighted + HALF) * whole, -np.inf, 0), (given - (row.weighted - HALF) * whole, 0, np.inf)]
    matrix, least, most = zip(*rules, strict=True)
    return np.array(matrix), np.array(least, float), np.array(most, float)


def _found(system, direction: np.ndarray) -> np.ndarray | None:
    """Answers in whole people that give all that is shown, as far as may be in a direction; None where none were found in time."""
    from scipy.optimize import LinearConstraint, milp  # takes time to load, and a page that shows figures has no use for it
    from scipy.sparse import csr_array

    matrix, least, most = system
    rule = LinearConstraint(csr_array(matrix), least, most)
    found = milp(
        -direction, constraints=rule, integrality=np.ones(matrix.shape[1]), options={"node_limit": NODES, "mip_rel_gap": GAP}
    )
    if found.x is None:
        return None
    numbers = np.round(found.x)
    sums = matrix @ numbers
    return numbers if (sums >= least - 1e-6).all() and (sums <= most + 1e-6).all() else None
