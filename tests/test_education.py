"""Education: shares and what the industries suggest, the figures and the first page, on small invented tables."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import built

from nlib.charts.chart import Missing
from nlib.charts.drawing import svg
from nlib.charts.legible import faults
from nlib.indicators import education_gap, education_levels
from nlib.indicators.education_levels import HIGHER, KNOWN
from nlib.themes.utdanning import figures as utdanning
from nlib.themes.utdanning import text as findings

NAMES = {"0001": "Alfa", "0002": "Beta <b>", "0003": "Gamma"}


def education(counts, years=(2015, 2025)):
    """Persons at each level (KNOWN, then unknown), the same in every year but for 10 more with long education in each later one."""
    rows = [
        (nr, year, level, value)
        for nr, values in counts.items()
        for at, year in enumerate(years)
        for level, value in zip(
            [*KNOWN, "uoppgitt"], [*values[:4], values[4] + 10 * at if values[4] is not None else None, values[5]], strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "level", "persons"]).assign(comparable=True)
    return frame.astype({"persons": "Int64"})


COUNTS = {"0001": (20, 30, 5, 25, 20, 7), "0002": (40, 30, 10, 15, 5, 3), "0003": (30, 30, 10, 20, 10, 0)}


def levels(counts=COUNTS, **settings):
    return education_levels.DATASET.check(education_levels.build(education(counts, **settings)))


def gaps(n=120, wrong=15.0):
    """Municipalities whose share follows from one industry but for the first, which lies `wrong` points above."""
    random = np.random.default_rng(1)
    numbers = [f"{nr:04}" for nr in range(1, n + 1)]
    offices = random.integers(10, 60, n)
    share = 10 + 0.8 * offices + random.normal(0, 1, n)
    share[0] = 10 + 0.8 * offices[0] + wrong
    table = pd.DataFrame({"komm_nr": numbers, "year": 2020, "higher_pct": share, "known": 1000, "comparable": True})
    rows = [
        (nr, 2020, industry, count)
        for nr, office in zip(numbers, offices, strict=True)
        for industry, count in (("01-03", 20), ("58-63", office), ("84", 80 - office), ("00", 5))
    ]
    jobs = pd.DataFrame(rows, columns=["komm_nr", "year", "industry", "employed_residents"]).astype({"employed_residents": "Int64"})
    return table, jobs


def test_shares_are_of_those_whose_level_is_known():
    alfa = levels().set_index(["komm_nr", "year"]).loc[("0001", 2015)]
    assert alfa["known"] == 100
    assert alfa[["grunnskole_pct", "fagskole_pct", "higher_pct"]].tolist() == [20, 5, 45]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
def test_shares_add_up_to_a_hundred_and_lie_within(counts):
    row = education_levels.build(education({"0001": counts}, years=(2015,))).iloc[0]
    shares = row[[f"{level}_pct" for level in KNOWN]]
    if sum(counts[:5]) == 0:
        assert shares.isna().all()
    else:
        assert shares.sum() == pytest.approx(100)
        assert shares.between(0, 100).all()
        assert row["higher_pct"] == pytest.approx(sum(row[f"{level}_pct"] for level in HIGHER))


def test_a_hidden_level_makes_the_shares_missing_not_smaller():
    table = levels({"0001": (20, 30, None, 25, 20, 7)})
    assert table["higher_pct"].isna().all()
    assert table["known"].isna().all()


def test_what_industries_suggest_is_found_and_the_odd_one_is_outside_its_interval():
    table, jobs = gaps()
    found = education_gap.DATASET.check(education_gap.build(table, jobs)).set_index("komm_nr")
    assert found.loc["0001", "gap_pct"] == pytest.approx(15, abs=1)
    assert found.loc["0001", "higher_pct"] > found.loc["0001", "high_pct"]
    inside = found["higher_pct"].between(found["low_pct"], found["high_pct"]).iloc[1:].mean()
    assert 0.8 < inside <= 1
    assert (found["expected_pct"] + found["gap_pct"] - found["higher_pct"]).abs().max() < 1e-9


def test_a_hidden_industry_or_a_split_leaves_the_municipality_out_and_too_few_leave_the_year_out():
    table, jobs = gaps()
    jobs.loc[(jobs["komm_nr"] == "0002") & (jobs["industry"] == "84"), "employed_residents"] = pd.NA
    table.loc[table["komm_nr"] == "0003", "comparable"] = False
    assert not {"0002", "0003"} & set(education_gap.build(table, jobs)["komm_nr"])
    few = table["komm_nr"].isin([f"{nr:04}" for nr in range(1, 8)])
    assert education_gap.build(table[few], jobs[jobs["komm_nr"].isin(table.loc[few, "komm_nr"])]).empty


def test_every_figure_can_be_read_wide_and_narrow_and_its_numbers_are_told():
    table, jobs = gaps()
    found = education_gap.build(table, jobs)
    some = levels()
    for chart in (
        utdanning.levels(some, NAMES, "0001"),
        utdanning.gap(found, NAMES, ["0002", "0003"], "0001"),
    ):
        assert [faults(svg(chart, narrow).decode()) for narrow in (False, True)] == [[], []]
        assert any(sign.isdigit() for sign in chart.alt)
        assert chart.uncertainty
        assert len(chart.table)


def test_titles_say_what_the_numbers_say():
    some = levels()
    assert utdanning.levels(some, NAMES, "0001").title == (
        "50,0\N{NO-BREAK SPACE}% i Alfa har høyere utdanning, +5,0\N{NO-BREAK SPACE}prosentpoeng siden 2015"
    )
    table, jobs = gaps()
    assert "høyere enn næringene tilsier" in utdanning.gap(education_gap.build(table, jobs), NAMES, [], "0001").title
    table, jobs = gaps(wrong=-15.0)
    assert "lavere enn næringene tilsier" in utdanning.gap(education_gap.build(table, jobs), NAMES, [], "0001").title
    table, jobs = gaps(wrong=0.0)
    wide = pd.Series({"higher_pct": 29.0, "low_pct": 0.0, "high_pct": 88.2, "gap_pct": -13.0})
    assert "for usikkert" in utdanning.gap_sentence(wide, "Utsira")
    assert "innenfor det næringene tilsier" in utdanning.gap(education_gap.build(table, jobs), NAMES, [], "0001").title


def test_the_nations_share_is_of_all_whose_level_is_known():
    assert f"I landet har {100 * (55 + 30 + 40) / 330:.1f}".replace(".", ",") in utdanning.levels(levels(), NAMES, "0001").reading


def test_the_gap_is_what_is_over_the_expected():
    table, jobs = gaps()
    told = utdanning.gap(education_gap.build(table, jobs), NAMES, ["0002"], "0001").table
    apart = told["Andelen, prosent"] - told["Ventet av næringene, prosent"]
    assert apart.tolist() == pytest.approx(told["Forskjell, prosentpoeng"].tolist())


def test_where_there_are_no_figures_the_page_says_so():
    nothing = education_levels.DATASET.empty()
    assert isinstance(utdanning.levels(nothing, NAMES, "0001"), Missing)
    assert isinstance(utdanning.gap(education_gap.DATASET.empty(), NAMES, [], "0001"), Missing)
    front = findings.front(built(), nothing, NAMES, "0001", {}.get)
    assert front.key_figures == ()
    assert "ingen tall" in front.lead


def test_the_first_page_has_the_key_figures_and_a_finding_for_each_figure_there_is():
    some = levels()
    drawn = {"utdanning.levels": utdanning.levels(some, NAMES, "0001")}
    front = findings.front(built(education_levels=some), some, NAMES, "0001", drawn.get)
    assert [figure.label for figure in front.key_figures] == ["Høyere utdanning", "Fagskole", "Bare grunnskole"]
    assert [finding.chart for finding in front.findings] == ["utdanning.levels"]
    assert front.key_figures[0].change == "+5,0\N{NO-BREAK SPACE}prosentpoeng siden 2015"


def test_one_person_is_told_of_where_they_are_few():
    table = levels({"0001": (0, 0, 0, 1, 0, 0)}, years=(2025,))
    assert "én person utgjør 100,0" in utdanning.levels(table, NAMES, "0001").uncertainty
