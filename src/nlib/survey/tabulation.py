"""The answers of a wave as tables that may be shown: shares with intervals, weighted ones beside them, by size and industry.

Here respondents become counts; nothing that leaves has a cell that `nlib.survey.disclosure` hides.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.survey.disclosure import LEAST, hide
from nlib.survey.intervals import correction, nps, rank_intervals, wilson
from nlib.survey.weights import Weighting, kish, post_stratified, raked

GROUPINGS = ("size_group", "industry")
ALL, UNTOLD, OTHERS = "Alle", "Ikke oppgitt", "Øvrige"
FEWEST = 10  # answers in a group that is told of for itself; smaller ones are put together
ANSWER, SIDE, SCORE = "answer", "side", "score"
KINDS = ("single", "multiple", "likert", "nps")
DETRACTORS, PASSIVE, PROMOTERS = "0–6", "7–8", "9–10"
NPS_SIDES = {DETRACTORS: range(7), PASSIVE: (7, 8), PROMOTERS: (9, 10)}
COLUMNS = [
    *("question", "text", "kind", "focus_area", "grouping", "group", "level", "position", "answer", "side", "n", "respondents"),
    *("share_pct", "low_pct", "high_pct", "weighted_pct", "weighted_low_pct", "weighted_high_pct", "rank", "rank_low", "rank_high"),
    "hidden",
]


@dataclass(frozen=True)
class People:
    """Those who answered a wave, in the order of its background: their groups, weights, and how many of each group were invited.

    `invited` is by (grouping, group), empty where no frame is known; then `weighting` is None. `method` is what is weighted by:
    `cells` (size by industry), `margins` (each for itself) or empty.
    """

    groups: pd.DataFrame
    invited: pd.Series
    weighting: Weighting | None
    method: str

    @property
    def weights(self) -> np.ndarray:
        return np.ones(len(self.groups)) if self.weighting is None else self.weighting.weights


def people(background: pd.DataFrame, frame: pd.DataFrame) -> People:
    """The respondents of a wave against its frame.

    background: a row a respondent, with `GROUPINGS` as far as they were asked of; frame: `size_group`, `industry`, `invited`.
    Groups with fewer than ten answers are put together as «Øvrige», in what is told though not in the weights. Weights are
    post-stratified where every cell of size and industry with anybody invited has at least five answers, else raked.

    >>> background = pd.DataFrame({"size_group": ["små"] * 6 + ["store"] * 6, "industry": "handel"})
    >>> frame = pd.DataFrame({"size_group": ["små", "store"], "industry": "handel", "invited": [60, 20]})
    >>> known = people(background, frame)
    >>> known.method, known.weights[[0, -1]].tolist()
    ('cells', [1.5, 0.5])
    """
    groups = background.reindex(columns=list(GROUPINGS)).astype("str")
    counts = frame.assign(invited=frame["invited"].astype(float))
    known = [grouping for grouping in GROUPINGS if groups[grouping].isin(counts[grouping]).any()]
    invited = {(ALL, ALL): counts["invited"].sum()} if len(counts) else {}
    told = groups.fillna(UNTOLD)
    for grouping in (grouping for grouping in GROUPINGS if groups[grouping].notna().any()):
        answers = told[grouping].value_counts()
        shown = {group: group if answers.get(group, 0) >= FEWEST else OTHERS for group in {*answers.index, *counts[grouping]}}
        told[grouping] = told[grouping].map(shown)
        sums = counts.groupby(counts[grouping].map(shown))["invited"].sum()
        invited |= {(grouping, group): count for group, count in sums.items()}
    weighting, method = None, ""
    if known:
        cells = counts.groupby(list(GROUPINGS))["invited"].sum()
        answered = groups.value_counts(list(GROUPINGS)).reindex(cells.index, fill_value=0)
        if (answered[cells > 0] >= LEAST).all():
            weighting, method = post_stratified(pd.MultiIndex.from_frame(groups), cells), "cells"
        else:
            weighting, method = raked(groups, {g: counts.groupby(g)["invited"].sum() for g in known}), "margins"
    return People(told, pd.Series(invited, dtype=float), weighting, method)


def sides(kind: str, labels: list[str]) -> dict[str, list[str]]:
    """The answers of a scale in three: the lower half, the middle where there is one, the upper half; a name -> its answers."""
    if kind == "nps":
        return {name: [str(score) for score in scores] for name, scores in NPS_SIDES.items()}
    half = len(labels) // 2
    parts = [labels[:half], labels[half : len(labels) - half], labels[len(labels) - half :]]
    return {" / ".join(part): part for part in parts if part}


def tabulated(answers: pd.DataFrame, questions: pd.DataFrame, background: pd.DataFrame, known: People) -> pd.DataFrame:
    """Every question's answers in `COLUMNS`; no rows where fewer than five answered the wave.

    `n` is those who took a stand on a question (not «Vet ikke»), or all respondents where its denominator says so. Scales are told
    in three (`side` -1, 0, 1), and for all respondents in every answer too, where no cell of those is small; the net promoter
    score is a row of its own (`level` score, in points). Ranks are those of multiple-choice questions, for all respondents.
    """
    asked = questions[questions["kind"].isin(KINDS)]
    if len(background) < LEAST or asked.empty:
        return pd.DataFrame(columns=COLUMNS)
    places = pd.Index(background["respondent"])
    groups = _groups(known)
    parts, ranks = [], []
    for question in asked.itertuples(index=False):
        given = answers[answers["question"] == question.question]
        rows, columns = places.get_indexer(given["respondent"]), pd.Index(question.labels).get_indexer(given["answer"])
        chosen = np.zeros((len(places), len(question.labels)), bool)
        chosen[rows[columns >= 0], columns[columns >= 0]] = True
        stand = chosen.any(axis=1) | (question.denominator == "all")
        told = {"question": question.question, "text": question.text, "kind": question.kind, "focus_area": question.focus_area}
        if question.kind in ("single", "multiple"):
            cells = _hidden(_counted(question.labels, chosen, stand, groups, known), additive=question.kind == "single")
            parts.append(cells.assign(level=ANSWER, **told))
        else:
            parts.append(_scale(question, chosen, stand, groups, known).assign(**told))
        if question.kind == "multiple":
            finite = float(correction(stand.sum(), known.invited.get((ALL, ALL), np.nan)))
            ranks.append(rank_intervals(pd.DataFrame(chosen[stand], columns=question.labels), finite=finite).assign(**told))
    table = _shares(pd.concat(parts, ignore_index=True), known)
    table = pd.concat([table, _score(table[table["kind"] == "nps"], known)], ignore_index=True)
    return _ranked(table, ranks).reindex(columns=COLUMNS)


def _groups(known: People) -> list[tuple[str, str, np.ndarray]]:
    """The groups that are told of, and who of the respondents is in each: all of them, and each size and industry."""
    groups = [(ALL, ALL, np.ones(len(known.groups), bool))]
    for grouping in GROUPINGS:
        column = known.groups[grouping]
        if not column.eq(UNTOLD).all():
            groups += [(grouping, group, column.eq(group).to_numpy()) for group in column.unique()]
    return groups


def _counted(labels: list[str], chosen: np.ndarray, stand: np.ndarray, groups: list, known: People) -> pd.DataFrame:
    """A row for each group and answer: who took a stand (`n`), who gave it, and the same weighted (`effective`, `weighted`)."""
    inside = np.array([members for *_, members in groups]) & stand
    weights = inside * known.weights
    whole = weights.sum(axis=1, keepdims=True)
    k = len(labels)
    return pd.DataFrame(
        {
            "grouping": np.repeat([grouping for grouping, *_ in groups], k),
            "group": np.repeat([group for _, group, _ in groups], k),
            "position": np.tile(np.arange(1, k + 1), len(groups)),
            "answer": list(labels) * len(groups),
            "n": np.repeat(inside.sum(axis=1), k),
            "respondents": (inside.astype(int) @ chosen.astype(int)).ravel(),
            "effective": np.repeat([kish(own) for own in weights], k),
            "weighted": np.divide(weights @ chosen, whole, out=np.full((len(groups), k), np.nan), where=whole > 0).ravel(),
        }
    )


def _scale(question, chosen: np.ndarray, stand: np.ndarray, groups: list, known: People) -> pd.DataFrame:
    """A scale in three by group, and in every answer for all where that gives nobody away."""
    three = sides(question.kind, question.labels)
    at = dict(zip(three, (-1, 1) if len(three) == 2 else (-1, 0, 1), strict=True))
    folded = np.column_stack([chosen[:, np.isin(question.labels, labels)].any(axis=1) for labels in three.values()])
    cells = _hidden(_counted(list(three), folded, stand, groups, known), additive=True)
    cells = cells.assign(level=SIDE, side=cells["answer"].map(at))
    if question.kind == "nps" or cells.loc[cells["grouping"] == ALL, "hidden"].any():
        return cells
    every = hide(_counted(question.labels, chosen, stand, groups[:1], known), [["grouping"]])
    side = {label: at[name] for name, labels in three.items() for label in labels}
    return cells if every["hidden"].any() else pd.concat([cells, every.assign(level=ANSWER, side=every["answer"].map(side))])


def _hidden(cells: pd.DataFrame, additive: bool) -> pd.DataFrame:
    """The cells with `n` and `respondents` missing, and `hidden`, where they would give somebody away.

    What is known of all is decided first, then how many there are in each group, then who answered what in a group: the sums of
    each are known from the step before. Groups add up to all, `additive` answers to `n`.
    """
    whole = cells["grouping"].eq(ALL)
    first = hide(cells[whole], [["grouping"]] if additive else [])
    few = first["n"].between(1, LEAST - 1)
    parts = [first.assign(n=first["n"].astype(float).mask(few), hidden=first["hidden"] | few)]
    gone = set(parts[0].loc[parts[0]["hidden"], "answer"])
    for grouping in GROUPINGS:
        part = cells[cells["grouping"].eq(grouping)].astype({"respondents": "float64"})
        if part.empty:
            continue
        groups = hide(part.drop_duplicates("group"), [["grouping"]], count="n")
        small = part["group"].isin(groups.loc[groups["hidden"], "group"])
        part = part.assign(n=part["n"].astype(float).mask(small), respondents=part["respondents"].mask(part["answer"].isin(gone)))
        part = hide(part, [["answer"], ["group"]] if additive else [["answer"]])
        parts.append(part.assign(hidden=part["hidden"] | small))
    return pd.concat(parts, ignore_index=True)


def _shares(cells: pd.DataFrame, known: People) -> pd.DataFrame:
    """Shares in percent with their intervals, unweighted and weighted; all missing where a cell is hidden."""
    n = cells["n"].astype(float)
    respondents = cells["respondents"].astype(float).mask(cells["hidden"])
    finite = _finite(cells, n, known)
    share = respondents / n.where(n > 0)
    low, high = wilson(share, n, finite)
    weighted = cells["weighted"].mask(share.isna() | (known.weighting is None))
    below, above = wilson(weighted, cells["effective"], finite)
    figures = {"share": share, "low": low, "high": high, "weighted": weighted, "weighted_low": below, "weighted_high": above}
    return cells.assign(respondents=respondents, **{f"{name}_pct": 100 * values for name, values in figures.items()})


def _score(cells: pd.DataFrame, known: People) -> pd.DataFrame:
    """The net promoter score of each question and group, in points; missing where either side is hidden."""
    key = ["question", "grouping", "group"]
    below, above = (cells[cells["answer"] == name].set_index(key) for name in (DETRACTORS, PROMOTERS))
    above = above.reindex(below.index)
    table = below.reset_index()
    gone = (below["hidden"] | above["hidden"]).to_numpy(bool)
    n = table["n"].astype(float).mask(gone).to_numpy()
    effective = table["effective"].mask(gone | (known.weighting is None)).to_numpy()
    finite = _finite(table, n, known)
    plain = nps(above["respondents"].to_numpy(float), below["respondents"].to_numpy(float), n, finite)
    weighted = nps(above["weighted"].to_numpy() * effective, below["weighted"].to_numpy() * effective, effective, finite)
    names = ("share_pct", "low_pct", "high_pct", "weighted_pct", "weighted_low_pct", "weighted_high_pct")
    figures = dict(zip(names, (*plain, *weighted), strict=True))
    return table.assign(answer="", position=0, level=SCORE, side=np.nan, respondents=np.nan, hidden=gone, **figures)


def _finite(cells: pd.DataFrame, n, known: People) -> np.ndarray:
    at = pd.MultiIndex.from_frame(cells[["grouping", "group"]])
    return correction(n, known.invited.reindex(at).to_numpy(float) if len(known.invited) else np.nan)


def _ranked(table: pd.DataFrame, ranks: list[pd.DataFrame]) -> pd.DataFrame:
    """The table with the ranks of multiple-choice answers, for all respondents; those of hidden cells are missing."""
    if not ranks:
        return table.assign(rank=pd.NA, rank_low=pd.NA, rank_high=pd.NA)
    found = pd.concat(ranks).rename_axis("answer").reset_index()[["question", "answer", "rank", "rank_low", "rank_high"]]
    found = found.assign(grouping=ALL, hidden=False)
    return table.merge(found, on=["question", "answer", "grouping", "hidden"], how="left", validate="m:1")
