"""The answers of a wave as tables that may be shown: shares with intervals, weighted ones beside them, by size and industry.

Here respondents become counts; nothing that leaves has a cell that `nlib.methods.survey.disclosure` hides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nlib.data.codebooks.blanking import LEAST
from nlib.methods.survey.disclosure import hide
from nlib.methods.survey.guard import Asked, guarded
from nlib.methods.survey.intervals import correction, nps, rank_intervals, wilson
from nlib.methods.survey.weights import Weighting, kish, post_stratified, raked

GROUPINGS = ("size_group", "industry")
ALL, UNTOLD, OTHERS = "Alle", "Ikke oppgitt", "Øvrige"
FEWEST = 10  # answers in a group that is shown by itself; smaller ones are put together
EXACT = 100  # respondents from which a share is shown with a decimal
FIVE = 5  # the effective number of answers is shown in whole ones of these
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
    """Those who answered a wave, in the order of its background.

    `groups`: size and industry as results tell them; `counted`: as the response tells them and the weights know them, missing where
    they are not shown. `invited` is by (grouping, group) of `groups`, empty where no frame is known; then `weighting` is None.
    `method` is what is weighted by: `cells` (size by industry), `margins` (each for itself) or empty.
    """

    groups: pd.DataFrame
    counted: pd.DataFrame
    invited: pd.Series
    weighting: Weighting | None
    method: str

    @property
    def weights(self) -> np.ndarray:
        return np.ones(len(self.groups)) if self.weighting is None else self.weighting.weights

    @property
    def effective(self) -> float:
        """The effective number of answers (Kish), in whole fives: to the decimal it tells who answered. NaN without weights."""
        return np.nan if self.weighting is None else max(FIVE, FIVE * round(kish(self.weights) / FIVE))


def people(background: pd.DataFrame, frame: pd.DataFrame) -> People:
    """The respondents of a wave against its frame.

    background: a row a respondent, with `GROUPINGS` as far as they were asked of; frame: `size_group`, `industry`, `invited`.
    Groups that fewer than five have answered from are put together as «Øvrige» (`merged`) and weighted so, and in results those
    with fewer than ten. Weights are post-stratified where every cell of size and industry with anybody invited has at least five
    answers, else raked.

    >>> background = pd.DataFrame({"size_group": ["små"] * 6 + ["store"] * 6, "industry": "handel"})
    >>> frame = pd.DataFrame({"size_group": ["små", "store"], "industry": "handel", "invited": [60, 20]})
    >>> known = people(background, frame)
    >>> known.method, known.weights[[0, -1]].tolist()
    ('cells', [1.5, 0.5])
    """
    groups = background.reindex(columns=list(GROUPINGS)).astype("str").reset_index(drop=True)
    named, counted, counts = groups.fillna(UNTOLD), groups.copy(), frame.assign(invited=frame["invited"].astype(float))
    invited = {(ALL, ALL): counts["invited"].sum()} if len(counts) else {}
    for grouping in (grouping for grouping in GROUPINGS if groups[grouping].notna().any()):
        answers = named[grouping].value_counts()
        shown = merged(answers, FEWEST)
        sums = frame_by(counts, grouping, shown)
        invited |= {(grouping, group): count for group, count in sums.items()}
        named[grouping] = named[grouping].map(shown)
        few = merged(answers, LEAST)
        counted[grouping] = groups[grouping].map(few)
        counts[grouping] = counts[grouping].map(few).fillna(counts[grouping])
    known = [grouping for grouping in GROUPINGS if counted[grouping].isin(counts[grouping]).any()]
    weighting, method = None, ""
    if known:
        cells = counts.groupby(list(GROUPINGS))["invited"].sum()
        answered = counted.value_counts(list(GROUPINGS)).reindex(cells.index, fill_value=0)
        if (answered[cells > 0] >= LEAST).all():
            weighting, method = post_stratified(pd.MultiIndex.from_frame(counted), cells), "cells"
        else:
            weighting, method = raked(counted, {g: counts.groupby(g)["invited"].sum() for g in known}), "margins"
    return People(named, counted, pd.Series(invited, dtype=float), weighting, method)


def merged(answers: pd.Series, least: int) -> dict[str, str]:
    """What each group is shown as: itself, or «Øvrige» where fewer than `least` have answered from it.

    answers: by group. If they are fewer than five together, the smallest of the others is put with them.

    >>> merged(pd.Series({"små": 20, "store": 3, "største": 6}), LEAST)
    {'små': 'små', 'store': 'Øvrige', 'største': 'Øvrige'}
    """
    answers = answers[answers > 0].sort_values(kind="stable")
    few = answers < least
    while few.any() and answers[few].sum() < LEAST and not few.all():
        few |= answers.index == answers.index[~few][0]
    return {group: OTHERS if few[group] else group for group in answers.sort_index().index}


def frame_by(frame: pd.DataFrame, grouping: str, shown: Mapping[str, str]) -> pd.Series:
    """The invited of each group as it is shown; groups that nobody has answered from stand by themselves."""
    return frame.groupby(frame[grouping].map(shown).fillna(frame[grouping]))["invited"].sum()


def sides(kind: str, labels: list[str]) -> dict[str, list[str]]:
    """The answers of a scale in three: the lower half, the middle where there is one, the upper half; a name -> its answers."""
    if kind == "nps":
        return {name: [str(score) for score in scores] for name, scores in NPS_SIDES.items()}
    half = len(labels) // 2
    parts = [labels[:half], labels[half : len(labels) - half], labels[len(labels) - half :]]
    return {" / ".join(part): part for part in parts if part}


def tabulated(answers: pd.DataFrame, questions: pd.DataFrame, background: pd.DataFrame, known: People) -> pd.DataFrame:
    """Every question's answers in `COLUMNS`; no rows where fewer than five answered the wave.

    `n` is those who took a stand on a question (not «Vet ikke»), or all respondents where its denominator says so. Scales are shown
    in three (`side` -1, 0, 1), and for all respondents in every answer too, where no cell of those is small; the net promoter
    score is a row of its own (`level` score, in points). Ranks are those of multiple-choice questions, for all respondents.
    Shares are in whole percent where n is below a hundred, else with a decimal; weighted ones, which are of all respondents alone,
    in whole percent. What is hidden cannot be worked out from it (`nlib.methods.survey.guard`): intervals, scores and ranks are
    made of the figures that are shown.
    """
    asked = questions[questions["kind"].isin(KINDS)]
    if len(background) < LEAST or asked.empty:
        return pd.DataFrame(columns=COLUMNS)
    places = pd.Index(background["respondent"])
    groups = _groups(known)
    parts = []
    for question in asked.itertuples(index=False):
        given = answers[answers["question"] == question.question]
        rows, columns = places.get_indexer(given["respondent"]), pd.Index(question.labels).get_indexer(given["answer"])
        chosen = np.zeros((len(places), len(question.labels)), bool)
        chosen[rows[columns >= 0], columns[columns >= 0]] = True
        about = {"question": question.question, "text": question.text, "kind": question.kind, "focus_area": question.focus_area}
        parts.append(_tabulated(question, chosen, groups, known).assign(**about))
    return pd.concat(parts, ignore_index=True).reindex(columns=COLUMNS)


def _tabulated(question, chosen: np.ndarray, groups: list, known: People) -> pd.DataFrame:
    """The rows of one question."""
    everybody = question.denominator == "all"
    stand = chosen.any(axis=1) | everybody
    of_scale = question.kind in ("likert", "nps")
    if of_scale:
        three = sides(question.kind, question.labels)
        atoms = np.array([np.isin(question.labels, labels) for labels in three.values()])
        folded = (chosen[:, None, :] & atoms).any(axis=2)
        cells = _hidden(_counted(list(three), folded, stand, groups, known), additive=True).assign(level=SIDE)
        at = dict(zip(three, (-1, 1) if len(three) == 2 else (-1, 0, 1), strict=True))
        cells = cells.assign(side=cells["answer"].map(at))
        if question.kind == "likert" and not cells.loc[cells["grouping"] == ALL, "hidden"].any():
            every = hide(_counted(question.labels, chosen, stand, groups[:1], known), [["grouping"]]).assign(level=ANSWER)
            side = {label: at[name] for name, labels in three.items() for label in labels}
            every = every.assign(side=every["answer"].map(side))
            cells = cells if every["hidden"].any() else pd.concat([cells, every])
    else:
        three = {}
        cells = _hidden(_counted(question.labels, chosen, stand, groups, known), additive=question.kind == "single")
        cells = cells.assign(level=ANSWER)
    finest = list(three) if of_scale and ANSWER not in set(cells["level"]) else list(question.labels)
    cells = _guarded(cells.reset_index(drop=True), finest, three, chosen, stand, groups, known, question)
    table = _shares(cells, known)
    if question.kind == "nps":
        table = pd.concat([table, _score(table, known)], ignore_index=True)
    return _ranked(table, chosen[stand], question.labels, known.weights[stand], known) if question.kind == "multiple" else table


def _guarded(cells, finest: list[str], three: dict, chosen, stand, groups: list, known: People, question) -> pd.DataFrame:
    """The cells with what could be worked out hidden too; `finest` are the answers that the cells are made of."""
    shown = known.weighting is not None
    cells = cells.assign(weighted=(100 * cells["weighted"]).where(cells["grouping"].eq(ALL) & ~cells["hidden"] & shown))
    if not cells["hidden"].any():
        return cells.assign(weighted=cells["weighted"].round())
    kinds = pd.concat([known.groups, known.counted.add_suffix(" counted")], axis=1).assign(weight=known.weights.round(12))
    kind = kinds.groupby(list(kinds), dropna=False).ngroup().to_numpy()
    of_kind = np.eye(kind.max() + 1)[kind].T
    labels = list(question.labels)
    atoms = np.array([np.isin(labels, three.get(name, [name])) for name in finest])
    given = (chosen[:, None, :] & atoms).any(axis=2)
    asked = Asked(
        people=of_kind.sum(axis=1),
        stand=of_kind @ stand,
        given=of_kind @ given,
        weights=np.array([known.weights[kind == one][0] for one in range(kind.max() + 1)]),
        several=question.kind == "multiple",
        everybody=question.denominator == "all",
    )
    inside = {(grouping, group): (of_kind @ members) > 0 for grouping, group, members in groups}
    answers = [
        np.array([set(three.get(name, [name])) <= set(three.get(answer, [answer])) for name in finest])
        for answer in cells["answer"]
    ]
    of = [inside[at] for at in zip(cells["grouping"], cells["group"], strict=True)]
    rows = guarded(cells.assign(respondents=cells["counted"]), asked, of, answers)
    return rows.assign(respondents=rows["counted"].astype(float).mask(rows["hidden"]))


def _groups(known: People) -> list[tuple[str, str, np.ndarray]]:
    """The groups that are shown, and who of the respondents is in each: all of them, and each size and industry.

    A grouping that has everybody in one group is none: it would show, and hide, what is shown of all.
    """
    groups = [(ALL, ALL, np.ones(len(known.groups), bool))]
    for grouping in GROUPINGS:
        column = known.groups[grouping]
        if column.nunique() > 1:
            groups += [(grouping, group, column.eq(group).to_numpy()) for group in column.unique()]
    return groups


def _counted(labels: list[str], chosen: np.ndarray, stand: np.ndarray, groups: list, known: People) -> pd.DataFrame:
    """A row for each group and answer: who took a stand (`n`), who gave it (`respondents`, `counted`), and its weighted share."""
    inside = np.array([members for *_, members in groups]) & stand
    weights = inside * known.weights
    whole = weights.sum(axis=1, keepdims=True)
    k = len(labels)
    counts = (inside.astype(int) @ chosen.astype(int)).ravel()
    return pd.DataFrame(
        {
            "grouping": np.repeat([grouping for grouping, *_ in groups], k),
            "group": np.repeat([group for _, group, _ in groups], k),
            "position": np.tile(np.arange(1, k + 1), len(groups)),
            "answer": list(labels) * len(groups),
            "n": np.repeat(inside.sum(axis=1), k),
            "respondents": counts,
            "counted": counts,
            "weighted": np.divide(weights @ chosen, whole, out=np.full((len(groups), k), np.nan), where=whole > 0).ravel(),
        }
    )


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
        unknown = part["answer"].isin(gone) & part["n"].ne(0)  # nobody in a group that is known to be empty gave any answer
        part = part.assign(n=part["n"].astype(float).mask(small), respondents=part["respondents"].mask(unknown))
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
    weighted = cells["weighted"].mask(share.isna()) / 100
    below, above = wilson(weighted, _effective(n, known), finite)
    figures = {"share": share, "low": low, "high": high, "weighted": weighted, "weighted_low": below, "weighted_high": above}
    figures = {f"{name}_pct": _rounded(100 * pd.Series(values, cells.index), n) for name, values in figures.items()}
    return cells.assign(respondents=respondents, **figures | {"weighted_pct": cells["weighted"].mask(share.isna())})


def _rounded(figures: pd.Series, n: pd.Series) -> pd.Series:
    """Whole percent where n is below a hundred, else with a decimal."""
    return figures.round().where(n < EXACT, figures.round(1))


def _effective(n, known: People):
    """The effective number of those who took a stand: in the proportion of all respondents, so that it tells nothing of who."""
    return n * known.effective / max(len(known.groups), 1)


def _score(cells: pd.DataFrame, known: People) -> pd.DataFrame:
    """The net promoter score of each group, in points, made of the sides as they are shown; missing where one is hidden."""
    key = ["grouping", "group"]
    below, above = (cells[cells["answer"] == name].set_index(key) for name in (DETRACTORS, PROMOTERS))
    above = above.reindex(below.index)
    table = below.reset_index()
    gone = (below["hidden"] | above["hidden"]).to_numpy(bool)
    n = table["n"].astype(float).mask(gone).to_numpy()
    effective = np.where(gone | (known.weighting is None), np.nan, _effective(n, known))
    finite = _finite(table, n, known)
    plain = nps(above["respondents"].to_numpy(float), below["respondents"].to_numpy(float), n, finite)
    promoters, detractors = (part["weighted_pct"].to_numpy(float) / 100 * effective for part in (above, below))
    weighted = nps(promoters, detractors, effective, finite)
    names = ("share_pct", "low_pct", "high_pct", "weighted_pct", "weighted_low_pct", "weighted_high_pct")
    figures = {name: _rounded(pd.Series(of, table.index), table["n"]) for name, of in zip(names, (*plain, *weighted), strict=True)}
    return table.assign(answer="", position=0, level=SCORE, side=np.nan, respondents=np.nan, hidden=gone, **figures)


def _finite(cells: pd.DataFrame, n, known: People) -> np.ndarray:
    at = pd.MultiIndex.from_frame(cells[["grouping", "group"]])
    return correction(n, known.invited.reindex(at).to_numpy(float) if len(known.invited) else np.nan)


def _ranked(table: pd.DataFrame, chosen: np.ndarray, labels: Sequence[str], weights: np.ndarray, known: People) -> pd.DataFrame:
    """The table with the ranks of multiple-choice answers among those that are shown, for all, by the share that leads."""
    of_all = table["grouping"].eq(ALL) & ~table["hidden"]
    shown = table.loc[of_all, "answer"].tolist()
    if not shown or not len(chosen):
        return table
    lead = table.loc[of_all, "weighted_pct"].fillna(table.loc[of_all, "share_pct"])
    finite = float(correction(len(chosen), known.invited.get((ALL, ALL), np.nan)))
    spans = rank_intervals(pd.DataFrame(chosen, columns=list(labels))[shown], weights, finite)
    rank = lead.rank(ascending=False, method="min").astype("Int64")
    low, high = (pd.Series(spans[end].to_numpy(), lead.index) for end in ("rank_low", "rank_high"))
    return table.assign(rank=rank, rank_low=low.where(low < rank, rank), rank_high=high.where(high > rank, rank))
