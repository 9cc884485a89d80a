"""The synthetic country: its figures agree with one another, and what they were made from can be seen in them."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.data.readers.accounts import WEIGHTS
from nlib.data.synthetic import INDUSTRIES, SECTORS, Norway
from nlib.data.synthetic.rounding import shared
from nlib.methods.attractiveness import job_components, population_components

MODELLED = range(2008, 2026)
KEY = ["komm_nr", "year"]
YEARLY = {
    "population": range(2000, 2027),
    "changes": range(2000, 2026),
    "by_age": range(2000, 2027),
    "flows": range(2000, 2026),
    "margins": range(2000, 2026),
    "by_industry": range(2008, 2026),
    "by_section": range(2008, 2026),
    "by_sector": range(2000, 2026),
    "education": range(2000, 2026),
    "labour_force": range(2015, 2026),
    "income": range(2005, 2026),
    "county_accounts": range(2008, 2026),
    "economy": range(2015, 2026),
    "dwellings": range(2006, 2027),
    "establishments": range(2009, 2027),
    "enterprises": range(2009, 2026),
}
ON_1_JANUARY = {"population", "changes", "by_age", "dwellings", "establishments", "enterprises"}
MAY_FALL = ["growth", "gross_operating_result_pct", "net_operating_result_pct"]


@pytest.fixture(scope="module")
def norway():
    return Norway(1)


@pytest.fixture(scope="module")
def today(norway):
    """Counts of the modelled years on today's municipalities, by the name of what gives them."""

    @cache
    def carried(what, *keys):
        figures = pd.concat([getattr(norway, what)(year).assign(year=year) for year in MODELLED])
        counts = [column for column in figures if column not in ("year", *keys)]
        day = "01-01" if what in ON_1_JANUARY else "12-31"
        numbers = [key for key in keys if key.endswith("_nr")]
        return norway.register.carry(figures[(figures[counts] != 0).any(axis=1)], numbers, counts, day)

    return carried


def sums(table, *columns):
    return table.groupby("komm_nr")[list(columns)].sum()


@pytest.mark.parametrize("what", YEARLY)
def test_a_years_figures_are_whole_and_on_the_numbers_of_the_year(norway, what):
    for year in (YEARLY[what][0], 2017, 2020, YEARLY[what][-1]):
        table = getattr(norway, what)(year)
        figures = table.select_dtypes("number").drop(columns=MAY_FALL, errors="ignore")
        assert (figures >= 0).all(axis=None)
        assert table.notna().all(axis=None)
        assert set(figures.dtypes.astype("str")) <= ({"float64"} if what in ("county_accounts", "economy") else {"int64"})
        held = norway.register.valid(f"{year}-01-01" if what in ON_1_JANUARY else f"{year}-12-31")
        for column in table.columns.intersection(["komm_nr", "home_nr", "work_nr"]):
            assert sorted(set(table[column])) == held


def test_the_country_has_the_435_municipalities_of_2000_and_the_357_of_today(norway):
    assert (len(norway.population(2000)), len(norway.population(2026))) == (435, 357)
    assert set(norway.truth()["komm_nr"]) == set(norway.population(2026)["komm_nr"])


def test_the_same_seed_gives_the_same_bytes_and_another_another(norway):
    same, other = Norway(1), Norway(2)
    for what in YEARLY:
        pd.testing.assert_frame_equal(getattr(norway, what)(2016), getattr(same, what)(2016), check_exact=True)
    for what in ("accounts", "projection", "cpi", "truth"):
        pd.testing.assert_frame_equal(getattr(norway, what)(), getattr(same, what)(), check_exact=True)
        assert not getattr(norway, what)().equals(getattr(other, what)())


def test_the_changes_of_a_year_lead_from_one_population_to_the_next(norway):
    before, after = (norway.population(year).set_index("komm_nr")["population"] for year in (2021, 2022))
    changes = norway.changes(2021).set_index("komm_nr")
    parts = changes["births"] + changes["immigration"] + changes["domestic_in"]
    parts -= changes["deaths"] + changes["emigration"] + changes["domestic_out"]
    assert (parts == changes["growth"]).all()
    assert (before + changes["growth"] == after).all()
    assert changes["domestic_in"].sum() == changes["domestic_out"].sum()


@pytest.mark.parametrize("year", [2000, 2013, 2026])
def test_ages_add_up_to_the_population(norway, year):
    ages = norway.by_age(year)
    assert sums(ages, "population").equals(norway.population(year).set_index("komm_nr"))
    assert list(ages["age"].unique()) == [f"{age:03}" for age in range(106)]


