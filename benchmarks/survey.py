"""How often a survey's 95 % intervals hold the truth, and how wrong its shares are with and without weights.

    python -m benchmarks.survey               # from the checkout
    python -m benchmarks.survey --draws 200   # fewer

A population is made up where everybody invited has an opinion, which goes with size: 80 in 2018, 3 900 in 2024 (3 000 of them
sole proprietors). Then 40 and 196 of them answer, again and again: at random, or the larger ones oftener (as
`nlib.data.synthetic.survey` has it). The weights know size and industry, as the frame does. Shares are those of every answer to
multiple-choice questions and of the upper side of every scale.

`bias` is the mean over shares of how far the mean estimate is from the truth, `worst` the largest, `margin` half an interval's mean
width, all in percentage points; `covered` is how many intervals held the truth. The score and the ranks have their own columns:
a true rank counts as held when any of the places that equal answers share is within the interval.
"""

import argparse

import numpy as np
import pandas as pd

from nlib.data.synthetic import survey
from nlib.methods.survey.intervals import correction, nps, rank_intervals, wilson
from nlib.methods.survey.tabulation import DETRACTORS, PROMOTERS, people, sides
from nlib.methods.survey.weights import kish
from tests.survey_wave import frame

RANKED = "etablere_for"


def population(wave: int, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, list[str]]:
    """Everybody invited: size and industry, which answers they give (columns), which questions they take a stand on, and names."""
    everybody = survey.drawn(wave, np.random.default_rng(seed), survey.INVITED[wave])
    given, stand, names = [], [], []
    for item in survey.ITEMS:
        own = everybody[item.name]
        if item.kind == "multiple":
            sure = own.map(len).gt(0)
            columns = {label: own.map(lambda chosen, label=label: label in chosen) for label in item.labels}
        else:
            sure = own.ne(survey.DONT_KNOW)
            three = sides(item.kind, list(item.labels))
            columns = {
                name: own.isin(three[name]) for name in ((PROMOTERS, DETRACTORS) if item.kind == "nps" else list(three)[-1:])
            }
        given += list(columns.values())
        stand += [sure] * len(columns)
        names += [f"{item.name}: {label}" for label in columns]
    return everybody[["size_group", "industry"]], np.column_stack(given), np.column_stack(stand), names


def answered(groups: pd.DataFrame, wave: int, skewed: bool, random: np.random.Generator) -> np.ndarray:
    """Who answers: so many of each size as the synthetic survey has, or as many at random."""
    if not skewed:
        return random.choice(len(groups), sum(survey.ANSWERED[wave]), replace=False)
    sizes = groups["size_group"].to_numpy()
    counts = zip(survey.SIZES, survey.ANSWERED[wave], strict=True)
    return np.concatenate([random.choice(np.flatnonzero(sizes == size), count, replace=False) for size, count in counts if count])


def simulated(wave: int, skewed: bool, draws: int, seed: int = 1) -> pd.DataFrame:
    """One scenario: bias, margin and coverage of unweighted and weighted figures."""
    groups, given, stand, names = population(wave, seed)
    invited = frame(wave)
    truth = (given & stand).sum(axis=0) / stand.sum(axis=0)
    scores = [names.index(f"anbefale: {side}") for side in (PROMOTERS, DETRACTORS)]
    shares = [place for place in range(len(names)) if place not in scores]
    true_score = 100 * (truth[scores[0]] - truth[scores[1]])
    ranked = [place for place, name in enumerate(names) if name.startswith(f"{RANKED}: ")]
    true_ranks = pd.Series(truth[ranked]).rank(ascending=False, method="min").to_numpy()
    random, found = np.random.default_rng(seed + 1), {"unweighted": [], "weighted": []}
    ranks_held = []
    for _ in range(draws):
        who = answered(groups, wave, skewed, random)
        known = people(groups.iloc[who].reset_index(drop=True), invited)
        inside, said = stand[who], given[who]
        finite = correction(inside.sum(axis=0), len(groups))
        for name, weights in (("unweighted", np.ones(len(who))), ("weighted", known.weights)):
            own = weights[:, None] * inside
            share = (own * said).sum(axis=0) / own.sum(axis=0)
            effective = np.array([kish(column) for column in own.T])
            ends = wilson(share, effective, finite)
            n, fpc = effective[scores[0]], finite[scores[0]]
            score = nps(share[scores[0]] * n, share[scores[1]] * n, n, fpc)
            found[name].append((share, *ends, *score))
        chose = inside[:, ranked[0]]
        ranks = rank_intervals(said[chose][:, ranked], finite=float(finite[ranked[0]]), draws=300)
        ranks_held.append(((ranks["rank_low"] <= true_ranks) & (true_ranks <= ranks["rank_high"])).mean())
    rows = []
    for name, told in found.items():
        share, low, high = (np.array(part)[:, shares] for part in list(zip(*told, strict=True))[:3])
        score, score_low, score_high = (np.array(part) for part in list(zip(*told, strict=True))[3:])
        bias = 100 * np.abs(share.mean(axis=0) - truth[shares])
        rows.append(
            {
                "wave": wave,
                "answers": "oftener when large" if skewed else "at random",
                "figures": name,
                "bias": bias.mean(),
                "worst": bias.max(),
                "margin": 50 * (high - low).mean(),
                "covered_pct": 100 * ((low <= truth[shares]) & (truth[shares] <= high)).mean(),
                "score_bias": score.mean() - true_score,
                "score_covered_pct": 100 * ((score_low <= true_score) & (true_score <= score_high)).mean(),
                "ranks_covered_pct": 100 * np.mean(ranks_held) if name == "unweighted" else np.nan,
            }
        )
    return pd.DataFrame(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=1000, help="answers drawn in each scenario")
    draws = parser.parse_args().draws
    table = pd.concat([simulated(wave, skewed, draws) for wave in survey.INVITED for skewed in (False, True)], ignore_index=True)
    print(table.round(1).to_string(index=False))


if __name__ == "__main__":
    main()
