"""A survey's tables: counts that may be shown, shares, weights, waves, words; and what little there may be to show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nlib.core.municipalities import resource
from nlib.data.codebooks.blanking import LEAST
from nlib.data.synthetic import survey as made
from nlib.indicators import survey_quotes, survey_response, survey_results, survey_waves, survey_words
from nlib.methods.survey.tabulation import ALL, OTHERS, people, sides, tabulated
from tests.survey_wave import asked, frame, given, imported, synthetic

AGREE = ["Helt uenig", "Litt uenig", "Verken eller", "Litt enig", "Helt enig"]
FEW = ("forbedre", "tilfreds", "anbefale")
NOBODY = frame(2024).head(0)


@pytest.fixture(scope="module")
def register():
    return resource("municipalities.csv"), resource("municipality_changes.csv")


@pytest.fixture(scope="module")
def waves():
    return synthetic(2018, 5, target="bedrifter med ansatte"), synthetic(2024, 5)


@pytest.fixture(scope="module")
def results(waves, register):
    return built(survey_results, imported(*waves), frame(2018, 2024), *register)


def built(indicator, *inputs):
    return indicator.DATASET.check(indicator.build(*inputs))


def table(wave, invited=NOBODY):
    return tabulated(wave.answers, wave.questions, wave.background, people(wave.background, invited))


def one(answers, kind="likert", labels=AGREE, invited=NOBODY, **background):
    """The table of a wave with one question."""
    answered = pd.DataFrame({"mening": pd.Series(answers, dtype=object)} | background)
    return table(given(answered, asked(("mening", "Hva mener du?", kind, labels))), invited)


def test_a_share_is_of_those_who_took_a_stand():
    rows = one(["Helt enig"] * 6 + ["Litt uenig"] * 6 + ["Vet ikke"] * 7 + [None] * 3)
    agree = rows[(rows["level"] == "side") & (rows["side"] == 1)].iloc[0]
    assert (agree["n"], agree["respondents"], agree["share_pct"]) == (12, 6, 50)
    assert agree["answer"] == "Litt enig / Helt enig"


def test_every_answer_of_a_scale_is_told_only_where_none_is_small():
    assert set(one(["Helt enig"] * 6 + ["Litt uenig"] * 6)["level"]) == {"side", "answer"}
    rows = one(["Helt enig"] * 6 + ["Litt enig"] * 4 + ["Litt uenig"] * 6)
    assert set(rows["level"]) == {"side"}
    assert rows.loc[rows["side"] == 1, "respondents"].item() == 10


def test_a_scale_is_told_in_three():
    assert list(sides("likert", AGREE)) == ["Helt uenig / Litt uenig", "Verken eller", "Litt enig / Helt enig"]
    assert list(sides("likert", ["nei", "kanskje", "ja"])) == ["nei", "kanskje", "ja"]
    assert list(sides("likert", ["nei", "ja"])) == ["nei", "ja"]
    assert [len(labels) for labels in sides("likert", list("abcdefg")).values()] == [3, 1, 3]
    assert sum(len(scores) for scores in sides("nps", []).values()) == 11


def test_the_score_is_promoters_less_detractors():
    rows = one(["10"] * 8 + ["7"] * 5 + ["0"] * 7, "nps", [str(score) for score in range(11)])
    score = rows[rows["level"] == "score"].iloc[0]
    assert score["share_pct"] == pytest.approx(5.0)
    assert score["low_pct"] < 5 < score["high_pct"]


def test_a_score_with_a_small_side_is_hidden():
    rows = one(["10"] * 8 + ["7"] * 9 + ["0"] * 3, "nps", [str(score) for score in range(11)])
    assert rows.loc[rows["level"] == "score", ["share_pct", "low_pct"]].isna().all(axis=None)


@pytest.mark.parametrize("count", [0, 1, LEAST - 1])
def test_a_wave_of_fewer_than_five_has_no_results(count, register):
    wave = given(pd.DataFrame({"mening": ["Helt enig"] * count}), asked(("mening", "Hva mener du?", "likert", AGREE)))
    assert built(survey_results, imported(wave), frame(2024), *register).empty
    response = built(survey_response, imported(wave), frame(2024), *register)
    assert response.loc[response["grouping"] == ALL, "answers"].isna().item() == (count > 0)
    assert response["p_value"].isna().all()


def test_where_nobody_took_a_stand_there_is_no_share():
    rows = one(["Vet ikke"] * 12)
    assert (rows["n"] == 0).all()
    assert rows[["share_pct", "low_pct", "high_pct"]].isna().all(axis=None)


@pytest.mark.parametrize("kind", ["single", "multiple", "likert"])
def test_a_question_that_few_took_a_stand_on_does_not_tell_how_many(kind):
    rows = one([["Helt enig"] if kind == "multiple" else "Helt enig"] * 3 + [None] * 20, kind)
    assert rows[["n", "respondents", "share_pct", "weighted_pct"]].isna().all(axis=None)
    assert rows["hidden"].all()


def test_where_all_answer_alike_there_still_is_an_interval():
    row = one(["Helt enig"] * 12).query("side == 1 and level == 'side'").iloc[0]
    assert row["share_pct"] == row["high_pct"] == 100
    assert row["low_pct"] == 82


def test_multiple_answers_are_ranked_and_counted_of_those_who_chose_any():
    rows = one([["a", "b"]] * 10 + [["a"]] * 10 + [[]] * 5, "multiple", ["b", "a", "c"])
    assert rows.set_index("answer")["share_pct"].to_dict() == {"b": 50, "a": 100, "c": 0}
    assert rows.set_index("answer")["rank"].to_dict() == {"b": 2, "a": 1, "c": 3}


def test_without_a_frame_nothing_is_weighted():
    rows = one(["Helt enig"] * 12, size_group=[made.SIZES[0]] * 12, industry=[made.INDUSTRIES[0]] * 12)
    assert rows[["weighted_pct", "weighted_low_pct"]].isna().all(axis=None)


def test_a_weighted_share_gives_each_size_its_weight():
    sizes = [made.SIZES[0]] * 10 + [made.SIZES[4]] * 30
    invited = pd.DataFrame({"size_group": [made.SIZES[0], made.SIZES[4]], "industry": "Alt", "invited": [300, 100]})
    rows = one([["a"]] * 10 + [["b"]] * 30, "multiple", ["a", "b"], invited, size_group=sizes, industry=["Alt"] * 40)
    whole = rows[rows["grouping"] == ALL].set_index("answer")
    assert whole["share_pct"].to_dict() == {"a": 25, "b": 75}
    assert whole["weighted_pct"].to_dict() == pytest.approx({"a": 75, "b": 25})
    assert (whole["weighted_high_pct"] - whole["weighted_low_pct"]).gt(whole["high_pct"] - whole["low_pct"]).all()


def test_small_groups_are_put_together():
    sizes = [made.SIZES[0]] * 20 + [made.SIZES[1]] * 3 + [made.SIZES[2]] * 6 + [None] * 2
    rows = one(["Helt enig"] * 31, size_group=sizes)
    assert set(rows.loc[rows["grouping"] == "size_group", "group"]) == {made.SIZES[0], OTHERS}


def test_html_in_an_answer_is_text():
    rows = one([["<b>x</b>"]] * 9, "multiple", ["<b>x</b>"])
    assert rows["answer"].tolist() == ["<b>x</b>"]


# -- what may be shown


def test_no_cell_that_is_shown_has_fewer_than_five(results):
    shown = results.dropna(subset=["respondents"])
    assert not shown["respondents"].between(1, LEAST - 1).any()
    assert not results["n"].dropna().between(1, LEAST - 1).any()
    hidden = results[results["hidden"]]
    assert len(hidden)
    assert hidden[["respondents", "share_pct", "low_pct", "weighted_pct", "weighted_high_pct", "rank"]].isna().all(axis=None)


def test_no_hidden_cell_can_be_worked_out_from_the_others(waves, results):
    """In each line that adds up to something shown, what is hidden is at least two cells and five respondents together."""
    for wave in waves:
        known = people(wave.background, frame(wave.wave))
        own = results[(results["year"] == wave.wave) & (results["level"] != "score")]
        true = wave.answers.merge(known.groups.assign(respondent=wave.background["respondent"]), on="respondent")
        for (question, level, grouping), cells in own[own["grouping"] != ALL].groupby(["question", "level", "grouping"]):
            labels = next(row.labels for row in wave.questions.itertuples() if row.question == question)
            kind = cells["kind"].iloc[0]
            parts = sides(kind, labels) if level == "side" else {label: [label] for label in labels}
            said = true[true["question"] == question]
            counts = {
                (group, answer): len(said[(said[grouping] == group) & said["answer"].isin(parts[answer])])
                for group, answer in zip(cells["group"], cells["answer"], strict=True)
            }
            whole = own[(own["question"] == question) & (own["level"] == level) & (own["grouping"] == ALL)]
            lines = [cells[cells["answer"] == answer] for answer in whole.loc[~whole["hidden"], "answer"]]
            if kind != "multiple":
                lines += [line for _, line in cells[cells["n"].notna()].groupby("group")]
            for line in lines:
                gone = line[line["hidden"]]
                sums = sum(counts[cell] for cell in zip(gone["group"], gone["answer"], strict=True))
                assert gone.empty or (len(gone) > 1 and sums >= LEAST), (question, grouping)


def test_nothing_of_a_respondent_is_in_the_table(results):
    assert "respondent" not in results
    assert set(results["answer"]) <= {label for item in made.ITEMS for label in item.labels} | {
        name for item in made.ITEMS for name in sides(item.kind, list(item.labels))
    } | {""}


# -- who answered


def test_the_response_is_told_by_size_with_what_it_is_a_share_of(waves, register):
    response = built(survey_response, imported(*waves), frame(2018, 2024), *register).set_index(["year", "group"])
    assert response.loc[(2018, ALL), ["invited", "answers", "response_pct"]].tolist() == [80, 40, 50]
    assert response.loc[(2018, ALL), "margin_pct"] == pytest.approx(9.25, abs=0.05)
    assert response.loc[(2024, ALL), ["invited", "answers"]].tolist() == [3900, 196]
    assert response.loc[(2024, ALL), "p_value"] < 0.001, "the large ones answer oftener"
    assert response.loc[(2024, "Ingen ansatte"), "invited"] == 3000
    assert 0 < response.loc[(2024, ALL), "effective_n"] < 196


def test_without_a_frame_the_response_has_no_rate(waves, register):
    response = built(survey_response, imported(waves[1]), NOBODY, *register)
    assert response[["invited", "response_pct", "invited_pct", "p_value", "effective_n"]].isna().all(axis=None)
    assert response.loc[response["grouping"] == ALL, "answers"].item() == 196


# -- between waves


def compared(register, *waves, invited):
    response = built(survey_response, imported(*waves), invited, *register)
    return built(survey_waves, built(survey_results, imported(*waves), invited, *register), response, invited)


def test_two_frames_that_differ_are_not_compared(waves, register):
    change = compared(register, *waves, invited=frame(2018, 2024))
    assert set(change["why_not"]) == {"target"}
    assert change["change_pct"].isna().all()
    alike = [synthetic(2018, 5, only=FEW), synthetic(2024, 5, only=FEW)]
    assert set(compared(register, *alike, invited=frame(2018, 2024))["why_not"]) == {"mix"}
    assert set(compared(register, *alike, invited=frame(2024))["why_not"]) == {"no frame"}


def test_a_question_asked_alike_in_two_alike_frames_has_a_change_with_its_interval(register):
    then, now = synthetic(2024, 1, only=FEW), synthetic(2024, 2, only=FEW)
    then = given_as(then, 2022)
    change = compared(register, then, now, invited=frame(2022, 2024, of=2024))
    assert set(change["why_not"]) == {""}
    told = change.dropna(subset=["change_pct"])
    assert (told["change_pct"] == told["share_pct"] - told["before_pct"]).all()
    assert told["change_pct"].between(told["low_pct"], told["high_pct"]).all()
    within = told["low_pct"].lt(0) & told["high_pct"].gt(0)
    assert within.mean() > 0.7, "nothing has changed"


def test_a_question_in_other_words_or_with_other_answers_is_not_compared(register):
    then, now = given_as(synthetic(2024, 1, only=FEW), 2022), synthetic(2024, 2, only=FEW)
    questions = then.questions.copy()
    questions.loc[questions["question"] == "tilfreds", "text"] = "Er du fornøyd?"
    questions["labels"] = [
        [*ls, "Annet"] if q == "forbedre" else ls for q, ls in zip(questions["question"], questions["labels"], strict=True)
    ]
    change = compared(register, given_as(then, 2022, questions), now, invited=frame(2022, 2024, of=2024))
    why = change.groupby("question")["why_not"].unique().map(list).to_dict()
    assert why["tilfreds"] == ["words"]
    assert why["forbedre"] == ["answers"]
    assert why["anbefale"] == [""]


def given_as(wave, year, questions=None):
    return replace(wave, wave=year, questions=wave.questions if questions is None else questions)


# -- words


def notes(*rows):
    columns = ["komm_nr", "year", "source", "theme", "focus_area", "quote"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(set(columns) - {"year"}, "str"))


def test_themes_of_few_notes_have_no_count_and_only_approved_quotes_are_kept(register):
    held = notes(
        *[("3222", 2024, "intervju", "Areal", "By", None)] * 8,
        *[("3222", 2024, "verksted", "Areal", "By", "Gi oss tomter")] * 6,
        *[("3222", 2024, "intervju", "Kompetanse", "", None)] * 7,
        *[("3222", 2024, "intervju", "Støy", "", "Det bråker")] * 2,
    )
    words = built(survey_words, held, *register)
    whole = words[words["source"] == ALL].set_index("theme")
    assert whole.loc["Areal", "notes"] == 14
    assert pd.isna(whole.loc["Støy", "notes"])
    assert pd.isna(whole.loc["Kompetanse", "notes"]), "else the small one could be worked out"
    quotes = built(survey_quotes, held, *register)
    assert quotes["quote"].tolist() == ["Gi oss tomter", "Det bråker"]


def test_notes_follow_a_municipality_to_todays_number(register):
    words = built(survey_words, notes(*[("3029", 2023, "intervju", "Areal", "", None)] * 6), *register)
    assert words["komm_nr"].unique().tolist() == ["3222"]
    assert np.array_equal(words["notes"], [6, 6])
