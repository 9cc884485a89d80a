"""The country of the edition that comes with the project: what SSB tells is as SSB tells it, and the rest agrees with it."""

from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import orgnr

from nlib.data.synthetic import INDUSTRIES, SECTORS, Norway, known
from nlib.data.synthetic.rounding import shared, spread
from nlib.methods.attractiveness import job_components, population_components

WORKED, LIVED, PEOPLED = range(2006, 2022), range(2006, 2025), range(2006, 2026)
MODELLED = range(2008, 2022)
KNOWN = (2017, 2018, 2020, 2021)  # of commuting
KEY = ["komm_nr", "year"]
YEARLY = {
    "population": PEOPLED,
    "changes": LIVED,
    "flows": WORKED,
    "margins": WORKED,
    "by_industry": MODELLED,
    "by_section": MODELLED,
    "by_sector": WORKED,
    "education": LIVED,
    "labour_force": LIVED,
    "income": LIVED,
    "county_accounts": MODELLED,
    "economy": LIVED,
    "dwellings": PEOPLED,
    "establishments": PEOPLED,
    "establishments_by_size": PEOPLED,
    "new_enterprises": LIVED,
}
ON_1_JANUARY = {"population", "changes", "dwellings", "establishments", "establishments_by_size", "new_enterprises"}
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
    for year in {YEARLY[what][0], 2017, 2019, YEARLY[what][-1]}:
        table = getattr(norway, what)(year)
        figures = table.select_dtypes("number").drop(columns=MAY_FALL, errors="ignore")
        assert (figures >= 0).all(axis=None)
        assert table.notna().all(axis=None)
        assert set(figures.dtypes.astype("str")) <= ({"float64"} if what in ("county_accounts", "economy") else {"int64"})
        held = norway.register.valid(f"{year}-01-01" if what in ON_1_JANUARY else f"{year}-12-31")
        for column in table.columns.intersection(["komm_nr", "home_nr", "work_nr"]):
            assert sorted(set(table[column])) == held


def test_the_country_has_the_431_municipalities_of_2006_and_the_357_of_today(norway):
    assert (len(norway.population(2006)), len(norway.population(2025))) == (431, 357)
    assert set(norway.truth()["komm_nr"]) == set(norway.population(2025)["komm_nr"])


# what is SSB's


def test_what_comes_with_the_project_is_small():
    folder = resources.files("nlib.core.resources")
    assert sum(len(folder.joinpath(name).read_bytes()) for name in known.FILES.values()) < 3_000_000


def test_lorenskog_has_its_own_people_jobs_and_commuters(norway):
    people = norway.by_age(2019).groupby("komm_nr")["population"].sum()
    assert people["3222"] == 40_106
    flows = norway.flows(2017).set_index(["home_nr", "work_nr"])["employed"]
    homes, jobs = flows.groupby("home_nr").sum(), flows.groupby("work_nr").sum()
    stay = flows[("0230", "0230")]
    assert jobs["0230"] == 20_720
    assert round(100 * (1 - stay / homes["0230"]), 1) == 69.3
    assert round(100 * (1 - stay / jobs["0230"]), 1) == 70.7
    lillestrom = norway.flows(2021).query("home_nr != work_nr and (home_nr == '3030' or work_nr == '3030')")
    assert lillestrom.groupby("work_nr")["employed"].sum()["3030"] == 25_023
    assert lillestrom.groupby("home_nr")["employed"].sum()["3030"] == 29_436


@pytest.mark.parametrize("year", KNOWN)
def test_commuting_and_employment_are_ssbs_in_the_years_that_are_known(norway, year):
    theirs = known.margins().query("year == @year").drop(columns="year").astype({"komm_nr": "str"}).reset_index(drop=True)
    pd.testing.assert_frame_equal(norway.margins(year), theirs)
    pairs = known.flows().query("year == @year").astype({"home_nr": "str", "work_nr": "str"})
    ours = norway.flows(year).query("employed > 0").set_index(["home_nr", "work_nr"])["employed"].sort_index()
    assert ours.equals(pairs.set_index(["home_nr", "work_nr"])["employed"].sort_index())


def test_what_is_said_to_be_known_is_what_comes_with_the_project_whatever_the_seed(norway):
    assert {name: list(years) for name, years in norway.known_years.items()} == {
        "by_age": list(PEOPLED),
        "flows": list(KNOWN),
        "margins": list(KNOWN),
    }
    other = Norway(2)
    for name, years in norway.known_years.items():
        pd.testing.assert_frame_equal(getattr(norway, name)(years[-1]), getattr(other, name)(years[-1]))
    assert not norway.flows(2019).equals(other.flows(2019))


