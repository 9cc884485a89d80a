"""Attractiveness of the synthetic edition: built as a user builds it, held against what the country was made from."""

import numpy as np
import pandas as pd
import pytest

from nlib.data.sources.employment_bridge import DATASET as BRIDGE
from nlib.data.sources.sectors_by_industry import DATASET as BY_BOTH
from nlib.data.sources.ssb_08536 import DATASET as BY_INDUSTRY
from nlib.data.sources.ssb_13472 import DATASET as BY_SECTOR
from nlib.indicators import attractiveness_components, jobs_by_branch
from nlib.indicators.attractiveness import KINDS, MODES, PERIODS
from nlib.methods.attractiveness import PARTS
from nlib.methods.attractiveness.backtest import ALL, METHODS

KEY = ["komm_nr", "year"]
SIDES = ["private_jobs", "public_jobs"]


@pytest.fixture(scope="module")
def components(demo_edition):
    return demo_edition.table("attractiveness_components")


@pytest.fixture(scope="module")
def attractiveness(demo_edition):
    return demo_edition.table("attractiveness")


@pytest.fixture(scope="module")
def truth(demo_edition):
    table = pd.read_csv(demo_edition.raw / "truth.csv", dtype={"komm_nr": "str"}).set_index("komm_nr")
    return table.rename(columns={"bosted_pct": "bosted", "naering_pct": "naering"})


def last(attractiveness, model, kind, period):
    rows = attractiveness.query("model == @model and kind == @kind and period == @period and year == year.max()")
    return rows.set_index("komm_nr")


def test_the_parts_and_what_is_left_are_the_growth_of_people_and_of_jobs(components):
    people = components.dropna(subset=["bosted_pct"])
    assert (people["growth_pct"] - people[[*PARTS, "bosted_pct"]].sum(axis=1)).abs().max() < 1e-9
    jobs = components.dropna(subset=["naering_pct"])
    parts = jobs[["national_pct", "mix_pct", "population_effect_pct", "naering_pct"]].sum(axis=1)
    assert (jobs["private_growth_pct"] - parts).abs().max() < 1e-9
    assert jobs["komm_nr"].nunique() == 357
    assert people["komm_nr"].nunique() >= 350, "some commute mostly to places that were split"


@pytest.mark.parametrize("period", PERIODS)
def test_samlet_is_bosted_and_the_business_part_of_own_job_growth(attractiveness, components, period):
    bosted, samlet = (last(attractiveness, "anchor", kind, period)["value_pct"] for kind in ("bosted", "samlet"))
    year = attractiveness["year"].max()
    business = components[components["year"].between(year - period + 1, year)].groupby("komm_nr")["business_pct"].mean()
    assert list(bosted.index) == list(samlet.index)
    assert (samlet - bosted - business.loc[samlet.index]).abs().max() < 1e-9


def test_every_year_model_kind_and_period_is_ranked_from_1_to_n(attractiveness):
    groups = ["year", "model", "kind", "period"]
    assert {*attractiveness["model"]} == {*MODES} and {*attractiveness["kind"]} == {*KINDS}
    for _, rows in attractiveness.groupby(groups):
        assert (rows["n"] == len(rows)).all()
        assert list(rows.sort_values("value_pct", ascending=False)["rank"]) == list(range(1, len(rows) + 1))
    nlib = attractiveness[attractiveness["model"] == "nlib"]
    assert ((nlib["low_pct"] < nlib["value_pct"]) & (nlib["value_pct"] < nlib["high_pct"])).all()
    assert ((nlib["rank_low"] <= nlib["rank"]) & (nlib["rank"] <= nlib["rank_high"])).all()


@pytest.mark.parametrize("kind", ["bosted", "naering"])
def test_what_the_country_was_made_with_is_found_again_within_nine_of_ten_intervals_or_so(
    attractiveness, truth, kind, demo_edition
):
    rows = last(attractiveness, "nlib", kind, 10)
    true = truth[kind].loc[rows.index]
    true = true + (rows["value_pct"] - true).mean()  # attractiveness is relative to the year's mean
    size = demo_edition.table("population").query("year == 2021").set_index("komm_nr")["population"].loc[rows.index].astype(float)
    weighed = np.cov(rows["value_pct"], true, aweights=size**0.38)  # luck is less in the large
    assert weighed[0, 1] / np.sqrt(weighed[0, 0] * weighed[1, 1]) > 0.7
    assert 0.80 <= true.between(rows["low_pct"], rows["high_pct"]).mean() <= 0.95


