"""The parts of private job growth by branch: worked out by hand, added up, and held against the library's own."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.indicators import shift_share
from nlib.methods.attractiveness import chained, classic

PARTS = ["national", "mix", "local"]


def jobs(*rows, **more):
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "branch", "private_jobs"])
    return frame.assign(group="basis", public_jobs=0.0, comparable=True, **more).astype({"private_jobs": float})


# the nation: bygg 100 -> 110, handel 300 -> 310; together 400 -> 420, 5 %
BY_HAND = jobs(
    ("0001", 2016, "bygg", 40), ("0001", 2016, "handel", 60), ("0002", 2016, "bygg", 60), ("0002", 2016, "handel", 240),
    ("0001", 2017, "bygg", 50), ("0001", 2017, "handel", 57), ("0002", 2017, "bygg", 60), ("0002", 2017, "handel", 253),
)  # fmt: skip


def parts(table):
    return shift_share.DATASET.check(shift_share.build(table))


def theirs(table):
    return table.rename(columns={"branch": "industry", "private_jobs": "jobs"})[["komm_nr", "year", "industry", "jobs"]]


@st.composite
def countries(draw):
    keys = [(f"{p:04}", 2016 + y, f"{b}") for p in range(draw(st.integers(1, 3))) for y in range(4) for b in range(3)]
    counts = draw(st.lists(st.integers(0, 500), min_size=len(keys), max_size=len(keys)))
    return jobs(*[(*key, count) for key, count in zip(keys, counts, strict=True)])


def test_the_parts_of_a_branch_worked_out_by_hand():
    bygg = parts(BY_HAND).set_index(["komm_nr", "branch"]).loc[("0001", "bygg")]
    assert (bygg.year, bygg.before, bygg.growth) == (2017, 40, 10)
    assert bygg.national == pytest.approx(40 * 0.05)
    assert bygg.mix == pytest.approx(40 * (0.10 - 0.05))
    assert bygg.local == pytest.approx(10 - 40 * 0.10)


@settings(max_examples=40, deadline=None)
@given(countries())
def test_parts_add_up_to_the_growth_and_local_parts_to_nothing_in_the_nation(table):
    told = parts(table)
    assert told[PARTS].sum(axis=1).to_numpy() == pytest.approx(told["growth"].to_numpy(), abs=1e-9)
    nation = told.groupby(["year", "branch"])[["before", "local"]].sum()
    assert nation.loc[nation["before"] > 0, "local"].to_numpy() == pytest.approx(0, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(countries())
def test_branches_add_up_to_the_parts_of_the_place_and_years_to_the_chained_ones(table):
    told = parts(table)
    for year in (2017, 2019):
        summed = told[told["year"] == year].groupby("komm_nr")[["growth", *PARTS]].sum()
        whole = classic(theirs(table), year - 1, year).set_index("komm_nr")[["growth", *PARTS]]
        pd.testing.assert_frame_equal(summed.reindex(whole.index, fill_value=0.0), whole, check_exact=False, atol=1e-6)
    summed = told.groupby("komm_nr")[["growth", *PARTS]].sum()
    whole = chained(theirs(table), 2016, 2019).set_index("komm_nr")[["growth", *PARTS]]
    pd.testing.assert_frame_equal(summed.reindex(whole.index, fill_value=0.0), whole, check_exact=False, atol=1e-6)


def test_a_municipality_that_is_not_told_in_a_year_has_no_rows_and_is_not_in_the_nation():
    hidden = BY_HAND[(BY_HAND["komm_nr"] == "0001") | (BY_HAND["year"] == 2016)]
    told = parts(hidden)
    assert set(told["komm_nr"]) == {"0001"}
    assert told["local"].to_numpy() == pytest.approx(0, abs=1e-9)  # it is the whole nation


def test_growth_over_the_break_of_2015_is_not_there():
    years = [jobs(*[("0001", year, "handel", 100 + year)]) for year in (2013, 2014, 2015, 2016)]
    assert list(parts(pd.concat(years))["year"]) == [2014, 2016]


def test_a_new_branch_is_local_and_one_that_nobody_had_follows_nothing():
    new = parts(pd.concat([BY_HAND, jobs(("0001", 2017, "olje", 9))])).set_index(["komm_nr", "branch"]).loc[("0001", "olje")]
    assert (new.before, new.national, new.mix, new.local) == (0, 0, 0, 9)


def test_a_municipality_without_private_jobs_has_no_parts():
    assert "0003" not in set(parts(pd.concat([BY_HAND, jobs(("0003", 2016, "bygg", 0), ("0003", 2017, "bygg", 0))]))["komm_nr"])


def test_a_split_in_either_year_marks_the_growth():
    marked = BY_HAND.assign(comparable=(BY_HAND["komm_nr"] != "0002") | (BY_HAND["year"] != 2016))
    assert parts(marked).groupby("komm_nr")["comparable"].all().to_dict() == {"0001": True, "0002": False}


def test_without_figures_the_table_is_empty():
    assert parts(BY_HAND.iloc[:0]).empty