def test_a_year_between_two_known_ones_lies_between_them_on_average(norway):
    jobs = {year: norway.margins(year)["jobs"].sum() for year in (2018, 2019, 2020)}
    assert jobs[2019] == pytest.approx((jobs[2018] + jobs[2020]) / 2, rel=0.001)


def test_people_of_a_municipality_that_was_split_are_told_whole_before(norway):
    whole = norway.by_age(2023).groupby("komm_nr")["population"].sum()
    parts = norway.by_age(2024).groupby("komm_nr")["population"].sum()
    assert "1508" not in whole and "1507" not in parts
    assert whole["1507"] == pytest.approx(parts["1508"] + parts["1580"], rel=0.02)


# what is made up to fit it


def test_the_same_seed_gives_the_same_bytes_and_another_another(norway):
    same, other = Norway(1), Norway(2)
    for what in YEARLY:
        pd.testing.assert_frame_equal(getattr(norway, what)(2016), getattr(same, what)(2016), check_exact=True)
    for what in ("accounts", "cpi", "truth"):
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


@pytest.mark.parametrize("year", [2006, 2013, 2025])
def test_the_numbers_of_a_year_have_the_people_that_ssb_gives_todays(norway, year):
    ours = norway.register.carry(norway.population(year).assign(year=year), ["komm_nr"], ["population"], "01-01")
    theirs = norway.register.carry(norway.by_age(year).assign(year=year), ["komm_nr"], ["population"], "01-01")
    both = ours.merge(theirs.groupby("komm_nr")["population"].sum(), on="komm_nr", suffixes=("", "_ssb"))
    both = both.merge(norway.register.comparable([year], "01-01"), on="komm_nr")
    assert (both["population"] == both["population_ssb"])[both["comparable"]].all()
    assert both["population"].sum() == both["population_ssb"].sum()


def test_births_are_those_who_are_0_years_old_on_the_next_1_january_and_a_few_more(norway):
    born, there = norway.changes(2010)["births"].sum(), norway.by_age(2011).query("age == '000'")["population"].sum()
    assert there <= born <= 1.01 * there
    assert norway.changes(2010)["deaths"].sum() == pytest.approx(42_000, rel=0.1), "as many as have died in Norway"


@pytest.mark.parametrize("year", [2006, 2012, 2019, 2021])
def test_flows_sectors_sections_and_status_add_up_to_the_same_employed(norway, year):
    margins = norway.margins(year).set_index("komm_nr")
    both = margins[["jobs", "employed_residents"]]
    flows = norway.flows(year)
    assert (flows.groupby("work_nr")["employed"].sum() == margins["jobs"]).all()
    assert (flows.groupby("home_nr")["employed"].sum() <= margins["employed_residents"]).all()
    assert sums(norway.by_section(year), *both).equals(both)
    sectors = norway.by_sector(year)
    for rows in (sectors[sectors["industry"] == "00-99"], sectors[sectors["industry"] != "00-99"]):
        assert sums(rows, *both).equals(both)
    assert list(sectors["sector"].unique()) == list(SECTORS)
    status = norway.labour_force(year).query("age == '15-74'").set_index(["komm_nr", "status"])["persons"].unstack()
    assert (status["sysselsatt"] == margins["employed_residents"]).all()
    assert (margins["employed_residents"] < margins["population_15_74"]).all()


def test_industries_differ_from_the_margins_by_the_rounding_of_1_and_2_only(norway):
    industries = norway.by_industry(2021)
    columns = ["employed_residents", "jobs"]
    assert not industries[columns].isin([1, 2]).any(axis=None)
    apart = sums(industries, *columns) - norway.margins(2021).set_index("komm_nr")[columns]
    assert apart.abs().max(axis=None) < 40
    assert (apart.sum() / norway.margins(2021)[columns].sum()).abs().max() < 0.001, "right on average"


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
    projection = norway.projection().drop(columns="age").groupby(KEY).sum()
    now, there = projection.xs(2025, level="year"), norway.population(2025).set_index("komm_nr")["population"]
    assert now.sub(there, axis=0).abs().max(axis=None) < 60, "each age is rounded"
    last = projection.xs(2050, level="year")
    assert (last["low"] < last["main"]).all() and (last["main"] < last["high"]).all()


