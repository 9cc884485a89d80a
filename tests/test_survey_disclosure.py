"""What may be shown of a survey: cells of a few are hidden and cannot be worked out, and nobody is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.data.codebooks import blanking
from nlib.data.codebooks.blanking import blanked
from nlib.methods.survey.disclosure import hide

BIRTH_NUMBER = "13097248022"  # an example that is in use in public documentation
ORGANISATION_NUMBER = "974760673"  # the register of business enterprises itself
TEXT = "Ring meg, Kari Nordmann, på 22 33 44 55 eller 922 33 445, kari.nordmann@firma.no. Vi er 974 760 673 (KARIS Bakeri AS)."


def cells(counts):
    return pd.DataFrame({"question": "a", "answer": list("abcdefgh")[: len(counts)], "respondents": counts})


def test_a_cell_of_fewer_than_five_is_hidden_and_the_smallest_other_with_it():
    shown = hide(cells([20, 3, 9, 30]), by=["question"])
    assert shown["hidden"].tolist() == [False, True, True, False]
    assert shown["respondents"].isna().tolist() == [False, True, True, False]
    assert shown["respondents"].dtype == "Int64"


def test_two_hidden_cells_that_together_are_fewer_than_five_need_a_third():
    assert hide(cells([20, 1, 2, 9]), by=["question"])["hidden"].tolist() == [False, True, True, True]
    assert hide(cells([20, 3, 4, 9]), by=["question"])["hidden"].tolist() == [False, True, True, False]


def test_five_is_shown_and_a_cell_of_nobody_is_zero():
    assert not hide(cells([5, 0, 9]), by=["question"])["hidden"].any()


def test_where_no_sum_is_known_only_the_small_cells_are_hidden():
    assert hide(cells([20, 3, 9]), by=[])["hidden"].tolist() == [False, True, False]


def test_a_group_of_fewer_than_five_is_hidden_whole():
    assert hide(cells([3, 0, 1]), by=["question"])["hidden"].tolist() == [True, False, True]


def test_the_table_that_was_given_is_not_changed():
    table = cells([20, 3, 9])
    hide(table, by=["question"])
    assert table.equals(cells([20, 3, 9]))


def test_an_empty_table_has_nothing_to_hide():
    assert hide(cells([]).astype({"respondents": "int64"}), by=["question"]).empty


def test_a_cell_that_all_the_sums_together_give_away_is_hidden_too():
    # two squares of hidden cells joined by one: every row and column has two hidden, and yet the joining one follows
    square = np.full((4, 4), 50)
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)):
        square[row, column] = 4
    table = pd.DataFrame([{"size": r, "answer": c, "respondents": square[r, c]} for r in range(4) for c in range(4)])
    before = (table["respondents"] < 5).to_numpy()
    assert known(table, before, ["size", "answer"]).any()
    hidden = hide(table, by=["size", "answer"])["hidden"].to_numpy()
    assert not known(table, hidden, ["size", "answer"]).any()
    assert hidden.sum() > before.sum()


def known(table, hidden, by):
    """Which hidden cells the sums give, found by solving for them twice."""
    at = np.flatnonzero(hidden)
    if not len(at):
        return np.zeros(0, bool)
    sums = np.array([table[name].eq(value).to_numpy()[at] for name in by for value in table[name].unique()], float)
    total = sums @ table["respondents"].to_numpy(float)[at]
    spread = np.eye(len(at)) - np.linalg.pinv(sums) @ sums  # the directions in which hidden cells may move
    assert np.allclose(sums @ (np.linalg.pinv(sums) @ total), total)
    return np.abs(spread).max(axis=1) < 1e-8


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 14), min_size=4, max_size=4), min_size=2, max_size=5))
def test_no_hidden_cell_of_a_table_with_both_sums_follows_unless_its_whole_row_or_column_is_of_a_few(counts):
    table = pd.DataFrame([{"size": r, "answer": c, "respondents": n} for r, row in enumerate(counts) for c, n in enumerate(row)])
    shown = hide(table, by=["size", "answer"])
    assert not shown.loc[~shown["hidden"], "respondents"].between(1, 4).any()
    assert shown.loc[table["respondents"].between(1, 4), "hidden"].all()
    hidden = shown["hidden"].to_numpy()
    for place, follows in zip(np.flatnonzero(hidden), known(table, hidden, ["size", "answer"]), strict=True):
        if follows:
            own = table.iloc[place]
            lines = [table[name].eq(own[name]) & ~shown["hidden"] & table["respondents"].gt(0) for name in ("size", "answer")]
            assert not any(line.any() for line in lines), "there was one more to hide"


@pytest.mark.parametrize(
    "said",
    [
        "kari@firma.no",
        "Kari.Nordmann+post@firma.kommune.no",
        "kari (at) firma.no",
        "kari@lokalt",
        "22334455",
        "22 33 44 55",
        "922 33 445",
        "9223 3445",
        "22.33.44.55",
        "22-33-44-55",
        "+47 922 33 445",
        "+4792233445",
        "004792233445",
        "0047 22 33 44 55",
        "+46 70 123 45 67",
        "92\u00a023\u00a034\u00a045",
        "９２２３３４４５",
        BIRTH_NUMBER,
        "130972 48022",
        "13.09.72 48022",
        "13 09 72 480 22",
        "13097248023",  # a control digit that is wrong
        ORGANISATION_NUMBER,
        "974 760 673",
        "NO 974 760 673 MVA",
        "974\u200b760\u200b673",
        "922–33–445",
        "922 − 33 − 445",
        "922\u200933\u2009445",
        "922_33_445",
        "92 23 34 45".replace(" ", "\u2009"),
        "92233 445",
        "9223 34 45",
        "92 233445",
        "kari krøllalfa firma.no",
        "kari [krøllalfa] firma punktum no",
        "kari.nordmann @ firma . no",
        "kari＠firma.no",
        "kari at firma.no",
        "130972–48022",
        "130972 — 48022",
        "130972−48022",
        "13/09/72‑48022",
        "974–760–673",
    ],
)
def test_what_identifies_somebody_is_blanked(said):
    shown = blanked(f"Hei, {said}, hilsen oss")
    assert shown.startswith("Hei, ")
    assert shown.endswith(", hilsen oss")
    assert not any(sign.isdigit() or sign == "@" for sign in shown)
    assert "firma" not in shown


@pytest.mark.parametrize(
    "said",
    [
        "Vi har 12 ansatte og omsetter for 12 500 000 kr.",
        "Planen 2020-2024 og møtet 20.05.2024 eller 2024-05-20 kl. 12.30.",
        "Vi betaler 100 000 kr per år, 25 % mer enn i 2023.",
        "<script>alert(1)</script> =1+1",
        "5 000–10 000 kr, 1 000 000–5 000 000 kr, 500 000 – 999 999 kr eller 20–99 ansatte",
        "Åpent 08.00–16.00, 2015–19 og 2018–2020, og 01.04.2024–31.05.2024.",
        "Vi mener at kommunen bør. Nordmenn er enige.",
        "",
    ],
)
def test_what_identifies_nobody_stands(said):
    assert blanked(said, ["Per Hansen"]) == said


def test_names_are_blanked_whole_in_parts_and_in_the_genitive():
    names = ["Kari Nordmann", "Per Ås", "Bakeri AS"]
    assert blanked("kari  nordmann og KARI sier at Nordmanns idé", names) == "[navn] og [navn] sier at [navn] idé"
    assert blanked("Bakeri as og Bakeri, bakeri per år", names) == "[navn] og [navn], bakeri per år"
    assert blanked("Nordmannen på Åsen", names) == "Nordmannen på Åsen"
    decomposed = "A\u030as"
    assert blanked(f"Hilsen {decomposed}", names) == "Hilsen [navn]"


def test_one_text_with_everything_in_it():
    shown = blanked(TEXT, ["Kari Nordmann", "Karis Bakeri AS"])
    assert shown == "Ring meg, [navn], på [telefon] eller [telefon], [e-post]. Vi er [organisasjonsnummer] ([navn])."


def test_control_digits_are_those_of_the_registers():
    assert blanking.is_birth_number(BIRTH_NUMBER)
    assert blanking.is_birth_number("530972 48016"), "a D-number has 4 added to the first digit"
    assert not blanking.is_birth_number("13097248023")
    assert blanking.is_organisation_number("974 760 673")
    assert not blanking.is_organisation_number("974 760 674")
    assert not blanking.is_birth_number("")


@given(st.text())
@settings(max_examples=200, deadline=None)
def test_blanking_is_for_any_text_and_blanking_again_changes_nothing(text):
    once = blanked(text, ["Kari Nordmann"])
    assert blanked(once, ["Kari Nordmann"]) == once
