"""The summary: each rule that chooses by a case made by hand, what is said of it, and what is said where there is nothing."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.charts import style
from nlib.charts.chart import Chart, Finding, Front, Listing, Missing
from nlib.charts.html import front_html
from nlib.indicators import headline_figures
from nlib.press.render import check_page, page
from nlib.themes.sammendrag import figures as sammendrag
from nlib.themes.sammendrag.text import (
    best_known,
    change_sentence,
    distance_sentence,
    front,
    furthest,
    key_figure,
    keys,
    known_sentence,
    largest_change,
    three,
)
from tests.pages import FACTS, HARMFUL

NAMES = {"3222": "Lørenskog", "1151": "Utsira", "0301": "Oslo - Oslove", "1580": HARMFUL, "4601": "Bergen"}
MUNICIPALITIES = pd.DataFrame({"komm_nr": list(NAMES), "name": list(NAMES.values())})
COMPARE = ["1151", "0301", "4601"]
PLAIN = {
    "theme": "Pendling",
    "label": "Utpendling",
    "subject": "andelen som pendler ut",
    "unit": "%",
    "decimals": 1,
    "kind": "rate",
    "highest": "høyest",
    "chart": "pendling.trend",
    "page": "pendling",
    "source": "03321",
    "year": 2025,
    "value": 70.0,
    "group": 60.0,
    "nation": 30.0,
    "national_mean": False,
    "spread": 10.0,
    "noise": 1.0,
    "change": 2.0,
    "change_unit": "points",
    "change_noise": 1.0,
    "usual_change": 1.0,
    "rank": 12,
    "n": 357,
    "known_pct": 90.0,
    "comparable": True,
}


def facts(**rows: dict) -> pd.DataFrame:
    """Candidate facts by indicator, in this order, each with a theme of its own where nothing else is said."""
    told = [PLAIN | {"theme": name} | row | {"indicator": name, "position": at} for at, (name, row) in enumerate(rows.items(), 1)]
    return pd.DataFrame(told)


def fact(**row) -> pd.Series:
    return facts(one=row).iloc[0]


# -- the rules


def test_the_largest_change_is_largest_for_its_kind_not_in_number():
    table = facts(big={"change": 20.0, "usual_change": 15.0}, unusual={"change": -3.0, "usual_change": 0.5})
    assert largest_change(table) == "unusual"


def test_a_change_that_may_be_chance_is_not_the_largest():
    table = facts(
        noisy={"change": 50.0, "change_noise": 60.0}, sure={"change": 2.0}, unknown={"change": 90.0, "change_noise": np.nan}
    )
    assert largest_change(table) == "sure"
    assert largest_change(table[table["indicator"] != "sure"]) is None


def test_a_change_as_large_as_chance_can_make_is_not_the_largest():
    assert largest_change(facts(even={"change": 1.0, "change_noise": 1.0})) is None


def test_the_furthest_is_measured_by_what_parts_municipalities():
    table = facts(wide={"value": 90.0, "spread": 40.0}, narrow={"value": 56.0, "spread": 1.0})
    assert furthest(table) == "narrow"


def test_what_has_no_group_swings_as_much_or_is_not_comparable_is_not_the_furthest():
    table = facts(
        alone={"group": np.nan, "value": 900.0},
        swings={"value": 75.0, "noise": 15.0},
        split={"value": 900.0, "comparable": False},
        near={"value": 63.0},
    )
    assert furthest(table) == "near"
    assert furthest(table[table["indicator"] != "near"]) is None


def test_the_best_known_is_a_rate_that_swings_less_than_what_parts_municipalities():
    table = facts(
        count={"kind": "count", "known_pct": 100.0},
        wild={"noise": 20.0, "known_pct": 99.0},
        sure={"known_pct": 95.0},
        less={"known_pct": 94.0},
    )
    assert best_known(table) == "sure"
    assert best_known(facts(unknown={"known_pct": np.nan, "noise": np.nan})) is None


@pytest.mark.parametrize("rule", [largest_change, furthest, best_known])
def test_of_equal_facts_the_first_in_the_list_is_chosen(rule):
    table = facts(first={}, second={}, third={})
    assert rule(table) == "first"
    assert rule(table.iloc[::-1]) == "first"
    assert rule(table.iloc[[2, 0, 1]].reset_index(drop=True)) == "first"


def test_three_findings_are_of_three_themes_where_there_are_three():
    table = facts(
        a={"theme": "Befolkning", "change": 9.0},
        b={"theme": "Befolkning", "value": 99.0, "known_pct": 99.0},
        c={"theme": "Pendling", "value": 80.0},
        d={"theme": "Utdanning", "known_pct": 50.0},
    )
    assert three(table) == {"change": "a", "distance": "c", "known": "d"}


def test_with_one_theme_the_findings_are_three_indicators_of_it():
    table = facts(**{name: {"theme": "Befolkning"} for name in "abc"})
    assert three(table) == {"change": "a", "distance": "b", "known": "c"}


def test_a_rule_that_finds_nothing_is_left_out():
    assert three(facts(only={})) == {"change": "only"}
    assert three(facts(nothing={"change": 0.0, "group": np.nan, "noise": np.nan})) == {}


def test_the_key_figures_are_the_first_of_four_themes_and_fill_up_from_the_same():
    assert keys(facts(**{name: {} for name in "abcde"})) == list("abcd")
    assert keys(facts(a={"theme": "x"}, b={"theme": "x"}, c={"theme": "y"})) == ["a", "c", "b"]


numbers = st.floats(-50, 50) | st.just(math.nan)
row = st.fixed_dictionaries(
    {
        "theme": st.sampled_from(["x", "y", "z"]),
        "value": st.floats(-50, 50),
        "group": numbers,
        "change": numbers,
        "change_noise": st.floats(0, 5) | st.just(math.nan),
        "usual_change": st.sampled_from([0.0, 1.0, 2.0]),
        "noise": st.floats(0, 5) | st.just(math.nan),
        "spread": st.sampled_from([0.0, 1.0, 3.0]),
        "known_pct": st.sampled_from([50.0, 90.0]),
    }
)


@settings(max_examples=40)
@given(st.lists(row, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_no_indicator_is_chosen_twice(rows, random):
    table = facts(**{f"i{at}": told for at, told in enumerate(rows)})
    order = list(range(len(table)))
    random.shuffle(order)
    chosen = three(table)
    assert three(table.iloc[order]) == chosen
    assert keys(table.iloc[order]) == keys(table)
    assert len(set(chosen.values())) == len(chosen)
    if "change" in chosen:
        first = table.set_index("indicator").loc[chosen["change"]]
        assert abs(first["change"]) > first["change_noise"]


# -- what is said


def test_a_change_is_told_with_where_it_began_what_is_usual_and_what_is_chance():
    told = change_sentence(fact(change=-2.0, usual_change=0.5), "Lørenskog").replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        "Størst endring: I Lørenskog har andelen som pendler ut gått ned med 2,0 prosentpoeng, fra 72,0 % i 2020 til 70,0 % i "
        "2025. Vanlig i kommunene er en endring på 0,5 prosentpoeng, og inntil 1,0 prosentpoeng kan være tilfeldig."
    )


def test_a_change_in_percent_is_told_from_the_number_before():
    people = fact(subject="folketallet", unit="", decimals=0, value=110.0, change=10.0, change_unit="percent", kind="count")
    told = change_sentence(people, "Lørenskog").replace("\N{NO-BREAK SPACE}", " ")
    assert "folketallet økt med 10,0 prosent, fra 100 i 2020 til 110 i 2025" in told


def test_the_distance_is_told_with_its_side():
    assert "70,0\N{NO-BREAK SPACE}% i 2025, over gruppens 60,0" in distance_sentence(fact(), "Lørenskog")
    assert "under gruppens 80,0" in distance_sentence(fact(group=80.0), "Lørenskog")


def test_what_is_best_known_is_told_beside_the_nation_or_the_mean_of_the_municipalities():
    assert "mot 30,0\N{NO-BREAK SPACE}% i landet" in known_sentence(fact(), "Lørenskog")
    assert "i snitt for kommunene" in known_sentence(fact(national_mean=True), "Lørenskog")
    assert "mot" not in known_sentence(fact(nation=np.nan), "Lørenskog")
    assert "med under 0,1\N{NO-BREAK SPACE}prosentpoeng" in known_sentence(fact(noise=0.01), "Lørenskog")


def test_a_key_figure_says_when_its_change_may_be_chance_is_none_or_is_not_known():
    assert key_figure(fact()).change == "+2,0\N{NO-BREAK SPACE}prosentpoeng siden 2020"
    assert key_figure(fact(change=0.8)).change.endswith("siden 2020, kan være tilfeldig")
    assert key_figure(fact(change=0.01)).change == "Om lag uendret siden 2020"
    assert key_figure(fact(change=np.nan)).change == "Endring oppgis ikke"
    assert key_figure(fact(rank=pd.NA)).rank == "Plass oppgis ikke"


def test_the_title_of_the_comparison_counts_over_under_and_alike():
    table = facts(over={"value": 70.0}, under={"value": 50.0}, alike={"value": 60.5})
    told = sammendrag.comparison_sentence(table, "Lørenskog")
    assert told == (
        "Lørenskog er klart over sammenligningsgruppen i ett av tre nøkkeltall, klart under i ett, og ikke til å skille "
        "fra den i ett"
    )
    assert "landet" in sammendrag.comparison_sentence(table.assign(group=np.nan), "Lørenskog")
    assert "Ingen" in sammendrag.comparison_sentence(table.assign(group=np.nan, nation=np.nan), "Lørenskog")


# -- from the table to the page


def headlines(lorenskog=70.0, latest=2025, label="Utpendling") -> pd.DataFrame:
    """Headline figures of five municipalities in two indicators: out-commuting and population."""
    rows = []
    for at, komm_nr in enumerate(NAMES):
        for year in (latest - 1, latest):
            value = lorenskog if komm_nr == "3222" else 10.0 * at
            shared = {"komm_nr": komm_nr, "year": year, "comparable": komm_nr != "1580", "n": 4, "rank": at + 1, "synthetic": False}
            rate = {
                name: PLAIN[name] for name in PLAIN if name not in ("group", "nation", "change", "page", "known_pct", "rank", "n")
            }
            rate |= {
                "indicator": "out_pct",
                "position": 3,
                "label": label,
                "value": value,
                "national_value": 30.0,
                "change_5y": 2.0,
            }
            count = {
                "indicator": "population",
                "position": 1,
                "theme": "Befolkning",
                "label": "Folketall",
                "subject": "folketallet",
            }
            count |= {"unit": "", "decimals": 0, "kind": "count", "chart": "befolkning.size", "value": 100.0 + at, "change_5y": 0.1}
            count |= {"change_unit": "percent"}
            rows += [rate | shared | {"year": year}, rate | count | shared | {"year": year, "national_value": np.nan}]
    return headline_figures.DATASET.check(pd.DataFrame(rows).astype({"rank": "Int64"}))


def test_the_group_is_the_median_of_those_asked_for_never_of_the_municipality_or_what_is_not_comparable():
    own = sammendrag.candidates(headlines(), [*COMPARE, "3222", "1580"], "3222").set_index("indicator")
    assert own.at["out_pct", "group"] == 20.0
    assert own.at["out_pct", "group_n"] == 3
    assert math.isnan(own.at["population", "group"])
    assert own.at["out_pct", "own_pct"] == 75.0
    assert own.at["out_pct", "group_pct"] == 25.0


def test_two_municipalities_are_no_group():
    own = sammendrag.candidates(headlines(), COMPARE[:2], "3222").set_index("indicator")
    assert math.isnan(own.at["out_pct", "group"])


def sections(table, komm_nr="3222", compare=tuple(COMPARE), earlier=None):
    held = (table, MUNICIPALITIES, list(compare), komm_nr)
    return {
        "comparison": sammendrag.comparison(*held),
        "levels": sammendrag.levels(*held),
        "news": sammendrag.news(table, earlier, MUNICIPALITIES, komm_nr),
        "limits": sammendrag.limits(*held),
    }


def test_the_page_is_whole_with_links_to_the_themes_and_harmless_names():
    for komm_nr in ("3222", "1580"):
        table = headlines(label=f"Ut {HARMFUL}")
        first = front(table, COMPARE, komm_nr, NAMES[komm_nr])
        shown = sections(table, komm_nr).values()
        whole = page(
            [first._repr_html_(), "<h2>Tall</h2>", *(s._repr_html_() for s in shown)],
            title="Sammendrag",
            place="x",
            edition_facts=FACTS,
        )
        assert check_page(whole) == []
        assert "<script" not in whole
    assert 'href="pendling.html#pendling-trend"' in front(headlines(), COMPARE, "3222", "Lørenskog")._repr_html_()


@pytest.mark.parametrize("komm_nr", ["3222", "1580"])
@pytest.mark.parametrize("empty", [True, False])
def test_without_figures_every_section_says_why(komm_nr, empty):
    table = headlines()
    table = table.head(0) if empty else table[table["komm_nr"] == "1151"]
    for section in sections(table, komm_nr).values():
        assert isinstance(section, Missing)
        assert section.reason
    first = front(table, [], komm_nr, NAMES[komm_nr])
    assert first.key_figures == first.findings == ()
    assert first.lead


def test_what_is_shown_is_drawn_wide_and_narrow_alike_twice():
    chart = sections(headlines())["comparison"]
    assert isinstance(chart, Chart)
    for narrow in (False, True):
        assert style.svg(chart, narrow) == style.svg(chart, narrow)
    assert re.search(r"Lørenskog 75, gruppen 25 og landet", chart.alt)


def test_the_table_tells_small_changes_in_parentheses_and_no_group_of_a_count():
    listing = sections(headlines())["levels"]
    assert isinstance(listing, Listing)
    rows = listing.table.set_index("Nøkkeltall")
    assert rows.at["Folketall", "Fem år"] == "(+0,1\N{NO-BREAK SPACE}%)"
    assert rows.at["Utpendling, %", "Fem år"] == "+2,0"
    assert rows.at["Folketall", "Gruppen"] == "–"


def test_limits_name_what_is_missing_what_may_be_chance_and_what_is_split():
    split = sections(headlines(), "1580")["limits"].table.set_index("Forbehold")["Gjelder"]
    assert split.loc[split.index.str.startswith("Berørt")].iloc[0] == "Folketall, Utpendling"
    told = sections(headlines())["limits"].table.set_index("Forbehold")["Gjelder"]
    assert "Attraktivitet" in told.loc[told.index.str.startswith("Temaer")].iloc[0]
    assert told.loc[told.index.str.startswith("Endringen")].iloc[0] == "Folketall"


# -- what is new


def test_later_years_and_corrected_figures_are_told_apart():
    before = headlines(lorenskog=65.0, latest=2024).assign(edition="2025")
    news = sections(headlines(), earlier=before)["news"]
    rows = news.table[news.table["Nøkkeltall"] == "Utpendling"].replace("\N{NO-BREAK SPACE}", " ", regex=True)
    assert rows[["part", "Før", "Nå"]].values.tolist() == [
        ["Nye tall", "65,0 % (2024)", "70,0 % (2025)"],
        ["Rettede tall", "65,0 % (2024)", "70,0 % (2024)"],
    ]
    assert news.title == "Siden utgaven 2025: to nøkkeltall har fått nye tall og ett er rettet for Lørenskog"


def test_a_figure_that_came_or_went_is_told():
    whole = headlines()
    part = whole[whole["indicator"] == "population"]
    assert set(sections(whole, earlier=part.assign(edition="2025"))["news"].table["part"]) == {"Nye nøkkeltall"}
    gone = sections(part, earlier=whole.assign(edition="2025"))["news"].table
    assert gone[["part", "Nå"]].values.tolist() == [["Falt bort", "–"]]


def test_an_edition_with_nothing_new_says_so_and_the_first_says_that_it_is_the_first():
    same = sections(headlines(), earlier=headlines().assign(edition="2025"))["news"]
    assert "siden utgaven 2025" in same.reason
    assert "ingen eldre utgave" in sections(headlines())["news"].reason


def test_a_finding_links_within_its_page_or_to_its_themes():
    found = (Finding("Her.", "pendling.trend"), Finding("Der.", "pendling.trend", "pendling"))
    told = front_html(Front("x", "y", (), found))
    assert re.findall(r'href="([^"]*)"', told) == ["#pendling-trend", "pendling.html#pendling-trend"]
