"""Rates of employment over three denominators, worked out by hand."""

import pandas as pd
import pytest

from nlib.indicators import employment_rates

RATES = ["jobs_per_100", "employed_pct", "employed_same_year_pct", "employed_15_74_pct"]
REGISTER = pd.DataFrame(
    {
        "komm_nr": ["0001", "0001"],
        "year": [2020, 2021],
        "population_15_74": [800, 810],
        "employed_residents": [500, 540],
        "jobs": [300, 310],
        "comparable": [True, True],
    }
).astype({"population_15_74": "Int64", "employed_residents": "Int64", "jobs": "Int64"})
POPULATION = pd.DataFrame({"komm_nr": ["0001", "0001"], "year": [2020, 2021], "population": [960, 1000], "comparable": True})


def rates(register=REGISTER, population=POPULATION):
    table = employment_rates.build(register, population.astype({"population": "Int64"}))
    return employment_rates.DATASET.check(table).set_index(["komm_nr", "year"])


def test_each_rate_has_its_own_denominator():
    row = rates().loc[("0001", 2020)]
    assert row.employed_pct == pytest.approx(50)  # over the 1 000 of the next 1 January
    assert row.employed_same_year_pct == pytest.approx(100 * 500 / 960)
    assert row.employed_15_74_pct == pytest.approx(62.5)
    assert row.jobs_per_100 == pytest.approx(30)


def test_a_year_whose_next_january_is_not_there_has_only_the_older_rate():
    row = rates().loc[("0001", 2021)]
    assert row[["employed_pct", "jobs_per_100"]].isna().all()
    assert row.employed_same_year_pct == pytest.approx(54)


def test_a_hidden_count_is_a_missing_rate_and_not_zero():
    row = rates(REGISTER.assign(employed_residents=pd.array([None, 540], dtype="Int64"))).loc[("0001", 2020)]
    assert row[["employed_pct", "employed_same_year_pct", "employed_15_74_pct"]].isna().all()
    assert row.jobs_per_100 == pytest.approx(30)


def test_a_place_where_nobody_lives_has_no_rate():
    assert rates(population=POPULATION.assign(population=0)).loc[("0001", 2020), ["jobs_per_100", "employed_pct"]].isna().all()


def test_a_split_or_a_moved_boundary_marks_the_year():
    assert not rates(REGISTER.assign(comparable=False))["comparable"].any()
    assert list(rates(population=POPULATION.assign(comparable=[False, True]))["comparable"]) == [False, True]


def test_without_population_the_rate_of_the_register_remains():
    row = rates(population=POPULATION.iloc[:0]).loc[("0001", 2020)]
    assert row[RATES].notna().to_list() == [False, False, False, True]
    assert row.comparable
