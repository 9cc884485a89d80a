"""An attacker who has all that is published of a survey, and knows who answered (their size, industry and weight) but not what.

What is told of a question becomes equations over how many of each kind of respondent (size by industry) gave each answer, in
whole numbers; then each hidden count is made as small and as large as they allow. It is worked out where the two are the same.
"""

from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import LinearConstraint, milp
from scipy.sparse import csr_array

from nlib.methods.survey.tabulation import ALL, sides

SLACK = 1e-7
PATIENCE = 5  # seconds for one sum


def rounding(published: pd.Series) -> float:
    """Half of the last digit that a column is published with, as seen in it (at most nine decimals)."""
    figures = published.dropna().to_numpy(float)
    decimals = next((count for count in range(9) if np.allclose(figures, np.round(figures, count), rtol=0, atol=1e-10)), 9)
    return 0.5 * 10.0**-decimals + SLACK


class Question:
    """What is known of one question: `rows` of the published table, its `labels`, and the kinds of respondents, one a row of
    `cells` (size_group, industry as they are told, `people`, `weight`)."""

    def __init__(
        self, rows: pd.DataFrame, labels: list[str], cells: pd.DataFrame, everybody: bool, within: float, guesses: bool = False
    ):
        self.rows, self.labels, self.cells, self.within = rows.reset_index(drop=True), labels, cells, within
        self.guesses = guesses
        self.kind = rows["kind"].iloc[0]
        self.shape = (len(cells), len(labels))
        self.count = self.shape[0] * self.shape[1]
        self.several = self.kind == "multiple"
        self.size = self.count + len(cells)  # after the answers: who took a stand
        self.equations: list[tuple[np.ndarray, float, float]] = []
        self._of_people(everybody)
        for row in self.rows[self.rows["level"] != "score"].itertuples(index=False):
            self._told(row)

    def sum_of(self, inside: np.ndarray, answers: np.ndarray) -> np.ndarray:
        found = np.zeros(self.size)
        found[: self.count] = np.outer(inside, answers).ravel()
        return found

    def stand_of(self, inside: np.ndarray) -> np.ndarray:
        found = np.zeros(self.size)
        found[self.count :] = inside
        return found

    def inside(self, row) -> np.ndarray:
        return np.ones(len(self.cells)) if row.grouping == ALL else self.cells[row.grouping].eq(row.group).to_numpy(float)

    def answers(self, row) -> np.ndarray:
        own = sides(self.kind, self.labels)[row.answer] if row.level == "side" else [row.answer]
        return np.isin(self.labels, own).astype(float)

    def _of_people(self, everybody: bool):
        people = self.cells["people"].to_numpy(float)
        for cell, many in enumerate(people):
            own = np.eye(len(people))[cell]
            given, stand = self.sum_of(own, np.ones(len(self.labels))), self.stand_of(own)
            self.equations.append((stand, many if everybody else 0, many))
            if not self.several:
                self.equations.append((given - stand, -np.inf if everybody else 0, 0))
            if self.several:
                self.equations += [(self.sum_of(own, answer) - stand, -np.inf, 0) for answer in np.eye(len(self.labels))]
                if not everybody:
                    self.equations.append((given - stand, 0, np.inf))

    def _told(self, row):
        inside = self.inside(row)
        given, stand = self.sum_of(inside, self.answers(row)), self.stand_of(inside)
        if pd.notna(row.n):
            self.equations.append((stand, row.n, row.n))
        if pd.notna(row.respondents):
            self.equations.append((given, row.respondents, row.respondents))
        elif self.guesses:
            self.equations.append((given, 1, np.inf))
        if pd.notna(row.weighted_pct):
            weight = self.cells["weight"].to_numpy(float)
            given, stand = self.sum_of(inside * weight, self.answers(row)), self.stand_of(inside * weight)
            for sign in (1, -1):  # |100 given / stand - published| <= within
                self.equations.append((sign * 100 * given - (sign * row.weighted_pct + self.within) * stand, -np.inf, 0))

    def spans(self) -> pd.Series:
        """For each hidden row how many values its count may have."""
        hidden = self.rows[self.rows["hidden"] & (self.rows["level"] != "score")]
        wanted = {row.Index: self.sum_of(self.inside(row), self.answers(row)) for row in hidden.itertuples()}
        low, high = dict.fromkeys(wanted, np.inf), dict.fromkeys(wanted, -np.inf)
        spans = {}
        for at, of in wanted.items():
            ends = [self.solved(of, whole=False)[0], -self.solved(-of, whole=False)[0]]
            spans[at] = np.floor(ends[1] + 1e-4) - np.ceil(ends[0] - 1e-4) + 1
            for sign in (1, -1):  # that many values are left without the rule of whole numbers: with it there may be fewer
                if spans[at] > 1 and not high[at] - low[at] >= 1:
                    _, numbers = self.solved(sign * of, whole=True)
                    for other, its in wanted.items() if numbers is not None else ():
                        value = round(float(its @ np.round(numbers)))
                        low[other], high[other] = min(low[other], value), max(high[other], value)
            if spans[at] > 1 and low[at] == high[at]:
                spans[at] = 1
        return pd.Series(spans, dtype=float)

    def solved(self, least: np.ndarray, whole: bool):
        """The least of a sum that all that is known allows, and the numbers that give it; None where none were found in time."""
        matrix, low, high = self.system
        found = milp(
            least,
            constraints=LinearConstraint(matrix, low, high),
            integrality=np.full(self.size, int(whole)),
            options={"time_limit": PATIENCE},
        )
        return found.fun, found.x

    @cached_property
    def system(self):
        matrix, low, high = (np.array(part) for part in zip(*self.equations, strict=True))
        return csr_array(matrix), low, high


def worked_out(results: pd.DataFrame, questions: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """The hidden counts of a wave that have only one value left; `cells` as `Question` takes them."""
    within = rounding(results.loc[results["level"] != "score", "weighted_pct"])
    found = []
    for question in questions.itertuples(index=False):
        rows = results[results["question"] == question.question]
        if rows["hidden"].any():
            spans = Question(rows, list(question.labels), cells, question.denominator == "all", within).spans()
            found.append(rows.reset_index(drop=True).loc[spans.index[spans == 1]])
    return pd.concat(found) if found else results.head(0)