def test_a_cohort_ages_and_children_are_the_births_of_the_year_before(norway):
    before, after = (norway.by_age(year).groupby("age")["population"].sum() for year in (2010, 2011))
    assert after["041"] == pytest.approx(before["040"], rel=0.03)
    assert after["000"] == pytest.approx(norway.changes(2010)["births"].sum(), rel=0.02)


@pytest.mark.parametrize("year", [2000, 2012, 2019, 2025])
def test_flows_sectors_sections_and_status_add_up_to_the_same_employed(norway, year):
    margins = norway.margins(year).set_index("komm_nr")
    both = margins[["jobs", "employed_residents"]]
    flows = norway.flows(year)
    assert (flows.groupby("work_nr")["employed"].sum() == margins["jobs"]).all()
    assert (flows.groupby("home_nr")["employed"].sum() <= margins["employed_residents"]).all()
    for what in ("by_sector", "by_section"):
        assert sums(getattr(norway, what)(year), *both).equals(both)
    assert list(norway.by_sector(year)["sector"].unique()) == list(SECTORS)
    status = norway.labour_force(year).set_index(["komm_nr", "status"])["persons"].unstack()
    assert (status["sysselsatt"] == margins["employed_residents"]).all()
    assert (margins["employed_residents"] < margins["population_15_74"]).all()


def test_industries_differ_from_the_margins_by_the_rounding_of_1_and_2_only(norway):
    industries = norway.by_industry(2022)
    columns = ["employed_residents", "jobs"]
    assert not industries[columns].isin([1, 2]).any(axis=None)
    apart = sums(industries, *columns) - norway.margins(2022).set_index("komm_nr")[columns]
    assert apart.abs().max(axis=None) < 40
    assert (apart.sum() / norway.margins(2022)[columns].sum()).abs().max() < 0.001, "right on average"


def test_adults_are_those_of_the_ages_at_the_end_of_the_year(norway):
    ages = norway.by_age(2013)
    grown = sums(ages[ages["age"] >= "016"], "population")["population"]
    adults = sums(ages[ages["age"].between("015", "074")], "population")["population"]
    assert norway.education(2012)["persons"].sum() == grown.sum()
    assert norway.margins(2012)["population_15_74"].sum() == adults.sum()


def test_counties_and_industries_add_up_to_the_nation(norway):
    accounts = norway.county_accounts(2021).set_index(["county_nr", "industry"])
    nation = accounts.loc["0"]
    assert set(nation.index) == set(INDUSTRIES)
    parts = accounts.drop("0", level="county_nr")
    pd.testing.assert_frame_equal(parts.groupby("industry").sum(), nation.sort_index())
    inside = accounts.drop("Totalt for næringer", level="industry").groupby("county_nr").sum()
    pd.testing.assert_frame_equal(inside, accounts.xs("Totalt for næringer", level="industry"))
    assert nation.loc["Totalt for næringer", "employed_thousand"] == pytest.approx(norway.margins(2021)["jobs"].sum() / 1000, 0.01)
    assert set(parts.index.get_level_values("county_nr")) == set(norway.margins(2021)["komm_nr"].str[:2])


def test_a_projection_begins_with_the_population_and_spreads(norway):
    projection = norway.projection().set_index(KEY)
    now = projection.xs(2026, level="year")
    assert now.eq(norway.population(2026).set_index("komm_nr")["population"], axis=0).all(axis=None)
    last = projection.xs(2050, level="year")
    assert (last["low"] < last["main"]).all() and (last["main"] < last["high"]).all()


def test_prices_are_a_figure_a_month_and_100_on_average_in_2015(norway):
    prices = norway.cpi().set_index("month")["cpi"]
    assert (prices.index[0], prices.index[-1], len(prices)) == ("2000M01", "2025M12", 312)
    assert prices[prices.index.str.startswith("2015")].mean() == pytest.approx(100, abs=0.1)


def test_groups_are_by_size(norway):
    groups = norway.groups(6).set_index("komm_nr")["group"]
    population = norway.population(2026).set_index("komm_nr")["population"]
    assert set(groups) == set("123456")
    assert groups[population.idxmax()] == "1" and groups[population.idxmin()] == "6"


def test_every_firm_has_an_organisation_number_that_holds_and_that_no_real_one_has(norway):
    accounts = norway.accounts()
    digits = np.array([[int(digit) for digit in number] for number in accounts["orgnr"].unique()])
    assert ((digits[:, :8] @ WEIGHTS + digits[:, 8]) % 11 == 0).all()
    assert (digits[:, 0] == 3).all()
    assert accounts["nace"].str.fullmatch(r"\d{2}\.\d{3}").all()
    assert set(accounts["komm_nr"]) == set(norway.population(2026)["komm_nr"])
    assert not accounts.duplicated(["orgnr", "year"]).any()
    assert len(digits) == 10_000 and accounts["year"].nunique() == 6


