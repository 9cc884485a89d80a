"""Attractiveness: a country worked out by hand, identities on random ones, and the truth found again in simulated ones."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable, WrongUse
from nlib.methods.attractiveness import (
    PARTS,
    attractiveness,
    backtest,
    estimate,
    estimating,
    job_components,
    neighbours_job_growth,
    own_job_growth,
    population_components,
    published,
    shrinkage,
)
from tests.attractiveness_panel import NOISE, TAU, held, panel

JOBS = {  # 4th quarter until 2012, and from 2013: only that year has growth
    ("0001", "F", True): (100, 120), ("0001", "G", True): (300, 300), ("0001", "O", False): (100, 110),
    ("0002", "F", True): (400, 430), ("0002", "G", True): (200, 190), ("0002", "O", False): (50, 50),
}  # fmt: skip
BOSTED = 1.20299764  # 2 - (0.3 + 0.57 - 0.16266431 + 0.0068 - 0.221754 + 0.299754 + 0.065 - 0.06013333)


@pytest.fixture
def by_hand():
    years = range(2010, 2016)
    rows = [(*key, year, numbers[year >= 2013]) for key, numbers in JOBS.items() for year in years]
    jobs = pd.DataFrame(rows, columns=["komm_nr", "industry", "private", "year", "jobs"])
    people = pd.DataFrame({"komm_nr": ["0001"] * 6 + ["0002"] * 6, "year": [*years] * 2, "births": 12, "deaths": 9})
    people["population"] = [1000] * 6 + [3000] * 6
    people["growth"] = [0, 0, 10, 20, 0, 0, 0, 0, 10, 0, 0, 0]
    integration = people[["komm_nr", "year"]].assign(out_pct=[25.0] * 6 + [10.0] * 6, in_pct=[40.0] * 6 + [20.0] * 6)
    pairs = pd.DataFrame({"home_nr": ["0001", "0001", "0002"], "work_nr": ["0001", "0002", "0002"], "employed": [300, 100, 900]})
    flows = pd.concat([pairs.assign(year=year) for year in years])
    nation = pd.DataFrame({"year": years, "net_immigration_pct": 0.8})
    return {"jobs": jobs, "people": people, "integration": integration, "flows": flows, "nation": nation}


def worked(country):
    jobs = job_components(country["jobs"], country["people"])
    return population_components(country["people"], jobs, country["integration"], country["flows"], country["nation"])


@pytest.fixture(scope="module")
def simulated():
    components, truth = panel()
    return components, truth, attractiveness(components)


def test_job_growth_of_a_country_worked_out_by_hand(by_hand):
    row = job_components(by_hand["jobs"], by_hand["people"]).set_index(["komm_nr", "year"]).loc[("0001", 2013)]
    assert row.private_growth_pct == pytest.approx(5)  # 400 -> 420
    assert row.national_pct == pytest.approx(4)  # 1000 -> 1040
    assert row.mix_pct == pytest.approx(0.25 * (10 - 4) + 0.75 * (-2 - 4))
    assert row.population_effect_pct == pytest.approx(0.314 * (1 - 0.5))  # 10 of 1000 against 20 of 4000 in 2012
    assert row.naering_pct == pytest.approx(5 - 4 + 3 - 0.157)
    assert row.public_growth_pct == pytest.approx(10)
    assert (row.private_jobs_before, row.public_jobs_before) == (400, 100)


def test_population_growth_of_a_country_worked_out_by_hand(by_hand):
    row = worked(by_hand).set_index(["komm_nr", "year"]).loc[("0001", 2013)]
    expected = {
        "growth_pct": 2.0,
        "birth_surplus_pct": 0.3,
        "immigration_pct": 0.57,
        "size_pct": -0.16266431,
        "integration_pct": -0.391 + 0.612 * 0.65,
        "industry_structure_pct": 0.75 * 0.130 * 0.8 * (0.25 * 6 - 0.75 * 6 + 0.157),  # 400 of 500 jobs are private
        "business_pct": 0.75 * 0.130 * 0.8 * 3.843,
        "public_pct": 0.75 * 0.130 * 0.2 * (10 - 100 * 10 / 150),
        "neighbours_pct": 1.64 * 0.25 * 0.130 * ((100 / 30 - 4) * 600 / 650 - (100 / 15) * 50 / 650),
        "bosted_pct": BOSTED,
    }
    for name, value in expected.items():
        assert row[name] == pytest.approx(value, abs=1e-8), name
    assert row.comparable


def test_job_growth_still_draws_people_one_and_two_years_later(by_hand):
    later = worked(by_hand).set_index(["komm_nr", "year"])["public_pct"]
    assert later[("0001", 2014)] == pytest.approx(0.75 * 0.073 * 0.2 * (10 - 100 * 10 / 150))
    assert later[("0001", 2015)] == pytest.approx(0.75 * 0.067 * 0.2 * (10 - 100 * 10 / 150))
    assert np.isnan(later[("0001", 2012)])  # growth of 2010 is not known


def test_the_nations_job_growth_is_in_no_part_of_a_places_own(by_hand):
    jobs = job_components(by_hand["jobs"], by_hand["people"])
    more = jobs.assign(**{name: jobs[name] + 5 for name in ("private_growth_pct", "national_pct", "public_growth_pct")})
    pd.testing.assert_frame_equal(*(own_job_growth(each, by_hand["integration"]) for each in (jobs, more)))


def test_a_place_where_all_work_elsewhere_draws_nobody_by_its_own_jobs_but_its_neighbours_do(by_hand):
    jobs = job_components(by_hand["jobs"], by_hand["people"])
    drawn = own_job_growth(jobs, by_hand["integration"].assign(out_pct=100.0)).set_index(["komm_nr", "year"])
    assert drawn.loc[("0001", 2013), ["industry_structure_pct", "business_pct", "public_pct"]].tolist() == pytest.approx([0, 0, 0])
    growth = 0.130 * ((5 - 4) * 400 / 500 + (10 - 100 * 10 / 150) * 100 / 500)
    assert drawn.loc[("0001", 2013), "job_growth_pct"] == pytest.approx(growth)
    flows = pd.DataFrame({"home_nr": ["0002"] * 2, "work_nr": ["0001", "0002"], "year": 2013, "employed": [60, 40]})
    found = neighbours_job_growth(flows, drawn.reset_index())
    assert found["neighbours_pct"].tolist() == pytest.approx([1.64 * 0.6 * growth])


def test_job_growth_that_lacks_a_column_is_refused_by_name(by_hand):
    jobs = job_components(by_hand["jobs"], by_hand["people"])
    with pytest.raises(InvalidTable, match="mix_pct mangler"):
        own_job_growth(jobs.drop(columns="mix_pct"), by_hand["integration"])
    with pytest.raises(InvalidTable, match="out_pct mangler"):
        own_job_growth(jobs, by_hand["integration"].drop(columns="out_pct"))
    with pytest.raises(InvalidTable, match="job_growth_pct mangler"):
        neighbours_job_growth(by_hand["flows"], jobs)


def test_anchor_is_the_published_model_to_the_last_digit(by_hand):
    table = attractiveness(worked(by_hand), "anchor", period=1).set_index(["komm_nr", "year", "kind"])
    assert table.loc[("0001", 2013, "bosted"), "value_pct"] == pytest.approx(BOSTED, abs=1e-8)
    assert table.loc[("0001", 2013, "samlet"), "value_pct"] == pytest.approx(BOSTED + 0.299754, abs=1e-8)
    assert table.loc[("0001", 2013, "naering"), "value_pct"] == pytest.approx(3.843)
    assert table.loc[("0001", 2013, "bosted"), ["rank", "n"]].tolist() == [1, 2]
    assert table[["low_pct", "high_pct", "p_positive", "p_top10", "rank_low", "rank_high"]].isna().all(axis=None)


def test_1264_more_inhabitants_are_174_birth_surplus_and_1090_other(by_hand):
    # published for Lørenskog: 174 birth surplus + 1 094 net migration - 4 correction; births less deaths are all that matter
    people = by_hand["people"].assign(population=37_406)
    people.loc[3, ["births", "deaths", "growth"]] = [444, 270, 1264]
    row = worked({**by_hand, "people": people}).set_index(["komm_nr", "year"]).loc[("0001", 2013)]
    persons = row[[*PARTS, "bosted_pct"]] * row.population / 100
    assert round(row.growth_pct * row.population / 100, 6) == 1264
    assert round(persons["birth_surplus_pct"], 6) == 174
    assert round(persons.drop("birth_surplus_pct").sum(), 6) == 1094 - 4


@pytest.mark.slow
@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_parts_and_what_is_left_are_the_growth_of_any_country(seed):
    random = np.random.default_rng(seed)
    years, places = range(2010, 2017), [f"{place:04}" for place in range(int(random.integers(2, 7)))]
    index = pd.MultiIndex.from_product([places, years], names=["komm_nr", "year"]).to_frame(index=False)
    count = len(index)
    people = index.assign(population=random.integers(150, 9000, count), births=random.integers(0, 90, count))
    people = people.assign(deaths=random.integers(0, 90, count), growth=random.integers(-300, 300, count))
    cells = index.merge(pd.DataFrame({"industry": ["A", "B", "B"], "private": [True, True, False]}), how="cross")
    jobs = job_components(cells.assign(jobs=random.integers(0, 400, len(cells))), people)
    flows = index.rename(columns={"komm_nr": "home_nr"}).merge(pd.DataFrame({"work_nr": places}), how="cross")
    flows = flows.assign(employed=random.integers(0, 50, len(flows)))
    integration = index.assign(out_pct=random.uniform(0, 100, count), in_pct=random.uniform(0, 100, count))
    nation = pd.DataFrame({"year": years, "net_immigration_pct": random.normal(0.5, 0.3, len(years))})
    table = population_components(people, jobs, integration, flows, nation)
    whole = table.dropna(subset=["bosted_pct"])
    np.testing.assert_allclose(whole[[*PARTS, "bosted_pct"]].sum(axis=1), whole["growth_pct"], atol=1e-9)
    jobs = jobs.dropna(subset=["naering_pct"])
    parts = jobs[["national_pct", "mix_pct", "population_effect_pct", "naering_pct"]].sum(axis=1)
    np.testing.assert_allclose(parts, jobs["private_growth_pct"], atol=1e-9)
    ranks = attractiveness(table, "anchor")
    assert (ranks["rank"] >= 1).all()
    assert (ranks["rank"] <= ranks["n"]).all()


def test_hidden_births_take_away_the_residual_but_not_the_growth(by_hand):
    people = by_hand["people"].astype({"births": "Int64"})
    people.loc[3, "births"] = pd.NA
    row = worked({**by_hand, "people": people}).set_index(["komm_nr", "year"]).loc[("0001", 2013)]
    assert row.growth_pct == 2.0
    assert np.isnan(row.birth_surplus_pct)
    assert np.isnan(row.bosted_pct)


def test_a_hidden_cell_of_jobs_makes_growth_missing_not_smaller(by_hand):
    jobs = by_hand["jobs"].astype({"jobs": "Int64"})
    jobs.loc[(jobs["komm_nr"] == "0001") & (jobs["year"] == 2013) & (jobs["industry"] == "F"), "jobs"] = pd.NA
    table = job_components(jobs, by_hand["people"]).set_index(["komm_nr", "year"])
    assert table.loc[("0001", [2013, 2014]), "private_growth_pct"].isna().all()
    assert table.loc[("0002", 2013), "national_pct"] == pytest.approx(100 * 20 / 900)  # of the cells that are known


def test_a_place_with_one_industry_has_that_industrys_mix(by_hand):
    jobs = by_hand["jobs"].query("komm_nr != '0001' or industry != 'G'")
    row = job_components(jobs, by_hand["people"]).set_index(["komm_nr", "year"]).loc[("0001", 2013)]
    assert row.mix_pct + row.national_pct == pytest.approx(10)  # F went from 500 to 550


def test_a_year_touched_by_a_split_marks_all_the_years_that_its_jobs_go_into(by_hand):
    jobs = by_hand["jobs"].assign(comparable=lambda rows: rows["year"] > 2010)
    country = {**by_hand, "jobs": jobs}
    comparable = worked(country).groupby("year")["comparable"].all()
    assert comparable.to_dict() == {2010: False, 2011: False, 2012: False, 2013: False, 2014: True, 2015: True}


def test_neighbours_are_missing_where_too_little_is_known_of_them(by_hand):
    jobs = by_hand["jobs"].astype({"jobs": "Int64"})
    jobs.loc[(jobs["komm_nr"] == "0002") & (jobs["year"] == 2013), "jobs"] = pd.NA
    table = worked({**by_hand, "jobs": jobs}).set_index(["komm_nr", "year"])["neighbours_pct"]
    assert np.isnan(table[("0001", 2013)])
    assert table[("0002", 2013)] == 0  # nobody commutes out


def test_the_coefficients_are_those_that_the_synthetic_country_is_made_with():
    assert published()["population_effect"] == 0.314
    assert published()["own_jobs_lag_0"] + published()["own_jobs_lag_1"] + published()["own_jobs_lag_2"] == pytest.approx(0.270)


def test_components_of_ones_own_give_residuals_sums_and_ranks_back():
    mine = pd.DataFrame(
        {"komm_nr": ["0001", "0002", "0003"], "year": 2016, "growth_pct": [1.0, 2.0, 3.0], "size_pct": [0.5, 0.0, 0.0]}
    )
    table = attractiveness(mine, "anchor", period=1, parts=["size_pct"])
    assert table["value_pct"].tolist() == [0.5, 2.0, 3.0]
    assert table["rank"].tolist() == [3, 2, 1]
    assert set(table["kind"]) == {"bosted"}


def test_a_period_is_the_mean_of_its_years_and_only_given_when_all_can_be_compared(simulated):
    components, _, _ = simulated
    components = components.assign(comparable=(components["komm_nr"] != "1003") | (components["year"] != 2016))
    table = attractiveness(components, "anchor", years=2018).query("kind == 'bosted'")
    three = table[table["period"] == 3].set_index("komm_nr")
    mean = components[components["year"].between(2016, 2018)].groupby("komm_nr")["bosted_pct"].mean()
    assert three.loc["1000", "value_pct"] == pytest.approx(mean["1000"])
    assert "1003" not in three.index
    assert (three["n"] == 356).all()
    assert (table.query("komm_nr == '1003'")["period"] == 1).all()


@pytest.mark.parametrize("mode", ["anchor", "nlib"])
def test_the_order_of_rows_does_not_matter(mode):
    components, _ = panel(places=60, years=6)
    shuffled = components.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(attractiveness(components, mode, 3), attractiveness(shuffled, mode, 3))


def test_ranks_run_from_1_to_n_and_lie_within_their_intervals(simulated):
    table = simulated[2]
    assert (table["rank_low"] >= 1).all()
    assert (table["rank_low"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_high"]).all()
    assert (table["rank_high"] <= table["n"]).all()
    top = table[(table["kind"] == "bosted") & (table["period"] == 10) & (table["year"] == 2019)]
    assert sorted(top["rank"]) == list(range(1, 358))
    assert top["p_top10"].sum() == pytest.approx(36)


@pytest.fixture(scope="module")
def latest(simulated):
    return estimate(simulated[0], years=2019)


@pytest.fixture(scope="module")
def countries():
    return [(attractiveness(components, draws=2, years=2019), truth) for components, truth in map(panel, range(4))]


@pytest.mark.parametrize("kind", ["bosted", "naering"])
@pytest.mark.parametrize("period", [1, 3, 5, 10])
def test_the_truth_lies_in_nine_of_ten_intervals(countries, kind, period):
    inside = np.concatenate([held(table, truth, kind, period) for table, truth in countries])
    assert 0.87 <= inside.mean() <= 0.93


def test_what_places_differ_by_and_what_is_luck_are_found_again(latest):
    last = latest.variances.query("year == 2019").set_index("kind")
    for kind in TAU:
        assert last.loc[kind, "tau_pct"] == pytest.approx(TAU[kind], rel=0.15)
        assert last.loc[kind, "sigma_pct"] == pytest.approx(NOISE[kind], rel=0.05)


def test_coefficients_are_those_the_country_was_made_with_within_their_errors(latest):
    table = latest.coefficients
    terms = table[(table["year"] == 2019) & table["term"].str.endswith("_pct")]
    assert set(terms["kind"]) == {"bosted", "naering"}
    assert ((terms["value"] - 1).abs() < 3.5 * terms["standard_error"]).all()


def test_the_shrunken_value_is_nearer_the_truth_than_the_raw_one_most_of_all_in_small_places(simulated):
    components, truth, table = simulated
    raw = attractiveness(components, "anchor", period=3, years=2019)
    population = components.groupby("komm_nr")["population"].first()
    pick = "kind == 'bosted' and period == 3 and year == 2019"
    true = truth.set_index("komm_nr")["bosted"]
    error = {
        name: (frame.query(pick).set_index("komm_nr")["value_pct"] - true).abs() for name, frame in [("nlib", table), ("raw", raw)]
    }
    gain = error["raw"] - error["nlib"]
    assert gain.mean() > 0
    assert gain[population < 2000].mean() > gain[population > 10_000].mean()


def test_a_place_of_few_is_pulled_harder_to_zero_and_has_the_wider_interval():
    value, deviation = shrinkage.posterior(np.array([2.0, 2.0]), 3, np.array([300, 30_000]), shrinkage.Variances(0.1, 150.0))
    assert 0 < value[0] < value[1] < 2
    assert deviation[0] > deviation[1]
    luck = 150 * 30_000**-0.76 / 3
    assert value[1] == pytest.approx(2 * 0.1 / (0.1 + luck))
    assert deviation[1] == pytest.approx((0.1 * luck / (0.1 + luck)) ** 0.5)


def test_where_nothing_tells_places_apart_intervals_hold_zero():
    components, _ = panel(places=120, years=6)
    random = np.random.default_rng(5)
    luck = random.normal(0, 0.4, len(components)) * (components["population"] / 1e4) ** -0.38
    none = components.assign(growth_pct=components["growth_pct"] - components["bosted_pct"] + luck)
    table = attractiveness(none, period=5, years=2010).query("kind == 'bosted'")
    assert ((table["low_pct"] < 0) & (table["high_pct"] > 0)).mean() > 0.9
    assert table["value_pct"].abs().max() < 0.2


def test_growth_that_is_all_structure_leaves_nothing_and_says_so():
    components, _ = panel(places=40, years=4)
    exact = components.assign(growth_pct=components[list(PARTS)].sum(axis=1)).drop(columns=["naering_pct", "private_growth_pct"])
    table = attractiveness(exact, period=1, parts=PARTS).query("kind == 'bosted'")
    assert table["value_pct"].abs().max() < 1e-9
    assert table["p_positive"].between(0, 1).all()


def test_fewer_than_three_years_give_one_year_values_only():
    components, _ = panel(places=80, years=2)
    assert set(attractiveness(components)["period"]) == {1}
    assert set(attractiveness(components, "anchor")["period"]) == {1}


def test_a_term_that_others_say_already_is_left_out_and_told():
    components, _ = panel(places=80, years=3)
    twice = components.assign(public_pct=2 * components["integration_pct"])
    table = attractiveness(twice, period=1)
    assert any("public_pct kan ikke skilles" in line for line in table.attrs["omitted"])
    same = attractiveness(components, period=1, parts=[part for part in PARTS if part != "public_pct"])
    bosted = [frame.query("kind == 'bosted'")["value_pct"].to_numpy() for frame in (table, same)]
    np.testing.assert_allclose(*bosted)


def test_too_few_places_to_estimate_on_is_a_named_error_but_the_anchor_holds():
    components, _ = panel(places=2, years=4)
    with pytest.raises(InvalidTable, match="for få"):
        attractiveness(components)
    assert len(attractiveness(components, "anchor", 1)) == 2 * 4 * 3


def test_settled_refugees_are_a_term_of_their_own_where_they_are_known():
    components, _ = panel(places=200, years=8)
    random = np.random.default_rng(1)
    settled = pd.Series(random.exponential(0.3, len(components))).where(components["year"] > 2006)
    table = estimate(
        components.assign(growth_pct=components["growth_pct"] + settled.fillna(0), settlement_pct=settled), years=[2006, 2012]
    ).coefficients
    last = table[(table["year"] == 2012) & (table["term"] == "settlement_pct")].iloc[0]
    assert last["value"] == pytest.approx(1, abs=0.15)
    assert 2006 in set(table["year"])


def test_only_the_windows_asked_for_are_estimated_and_each_of_them_once(simulated, monkeypatch):
    components, _, every = simulated
    windows = []

    def counted(rows, kind, terms):
        windows.append((kind, rows["year"].max()))
        return fit(rows, kind, terms)

    fit = estimating._fit
    monkeypatch.setattr(estimating, "_fit", counted)
    table = attractiveness(components, period=3, years=[2017, 2019])
    assert sorted(windows) == [("bosted", 2017), ("bosted", 2019), ("naering", 2017), ("naering", 2019)]
    same = every[(every["period"] == 3) & every["year"].isin([2017, 2019])].reset_index(drop=True)
    pd.testing.assert_frame_equal(table, same)
    assert set(attractiveness(components, "anchor", period=1, years=2018)["year"]) == {2018}


def test_what_is_estimated_is_not_estimated_again(simulated, monkeypatch):
    components, _, every = simulated
    found = estimate(components, years=2019)
    monkeypatch.setattr(estimating, "_fit", None)
    pd.testing.assert_frame_equal(attractiveness(found), every.query("year == 2019").reset_index(drop=True))
    found.variances, found.residuals.query("kind == 'samlet'")


def test_the_fit_is_that_of_statsmodels_and_says_what_the_table_says(simulated):
    found = estimate(simulated[0], years=[2018, 2019])
    fitted = found.fit("bosted", 2019)
    told = found.coefficients.query("kind == 'bosted' and year == 2019").set_index("term")
    assert "industry_structure_pct" in fitted.summary().as_text()
    np.testing.assert_allclose(fitted.params[told.index], told["value"])
    np.testing.assert_allclose(fitted.bse[told.index], told["standard_error"])
    assert found.fit() is found.fit("samlet", 2019) is fitted
    with pytest.raises(WrongUse, match="2010 er ikke beregnet: velg bosted eller naering, og 2018, 2019"):
        found.fit("bosted", 2010)


def test_a_covariate_of_ones_own_gets_its_own_coefficient_and_is_taken_away():
    components, _ = panel(places=200, years=8)
    built = pd.Series(np.random.default_rng(2).normal(0, 1, len(components)))
    grown = components.assign(
        built_pct=built,
        growth_pct=components["growth_pct"] + 0.7 * built,
        private_growth_pct=components["private_growth_pct"] - 2 * built,
    )
    found = estimate(grown, years=2012, covariates={"bosted": ["built_pct"], "naering": ["built_pct"]})
    told = found.coefficients.query("term == 'built_pct'").set_index("kind")
    assert told.loc["bosted", "value"] == pytest.approx(0.7, abs=4 * told.loc["bosted", "standard_error"])
    assert told.loc["naering", "value"] == pytest.approx(-2, abs=4 * told.loc["naering", "standard_error"])
    plain, own = (
        attractiveness(frame, period=5, years=2012, covariates=names).query("kind == 'bosted'")["value_pct"].to_numpy()
        for frame, names in ((components, []), (grown, ["built_pct"]))
    )
    assert np.corrcoef(plain, own)[0, 1] > 0.98


def test_growth_is_structure_and_residual_and_nine_of_ten_intervals_hold_what_is_the_places_own(simulated, latest):
    components, truth, _ = simulated
    left = latest.residuals
    grown = left.merge(components[["komm_nr", "year", "growth_pct", "private_growth_pct"]], on=["komm_nr", "year"])
    expected = grown["growth_pct"].where(grown["kind"] != "naering", grown["private_growth_pct"])
    np.testing.assert_allclose(grown["structure_pct"] + grown["residual_pct"], expected)
    for kind in ("bosted", "naering"):
        rows = left[left["kind"] == kind]
        true = rows["komm_nr"].map(truth.set_index("komm_nr")[kind])
        true = true + (rows["residual_pct"] - true).mean()  # attractiveness is relative to the year's mean
        assert 0.88 <= true.between(rows["low_pct"], rows["high_pct"]).mean() <= 0.92


def test_without_job_figures_there_is_bosted_alone():
    components, _ = panel(places=80, years=4)
    bare = components[["komm_nr", "year", "population", "growth_pct", "birth_surplus_pct", "size_pct", "integration_pct"]]
    table = attractiveness(bare, period=3, parts=["birth_surplus_pct", "size_pct", "integration_pct"])
    assert set(table["kind"]) == {"bosted"}


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda rows: rows.drop(columns="size_pct"), InvalidTable, "size_pct mangler"),
        (lambda rows: pd.concat([rows, rows[:1]]), InvalidTable, "flere ganger"),
        (lambda rows: rows.assign(population=0), InvalidTable, "over 0"),
        (lambda rows: rows.assign(growth_pct=np.inf), InvalidTable, "uendelige"),
        (lambda rows: rows.assign(growth_pct="mye"), InvalidTable, "ikke tall"),
        (lambda rows: rows.assign(komm_nr=None), InvalidTable, "mangler"),
        (lambda rows: rows.assign(growth_pct=np.nan), InvalidTable, "for få"),
    ],
)
def test_components_that_are_not_right_are_named(change, error, words):
    components, _ = panel(places=30, years=3)
    with pytest.raises(error, match=words):
        attractiveness(change(components))


@pytest.mark.parametrize(
    "call",
    [
        {"mode": "best"},
        {"period": 0},
        {"period": 2.5},
        {"period": []},
        {"period": 12},
        {"window": 0, "period": 1},
        {"years": 1990},
        {"years": []},
        {"covariates": "size_pct"},
        {"covariates": {"samlet": []}},
        {"mode": "anchor", "covariates": ["size_pct"]},
        {"mode": "anchor", "years": 1990},
    ],
)
def test_what_cannot_be_asked_for_is_wrong_use(call):
    components, _ = panel(places=30, years=3)
    with pytest.raises((WrongUse, TypeError)):
        attractiveness(components, **call)


@pytest.mark.slow
def test_the_backtest_judges_every_method_on_the_same_places(simulated):
    components, _, _ = simulated
    table = backtest(components, origins=[2014, 2016])
    assert set(table["origin"]) == {2014, 2016}
    assert set(table["method"]) == {"national", "persistence", "structure", "attractiveness"}
    assert (table.groupby(["origin", "size_class"])["n"].nunique() == 1).all()
    by_size = table[table["size_class"] != "all"].groupby(["origin", "method"])["n"].sum()
    assert (by_size == 357).all()


@pytest.mark.slow
def test_attractiveness_foretells_where_it_lasts(simulated):
    table = (
        backtest(simulated[0]).query("size_class == 'all'").groupby("method")[["r2", "mean_abs_error_pct", "coverage_pct"]].mean()
    )
    assert table["r2"].idxmax() == "attractiveness"
    assert table["mean_abs_error_pct"].idxmin() == "attractiveness"
    assert table["r2"]["national"] <= 0
    assert table["coverage_pct"].between(85, 94).all()


@pytest.mark.slow
def test_a_forecast_uses_nothing_from_after_its_origin(simulated):
    components, _, _ = simulated
    later = components["year"] > 2013
    changed = components.assign(
        **{name: components[name].where(~later, components[name] * 3 + 1) for name in ["bosted_pct", *PARTS]}
    )
    kept = ["r2", "mean_abs_error_pct", "coverage_pct", "n"]
    before, after = (backtest(frame, origins=[2013]).set_index(["method", "size_class"])[kept] for frame in (components, changed))
    pd.testing.assert_frame_equal(before, after)


@pytest.mark.slow
def test_others_forecasts_are_judged_beside_ours(simulated):
    components, _, _ = simulated
    theirs = pd.DataFrame({"komm_nr": components["komm_nr"].unique()[:100], "origin": 2014, "method": "ssb", "forecast_pct": 0.0})
    table = backtest(components, origins=[2014], forecasts=theirs).set_index(["method", "size_class"])
    assert table.loc[("ssb", "all"), "n"] == 100
    assert np.isnan(table.loc[("ssb", "all"), "coverage_pct"])


def test_too_few_years_for_a_backtest_give_no_rows_and_say_why():
    components, _ = panel(places=60, years=5)
    table = backtest(components)
    assert table.empty
    assert table.attrs["omitted"] == ["for få år til å prøve modellen 3 år fram"]
    with pytest.raises(WrongUse, match="2007 kan ikke prøves"):
        backtest(components, origins=[2007])
    with pytest.raises(InvalidTable, match="for få"):
        backtest(components.assign(comparable=False))


def test_a_place_of_under_500_has_a_value_within_its_interval(simulated):
    components, _, table = simulated
    small = components.loc[components["population"] < 500, "komm_nr"].unique()
    rows = table[table["komm_nr"].isin(small) & (table["year"] == 2019)]
    assert len(rows) == len(small) * 3 * 4
    assert (rows["low_pct"] < rows["value_pct"]).all()
    assert (rows["value_pct"] < rows["high_pct"]).all()
