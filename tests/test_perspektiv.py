"""Dwellings over people and the three figures of the accounts, worked out by hand."""

import pandas as pd
import pytest

from nlib.indicators import dwelling_rates, economy_outlook


def homes(rows):
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "type", "dwellings", "comparable"])
    return frame.astype({"dwellings": "Int64"})


def people(rows):
    return pd.DataFrame(rows, columns=["komm_nr", "year", "population"]).astype({"population": "Int64"})


def rates(dwellings, population):
    table = dwelling_rates.DATASET.check(dwelling_rates.build(homes(dwellings), people(population)))
    return table.set_index(["komm_nr", "year"])


TEN = [("A", 2010, "blokk", 40, True), ("A", 2010, "enebolig", 60, True), ("A", 2020, "blokk", 50, True)]
TEN = [("0001", *row[1:]) for row in [*TEN, ("A", 2020, "enebolig", 75, True)]]
PEOPLE = [("0001", 2010, 200), ("0001", 2020, 220)]


def test_types_are_summed_put_over_people_and_grown_over_ten_years():
    row = rates(TEN, PEOPLE).loc[("0001", 2020)]
    assert row["dwellings"] == 125
    assert row["per_1000"] == pytest.approx(1000 * 125 / 220)
    assert row["growth_10_pct"] == pytest.approx(25)
    assert row["population_growth_10_pct"] == pytest.approx(10)


def test_a_hidden_type_makes_the_whole_missing_and_not_too_low():
    hidden = [(*TEN[0][:3], None, True), *TEN[1:]]
    table = rates(hidden, PEOPLE)
    assert pd.isna(table.loc[("0001", 2010), "dwellings"])
    assert table.loc[("0001", 2010), "per_1000"] != table.loc[("0001", 2010), "per_1000"]
    assert pd.isna(table.loc[("0001", 2020), "growth_10_pct"])
    assert table.loc[("0001", 2020), "population_growth_10_pct"] == pytest.approx(10)


def test_a_year_before_a_split_is_not_grown_from():
    split = [(*row[:4], row[1] != 2010) for row in TEN]
    assert rates(split, PEOPLE).loc[("0001", 2020), ["growth_10_pct", "population_growth_10_pct"]].isna().all()


def test_where_nobody_lives_or_nobody_is_counted_there_is_no_rate():
    table = rates(TEN, [("0001", 2010, 0)])
    assert table["per_1000"].isna().all()
    assert table["population_growth_10_pct"].isna().all()


def test_the_accounts_are_side_by_side_and_a_table_without_a_year_is_missing_in_it():
    key = {"komm_nr": ["0001", "0001"], "year": [2020, 2021]}
    result = pd.DataFrame(key | {"net_operating_result_pct": [1.0, None]})
    debt = pd.DataFrame(key | {"net_debt_pct": [90.0, None]})
    reserves = pd.DataFrame({"komm_nr": ["0001"], "year": [2020], "free_reserves_pct": [8.0]})
    table = economy_outlook.DATASET.check(economy_outlook.build(result, debt, reserves))
    assert table.values.tolist() == [["0001", 2020, 1.0, 90.0, 8.0]]
    only = economy_outlook.DATASET.check(economy_outlook.build(result.head(0), debt, reserves.head(0)))
    assert only["net_debt_pct"].tolist() == [90.0]
    assert only[["net_operating_result_pct", "free_reserves_pct"]].isna().all(axis=None)
