"""Intervals of a survey's figures, held against published ones; response rates and the test against the frame."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.methods.survey import intervals, response
from nlib.methods.survey.intervals import correction, difference, margin, nps, rank_intervals, wilson


def test_forty_of_eighty_are_known_within_eleven_points_and_without_the_correction_fifteen_and_a_half():
    assert margin(40, 80).round(1) == 9.3
    assert margin(40).round(1) == 13.0
    assert margin(196, 3900).round(1) == 5.7
    assert np.isnan(margin(0, 80))


def test_the_correction_is_none_with_few_answers_and_whole_with_all():
    assert correction(40, 80) == pytest.approx(40 / 79)
    assert correction(80, 80) == 0
    assert correction(1, 1) == 0
    assert correction(40, np.nan) == 1
    assert correction(40, 39) == 1, "more answers than invited: nothing is known"
    assert correction(1, 10**9) == pytest.approx(1)


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),  # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_intervals(count, n, low, high):
    assert np.round(wilson(count / n, n, level=0.95), 4).tolist() == [low, high]


def test_wilson_with_everybody_answering_has_no_width_and_without_answers_is_missing():
    assert [float(end) for end in wilson(0.3, 80, correction(80, 80))] == pytest.approx([0.3, 0.3])
    assert np.isnan(wilson(np.nan, 0)).all()
    assert np.isnan(wilson(0.5, 0)).all()


def test_one_answer_tells_almost_nothing():
    low, high = wilson(1.0, 1, level=0.95)
    assert low == pytest.approx(0.2065, abs=1e-4)
    assert high == 1


@settings(max_examples=60)
@given(st.integers(1, 400), st.data())
def test_wilson_holds_the_share_and_a_frame_only_narrows_it(n, data):
    share = data.draw(st.integers(0, n)) / n
    population = data.draw(st.integers(n, 10 * n))
    low, high = wilson(share, n)
    near, far = wilson(share, n, correction(n, population))
    assert 0 <= low <= near <= share <= far <= high <= 1


def test_the_change_between_two_waves_has_newcombes_interval():
    change = difference((56 / 70, *wilson(56 / 70, 70, level=0.95)), (48 / 80, *wilson(48 / 80, 80, level=0.95)))
    assert np.round(change, 4).tolist() == [0.2, 0.0524, 0.3339]
    back = difference((48 / 80, *wilson(48 / 80, 80, level=0.95)), (56 / 70, *wilson(56 / 70, 70, level=0.95)))
    assert np.round(back, 4).tolist() == [-0.2, -0.3339, -0.0524]


def test_the_net_promoter_score_is_promoters_less_detractors_with_an_adjusted_wald_interval():
    score, low, high = nps(19, 8, 36, level=0.95)
    assert score == pytest.approx(100 * 11 / 36)
    # three answers added: 19.75 and 8.75 of 39, by hand
    half = 1.959964 * np.sqrt((28.5 / 39 - (11 / 39) ** 2) / 39)
    assert (low, high) == (pytest.approx(100 * (11 / 39 - half)), pytest.approx(100 * (11 / 39 + half)))


def test_a_score_where_all_answer_alike_still_has_a_width_unless_all_have_answered():
    score, low, high = nps(10, 0, 10)
    assert score == high == 100
    assert low < 80
    assert [float(figure) for figure in nps(10, 0, 10, correction(10, 10))] == [100, 100, 100]
    assert np.isnan(nps(0, 0, 0)).all()


@settings(max_examples=40)
@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_the_score_lies_within_its_interval(promoters, passives, detractors):
    n = promoters + passives + detractors
    score, low, high = nps(promoters, detractors, n)
    assert np.isnan(score) if n == 0 else -100 <= low <= score <= high <= 100


def chosen(**counts):
    """Respondents of whom each answer is chosen by so many, the first ones."""
    n = max(counts.values())
    return pd.DataFrame({answer: np.arange(n) < count for answer, count in counts.items()})


def test_answers_far_apart_have_certain_ranks_and_close_ones_share_places():
    ranks = rank_intervals(pd.DataFrame({"a": [1] * 90 + [0] * 10, "b": [1, 0] * 50, "c": [0, 1] * 50, "d": [0] * 100}))
    assert ranks["rank"].tolist() == [1, 2, 2, 4]
    assert ranks.loc["a"].tolist() == [1, 1, 1]
    assert ranks.loc["b", ["rank_low", "rank_high"]].tolist() == [2, 3]
    assert ranks.loc["d"].tolist() == [4, 4, 4]


def test_ranks_are_known_where_all_have_answered_but_ties_still_share():
    ranks = rank_intervals(chosen(a=5, b=4, c=4), finite=0.0)
    assert ranks["rank"].tolist() == [1, 2, 2]
    assert ranks["rank_low"].tolist() == [1, 2, 2]
    assert ranks["rank_high"].tolist() == [1, 3, 3]


def test_weights_move_ranks():
    answers = pd.DataFrame({"a": [1, 1, 0], "b": [0, 0, 1]})
    assert rank_intervals(answers)["rank"].tolist() == [1, 2]
    assert rank_intervals(answers, weights=[0.5, 0.5, 2.0])["rank"].tolist() == [2, 1]


def test_nobody_and_one_respondent_have_ranks_that_say_so():
    assert rank_intervals(pd.DataFrame({"a": [], "b": []})).isna().all(axis=None)
    alone = rank_intervals(pd.DataFrame({"a": [0], "b": [0]}))
    assert alone[["rank_low", "rank_high"]].to_numpy().tolist() == [[1, 2], [1, 2]]


def test_the_same_answers_give_the_same_rank_intervals():
    answers = chosen(a=20, b=18, c=9)
    assert rank_intervals(answers).equals(rank_intervals(answers))


def test_a_frame_narrows_rank_intervals():
    answers = pd.DataFrame(np.random.default_rng(1).random((40, 6)) < np.linspace(0.3, 0.6, 6))
    wide, narrow = (rank_intervals(answers, finite=finite) for finite in (1.0, 0.02))
    widths = [(ranks["rank_high"] - ranks["rank_low"]).sum() for ranks in (wide, narrow)]
    assert widths[1] < widths[0]
    assert intervals.LARGEST_DRAW > 10**6


# -- who answered


def test_a_response_rate_tells_what_it_is_a_share_of():
    plain = [response.told_rate(*told).replace("\N{NO-BREAK SPACE}", " ") for told in ((40, 80), (196, 3900), (12, None))]
    assert plain == [
        "40 av 80 inviterte svarte, 50 %",
        "196 av 3 900 inviterte svarte, 5,0 %",
        "12 svarte, men det er ikke oppgitt hvor mange som ble invitert",
    ]
    assert np.isnan(response.rate(3, 0))


def test_answers_made_up_as_the_frame_pass_and_skewed_ones_do_not():
    frame = {"liten": 3000, "middels": 700, "stor": 200}
    even = response.representative({"liten": 150, "middels": 35, "stor": 10}, frame)
    skewed = response.representative({"liten": 90, "middels": 60, "stor": 46}, frame)
    assert even.chi_square == 0
    assert even.passed
    assert skewed.df == 2
    assert skewed.p == 0.0001
    assert not skewed.passed


def test_the_simulated_p_value_agrees_with_the_chi_square_distribution_in_a_large_frame():
    from scipy.stats import chisquare

    answers = [130, 45, 25]
    known = chisquare(answers, [140, 40, 20])
    test = response.representative(pd.Series(answers), pd.Series([140_000, 40_000, 20_000]))
    assert test.chi_square == pytest.approx(known.statistic)
    assert test.p == pytest.approx(known.pvalue, abs=0.02)


def test_what_cannot_be_tested_has_not_passed():
    assert not response.representative({"alle": 3}, {"alle": 10}).passed
    assert not response.representative({}, {"a": 10, "b": 5}).passed
    assert not response.representative({"a": 3}, {}).passed


def test_answers_from_outside_the_frame_are_counted():
    test = response.representative({"a": 6, "b": 4, "ukjent": 2}, {"a": 60, "b": 40})
    assert test.outside == 2
    assert test.chi_square == 0


def test_more_answers_than_invited_in_a_group_is_tested_all_the_same():
    assert 0 < response.representative({"a": 12, "b": 3}, {"a": 10, "b": 20}).p < 0.05