def test_prices_are_a_figure_a_month_and_100_on_average_in_2015(norway):
    prices = norway.cpi().set_index("month")["cpi"]
    assert (prices.index[0], prices.index[-1], len(prices)) == ("2006M01", "2025M12", 240)
    assert prices[prices.index.str.startswith("2015")].mean() == pytest.approx(100, abs=0.1)


def test_groups_are_by_size(norway):
    groups = norway.groups(6).set_index("komm_nr")["group"]
    population = norway.population(2025).set_index("komm_nr")["population"]
    assert set(groups) == set("123456")
    assert groups[population.idxmax()] == "1" and groups[population.idxmin()] == "6"


def test_every_firm_has_an_organisation_number_that_holds_and_that_no_real_one_has(norway):
    accounts = norway.accounts()
    numbers = accounts["orgnr"].unique()
    assert all(orgnr.is_valid(number) and number.startswith("3") for number in numbers)
    assert accounts["nace"].str.fullmatch(r"\d{2}\.\d{3}").all()
    assert set(accounts["komm_nr"]) == set(norway.population(2025)["komm_nr"])
    assert not accounts.duplicated(["orgnr", "year"]).any()
    assert len(numbers) == 10_000 and accounts["year"].nunique() == 6


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


def test_private_jobs_have_grown_more_where_it_was_made_so(norway, today):
    truth = norway.truth().set_index("komm_nr")["naering_pct"]
    jobs = today("by_sector", "komm_nr", "sector", "industry").query("industry == '00-99' and sector == 'privat'")
    private = jobs.set_index(KEY)["jobs"].unstack().astype(float)
    assert np.corrcoef(np.log(private[2021] / private[2008]), truth)[0, 1] > 0.5


def test_the_published_equations_leave_the_truth_of_it(norway, today):
    """A correct estimate: the mean residuals are the truth, neither shrunk nor shifted, but for luck."""
    moves = ["births", "deaths", "immigration", "emigration", "domestic_in", "domestic_out", "growth"]
    people = today("population", "komm_nr").merge(today("changes", "komm_nr"), on=KEY).astype(dict.fromkeys(moves, float))
    people = people.merge(norway.register.comparable(MODELLED), on=KEY)
    nation = people.groupby("year")[["population", *moves]].sum()
    abroad = 100 * (nation["immigration"] - nation["emigration"]) / nation["population"]
    flows = today("flows", "home_nr", "work_nr")
    jobs = today("by_sector", "komm_nr", "sector", "industry").query("industry == '00-99'")
    jobs = jobs.assign(industry="all", private=jobs["sector"].isin(SECTORS[3:]))
    jobs = jobs.groupby([*KEY, "industry", "private"])["jobs"].sum()
    work = job_components(jobs.reset_index(), people)
    nation = abroad.rename("net_immigration_pct").reset_index()
    parts = population_components(people, work, integration(flows), flows, nation)
    left = parts[parts["comparable"]].groupby("komm_nr")[["bosted_pct", "naering_pct"]].mean().dropna()
    truth = norway.truth().set_index("komm_nr").loc[left.index]
    size = norway.population(2025).set_index("komm_nr")["population"].loc[left.index] ** 0.38  # luck is less in the large
    for kind, lowest in (("bosted_pct", 0.65), ("naering_pct", 0.75)):
        slope, shift = np.polyfit(truth[kind], left[kind], 1, w=size)
        assert np.corrcoef(truth[kind], left[kind])[0, 1] > lowest
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


@given(st.data())
def test_what_is_spread_over_groups_is_whole_and_adds_up_to_each_groups_total(data):
    group = np.array(data.draw(st.lists(st.integers(0, 3), min_size=8, max_size=20).map(lambda given: [*given, 0, 1, 2, 3])))
    weights = np.array(data.draw(st.lists(st.floats(0.01, 100), min_size=len(group), max_size=len(group))))
    totals = np.array(data.draw(st.lists(st.lists(st.integers(0, 10**5), min_size=2, max_size=2), min_size=4, max_size=4)))
    luck = np.array(data.draw(st.lists(st.lists(st.floats(0, 0.999), min_size=2, max_size=2), min_size=4, max_size=4)))
    got = spread(totals, weights, group, luck)
    assert (got >= 0).all()
    assert all((got[group == place].sum(axis=0) == totals[place]).all() for place in range(4))
    exact = totals[group] * (weights / np.bincount(group, weights)[group])[:, None]
    assert (abs(got - exact) <= 1 + 1e-6).all()
