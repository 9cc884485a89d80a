"""Borders that were moved: who, when, and how many people followed, worked out by hand."""

import pandas as pd
import pytest

from nlib.core.municipalities import Register, resource
from nlib.indicators import boundary_moves, population

CODES, CHANGES = resource("municipalities.csv"), resource("municipality_changes.csv")
MOVED = pd.concat([CHANGES, pd.DataFrame({"date": "2026-01-01", "old_nr": "3118", "new_nr": ["3207", "3216"]})])
PEOPLE = {"3118": (46_000, 45_700), "3207": (62_000, 62_900), "3216": (19_000, 19_300), "0301": (700_000, 707_000)}
GROWTH = {"3118": 200, "3207": 600, "3216": 100, "0301": 7000}


def inputs(growth=GROWTH):
    rows = [(number, year, people) for number, both in PEOPLE.items() for year, people in zip((2025, 2026), both, strict=True)]
    people = pd.DataFrame(rows, columns=["komm_nr", "year", "population"]).astype({"population": "Int64"})
    changes = pd.DataFrame({"komm_nr": growth.keys(), "year": 2025, "growth": growth.values()}).astype({"growth": "Int64"})
    return people, changes.astype({"komm_nr": "str"})


def moves(*given):
    dataset = boundary_moves.DATASET
    return dataset.check(dataset.build(*given)).set_index("komm_nr")


def test_people_are_what_population_has_changed_by_beyond_the_growth_that_is_booked():
    table = moves(*inputs(), CODES, MOVED)
    assert table["people"].to_dict() == {"3118": -500, "3207": 300, "3216": 200}
    assert table.loc["3118", "others"] == "3207 3216" and set(table["date"]) == {"2026-01-01"}


def test_those_who_left_one_have_come_to_the_others_where_nothing_else_is_corrected():
    assert moves(*inputs(), CODES, MOVED)["people"].sum() == 0


@pytest.mark.parametrize("growth", [{}, {"3118": pd.NA}])
def test_people_are_missing_and_not_zero_where_growth_is_not_booked(growth):
    assert moves(*inputs(growth), CODES, MOVED)["people"].isna().all()


def test_without_a_moved_border_there_are_no_rows_and_a_split_is_none():
    assert moves(*inputs(), CODES, CHANGES).empty
    assert set(Register(CODES, MOVED).border_moves["old_nr"]) == {"3118"}


def test_the_year_is_not_comparable_for_those_whose_border_was_moved_and_for_nobody_else():
    people, changes = inputs()
    by_age = people.assign(sex="0", age=40)
    whole = changes.assign(**dict.fromkeys(("births", "deaths", "in_migration", "out_migration"), pd.array([1] * 4, "Int64")))
    more = {name: pd.array([1] * 4, "Int64") for name in ("immigration", "emigration", "domestic_in", "domestic_out")}
    table = population.build(by_age, whole.assign(comparable=True, **more), CODES, MOVED)
    assert table.loc[~table["comparable"], ["komm_nr", "year"]].values.tolist() == [["3118", 2025], ["3207", 2025], ["3216", 2025]]
