"""How bokmål writes numbers, changes, counts and names."""

import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.core.language import (
    alphabetical,
    counted,
    date,
    listed,
    more,
    nearest,
    neuter,
    number,
    percent,
    points,
    rank,
    short_name,
    years,
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [(1234567.891, 1, "1 234 567,9"), (0, 0, "0"), (-0.04, 1, "0,0"), (-1234, 0, "\N{MINUS SIGN}1 234"), (999.96, 1, "1 000,0")],
)
def test_numbers_have_decimal_comma_spaces_between_thousands_and_a_true_minus(value, decimals, text):
    assert plain(number(value, decimals)) == text


def test_few_more_are_words_and_many_are_numbers():
    assert [plain(more(change)) for change in (1, -1, 2, -1200)] == ["én mer", "én færre", "to flere", "1 200 færre"]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA])
def test_a_missing_number_is_two_dots_and_never_zero(missing):
    assert number(missing) == percent(missing) == points(missing) == ".."


def test_a_half_goes_away_from_zero_also_where_a_computer_has_a_little_less():
    halves = [8.25, 103.35, 10.15, 108.55, -0.25, 2.5, -0.04]
    assert [nearest(value, 1) for value in halves] == [8.3, 103.4, 10.2, 108.6, -0.3, 2.5, 0.0]
    assert [plain(number(value, 0)) for value in (0.5, 2.5, 1234567.5, -2.5)] == ["1", "3", "1 234 568", "−3"]


def test_a_sign_is_written_for_a_rise_but_not_for_zero():
    assert [plain(points(value, sign=True)) for value in (1.25, 0.01)] == ["+1,3 prosentpoeng", "0,0 prosentpoeng"]
    assert plain(percent(-2, sign=True)) == "\N{MINUS SIGN}2,0 %"


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
def test_what_is_written_is_read_back_as_the_rounded_number(value, decimals):
    text = number(value, decimals).replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-").replace(",", ".")
    assert float(text) == nearest(value, decimals)
    assert abs(float(text) - value) <= 0.5001 * 10.0**-decimals + 1e-6


def test_counts_are_words_up_to_twelve():
    assert [counted(n) for n in (0, 1, 7, 12, 13)] == ["ingen", "én", "sju", "tolv", "13"]
    assert [neuter(n) for n in (0, 1, 2, 13)] == ["ingen", "ett", "to", "13"]


def test_a_span_of_one_year_is_that_year():
    assert [years(2021, 2021), years(2017, 2021)] == ["2021", "2017–2021"]


def test_dates_and_lists_read_as_bokmål():
    assert date(datetime.date(2026, 11, 21)) == "21. november 2026"
    assert [listed([]), listed(["Oslo"]), listed(["Oslo", "Asker"])] == ["", "Oslo", "Oslo og Asker"]
    assert listed(["Oslo", "Bærum", "Asker"], "eller") == "Oslo, Bærum eller Asker"


def test_a_rank_has_its_number_and_direction_and_is_never_above_it():
    assert plain(rank(12, 357)) == "plass 12 av 357 (1 er høyest)"
    for place, of in [(358, 357), (0, 357)]:
        with pytest.raises(ValueError, match="rank"):
            rank(place, of)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Oslo - Oslove", "Oslo"),
        ("Storfjord - Omasvuotna - Omasvuono", "Storfjord"),
        ("Guovdageaidnu - Kautokeino", "Kautokeino"),
        ("Gáivuotna - Kåfjord - Kaivuono", "Kåfjord"),
        ("Våler (Østfold)", "Våler (Østfold)"),
        ("Bø - Bievve (Nordland)", "Bø (Nordland)"),
        ("Aurskog-Høland", "Aurskog-Høland"),
        ("Nord-Fron", "Nord-Fron"),
    ],
)
def test_a_short_name_is_the_norwegian_one_and_keeps_what_tells_two_apart(name, short):
    assert short_name(name) == short


def test_names_are_sorted_with_the_norwegian_letters_last():
    names = ["Åmli", "Øvre Eiker", "ål", "Ærø", "Zulu", "Aa"]
    assert sorted(names, key=alphabetical) == ["Aa", "Zulu", "Ærø", "Øvre Eiker", "ål", "Åmli"]
