"""The key figures of a page: a fact's value, period, change or interval, and place."""

import pandas as pd
import pytest
from small_facts import built

from nlib.core.catalogue import LISTED
from nlib.themes.facts import cards, findings, latest, place


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def people(komm_nr, values, comparable=True):
    years = range(2026 - len(values) + 1, 2027)
    return pd.DataFrame({"komm_nr": komm_nr, "year": years, "population": values, "comparable": comparable})


FACTS = built(population=pd.concat([people("3222", [36_000, 40_000, 46_000]), people("1580", [9_000, 9_300, 9_400], False)]))


def test_a_count_has_its_change_in_number_and_percent_since_the_first_year_and_its_moment():
    (card,) = cards(FACTS, "3222", "population")
    assert (card.label, plain(card.value), card.period) == ("Folketall", "46 000", "1. januar 2026")
    assert plain(card.change) == "+10 000 siden 2024 (+27,8 %)"
    assert plain(card.rank) == "plass 1 av 1 (1 er høyest)"


def test_a_count_that_cannot_be_compared_has_no_change_and_no_place():
    (card,) = cards(FACTS, "1580", "population")
    assert card.period == "1. januar 2026, kan ikke sammenlignes"
    assert (card.change, card.rank) == ("", ""), "the nation's count says nothing of it"


def test_an_indicator_without_a_value_has_no_card_and_the_others_keep_their_order():
    assert [card.label for card in cards(FACTS, "3222", "out_pct", "population", "jobs")] == ["Folketall"]
    assert cards(FACTS, "9999", "population") == ()


@pytest.mark.parametrize(
    ("indicator", "row", "said"),
    [
        ("samlet", {"value": 0.41, "low": 0.12, "high": 0.71}, "(mellom 0,1 og 0,7, ni av ti)"),
        ("per_employee_kr", {"value": 912_345.0, "low": 850_200.0, "high": 990_700.0}, "(mellom 850 000 og 991 000, ni av ti)"),
    ],
)
def test_an_estimate_has_its_interval(indicator, row, said):
    fact = {"indicator": indicator, "komm_nr": "3222", "year": 2021, "rank": 3, "n": 355, "tied": 1, "nation": float("nan")}
    table = pd.DataFrame([{**fact, "rank_low": 1, "rank_high": 9, "comparable": True, **row}])
    (card,) = cards(table, "3222", indicator)
    assert plain(card.change) == said
    assert plain(card.rank) == "plass 3 av 355 (1 er høyest); 1–9 er like rimelig"


def test_equals_share_their_place():
    table = built(population=pd.concat([people("3222", [500]), people("0301", [500]), people("1151", [200])]))
    assert plain(place(latest(table, "population", "3222"))) == "delt plass 1–2 av 3 (1 er høyest)"


def test_every_indicator_has_a_moment_that_a_year_can_stand_after():
    assert all(text == text.strip() and not text[-1:].isdigit() for text in LISTED["moment"])


def test_only_figures_that_are_there_are_findings():
    assert findings(None, doubt="Usikkert.") == ()
