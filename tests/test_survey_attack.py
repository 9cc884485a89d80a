"""An attacker with all that is published of a survey, who also knows who answered, works out no count that is hidden."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nlib.core.municipalities import resource
from nlib.indicators import survey_response
from nlib.methods.survey.response import representative, together
from nlib.methods.survey.tabulation import ALL, LEAST, OTHERS, UNTOLD, merged, people, tabulated
from tests import survey_wave
from tests.survey_attack import worked_out
from tests.survey_wave import asked, frame, imported, synthetic

AGREE = ["Uenig", "Verken eller", "Enig"]
REGISTER = "municipalities.csv", "municipality_changes.csv"


def published(wave, invited):
    """The table of a wave, and the kinds of respondents that the attacker knows to have answered."""
    known = people(wave.background, invited)
    results = tabulated(wave.answers, wave.questions, wave.background, known)
    who = pd.concat([known.groups, known.counted.add_suffix(" counted")], axis=1).fillna("").assign(weight=known.weights)
    cells = who.groupby(list(who)[:4]).agg(people=("weight", "size"), weight=("weight", "first")).reset_index()
    return results, cells, known


@pytest.mark.parametrize(("year", "least"), [pytest.param(2018, 150, marks=pytest.mark.slow), (2024, 100)])
def test_no_hidden_count_of_a_wave_can_be_worked_out(year, least):
    wave = synthetic(year, 5)
    results, cells, _ = published(wave, frame(year))
    hidden = results["hidden"] & results["level"].ne("score")
    assert hidden.sum() > least, "there is much to work out"
    assert worked_out(results, wave.questions, cells).empty
    assert results.loc[results["grouping"].eq(ALL) & ~results["hidden"], "weighted_pct"].notna().mean() > 0.9


def test_the_attacker_works_out_counts_from_shares_that_are_not_rounded():
    wave = synthetic(2018, 5, only=("satsing_innovasjon", "etablere_mot"))
    results, cells, known = published(wave, frame(2018))
    exact = results.copy()
    for at, row in results[(results["kind"] == "multiple") & ~results["hidden"]].iterrows():
        inside = np.ones(len(known.groups), bool) if row["grouping"] == ALL else known.groups[row["grouping"]].eq(row["group"])
        own = wave.answers[wave.answers["question"] == row["question"]]
        weights = pd.Series(known.weights, index=wave.background["respondent"])[np.asarray(inside)]
        stand = weights[weights.index.isin(own["respondent"])]
        given = stand[stand.index.isin(own.loc[own["answer"] == row["answer"], "respondent"])]
        exact.loc[at, "weighted_pct"] = 100 * given.sum() / stand.sum()
    asked_several = wave.questions[wave.questions["kind"] == "multiple"]
    assert len(worked_out(exact, asked_several, cells)) > 0
    assert worked_out(results, asked_several, cells).empty


@st.composite
def small_waves(draw):
    """A few answers by a few groups, with a frame that gives them unlike weights."""
    count = draw(st.integers(5, 40))
    sizes, industries = (draw(st.lists(st.sampled_from(of), min_size=count, max_size=count)) for of in ("abc", "xy"))
    labels = draw(st.sampled_from([["Ja", "Nei"], AGREE]))
    kind = draw(st.sampled_from(["single", "likert", "multiple"]))
    one = st.lists(st.sampled_from(labels), unique=True) if kind == "multiple" else st.sampled_from([*labels, None])
    answers = pd.Series(draw(st.lists(one, min_size=count, max_size=count)), dtype=object)
    invited = [(size, industry, draw(st.integers(0, 300))) for size in "abc" for industry in "xy"]
    wave = survey_wave.given(
        pd.DataFrame({"q": answers, "size_group": sizes, "industry": industries}), asked(("q", "Hva?", kind, labels))
    )
    return wave, pd.DataFrame(invited, columns=["size_group", "industry", "invited"])


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(small_waves())
def test_no_hidden_count_of_any_small_wave_can_be_worked_out(drawn):
    wave, invited = drawn
    results, cells, _ = published(wave, invited)
    assert worked_out(results, wave.questions, cells).empty
    shown = results.dropna(subset=["respondents"])
    assert not shown["respondents"].between(1, LEAST - 1).any()
    assert shown["weighted_pct"].dropna().between(0, 100).all()


def test_a_grouping_with_everybody_in_one_group_is_not_told_of_since_it_hides_what_all_tells():
    people_ = pd.DataFrame({"q": ["Uenig"] * 12 + ["Verken eller"] * 4 + ["Enig"], "size_group": "a", "industry": "x"})
    wave = survey_wave.given(people_, asked(("q", "Hva?", "single", AGREE)))
    results, cells, _ = published(wave, pd.DataFrame([("a", "x", 0)], columns=["size_group", "industry", "invited"]))
    assert set(results["grouping"]) == {ALL}
    assert results["hidden"].tolist() == [False, True, True]
    assert worked_out(results, wave.questions, cells).empty


def test_a_group_where_nobody_took_a_stand_hides_nothing_though_the_answer_of_all_is_hidden():
    answers = pd.Series([[]] * 17 + [["Ja"]], dtype=object)
    people_ = pd.DataFrame({"q": answers, "size_group": "a", "industry": ["x"] * 13 + ["y"] * 5})
    wave = survey_wave.given(people_, asked(("q", "Hva?", "multiple", ["Ja", "Nei"])))
    invited = pd.DataFrame([("a", "x", 0), ("a", "y", 0)], columns=["size_group", "industry", "invited"])
    results, cells, _ = published(wave, invited)
    assert results.loc[results["group"].eq("x"), ["n", "respondents", "hidden"]].to_numpy().tolist() == [[0, 0, False]] * 2
    assert results.loc[results["group"].ne("x"), "hidden"].all()
    assert worked_out(results, wave.questions, cells).empty


# -- who answered


def response(wave, invited):
    table = survey_response.build(imported(wave), invited.assign(komm_nr="3222", year=wave.wave), *map(resource, REGISTER))
    return survey_response.DATASET.check(table)


def test_no_count_of_who_answered_is_hidden_since_small_groups_are_put_together():
    for year in (2018, 2024):
        table = response(synthetic(year, 5), frame(year))
        assert not table["hidden"].any()
        assert not table["answers"].between(1, LEAST - 1).any()
        for _, of in table[table["grouping"] != ALL].groupby("grouping"):
            assert of["answers"].sum() == table.loc[table["grouping"] == ALL, "answers"].item()
        whole = table[table["grouping"] == ALL].iloc[0]
        assert whole["effective_n"] % 5 == 0


def test_the_test_against_the_frame_is_made_of_the_counts_that_are_told():
    table = response(synthetic(2024, 5), frame(2024))
    chi = 0
    for _, of in table[table["grouping"] != ALL].groupby("grouping"):
        expected = of["answers"].sum() * of["invited"] / of["invited"].sum()
        chi += ((of["answers"] - expected) ** 2 / expected).sum()
    assert table.loc[table["grouping"] == ALL, "chi_square"].item() == pytest.approx(chi)


@pytest.mark.parametrize("count", range(1, 16))
def test_what_is_put_together_is_at_least_five_or_everybody(count):
    random = np.random.default_rng(count)
    answers = pd.Series(random.integers(0, 9, count), [f"gruppe {at}" for at in range(count)])
    shown = answers[answers > 0].groupby(merged(answers, LEAST)).sum()
    assert (shown >= LEAST).all() or len(shown) <= 1
    assert not (shown.drop(OTHERS, errors="ignore") < LEAST).any()


def one_grouping(sizes, invited, **more):
    people_ = pd.DataFrame({"q": ["Ja"] * len(sizes), "size_group": sizes} | more)
    wave = survey_wave.given(people_, asked(("q", "Hva?", "single", ["Ja", "Nei"])))
    return response(wave, pd.DataFrame(invited, columns=["size_group", "industry", "invited"]))


def test_with_one_grouping_chi_square_is_pearsons_and_nobody_is_outside():
    table = one_grouping(["små"] * 10 + ["store"] * 30, [("små", "Alt", 50), ("store", "Alt", 30)])
    whole = table[table["grouping"] == ALL].iloc[0]
    assert whole["chi_square"] == pytest.approx((10 - 25) ** 2 / 25 + (30 - 15) ** 2 / 15)  # 24, by hand
    assert whole["p_value"] < 0.001
    assert whole["outside"] == 0
    counts = pd.DataFrame({"size_group": ["små"] * 10 + ["store"] * 30}).value_counts(["size_group"])
    assert representative(counts, pd.Series({"små": 50, "store": 30})).outside == 0


def test_groups_written_otherwise_than_in_the_frame_are_not_tested_and_not_outside():
    table = one_grouping(["1-4"] * 10 + ["5-19"] * 30, [("1–4 ansatte", "Alt", 50), ("5–19 ansatte", "Alt", 30)])
    whole = table[table["grouping"] == ALL].iloc[0]
    assert whole[["chi_square", "p_value", "outside", "effective_n"]].isna().all()
    assert whole["weighted_by"] == ""


def test_answers_in_no_group_of_the_frame_are_outside():
    table = one_grouping(["små"] * 10 + ["store"] * 12 + ["andre"] * 7, [("små", "Alt", 50), ("store", "Alt", 30)])
    assert table.loc[table["grouping"] == ALL, "outside"].item() == 7


def test_those_who_did_not_say_their_size_are_with_the_others_where_they_are_few():
    table = one_grouping(["små"] * 10 + ["store"] * 12 + [None] * 3 + ["midt"] * 4, [("små", "Alt", 50), ("midt", "Alt", 30)])
    others = table[table["group"] == OTHERS].iloc[0]
    assert (others["answers"], others["invited"]) == (7, 30)
    assert pd.isna(others["response_pct"]), "not all of them are of the invited"
    assert UNTOLD not in set(table["group"])


def test_tests_together_are_as_doubtful_as_bonferroni_says():
    one = representative(pd.Series({"a": 10, "b": 30}), pd.Series({"a": 50, "b": 30}))
    other = representative(pd.Series({"x": 20, "y": 20}), pd.Series({"x": 40, "y": 40}))
    both = together([one, other])
    assert both.chi_square == pytest.approx(one.chi_square + other.chi_square)
    assert both.p == pytest.approx(min(1, 2 * min(one.p, other.p)))
    assert np.isnan(together([]).p)


# -- answers that all agree


@pytest.mark.parametrize("kind", ["single", "likert", "multiple"])
def test_answers_that_all_agree_do_not_stop_the_build(kind):
    random = np.random.default_rng(3)
    sizes, industries = random.choice(list("abc"), 37), random.choice(list("xy"), 37)
    invited = pd.DataFrame([(s, i, n) for s, i, n in zip("aabbcc", "xyxyxy", (311, 7, 53, 19, 3, 29), strict=True)])
    invited.columns = ["size_group", "industry", "invited"]
    answers = pd.Series([["Enig"]] * 37 if kind == "multiple" else ["Enig"] * 37, dtype=object)
    wave = survey_wave.given(
        pd.DataFrame({"q": answers, "size_group": sizes, "industry": industries}), asked(("q", "Hva?", kind, AGREE))
    )
    results = published(wave, invited)[0]
    whole = results[(results["grouping"] == ALL) & (results["answer"] == "Enig")]
    assert (whole[["share_pct", "high_pct", "weighted_pct", "weighted_high_pct"]] == 100).all(axis=None)