def test_some_firms_lose_money_and_some_have_nobody(norway):
    accounts = norway.accounts()
    assert 0.05 < (accounts["operating_result_kr"] < 0).mean() < 0.3
    assert 0.02 < (accounts["employees"] == 0).mean() < 0.3
    assert (accounts.loc[accounts["employees"] == 0, "wage_costs_kr"] == 0).all()


def test_productivity_can_be_seen_in_accounts(norway):
    accounts = norway.accounts()
    accounts["value"] = accounts["wage_costs_kr"] + accounts["operating_result_kr"]
    worth = accounts["nace"].str[:2].map(norway.industries.set_index("nace2")["value"])
    accounts["usual"] = accounts["employees"] * worth
    seen = sums(accounts, "value", "usual")
    truth = norway.truth().set_index("komm_nr")["productivity"]
    assert np.corrcoef(seen["value"] / seen["usual"], truth)[0, 1] > 0.75


def test_people_and_jobs_have_grown_more_where_it_was_made_so(norway, today):
    truth = norway.truth().set_index("komm_nr")
    people = today("population", "komm_nr").set_index(KEY)["population"].unstack().astype(float)
    jobs = today("by_sector", "komm_nr", "sector")
    private = jobs[jobs["sector"] == "privat"].set_index(KEY)["jobs"].unstack().astype(float)
    for figures, known in ((people, "bosted_pct"), (private, "naering_pct")):
        assert np.corrcoef(np.log(figures[2025] / figures[2008]), truth[known])[0, 1] > 0.5


def test_the_published_equations_leave_the_truth_of_it(norway, today):
    """A correct estimate: the mean residuals are the truth, neither shrunk nor shifted, but for luck."""
    moves = ["births", "deaths", "immigration", "emigration", "domestic_in", "domestic_out", "growth"]
    people = today("population", "komm_nr").merge(today("changes", "komm_nr"), on=KEY).astype(dict.fromkeys(moves, float))
    people = people.merge(norway.register.comparable(MODELLED), on=KEY)
    nation = people.groupby("year")[["population", *moves]].sum()
    abroad = 100 * (nation["immigration"] - nation["emigration"]) / nation["population"]
    flows = today("flows", "home_nr", "work_nr")
    jobs = today("by_sector", "komm_nr", "sector")
    jobs = jobs.assign(industry="all", private=jobs["sector"].isin(SECTORS[3:]))
    jobs = jobs.groupby([*KEY, "industry", "private"])["jobs"].sum()
    work = job_components(jobs.reset_index(), people)
    nation = abroad.rename("net_immigration_pct").reset_index()
    parts = population_components(people, work, integration(flows), flows, nation)
    left = parts[parts["comparable"]].groupby("komm_nr")[["bosted_pct", "naering_pct"]].mean().dropna()
    truth = norway.truth().set_index("komm_nr").loc[left.index]
    for known, lowest in (("bosted_pct", 0.85), ("naering_pct", 0.75)):
        slope, shift = np.polyfit(truth[known], left[known], 1)
        assert np.corrcoef(truth[known], left[known])[0, 1] > lowest
        assert slope == pytest.approx(1, abs=0.1)
        assert shift == pytest.approx(0, abs=0.1)


def integration(flows):
    stay = flows[flows["home_nr"] == flows["work_nr"]].set_index(["home_nr", "year"])["employed"]
    ends = {f"{way}_pct": flows.groupby([end, "year"])["employed"].sum() for way, end in (("out", "home_nr"), ("in", "work_nr"))}
    shares = {name: 100 * (1 - stay / total.rename_axis(stay.index.names)) for name, total in ends.items()}
    return pd.DataFrame(shares).astype(float).rename_axis(KEY).reset_index()


@given(st.lists(st.lists(st.floats(0, 1e5), min_size=5, max_size=5), min_size=1, max_size=6), st.data())
def test_shares_are_whole_add_up_and_are_within_one_of_what_is_expected(expected, data):
    expected = np.array(expected)
    totals = np.array(data.draw(st.lists(st.integers(0, 10**6), min_size=len(expected), max_size=len(expected))))
    luck = np.array(data.draw(st.lists(st.floats(0, 0.999), min_size=len(expected), max_size=len(expected))))
    got = shared(expected, totals, luck)
    assert (got.sum(axis=1) == totals).all()
    assert (got >= 0).all()
    some = expected.sum(axis=1) > 0
    exact = expected[some] / expected[some].sum(axis=1, keepdims=True) * totals[some, None]
    assert (abs(got[some] - exact) <= 1 + 1e-6).all()
