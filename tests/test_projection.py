"""The projection against what can be worked out by hand, and against rules that hold for any population."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable, WrongUse
from nlib.methods.projection import (
    Assumptions,
    Cohorts,
    Rates,
    backtest,
    banded,
    bands,
    cohorts,
    errors,
    estimate,
    is_usual,
    limited,
    project,
    ranked_courses,
    size_class,
    trend,
    usual,
)
from nlib.methods.projection.cohorts import AGES, arrived, older

STILL = Assumptions(mortality_gain=0.0)


def rates(places=1, sexes=("1", "2"), survival=1.0, fertility=0.0, migration=0.0, neutral=0.0, newborn_left=1.0):
    """Rates that are the same for all; children are born to those of 30, and those of 25 come and go."""
    shape = (places, len(sexes), len(AGES))
    movers = np.where(AGES == 25, 1 / len(sexes), 0.0) * np.ones((len(sexes), 1))
    return Rates(
        pd.Index([f"{1000 + place}" for place in range(places)]),
        sexes,
        np.full(shape[1:], survival),
        np.where(AGES == 30, fertility, 0.0) * np.ones((places, 1)),
        newborn_left,
        np.full(shape, migration),
        movers,
        np.full(places, neutral),
        np.zeros(places),
        np.full(places, 0.1),
    )


def start(men=(), women=()):
    people = np.zeros((1, 2, len(AGES)))
    for sex, ages in enumerate((men, women)):
        for age, count in dict(ages).items():
            people[0, sex, age] = count
    return people


def table(places=4, years=range(2000, 2013), sexes=("1", "2"), growth=0.0, seed=1):
    """Places of a country that ages as it should: the young come in the same number, a few die at old ages."""
    rng = np.random.default_rng(seed)
    alive = np.exp(-np.exp(0.1 * (AGES - 88)))
    rows = []
    for place in range(places):
        size = 40.0 * (place + 1) ** 2
        for year in years:
            for sex in sexes:
                count = rng.poisson(size * alive * (1 + growth) ** (year - years[0]))
                rows.append(
                    pd.DataFrame({"komm_nr": f"{1000 + place}", "year": year, "sex": sex, "age": AGES, "population": count})
                )
    return pd.concat(rows, ignore_index=True).astype({"population": "Int64"})


def test_a_cohort_worked_out_by_hand():
    given_rates = rates(survival=0.9, fertility=0.5, migration=0.1, neutral=1.0, newborn_left=0.8)
    course = project(start(men={104: 10, 105: 20}, women={30: 100}), given_rates, 1, 1.0, assumptions=STILL)
    # 130 people; 2 % of them come at 25, half of each sex; everybody else: 10 % die and 10 % come
    after = course.people[1]
    assert after[0, 1, 31] == pytest.approx(100)
    assert after[0, 0, 105] == pytest.approx(30), "the open group takes in those of 104"
    assert after[0, :, 26] == pytest.approx([1.3, 1.3])
    assert course.births[0, 0] == pytest.approx(50)
    assert after[0, :, 0] == pytest.approx([50 * 0.8 * 0.513, 50 * 0.8 * 0.487])
    assert course.deaths[0, 0] == pytest.approx(13 + 10)
    assert course.migration[0, 0] == pytest.approx(13 + 2.6)


def test_a_closed_population_is_its_survivors_and_its_births():
    people = np.random.default_rng(1).uniform(0, 50, (3, 2, len(AGES)))
    course = project(people, rates(3, survival=0.97, fertility=0.4), 10, assumptions=STILL)
    for year in range(10):
        survivors = 0.97 * course.totals[year]
        assert course.totals[year + 1] == pytest.approx(survivors + course.births[year])
    assert (course.migration == 0).all()


def test_a_place_that_nothing_happens_in_only_grows_older():
    course = project(start(men={0: 1, 50: 2}), rates(), 3)
    assert course.people[3, 0, 0, 3] == 1
    assert course.people[3, 0, 0, 53] == 2
    assert (course.totals == 3).all()


def test_mortality_falls_by_its_gain():
    course = project(start(men={70: 100}), rates(survival=0.9), 2, assumptions=Assumptions(mortality_gain=0.5))
    assert course.people[2, 0, 0, 72] == pytest.approx(100 * 0.9 * 0.9**0.5)


def test_one_person_can_live_alone_and_nobody_leaves_who_is_not_there():
    course = project(start(men={40: 1}), rates(survival=0.99, migration=-2.0, neutral=-5.0), 5)
    assert (course.people >= 0).all()
    assert course.totals[-1] == pytest.approx([0], abs=1e-9)
    empty = project(start(), rates(fertility=1.0, neutral=1.0), 5)
    assert (empty.totals == 0).all()


def test_a_year_of_attractiveness_is_so_many_percent_more():
    people = start(men={30: 500}, women={30: 500})
    plain, drawn = (project(people, rates(), 1, value).totals[1, 0] for value in (0.0, 1.5))
    assert drawn - plain == pytest.approx(15)


def test_a_trend_fades():
    held = rates()
    held = Rates(**{**vars(held), "attractiveness": np.array([1.0])})
    assert trend(held, 3, Assumptions(fade=0.1))[:, 0] == pytest.approx([1, 0.9, 0.81])


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.floats(-3, 3), st.sampled_from([("1", "2"), ("0",)]))
def test_the_parts_of_change_sum_to_it(seed, attractiveness, sexes):
    rng = np.random.default_rng(seed)
    people = rng.poisson(3, (5, len(sexes), len(AGES))) * 1.0
    some = rates(5, sexes, survival=0.95, fertility=0.6, migration=-0.03, newborn_left=0.99)
    course = project(people, some, 8, attractiveness)
    change = course.births - course.deaths + course.migration
    assert course.totals[1:] - course.totals[:-1] == pytest.approx(change)
    assert (course.people >= 0).all()


def test_wrong_shapes_and_signs_are_refused():
    with pytest.raises(WrongUse, match="ratene"):
        project(start(), rates(2), 1)
    with pytest.raises(WrongUse, match="under 0"):
        project(start(men={1: -1}), rates(), 1)
    with pytest.raises(WrongUse, match="mortality_gain"):
        Assumptions(mortality_gain=1.0)
    with pytest.raises(WrongUse, match="to år på rad"):
        estimate(cohorts(table(years=range(2000, 2001))))


# -- from tables


def test_those_of_104_and_over_are_one_group_a_year_later():
    figures = np.zeros(len(AGES))
    figures[-2:] = [3, 5]
    assert older(figures)[-1] == 8
    following = np.zeros(len(AGES))
    following[-1] = 4
    assert arrived(following, figures)[-2:] == pytest.approx([1.5, 2.5])
    assert arrived(older(figures), figures)[:-2] == pytest.approx(figures[:-2])


def test_order_of_rows_does_not_matter():
    frame = table()
    mixed = frame.sample(frac=1, random_state=3)
    one, other = (cohorts(each) for each in (frame, mixed))
    assert np.array_equal(one.people, other.people)
    courses = [project(held.at(2012), estimate(held), 10).totals for held in (one, other)]
    assert np.array_equal(*courses)


def test_an_age_that_is_not_listed_has_nobody_and_a_missing_figure_hides_the_year():
    frame = table(places=2)
    gone = frame[(frame["komm_nr"] == "1000") & (frame["year"] == 2003) & (frame["age"] == 90)].index
    held = cohorts(frame.drop(gone))
    assert (held.at(2003)[0, :, 90] == 0).all()
    frame.loc[gone, "population"] = pd.NA
    hidden = cohorts(frame)
    assert np.isnan(hidden.at(2003)[0]).all()
    assert not np.isnan(hidden.at(2003)[1]).any()
    assert np.isfinite(estimate(hidden).migration).all()


def test_years_before_a_gap_are_left_out():
    frame = table(places=1)
    assert list(cohorts(frame[frame["year"] != 2005]).years) == list(range(2006, 2013))
    assert cohorts(frame.head(0)).people.shape == (0, 0, 0, len(AGES))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda f: f.drop(columns="age"), "age mangler"),
        (lambda f: pd.concat([f, f.head(1)]), "flere ganger"),
        (lambda f: f.assign(population=f["population"] * -1), "fra 0 og opp"),
        (lambda f: f.assign(age=f["age"] + 1), "fra 0 til 105"),
        (lambda f: f.assign(sex=f["sex"].replace("2", "3")), "sex må være"),
    ],
)
def test_a_table_that_is_wrong_is_refused(change, fault):
    with pytest.raises(InvalidTable, match=fault):
        cohorts(change(table(places=1)))


def test_survival_falls_with_age_and_movers_sum_to_one():
    for sexes in (("1", "2"), ("0",)):
        held = estimate(cohorts(table(places=8, sexes=sexes)))
        assert (np.diff(held.survival, axis=1) <= 1e-12).all()
        assert held.movers.sum() == pytest.approx(1)
        assert held.fertility.shape == (8, len(AGES))


def test_known_deaths_set_the_level_of_mortality():
    frame = table(places=8)
    held = cohorts(frame)
    keys = pd.MultiIndex.from_product([held.places, range(2000, 2013)], names=["komm_nr", "year"]).to_frame(index=False)
    plain = estimate(held)
    people = np.stack([held.at(year) for year in range(2002, 2012)])
    expected = (people * (1 - plain.survival)).sum()
    changes = keys.assign(births=10.0, deaths=1.3 * expected / (8 * 10))
    told = estimate(held, changes)
    assert (people * (1 - told.survival)).sum() == pytest.approx(1.3 * expected, rel=0.05)


def test_a_country_that_does_not_change_is_projected_to_be_about_as_large():
    held = cohorts(table(places=30))
    totals = project(held.at(2012), estimate(held), 20, assumptions=STILL).totals.sum(axis=1)
    assert totals[20] == pytest.approx(totals[0], rel=0.04)


def test_given_attractiveness_is_that_of_the_year_before_and_is_not_known_sooner():
    held = cohorts(table(places=8))
    given_values = pd.DataFrame(
        {"komm_nr": ["1000", "1000"], "year": [2010, 2011], "value_pct": [5.0, 0.7], "deviation_pct": [1.0, 0.2]}
    )
    told = estimate(held, attractiveness=given_values)
    plain = estimate(held)
    assert (told.attractiveness[0], told.deviation[0]) == (0.7, 0.2)
    assert np.array_equal(told.attractiveness[1:], plain.attractiveness[1:])
    assert told.neutral[0] + told.attractiveness[0] == pytest.approx(plain.neutral[0] + plain.attractiveness[0])
    assert estimate(held, attractiveness=given_values, until=2011).attractiveness[0] == 5.0


# -- the record


def test_no_figure_after_the_origin_reaches_a_forecast():
    frame = table(places=6)
    later = frame.assign(population=frame["population"].where(frame["year"] <= 2008, frame["population"] * 3))
    found = [errors(cohorts(each)).query("origin <= 2008")["forecast"] for each in (frame, later)]
    assert np.array_equal(*found)


def test_the_record_counts_every_municipality_once_in_its_class():
    record = backtest(banded(errors(cohorts(table(places=30)))))
    key = ["origin", "horizon", "course"]
    assert not record.duplicated([*key, "size_class", "growth_class"]).any()
    whole = record.query("size_class == 'all' and growth_class == 'all'").set_index(key)["n"].sort_index()
    for one, other in (("size_class", "growth_class"), ("growth_class", "size_class")):
        parts = record[(record[one] != "all") & (record[other] == "all")].groupby(key)["n"].sum()
        assert whole.equals(parts.sort_index())


def test_the_course_with_the_least_error_after_five_and_ten_years_is_the_best_tested():
    rows = [
        ("neutral", 5, 103),
        ("neutral", 10, 90),
        ("trend", 5, 104),
        ("trend", 10, 101),
        ("unchanged", 5, 100),
        ("trend", 1, 300),
    ]
    found = pd.DataFrame(rows, columns=["course", "horizon", "forecast"]).assign(actual=100)
    assert ranked_courses(found) == ["trend", "neutral"]
    assert ranked_courses(found[found["course"] != "trend"]) == ["neutral", "trend"]
    assert ranked_courses(found.head(0)) == ["trend", "neutral"]


# -- bands


def invented(seed=1, places=200, origins=range(2011, 2021), horizons=range(1, 6), spread=0.02):
    """Errors whose size is known: of `spread` a year, five times that for every tenth place, which grows fast."""
    random = np.random.default_rng(seed)
    rows = pd.MultiIndex.from_product([range(places), origins, horizons], names=["place", "origin", "horizon"]).to_frame(
        index=False
    )
    fast_growing = rows["place"] % 10 == 0
    error = random.normal(0, 1, len(rows)) * spread * rows["horizon"] * np.where(fast_growing, 5, 1)
    rows = rows.assign(komm_nr=[f"{1000 + place}" for place in rows["place"]], course="trend", fast=fast_growing)
    return rows.assign(size_class="20000+", forecast=1000.0, actual=1000 * np.exp(error)).drop(columns="place")


def test_nine_of_ten_bands_hold_in_each_class():
    found = invented()
    held = np.abs(np.log(found["actual"] / found["forecast"])) <= bands.crossed(found)
    assert held.groupby([found["fast"], found["horizon"]]).mean().between(0.86, 0.94).all()


def test_a_band_is_made_without_the_municipalitys_own_later_errors_but_with_its_earlier_ones():
    found = invented()
    own, known_in = found["komm_nr"] == "1003", found["origin"] + found["horizon"]
    width = bands.crossed(found)
    wild = found.assign(actual=found["actual"].where(~own | (known_in <= 2015), 9000.0))
    same = own & (found["origin"] <= 2015)
    pd.testing.assert_series_equal(bands.crossed(wild)[same], width[same])
    before = found.assign(actual=found["actual"].where(~own | (known_in > 2015), 1300.0))
    later = own & (found["origin"] > 2015)
    assert (bands.crossed(before)[later] > 1.2 * width[later]).all()


def test_bands_never_narrow_with_the_horizon_and_go_on_where_nothing_is_seen():
    found = invented()
    places = pd.Index(["1000", "1001", "9999"])
    width = bands.ahead(found, places, np.array(["20000+"] * 3), np.array([True, False, False]), 25)
    assert (np.diff(width, axis=1) >= 0).all()
    assert (width[:, 24] > 3 * width[:, 4]).all()
    assert (width[0] > 2 * width[1]).all(), "fast growers have a class of their own"
    typical = bands.calibrated(bands.seen(found), 25).half[bands.group_of(["20000+"], [False])[0]]
    np.testing.assert_allclose(width[2], typical), "no errors of its own"


def test_a_class_of_too_few_has_the_band_of_its_size_and_no_errors_give_no_band():
    found = invented()
    few = found.assign(fast=found["komm_nr"].isin(["1000"]) & (found["origin"] == 2011))
    made = bands.calibrated(bands.seen(few), 5)
    of_size = bands.group_of(["20000+", "20000+", "0-999"], [True, False, False])
    assert np.isfinite(made.half[of_size]).all()
    np.testing.assert_allclose(made.half[of_size[0]], made.half[of_size[2]]), "all there are"
    assert np.isnan(bands.ahead(found.head(0), pd.Index(["1000"]), np.array(["0-999"]), np.array([False]), 3)).all()
    assert banded(found.head(0)).empty


# -- which course leads


def test_what_is_usual_is_what_nine_of_ten_decades_have_given_those_nearest_in_size():
    totals = np.array([[100.0 * 1.01**year, 200, 5000, 8000 * 0.99**year] for year in range(12)])
    people = np.zeros((*totals.shape, 1, len(AGES)))
    people[..., 0, 0] = totals
    held = Cohorts(pd.Index(list("abcd")), np.arange(2000, 2012), ("0",), people, np.ones(totals.shape, dtype=bool))
    low, high = usual(held)
    assert low == pytest.approx([100 * (1.01**10 - 1), 0, 0, 100 * (0.99**10 - 1)]), "one in four is of a size: itself"
    assert high == pytest.approx(low)
    short = Cohorts(held.places, held.years[:10], ("0",), people[:10], held.comparable[:10])
    assert np.isnan(usual(short)).all()
    split = Cohorts(held.places, held.years, ("0",), people, held.comparable & (held.years[:, None] != 2005))
    assert np.isnan(usual(split)).all()


def test_a_course_is_unusual_where_any_ten_years_are():
    steady = 1000 * 1.005 ** np.arange(26.0)
    jump = np.append(steady[:12], steady[12:] * 1.3)
    totals = np.stack([steady, jump, jump, np.zeros(26)], axis=1)
    assert is_usual(totals, np.array([0, 0, np.nan, 0.0]), np.array([10, 10, np.nan, 5.0])).tolist() == [True, False, True, True]
    assert is_usual(totals[:6], np.full(4, 0.0), np.full(4, 10.0)).all(), "half the range in half the time"


def test_a_course_that_is_held_within_the_usual_grows_no_more_than_that_and_is_else_as_it_was():
    held = cohorts(table(places=4))
    start, rates = held.at(2012), estimate(held)
    path = np.array([[3.0, -3.0, 3.0, 0.0]] * 25)
    low, high = np.array([-4.0, -4.0, np.nan, -50.0]), np.array([8.0, 8.0, np.nan, 50.0])
    bound = limited(start, rates, 25, path, low, high)
    assert is_usual(project(start, rates, 25, bound).totals, low, high).all()
    assert np.array_equal(bound[:, 2:], path[:, 2:])
    assert not is_usual(project(start, rates, 25, path).totals, low, high)[:2].any()


def test_size_classes_begin_at_their_least():
    assert list(size_class([0, 999, 1000, 19999, 20000])) == ["0-999", "0-999", "1000-4999", "5000-19999", "20000+"]
