"""Commuting on a country small enough to work out by hand, on random ones, and on SSB's figures."""

import os

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable
from nlib.indicators.commuting import DATASET, commuting, percent
from nlib.indicators.comparison_groups import nearest


def flows(*rows, year=2021):
    frame = pd.DataFrame([(h, w, year, n) for h, w, n in rows], columns=["home_nr", "work_nr", "year", "employed"])
    return frame.astype({"employed": "Int64"})


BY_HAND = flows(("0001", "0001", 60), ("0001", "0002", 40), ("0002", "0002", 90), ("0002", "0001", 10), ("0003", "0001", 5))


def test_commuting_of_a_country_worked_out_by_hand():
    table = commuting(BY_HAND).set_index("komm_nr")
    first = table.loc["0001"]
    assert (first.jobs, first.employed_residents, first.live_and_work, first.in_commuters, first.out_commuters) == (
        75,
        100,
        60,
        15,
        40,
    )
    assert (first.in_pct, first.out_pct, first.net_commuters, first.coverage_pct) == (20.0, 40.0, -25, 75.0)


def test_a_place_without_jobs_has_no_share_of_them_but_all_its_residents_out():
    third = commuting(BY_HAND).set_index("komm_nr").loc["0003"]
    assert third.jobs == 0
    assert pd.isna(third.in_pct)
    assert third.out_pct == 100.0


def test_a_hidden_flow_makes_the_sums_it_belongs_to_missing_not_zero():
    table = commuting(flows(("0001", "0001", 10), ("0001", "0002", pd.NA), ("0002", "0002", 7))).set_index("komm_nr")
    assert pd.isna(table.loc["0001", "employed_residents"])
    assert pd.isna(table.loc["0002", "jobs"])
    assert table.loc["0001", "jobs"] == 10
    assert pd.isna(table.loc["0001", "out_pct"])


def test_flows_inside_a_larger_place_count_as_living_and_working_there():
    region = commuting(BY_HAND, {"0001": "A", "0002": "A", "0003": "B"}).set_index("komm_nr")
    assert (region.loc["A", "live_and_work"], region.loc["A", "in_commuters"], region.loc["A", "out_commuters"]) == (200, 5, 0)


def test_a_share_of_nothing_is_missing():
    assert percent(pd.Series([0, 1], dtype="Int64"), pd.Series([0, 4], dtype="Int64")).tolist()[1] == 25.0
    assert pd.isna(percent(pd.Series([0], dtype="Int64"), pd.Series([0], dtype="Int64"))[0])


places = st.sampled_from(["0001", "0002", "0003", "0004"])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(places, places), st.integers(0, 1000), min_size=1))
def test_parts_add_up_and_shares_lie_within_0_and_100_in_any_order_of_rows(cells):
    frame = flows(*((h, w, n) for (h, w), n in cells.items()))
    table = commuting(frame)
    assert (table["live_and_work"] + table["in_commuters"] == table["jobs"]).all()
    assert (table["live_and_work"] + table["out_commuters"] == table["employed_residents"]).all()
    assert table["jobs"].sum() == table["employed_residents"].sum() == sum(cells.values())
    assert table["net_commuters"].sum() == 0
    assert table[["in_pct", "out_pct"]].stack().dropna().between(0, 100).all()
    pd.testing.assert_frame_equal(table, commuting(frame.sample(frac=1, random_state=2)))


def test_a_table_that_breaks_its_contract_names_every_fault_at_once():
    table = commuting(BY_HAND).assign(comparable=True)
    table.loc[0, ["jobs", "in_pct"]] = [-1, 250.0]
    with pytest.raises(InvalidTable) as told:
        DATASET.check(pd.concat([table, table.tail(1)]))
    assert len(told.value.faults) == 3
    assert "nøkkelen" in str(told.value)


def test_the_nearest_places_come_in_order_and_never_include_oneself():
    traits = pd.DataFrame({"size": [0.0, 1.0, 3.0, 10.0]}, index=["0001", "0002", "0003", "0004"])
    groups = nearest(traits, members=2)
    assert groups[groups["komm_nr"] == "0001"]["compare_nr"].tolist() == ["0002", "0003"]
    assert groups[groups["komm_nr"] == "0004"]["compare_nr"].tolist() == ["0003", "0002"]
    assert not (groups["komm_nr"] == groups["compare_nr"]).any()


def test_a_place_without_traits_has_no_group_and_one_place_alone_has_none():
    traits = pd.DataFrame({"size": [0.0, 1.0, None]}, index=["0001", "0002", "0003"])
    assert set(nearest(traits)["komm_nr"]) == {"0001", "0002"}
    assert nearest(traits.head(1)).empty


@pytest.mark.skipif("NLIB_REAL_DATA" not in os.environ, reason="NLIB_REAL_DATA, the folder of SSB's figures, is not set")
def test_published_commuting_of_lorenskog_2017_and_lillestrom_2021(real_edition):
    table = real_edition.table("commuting").set_index(["komm_nr", "year"])
    lorenskog, lillestrom = table.loc[("3222", 2017)], table.loc[("3205", 2021)]
    assert lorenskog["jobs"] == 20_720
    assert (round(lorenskog["out_pct"], 1), round(lorenskog["in_pct"], 1)) == (69.3, 70.7)
    assert (lillestrom["jobs"], lillestrom["in_commuters"], lillestrom["out_commuters"]) == (42_131, 25_023, 29_436)


@pytest.mark.skipif("NLIB_REAL_DATA" not in os.environ, reason="NLIB_REAL_DATA, the folder of SSB's figures, is not set")
def test_published_population_of_lorenskog(real_edition):
    population = real_edition.table("population").set_index(["komm_nr", "year"])
    assert population.loc[("3222", 2019), "population"] == 40_106
    assert population.loc[("3222", 2017), "growth"] == 1_264
