"""The tables of scenarios: on the synthetic edition, and on the real population where it is."""

import numpy as np
import pandas as pd
import pytest

from nlib.indicators import population_ahead_by_age, population_scenarios, projection_backtest, projection_errors, projection_rates
from nlib.indicators.population_ahead_by_age import SERVED
from nlib.indicators.population_scenarios import COURSES
from nlib.indicators.projection_rates import bosted
from nlib.methods.attractiveness.shrinkage import Z90
from nlib.methods.projection import Assumptions, banded, cohorts, errors, estimate, project


@pytest.fixture(scope="module")
def scenarios(demo_edition):
    return demo_edition.table("population_scenarios")


def test_every_course_begins_at_the_latest_population_and_goes_to_2050(scenarios, demo_edition):
    first = scenarios["year"].min()
    people = demo_edition.table("population").query("year == @first").set_index("komm_nr")["population"].astype(float)
    for course in set(COURSES) - {"limited"}:
        start = scenarios[(scenarios["course"] == course) & (scenarios["year"] == first)].set_index("komm_nr")["population"]
        assert start.to_dict() == people.to_dict()
    lead = scenarios[scenarios["leads"] & (scenarios["year"] == first)]
    assert lead.set_index("komm_nr")["population"].to_dict() == people.to_dict()
    assert scenarios["year"].max() == 2050


def test_jobs_and_dwellings_are_as_many_to_each_inhabitant_as_when_they_were_counted(scenarios, demo_edition):
    homes = demo_edition.table("dwellings").groupby(["komm_nr", "year"])["dwellings"].sum(min_count=1).reset_index()
    counts = {"jobs": demo_edition.table("employed_register"), "dwellings": homes}
    people = demo_edition.table("population_by_age").assign(population=lambda table: table["population"].astype(float))
    lead = scenarios[scenarios["leads"]].set_index(["year", "komm_nr"]).sort_index()
    ahead = ["age_20_66"], ["age_20_66", "age_67_79", "age_80"]
    for column, (youngest, oldest, later), groups in zip(counts, [(20, 66, 1), (20, 105, 0)], ahead, strict=True):
        known = counts[column].dropna(subset=column).sort_values("year").groupby("komm_nr").last()
        assert lead.loc[2050][f"{column}_counted"].to_dict() == known[column].astype(float).to_dict()
        for komm_nr in ("3222", "0301", "1151"):
            year = min(known.at[komm_nr, "year"] + later, people["year"].max())
            of_ages = (people["komm_nr"] == komm_nr) & (people["year"] == year) & people["age"].between(youngest, oldest)
            each = float(known.at[komm_nr, column]) / people.loc[of_ages, "population"].sum()
            assert lead.at[(2050, komm_nr), column] == pytest.approx(each * lead.loc[(2050, komm_nr), groups].sum())


def test_ages_sum_to_the_population_and_parts_to_its_change(scenarios):
    parts = ["age_0_19", "age_20_66", "age_67_79", "age_80"]
    assert scenarios[parts].sum(axis=1).to_numpy() == pytest.approx(scenarios["population"].to_numpy())
    assert (scenarios["age_1_5"] + scenarios["age_6_15"] <= scenarios["age_0_19"] + 1e-9).all()
    rows = scenarios.sort_values(["komm_nr", "course", "year"])
    following = rows.groupby(["komm_nr", "course"])["population"].shift(-1)
    told = rows["migration"].notna()
    change = (rows["births"] - rows["deaths"] + rows["migration"])[told]
    assert (following - rows["population"])[told].to_numpy() == pytest.approx(change.to_numpy(), abs=1e-6)
    assert (told == (rows["year"] < 2050)).all()


def test_high_is_above_the_course_that_leads_and_low_below_for_every_municipality_and_year(scenarios):
    later = scenarios[scenarios["year"] > scenarios["year"].min()]
    wide = later.pivot(index=["komm_nr", "year"], columns="course", values="population")
    lead = later[later["leads"]].set_index(["komm_nr", "year"])["population"].reindex(wide.index)
    assert len(lead) == 357 * 25
    assert (wide["high"] > lead).all()
    assert (lead > wide["low"]).all()


def test_a_course_that_is_unusual_never_leads_and_what_is_usual_is_told(scenarios):
    assert scenarios[scenarios["leads"]]["usual"].all()
    assert (scenarios["usual_low_pct"] < scenarios["usual_high_pct"]).all()
    wide = scenarios.pivot(index="year", columns=["course", "komm_nr"], values="population")
    grown = (100 * (wide / wide.shift(10) - 1)).dropna(how="all")
    for end, outside in (("low", grown.min().lt), ("high", grown.max().gt)):
        limit = scenarios.drop_duplicates(["course", "komm_nr"]).set_index(["course", "komm_nr"])[f"usual_{end}_pct"]
        usual = scenarios.drop_duplicates(["course", "komm_nr"]).set_index(["course", "komm_nr"])["usual"]
        assert not (outside(limit.reindex(grown.columns) + (-1e-6 if end == "low" else 1e-6)) & usual.reindex(grown.columns)).any()


def test_courses_that_can_lead_have_bands_and_the_others_none(scenarios):
    banded = scenarios[scenarios["course"].isin(["trend", "neutral", "limited"])]
    assert (banded["low"] <= banded["population"]).all()
    assert (banded["high"] >= banded["population"]).all()
    assert scenarios[scenarios["course"].isin(["high", "low"])][["low", "high", "tried", "held"]].isna().all(axis=None)
    assert (banded["held"] <= banded["tried"]).all()


