"""Weights: against a weighting library, a log-linear model and margins worked out by hand."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.methods.survey.weights import kish, post_stratified, raked

COUNTS = np.array([[6, 9, 3], [14, 2, 6]])
SIZE, INDUSTRY = {"liten": 300, "stor": 700}, {"bygg": 200, "handel": 500, "tjenester": 300}
NO_CUT = (0, np.inf)


def answers(counts=COUNTS, size=tuple(SIZE), industry=tuple(INDUSTRY)):
    rows = [(a, b) for i, a in enumerate(size) for j, b in enumerate(industry) for _ in range(counts[i][j])]
    return pd.DataFrame(rows, columns=["size_group", "industry"], dtype="str")


def sums(frame, weights):
    """Sums of weights by cell, in the order of COUNTS, of 1000 in all."""
    by = frame.assign(w=np.asarray(weights) * 1000 / len(frame)).groupby(["size_group", "industry"])["w"].sum()
    return by.unstack().loc[list(SIZE), list(INDUSTRY)].to_numpy()


def test_raking_gives_what_the_library_ipfn_gives():
    """ipfn 1.4.4, `ipfn(COUNTS, [[300, 700], [200, 500, 300]], [[0], [1]], convergence_rate=1e-12)`, run once."""
    frame = answers()
    result = raked(frame, {"size_group": SIZE, "industry": INDUSTRY}, NO_CUT)
    known = [[17.63924179, 251.9392625, 30.42149635], [182.36075821, 248.0607375, 269.57850365]]
    assert sums(frame, result.weights) == pytest.approx(np.array(known), abs=1e-5)
    assert result.off_pct < 1e-6
    assert result.trimmed == 0


def test_raking_gives_what_a_log_linear_model_with_the_answers_as_offset_gives():
    frame = answers()
    result = raked(frame, {"size_group": SIZE, "industry": INDUSTRY}, NO_CUT)
    wanted = np.outer(list(SIZE.values()), list(INDUSTRY.values())) / 1000  # any table with the margins
    rows, columns = (index.ravel() for index in np.indices(COUNTS.shape))
    design = np.column_stack([np.ones(6), rows == 1, columns == 1, columns == 2]).astype(float)
    fitted = sm.GLM(wanted.ravel(), design, family=sm.families.Poisson(), offset=np.log(COUNTS.ravel())).fit(tol=1e-12)
    assert sums(frame, result.weights) == pytest.approx(fitted.fittedvalues.reshape(2, 3), abs=1e-4)


def test_post_stratification_gives_each_group_its_share():
    groups = pd.Series(["liten"] * 10 + ["stor"] * 30)
    result = post_stratified(groups, {"liten": 3000, "stor": 1000})
    assert result.weights[:10] == pytest.approx(3.0)
    assert result.weights[10:] == pytest.approx(1 / 3)
    assert kish(result.weights) == pytest.approx(40**2 / (10 * 9 + 30 / 9))


def test_equal_weights_lose_nothing_and_no_weights_tell_nothing():
    assert kish(np.ones(40)) == 40
    assert kish([2.5]) == pytest.approx(1)
    assert np.isnan(kish([]))
    assert np.isnan(kish([0, 0]))


def test_trimming_keeps_weights_within_bounds_and_says_what_it_costs():
    groups = pd.DataFrame({"size_group": ["liten"] * 2 + ["stor"] * 98})
    free, cut = (raked(groups, {"size_group": {"liten": 900, "stor": 100}}, trim) for trim in (NO_CUT, (0.2, 5.0)))
    assert free.weights.max() > 40
    assert cut.weights.max() <= 5 * (1 + 1e-6)
    assert cut.trimmed == 2
    assert cut.off_pct > 50
    assert kish(cut.weights) > kish(free.weights)


def test_a_group_that_nobody_answered_from_is_told():
    result = post_stratified(pd.Series(["stor"] * 5), {"liten": 75, "stor": 25})
    assert result.uncovered_pct == 75
    assert result.weights == pytest.approx(1.0)


def test_an_answer_without_group_counts_one():
    result = post_stratified(pd.Series(["liten", "stor", "stor", None, "ukjent"], dtype="str"), {"liten": 10, "stor": 10})
    assert result.weights[3:] == pytest.approx(1.0)
    assert result.weights[0] == pytest.approx(2 * result.weights[1])


def test_answers_from_a_group_that_nobody_was_invited_from_count_one_and_stop_nothing():
    result = post_stratified(pd.Series(["liten", "stor", "stor", "ukjent"]), {"liten": 10, "stor": 10, "ukjent": 0})
    assert result.weights[3] == pytest.approx(1.0)
    sizes = pd.DataFrame({"size_group": ["liten"] * 2 + ["stor"] * 60 + ["ukjent"] * 8})
    cut = raked(sizes, {"size_group": {"liten": 900, "stor": 100, "ukjent": 0}})
    assert cut.weights.mean() == pytest.approx(1.0)
    assert cut.weights.max() <= 5 * (1 + 1e-6)


@pytest.mark.parametrize("frame", [answers().head(0), answers().head(1)])
def test_no_answers_and_one_answer_are_weighted(frame):
    result = raked(frame, {"size_group": SIZE, "industry": INDUSTRY})
    assert len(result.weights) == len(frame)
    assert np.isfinite(result.weights).all()


def test_an_empty_frame_leaves_answers_as_they_are():
    assert raked(answers(), {"size_group": {}, "industry": {}}).weights == pytest.approx(1.0)


@settings(max_examples=40)
@given(st.lists(st.integers(1, 30), min_size=6, max_size=6), st.lists(st.integers(1, 1000), min_size=5, max_size=5))
def test_raked_shares_are_the_populations_and_the_mean_weight_is_one(counts, invited):
    frame = answers(np.array(counts).reshape(2, 3))
    size, industry = dict(zip(SIZE, invited[:2], strict=True)), dict(zip(INDUSTRY, invited[2:], strict=True))
    result = raked(frame, {"size_group": size, "industry": industry}, NO_CUT)
    assert result.weights.mean() == pytest.approx(1)
    shares = frame.assign(w=result.weights).groupby("size_group")["w"].sum() / len(frame)
    assert shares["liten"] == pytest.approx(size["liten"] / sum(size.values()), abs=1e-3)
    assert 0 < kish(result.weights) <= len(frame) + 1e-9
