"""Shift-share on a place worked out by hand and on random ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable, WrongUse
from nlib.methods.attractiveness import chained, classic, esteban_marquillas

CLASSIC = ["national", "mix", "local"]
PARTS = {classic: CLASSIC, esteban_marquillas: ["national", "mix", "competitive", "allocation"], chained: CLASSIC}


def table(*rows):
    return pd.DataFrame(rows, columns=["komm_nr", "year", "industry", "jobs"])


# the nation: bygg 100 -> 110, handel 300 -> 310; together 400 -> 420, 5 %
BY_HAND = table(
    ("0001", 2016, "bygg", 40), ("0001", 2016, "handel", 60), ("0002", 2016, "bygg", 60), ("0002", 2016, "handel", 240),
    ("0001", 2017, "bygg", 50), ("0001", 2017, "handel", 57), ("0002", 2017, "bygg", 60), ("0002", 2017, "handel", 253),
)  # fmt: skip


@st.composite
def countries(draw, least=0):
    places, years, industries = draw(st.integers(1, 4)), 4, draw(st.integers(1, 4))
    jobs = draw(st.lists(st.integers(least, 500), min_size=places * years * industries, max_size=places * years * industries))
    keys = [(f"{p:04}", 2010 + y, f"{i}") for p in range(places) for y in range(years) for i in range(industries)]
    return table(*[(*key, count) for key, count in zip(keys, jobs, strict=True)])


def test_the_classic_parts_of_a_place_worked_out_by_hand():
    first = classic(BY_HAND, 2016, 2017).set_index("komm_nr").loc["0001"]
    assert (first.growth, first.national) == (7, pytest.approx(5))
    assert first.mix == pytest.approx(40 * (0.10 - 0.05) + 60 * (10 / 300 - 0.05))
    assert first.local == pytest.approx(7 - 5 - 1)


def test_esteban_marquillas_splits_the_local_part_of_a_place_worked_out_by_hand():
    first = esteban_marquillas(BY_HAND, 2016, 2017).set_index("komm_nr").loc["0001"]
    competitive = 25 * (0.25 - 0.10) + 75 * (-0.05 - 10 / 300)  # with the nation's mix: a quarter in bygg
    assert first.competitive == pytest.approx(competitive)
    assert first.allocation == pytest.approx(1 - competitive)


def test_a_growth_of_525_jobs_of_which_145_follow_the_nation():
    # the published figure gives growth and the national part; the rest of the country is made to grow at 1.45 %
    jobs = table(
        ("0230", 2016, "alt", 10_000),
        ("0230", 2017, "alt", 10_525),
        ("0301", 2016, "alt", 990_000),
        ("0301", 2017, "alt", 1_003_975),
    )
    place = classic(jobs, 2016, 2017).set_index("komm_nr").loc["0230"]
    assert (place.growth, round(place.national), round(place.mix), round(place.local)) == (525, 145, 0, 380)


@pytest.mark.parametrize("method", PARTS, ids=lambda method: method.__name__)
@given(jobs=countries())
@settings(max_examples=25, deadline=None)
def test_the_parts_add_up_to_the_growth_of_any_country(method, jobs):
    parts = method(jobs, 2010, 2013).set_index("komm_nr")
    total = jobs.pivot_table(index="komm_nr", columns="year", values="jobs", aggfunc="sum")
    np.testing.assert_allclose(parts["growth"], total[2013] - total[2010])
    np.testing.assert_allclose(parts[PARTS[method]].sum(axis=1, skipna=False), parts["growth"], atol=1e-8)


@given(jobs=countries(least=1))
@settings(max_examples=25, deadline=None)
def test_the_nation_has_no_mix_and_no_local_part(jobs):
    parts = classic(jobs, 2010, 2013)
    assert parts["mix"].sum() == pytest.approx(0, abs=1e-6)
    assert parts["local"].sum() == pytest.approx(0, abs=1e-6)


def test_a_hidden_cell_makes_the_places_parts_missing_not_zero():
    jobs = BY_HAND.astype({"jobs": "Int64"})
    jobs.loc[0, "jobs"] = pd.NA
    parts = classic(jobs, 2016, 2017).set_index("komm_nr")
    assert parts.drop(columns="year").loc["0001"].isna().all()
    assert parts.loc["0002", ["national", "mix", "local"]].sum() == pytest.approx(13)
    assert chained(jobs, 2016, 2017).set_index("komm_nr").drop(columns="year").loc["0001"].isna().all()


def test_a_new_industry_is_local_growth_and_allocation():
    jobs = pd.concat([BY_HAND, table(("0001", 2017, "havbruk", 30))])
    first = esteban_marquillas(jobs, 2016, 2017).set_index("komm_nr").loc["0001"]
    assert first.growth == 37
    assert first.competitive == pytest.approx(25 * (0.25 - 0.10) + 75 * (-0.05 - 10 / 300))


def test_chained_is_classic_over_one_year_and_needs_every_year():
    pd.testing.assert_frame_equal(chained(BY_HAND, 2016, 2017), classic(BY_HAND, 2016, 2017))
    gap = pd.concat([BY_HAND, BY_HAND.assign(year=BY_HAND["year"] + 1).query("komm_nr == '0002' and year == 2018")])
    parts = chained(gap, 2016, 2018).set_index("komm_nr")
    assert np.isnan(parts.loc["0001", "growth"])
    assert parts.loc["0002", "growth"] == 13


def test_years_that_are_not_there_and_tables_that_are_not_right_are_named():
    with pytest.raises(WrongUse, match="2030"):
        classic(BY_HAND, 2016, 2030)
    with pytest.raises(WrongUse, match="etter"):
        chained(BY_HAND, 2017, 2016)
    with pytest.raises(InvalidTable, match="industry mangler"):
        classic(BY_HAND.drop(columns="industry"), 2016, 2017)
    with pytest.raises(InvalidTable, match="flere ganger"):
        classic(pd.concat([BY_HAND, BY_HAND]), 2016, 2017)