def test_an_age_group_is_that_of_the_course_that_leads_inside_a_band_that_widens(scenarios, demo_edition):
    ahead = demo_edition.table("population_ahead_by_age")
    lead = scenarios[scenarios["leads"]].melt(["komm_nr", "year"], list(SERVED), "ages", "people")
    both = ahead.merge(lead, on=["komm_nr", "year", "ages"], validate="1:1", suffixes=("", "_led"))
    assert len(both) == len(ahead) == len(lead)
    assert both["people"].to_numpy() == pytest.approx(both["people_led"].to_numpy())
    assert (ahead["low"] <= ahead["people"]).all() and (ahead["people"] <= ahead["high"]).all()
    first, last = (ahead[ahead["year"] == year] for year in (ahead["year"].min(), 2050))
    assert (first["low"] == first["high"]).all() and (last["low"] < last["high"]).all()
    assert (ahead["held"] <= ahead["tried"]).all()


def test_bands_of_age_groups_hold_nine_of_ten_on_the_real_population(demo_edition):
    names = ("population_by_age", "population_changes", "attractiveness")
    people, changes, model = (demo_edition.table(name) for name in names)
    found = errors(cohorts(people), changes, bosted(model), groups=SERVED)
    found = banded(found[found["course"] == "trend"]).dropna(subset="low")
    found = found[found["horizon"].isin([5, 10])]
    held = found["actual"].between(found["low"], found["high"])
    assert held.groupby([found["ages"], found["horizon"]]).mean().between(0.86, 0.94).all()
    assert held.groupby([found["ages"], found["size_class"]]).mean().between(0.84, 0.96).all()
    width = np.log(found["high"] / found["forecast"]).groupby([found["ages"], found["horizon"]]).median().unstack()
    assert width[10].idxmax() == "age_1_5", "who is not born is the least certain"


def test_age_groups_are_missing_where_nothing_is_projected(demo_edition):
    tables = {name: demo_edition.table(name) for name in population_ahead_by_age.DATASET.parents}
    bare = population_ahead_by_age.build(**tables | {"population_scenarios": tables["population_scenarios"].head(0)})
    assert bare.empty and list(bare.columns) == list(population_ahead_by_age.AheadByAge.to_schema().columns)


def test_bosted_is_read_from_the_longest_period_with_its_standard_deviation():
    rows = [("3222", 2020, "nlib", "bosted", 3, 1.0, 0.0, 2.0), ("3222", 2020, "nlib", "bosted", 10, 0.5, 0.1, 0.9)]
    rows += [("3222", 2020, "anchor", "bosted", 10, 9.0, None, None), ("3222", 2020, "nlib", "naering", 10, 9.0, 8.0, 10.0)]
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "model", "kind", "period", "value_pct", "low_pct", "high_pct"])
    told = bosted(frame)
    assert len(told) == 1
    assert told["value_pct"].iloc[0] == 0.5
    assert told["deviation_pct"].iloc[0] == pytest.approx(0.4 / Z90)


def test_without_jobs_or_dwellings_the_people_are_there_and_what_they_need_is_missing(demo_edition):
    tables = {name: demo_edition.table(name) for name in population_scenarios.DATASET.parents}
    tables |= {name: tables[name].head(0) for name in ("employed_register", "dwellings")}
    bare = population_scenarios.DATASET.check(population_scenarios.build(**tables))
    assert bare["population"].notna().all()
    assert bare[["jobs", "dwellings"]].isna().all(axis=None)


def test_tables_are_empty_where_there_are_too_few_years(demo_edition):
    names = ("population_by_age", "population_changes", "attractiveness")
    tables = {name: demo_edition.table(name) for name in names}
    tables["population_by_age"] = tables["population_by_age"].query("year == 2026")
    assert projection_rates.build(**tables).empty
    assert projection_errors.build(**tables).empty
    assert projection_backtest.build(projection_errors.DATASET.empty()).empty


def test_constant_rates_of_ten_years_bring_the_country_from_its_total_before_them_to_that_after(demo_edition):
    held = cohorts(demo_edition.table("population_by_age"))
    rates = estimate(held, demo_edition.table("population_changes"), until=2025)
    course = project(held.at(2015), rates, 10, rates.attractiveness, assumptions=Assumptions(mortality_gain=0.0))
    actual, made = held.at(2025).sum(), course.totals[-1].sum()
    assert made == pytest.approx(actual, rel=0.01)
    assert course.totals[0].sum() + (course.births - course.deaths + course.migration).sum() == pytest.approx(made)


def record(table, course, column, size_class="all", horizon=5):
    rows = table.query("course == @course and size_class == @size_class and growth_class == 'all' and horizon == @horizon")
    rows = rows.dropna(subset=column)
    return np.average(rows[column], weights=rows["n"])


def test_the_synthetic_country_is_foretold_better_than_by_nothing(demo_edition):
    told = demo_edition.table("projection_backtest")
    errors = {course: record(told, course, "mean_abs_error_pct") for course in projection_backtest.COURSES}
    assert errors["trend"] < errors["neutral"] < errors["unchanged"]
    for course in ("trend", "neutral"):
        assert 86 < record(told, course, "coverage_pct") < 94


def test_the_real_population_keeps_ssbs_rule_of_thumb_as_fetched_and_built(real_edition):
    told = real_edition.table("projection_backtest")
    assert record(told, "neutral", "within_5_pct") > 80
    assert record(told, "trend", "within_5_pct") > 83
    assert record(told, "unchanged", "within_5_pct") < 75
    for course in ("neutral", "trend"):
        assert 86 < record(told, course, "coverage_pct") < 94
    assert set(real_edition.table("projection_rates")["sex"]) == {"0"}
