"""Projections on SSB's real population 2006-2025, in rolling origin: how often bands held, which course leads, SSB beside."""

import os
from pathlib import Path

import pytest

from benchmarks import projections
from benchmarks.projections import EIGHT, LARGE, SSB
from nlib.methods.projection import ranked_courses
from nlib.methods.projection.backtest import LED_BY

if "NLIB_REAL_DATA" not in os.environ:
    pytest.skip("NLIB_REAL_DATA, the folder of real figures, is not set", allow_module_level=True)
DATA = Path(os.environ["NLIB_REAL_DATA"])


@pytest.fixture(scope="module")
def found():
    return projections.record(DATA)


@pytest.fixture(scope="module")
def scenarios():
    return projections.scenarios(DATA)


@pytest.mark.parametrize("course", LED_BY)
def test_nine_of_ten_bands_have_held_for_all_and_for_the_large(found, course):
    table = projections.coverage(found, course)
    for horizon, origins in ((5, 10), (10, 5)):
        assert found.loc[found["horizon"] == horizon, "origin"].nunique() == origins
        for size in ("all", LARGE):
            assert 86 <= table.at[(horizon, size, "all"), "coverage_pct"] <= 94
    by_class = table[table["n"] >= 50]["coverage_pct"]
    assert len(by_class) >= 20
    assert by_class.between(84, 96).all()


@pytest.mark.parametrize("course", LED_BY)
def test_no_municipalitys_band_has_failed_from_all_of_eight_origins(found, course):
    never = projections.never_held(found, course)
    assert never[never["origins"] >= EIGHT].empty


def test_even_in_the_worst_year_most_bands_have_held(found):
    by_origin = projections.by_origin(found)
    assert by_origin.min().min() > 70, "2017: immigration fell in the years after"


def test_the_trend_has_tested_best(found):
    assert ranked_courses(found) == ["trend", "neutral"]


def test_in_telemark_the_trend_has_erred_less_than_ssb_and_than_no_change(found):
    means = projections.against_ssb(DATA, found).groupby("horizon")[["trend", "neutral", SSB, "unchanged"]].mean()
    assert means.loc[5].round(1).to_dict() == {"trend": 1.8, "neutral": 2.2, SSB: 2.4, "unchanged": 2.2}
    assert means.loc[10].round(1).to_dict() == {"trend": 2.7, "neutral": 3.7, SSB: 4.3, "unchanged": 3.4}


def test_the_course_that_leads_is_usual_and_lies_between_low_and_high_everywhere(scenarios):
    lead = scenarios[scenarios["leads"]]
    assert lead["komm_nr"].nunique() == scenarios["komm_nr"].nunique() == 356
    assert lead["usual"].all()
    wide = scenarios.pivot(index=["komm_nr", "year"], columns="course", values="population")
    middle = lead.set_index(["komm_nr", "year"])["population"].reindex(wide.index)
    assert (wide["high"] >= middle).all()
    assert (middle >= wide["low"]).all()


def test_a_course_that_grows_as_few_have_done_never_leads_and_is_told(scenarios):
    own = scenarios[(scenarios["komm_nr"] == "3222") & (scenarios["year"] == 2035)].set_index("course")
    assert not own.at["trend", "usual"], "33 percent in ten years; nine of ten decades have given up to 25"
    assert own.at["limited", "leads"]
    grown = own.at["limited", "population"] / 50_013 - 1
    assert 20 < 100 * grown <= own.at["limited", "usual_high_pct"] < 25


def test_oslos_course_leads_since_every_ten_years_of_it_are_what_its_size_has_had(scenarios):
    own = scenarios[(scenarios["komm_nr"] == "0301") & (scenarios["course"] == "trend")].set_index("year")
    assert 100 * (own.at[2050, "population"] / own.at[own.index.min(), "population"] - 1) == pytest.approx(36, abs=1)
    decades = (100 * (own["population"] / own["population"].shift(10) - 1)).dropna()
    assert decades.between(own["usual_low_pct"].iloc[0], own["usual_high_pct"].iloc[0]).all()
    assert own["leads"].all(), "else it is held within them, as in Lørenskog"