@pytest.mark.parametrize("kind", ["bosted", "naering"])
def test_the_shrunken_value_of_a_year_is_nearer_the_truth_than_the_raw_one(attractiveness, truth, kind):
    shrunken, raw = (last(attractiveness, model, kind, 1)["value_pct"] for model in ("nlib", "anchor"))
    both = shrunken.index.intersection(raw.index)
    errors = [(values.loc[both] - truth[kind].loc[both]).std() for values in (shrunken, raw)]
    assert errors[0] < 0.6 * errors[1]


def test_the_backtest_has_origins_and_its_intervals_hold_about_nine_of_ten(demo_edition):
    table = demo_edition.table("attractiveness_backtest")
    whole = table[table["size_class"] == ALL]
    assert whole["origin"].nunique() >= 5
    assert all({*rows["method"]} >= {*METHODS} for _, rows in whole.groupby("origin"))
    means = whole.groupby("method")[["r2", "mean_abs_error_pct", "coverage_pct"]].mean()
    assert means.loc[[*METHODS], "coverage_pct"].between(80, 95).all()
    assert means["r2"].idxmax() == "attractiveness" and means["mean_abs_error_pct"].idxmax() == "national"


def test_branches_add_up_to_the_jobs_of_the_private_and_the_public_sectors(demo_edition):
    branches = demo_edition.table("jobs_by_branch").groupby(KEY)[SIDES].sum()
    sectors = demo_edition.table("employed_by_sector").astype({"jobs": float})
    side = sectors["sector"].isin(jobs_by_branch.PUBLIC).map({False: "private_jobs", True: "public_jobs"})
    sums = sectors.groupby([*KEY, side])["jobs"].sum().unstack()
    assert (branches - sums.loc[branches.index]).abs().max(axis=None) < 1e-6
    assert len(branches) == 357 * 14, "every municipality, 2008 to 2021"


# tables by hand

INDUSTRIES = pd.DataFrame({"nace2": ["41", "84"], "group": ["regional", "lokal"], "branch": ["Bygg", "Offentlig"]})


def by_hand(dataset, rows, *columns):
    """A table with some rows by hand: komm_nr, year, what `columns` say."""
    return dataset.check(pd.DataFrame(rows, columns=[*KEY, *columns]).assign(employed_residents=pd.NA, comparable=True))


def branches(industries, sectors, groups=()):
    table = jobs_by_branch.build(
        by_hand(BY_INDUSTRY, industries, "nace2", "jobs"),
        by_hand(BY_SECTOR, sectors, "sector", "jobs"),
        by_hand(BY_BOTH, groups, "industry", "sector", "jobs"),
        INDUSTRIES,
    )
    return table.set_index([*KEY, "branch"])[SIDES]


def test_a_public_sector_larger_than_administration_education_and_health_is_in_the_other_industries_too():
    industries = [("3222", 2020, "41", 90), ("3222", 2020, "84", 10)]
    sectors = [("3222", 2020, "kommune", 30), ("3222", 2020, "stat", 10), ("3222", 2020, "privat", 60)]
    table = branches(industries, sectors).loc[("3222", 2020)]
    assert list(table.loc["Offentlig"]) == pytest.approx([0, 10])
    assert list(table.loc["Bygg"]) == pytest.approx([60, 30])


def test_where_a_groups_sectors_are_known_its_industries_have_their_public_share():
    industries = [("3222", 2020, "41", 60), ("3222", 2020, "84", 40)]
    sectors = [("3222", 2020, "kommune", 40), ("3222", 2020, "privat", 60)]
    groups = [("3222", 2020, "41-43", "kommune", 15), ("3222", 2020, "41-43", "privat", 45)]
    groups += [("3222", 2020, "84", "kommune", 25), ("3222", 2020, "84", "privat", 15)]
    table = branches(industries, sectors, groups).loc[("3222", 2020)]
    assert list(table.loc["Bygg"]) == pytest.approx([45, 15])
    assert list(table.loc["Offentlig"]) == pytest.approx([15, 25])
    hidden = [(*row[:4], None if row[3] == "kommune" else row[4]) for row in groups]
    assert list(branches(industries, sectors, hidden).loc[("3222", 2020, "Bygg")]) == pytest.approx([60, 0]), "as before"


