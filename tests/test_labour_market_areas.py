"""Labour-market areas on a country small enough to work out by hand, on random ones, and on SSB's figures."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.indicators import labour_market_area_figures, labour_market_areas
from nlib.indicators.labour_market_areas import (
    adjusted_rand_index,
    agreement,
    leiden_communities,
    travel_to_work_areas,
    validity,
)

SMALL = {"min_workers": 100, "target_workers": 200}


def flows(*rows, year=2021):
    frame = pd.DataFrame([(h, w, year, n) for h, w, n in rows], columns=["home_nr", "work_nr", "year", "employed"])
    return frame.astype({"home_nr": "str", "work_nr": "str", "employed": "Int64"})


def codes(*numbers):
    frame = pd.DataFrame({"komm_nr": numbers, "name": [f"Sted {n}" for n in numbers], "valid_from": "2020-01-01"})
    return frame.assign(valid_to=pd.Series(pd.NA, index=frame.index, dtype="str")).astype("str")


def divided(areas):
    """The division itself, whatever the areas are called."""
    return {frozenset(members.index) for _, members in areas.groupby(areas)}


# 0001 (78.9 % contained) and 0003 (85.7 %) hold; 0004 (50 workers, 40 %) falls first and joins 0003, then 0002 (60 %) joins 0001
BY_HAND = flows(
    ("0001", "0001", 150),
    ("0001", "0002", 10),
    ("0002", "0002", 60),
    ("0002", "0001", 40),
    ("0003", "0003", 180),
    ("0003", "0004", 5),
    ("0004", "0004", 20),
    ("0004", "0003", 30),
)


def test_areas_of_a_country_worked_out_by_hand():
    assert travel_to_work_areas(BY_HAND, **SMALL).to_dict() == {"0001": "0001", "0002": "0001", "0003": "0003", "0004": "0003"}


@pytest.mark.parametrize(
    ("workers", "containment", "holds"),
    [
        (3500, 75.0, True),
        (3500, 74.9, False),
        (3499, 100.0, False),
        (25_000, 66.7, True),
        (25_000, 66.6, False),
        (24_999, 66.7, False),
        (1_000_000, 66.7, True),
        (14_250, 70.61, True),  # half-way: (1 - (1 - 66.7 / 75) / 2) * SC = 66.7 at SC = 70.607
        (14_250, 70.60, False),
        (0, 0.0, False),
    ],
)
def test_size_and_containment_are_traded_off_between_the_two_corners(workers, containment, holds):
    assert (validity(workers, containment) >= 1) == holds


def test_the_relative_tie_decides_not_the_largest_flow():
    country = flows(
        ("0001", "0001", 50),
        ("0001", "0002", 30),  # 30^2 / (100 * 10 030) = 0.0009
        ("0001", "0003", 20),  # 20^2 / (100 * 220) = 0.018
        ("0002", "0002", 10_000),
        ("0003", "0003", 200),
    )
    areas = travel_to_work_areas(country, min_workers=150, target_workers=300)
    assert divided(areas) == {frozenset({"0001", "0003"}), frozenset({"0002"})}


def test_an_area_goes_by_the_member_with_most_jobs_and_by_the_lower_number_where_they_are_equal():
    tied = flows(("0001", "0001", 60), ("0002", "0002", 60), ("0001", "0002", 50), ("0002", "0001", 50))
    assert set(travel_to_work_areas(tied, **SMALL)) == {"0001"}
    more = flows(("0001", "0001", 60), ("0002", "0002", 60), ("0001", "0002", 51), ("0002", "0001", 50))
    assert set(travel_to_work_areas(more, **SMALL)) == {"0002"}


def test_a_country_of_one_municipality_is_one_area():
    alone = flows(("0001", "0001", 10))
    assert travel_to_work_areas(alone).to_dict() == {"0001": "0001"}
    assert leiden_communities(alone).to_dict() == {"0001": "0001"}


def test_a_country_without_flows_has_no_areas():
    assert travel_to_work_areas(flows()).empty
    assert leiden_communities(flows()).empty


def test_a_municipality_without_flows_is_an_area_of_its_own_and_said_not_to_be_valid():
    commuting_flows = pd.concat([BY_HAND, flows(("0005", "0005", 0))])
    areas = labour_market_areas.DATASET.check(
        labour_market_areas.build(commuting_flows, codes("0001", "0002", "0003", "0004", "0005", "0006"))
    )
    alone = areas[areas["komm_nr"].isin(["0005", "0006"])]
    assert alone["area"].tolist() == alone["community"].tolist() == ["0005", "0006"]
    figures = labour_market_area_figures.DATASET.check(labour_market_area_figures.build(commuting_flows, areas)).set_index("area")
    assert not figures.loc["0005", "valid"]
    assert not figures.loc["0006", "valid"]
    assert pd.isna(figures.loc["0006", "jobs"])


def test_two_islands_that_only_commute_to_each_other_stay_together_though_too_small():
    islands = flows(("0001", "0001", 20), ("0001", "0002", 20), ("0002", "0002", 30), ("0003", "0003", 500))
    assert divided(travel_to_work_areas(islands, **SMALL)) == {frozenset({"0001", "0002"}), frozenset({"0003"})}


def test_a_member_tied_to_no_other_area_follows_those_that_leave():
    chain = flows(("0001", "0001", 10), ("0001", "0003", 300), ("0003", "0003", 1), ("0002", "0003", 1))
    assert len(divided(travel_to_work_areas(chain, **SMALL))) == 1


def test_numbers_that_are_not_municipalities_are_left_out():
    commuting_flows = pd.concat([BY_HAND, flows(("0001", "9999", 1000))])
    areas = labour_market_areas.build(commuting_flows, codes("0001", "0002", "0003", "0004", "9999"))
    assert areas["komm_nr"].tolist() == ["0001", "0002", "0003", "0004"]


def test_flows_inside_an_area_are_self_contained_and_its_name_is_that_of_its_largest_municipality():
    members = pd.DataFrame({"komm_nr": ["0001", "0002", "0003", "0004"], "area": ["0001", "0001", "0003", "0003"], "year": 2021})
    members = members.assign(area_name=members["area"].map({"0001": "Første", "0003": "Tredje"}), community=members["area"])
    commuting_flows = pd.concat([BY_HAND, flows(("0002", "0003", 4))])
    figures = labour_market_area_figures.DATASET.check(labour_market_area_figures.build(commuting_flows, members)).set_index("area")
    first = figures.loc["0001"]
    assert (first.members, first.jobs, first.employed_residents, first.live_and_work) == (2, 260, 264, 260)
    assert (first.in_commuters, first.out_commuters, first.demand_pct) == (0, 4, 100.0)
    assert first.supply_pct == pytest.approx(100 * 260 / 264)
    assert first.area_name == "Første"


def country(places, seed):
    """A random country in which no two flows are the same, so that there are no ties to break."""
    random = np.random.default_rng(seed)
    sizes = random.lognormal(8, 1.5, places)
    points = random.uniform(0, 100, (places, 2))
    apart = np.hypot(*(np.subtract.outer(points[:, axis], points[:, axis]) for axis in (0, 1)))
    flow = np.outer(sizes, sizes / sizes.sum()) * np.exp(-apart / 8) * random.uniform(0.5, 1.5, (places, places))
    numbers = [f"{1000 + place}" for place in range(places)]
    return flows(
        *((home, work, int(flow[i, j])) for i, home in enumerate(numbers) for j, work in enumerate(numbers) if flow[i, j] >= 1)
    )


@pytest.mark.parametrize("method", [travel_to_work_areas, leiden_communities])
def test_the_order_of_rows_does_not_matter(method):
    rows = country(40, seed=1)
    pd.testing.assert_series_equal(method(rows), method(rows.sample(frac=1, random_state=2)))


def test_the_numbers_of_municipalities_do_not_matter():
    rows = country(40, seed=3)
    new = dict(zip(sorted(set(rows["home_nr"])), np.random.default_rng(4).permutation(sorted(set(rows["home_nr"]))), strict=True))
    renamed = rows.assign(home_nr=rows["home_nr"].map(new), work_nr=rows["work_nr"].map(new))
    areas = travel_to_work_areas(rows)
    assert areas.nunique() > 1
    assert travel_to_work_areas(renamed).to_dict() == {new[place]: new[area] for place, area in areas.items()}


numbers = st.sampled_from(["0001", "0002", "0003", "0004", "0005", "0006"])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.tuples(numbers, numbers), st.integers(0, 400), min_size=1))
def test_every_municipality_is_in_one_area_and_every_area_is_valid_or_tied_to_no_other(cells):
    rows = flows(*((home, work, employed) for (home, work), employed in cells.items()))
    areas = travel_to_work_areas(rows, **SMALL)
    assert sorted(areas.index) == sorted({place for pair in cells for place in pair})
    assert all(areas[area] == area for area in areas), "an area goes by one of its members"
    ends = rows.assign(home=rows["home_nr"].map(areas), work=rows["work_nr"].map(areas))
    for area in set(areas):
        residents, jobs = (ends.loc[ends[end] == area, "employed"].sum() for end in ("home", "work"))
        inside = ends.loc[(ends["home"] == area) & (ends["work"] == area), "employed"].sum()
        containment = 100 * inside / max(residents, jobs) if max(residents, jobs) else 0
        assert validity(residents, containment, **SMALL) >= 1 or inside == residents == jobs


def test_the_adjusted_rand_index_is_that_of_hubert_and_arabie():
    one = pd.Series(list("aaabbbcc"), index=range(8))
    other = pd.Series(list("xxyyyyzz"), index=range(8))
    # pairs together: 1 + 3 + 1 = 5 in both, 7 in one, 8 in the other, of 28: (5 - 56 / 28) / (7.5 - 56 / 28)
    assert adjusted_rand_index(one, other) == pytest.approx(3 / 5.5)
    assert adjusted_rand_index(other, one) == pytest.approx(3 / 5.5)


def test_the_same_division_agrees_fully_whatever_it_is_called():
    one = pd.Series(list("aabb"))
    assert adjusted_rand_index(one, one.map({"a": "q", "b": "p"})) == 1.0
    assert adjusted_rand_index(pd.Series(list("abcd")), pd.Series(list("wxyz"))) == 1.0
    assert adjusted_rand_index(pd.Series(list("aaaa")), pd.Series(list("wxyz"))) == 0.0


def test_agreement_between_methods_and_years_is_told_year_by_year():
    areas = labour_market_areas.build(pd.concat([BY_HAND, BY_HAND.assign(year=2023)]), codes("0001", "0002", "0003", "0004"))
    told = agreement(areas).set_index("year")
    assert told.index.tolist() == [2021, 2023]
    assert pd.isna(told.loc[2021, "previous"])
    assert (told.loc[2023, "previous"], told.loc[2023, "areas_since"], told.loc[2023, "communities_since"]) == (2021, 1.0, 1.0)


def test_lorenskog_and_lillestrom_share_the_labour_market_of_oslo_in_ssbs_figures(real_edition):
    areas = real_edition.table("labour_market_areas")
    latest = areas[areas["year"] == 2021].set_index("komm_nr")
    assert len(latest) == 357
    assert latest["area"].nunique() == 89
    assert latest.loc[["3222", "3205"], "area"].tolist() == ["0301", "0301"]
    assert (latest["area"] == "0301").sum() == 21
    figures = real_edition.table("labour_market_area_figures")
    assert figures["valid"].all()
    assert agreement(areas)["areas_since"].min() > 0.85