@pytest.mark.parametrize(("sector", "bygg"), [("kommune", [54, 30]), ("privat", [15, 54])])
def test_a_side_that_no_group_has_any_of_is_still_there_as_the_sectors_have_it(sector, bygg):
    industries = [("5036", 2010, "41", 90), ("5036", 2010, "84", 10)]
    sums = {"kommune": (60, 40), "privat": (15, 60)}[sector]
    sectors = [("5036", 2010, "privat", sums[0]), ("5036", 2010, "kommune", sums[1])]
    other = "privat" if sector == "kommune" else "kommune"
    groups = [("5036", 2010, group, other, jobs) for group, jobs in (("41-43", 90), ("84", 10))]
    table = branches(industries, sectors, groups).loc[("5036", 2010)]
    assert table.sum().tolist() == pytest.approx(sums), "5036 in 2010: 8 public jobs of 46, and every group's share was private"
    assert list(table.loc["Bygg"]) == pytest.approx(bygg)


def test_industries_that_differ_from_the_sectors_are_scaled_to_them():
    industries = [("3222", 2020, "41", 63), ("3222", 2020, "84", 42)]  # 105, as SSB rounds; the sectors say 100
    sectors = [("3222", 2020, "kommune", 40), ("3222", 2020, "offentlig_foretak", 10), ("3222", 2020, "privat", 50)]
    table = branches(industries, sectors).loc[("3222", 2020)]
    assert list(table.loc["Offentlig"]) == pytest.approx([0, 40]), "42 of 105 public jobs"
    assert list(table.loc["Bygg"]) == pytest.approx([60, 0])


@pytest.mark.parametrize("hidden", ["41", "84", "kommune", "privat"])
def test_a_hidden_cell_makes_the_municipality_year_absent_not_zero(hidden):
    def cells(of):
        return [
            (number, year, what, pd.NA if (number, year, what) == ("3222", 2020, hidden) else 50)
            for number in ("3222", "0301")
            for year in (2019, 2020)
            for what in of
        ]

    table = branches(cells(["41", "84"]), cells(["kommune", "privat"]))
    assert {index[:2] for index in table.index} == {("3222", 2019), ("0301", 2019), ("0301", 2020)}


@pytest.fixture
def around_the_break():
    """Two municipalities, 2013 to 2016; jobs in the first grow from 100 to 120 into 2015, of which 10 are because they are counted
    otherwise.
    """
    places, years = ["0301", "3222"], range(2013, 2017)
    people = pd.DataFrame([(number, year) for number in places for year in years], columns=KEY)
    counts = ["births", "deaths", "immigration", "emigration", "growth"]
    people = people.assign(population=1000, **dict.fromkeys(counts, 10), comparable=True)
    private = {"0301": [100, 100, 120, 120], "3222": [200, 200, 200, 200]}
    jobs = people[KEY].assign(private_jobs=np.concatenate([private[number] for number in places]), public_jobs=50.0)
    jobs = jobs.assign(group="regional", branch="Bygg", comparable=True)
    flows = people.rename(columns={"komm_nr": "home_nr"})[["home_nr", "year"]].assign(work_nr=people["komm_nr"], employed=90)
    work = people[KEY].assign(out_pct=0.0, in_pct=0.0, comparable=True)
    register = people[KEY].assign(jobs=[150, 150, 176, 176, 250, 250, 250, 250]).astype({"jobs": "Int64"})
    changes = people.drop(columns="population")
    return {"population": people, "changes": changes, "jobs": jobs, "register": register, "commuting": work, "flows": flows}


def grown(country, bridge):
    table = attractiveness_components.build(
        country["population"],
        country["changes"],
        country["jobs"],
        bridge,
        country["register"],
        country["commuting"],
        country["flows"],
    )
    return table.set_index(KEY)[["private_growth_pct", "public_growth_pct"]]


def test_without_the_bridge_growth_into_2015_is_missing(around_the_break):
    growth = grown(around_the_break, BRIDGE.empty())
    assert growth.xs(2015, level="year").isna().all(axis=None)
    assert growth.xs(2014, level="year").notna().all(axis=None) and growth.xs(2016, level="year").notna().all(axis=None)


def test_with_the_bridge_growth_into_2015_is_chained(around_the_break):
    bridge = pd.DataFrame({"komm_nr": ["0301"], "year": [2015], "jobs": [160], "employed_residents": [90]})
    growth = grown(around_the_break, BRIDGE.check(bridge.assign(comparable=True)))
    assert growth.loc[("0301", 2014), "private_growth_pct"] == pytest.approx(0)
    assert growth.loc[("0301", 2015), "private_growth_pct"] == pytest.approx(100 * (120 / (100 * 176 / 160) - 1)), "9.1, not 20"
    assert growth.loc[("0301", 2015), "public_growth_pct"] == pytest.approx(100 * (50 / (50 * 176 / 160) - 1))
    assert growth.loc[("3222", 2015)].isna().all(), "no bridge there"
    assert growth.loc[("3222", 2016)].tolist() == pytest.approx([0, 0])
