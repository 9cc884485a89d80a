"""The table of headline figures: values, places, changes and noise by hand; a missing table gives no rows, never a failure."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.build import pipeline
from nlib.core.errors import InvalidTable
from nlib.core.tables import PxQuery
from nlib.indicators import headline_figures
from nlib.indicators.headline_figures import LISTED, TABLES

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
YEARS = list(range(2010, 2022))


def built(**tables: pd.DataFrame) -> pd.DataFrame:
    """The table where only these are there, by name."""
    given = [tables.get(name, pipeline.datasets()[name].empty()) for name in TABLES]
    return headline_figures.DATASET.check(headline_figures.build(*given))


def yearly(komm_nr, column, values, years=YEARS, comparable=True, **more) -> pd.DataFrame:
    return pd.DataFrame({"komm_nr": komm_nr, "year": years, column: values, "comparable": comparable} | more)


def commuting(*rows: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat(rows, ignore_index=True)
    return table.assign(in_pct=np.nan, coverage_pct=np.nan, jobs=pd.NA)


def one(table, komm_nr="3222", year=2021, indicator="population") -> pd.Series:
    found = table[(table["komm_nr"] == komm_nr) & (table["year"] == year) & (table["indicator"] == indicator)]
    assert len(found) == 1
    return found.iloc[0]


def test_without_any_table_there_are_no_rows():
    assert built().empty


def test_a_table_that_is_missing_gives_no_rows_and_the_others_stand():
    table = built(population=yearly("3222", "population", range(100, 112)))
    assert set(table["indicator"]) == {"population"}
    assert table["year"].min() == 2012
    assert len(table) == 10


def test_a_column_that_the_list_names_and_a_table_lacks_is_told():
    with pytest.raises(InvalidTable, match="population"):
        built(population=yearly("3222", "people", range(100, 112)))


def test_a_count_changes_in_percent_and_is_not_held_against_the_nation():
    row = one(built(population=yearly("3222", "population", [100] * 7 + [100, 100, 100, 100, 110])))
    assert row["change_5y"] == pytest.approx(10)
    assert math.isnan(row["national_value"])


def test_an_even_growth_has_no_noise_and_an_uneven_one_has():
    even = pd.Series(100 * 1.02 ** np.arange(12))
    uneven = even * (1 + 0.03 * (-1.0) ** np.arange(12))
    table = built(population=pd.concat([yearly("3222", "population", even), yearly("1151", "population", uneven)]))
    assert one(table)["change_noise"] == pytest.approx(0, abs=1e-9)
    shaky = one(table, "1151")
    steps = 100 * uneven.pct_change().tail(9)
    assert shaky["change_noise"] == pytest.approx(1.645 * math.sqrt(5) * steps.std())
    assert shaky["noise"] == pytest.approx(1.645 * steps.std() / 100 * shaky["value"])


def test_no_change_is_told_across_the_break_of_2015():
    rows = commuting(yearly("3222", "out_pct", np.linspace(60, 71, 12), employed_residents=100))
    table = built(commuting=rows)
    assert math.isnan(one(table, year=2019, indicator="out_pct")["change_5y"])
    assert one(table, year=2020, indicator="out_pct")["change_5y"] == pytest.approx(5)


def test_the_nation_is_weighted_with_what_the_share_is_of():
    rows = commuting(
        yearly("3222", "out_pct", 70.0, employed_residents=300),
        yearly("1151", "out_pct", 10.0, employed_residents=100),
        yearly("0301", "out_pct", np.nan, employed_residents=9000),
    )
    row = one(built(commuting=rows), indicator="out_pct")
    assert row["national_value"] == pytest.approx(55)
    assert not row["national_mean"]
    assert row["n"] == 2


def test_equal_values_share_the_better_place_and_what_is_not_comparable_has_none():
    rows = pd.concat(
        [
            yearly("3222", "population", 50),
            yearly("1151", "population", 50),
            yearly("0301", "population", 10),
            yearly("1580", "population", 90, comparable=False),
        ]
    )
    table = built(population=rows)
    assert [one(table, nr)["rank"] for nr in ("3222", "1151", "0301")] == [1, 1, 3]
    split = one(table, "1580")
    assert pd.isna(split["rank"])
    assert math.isnan(split["change_5y"])
    assert split["value"] == 90
    assert split["n"] == 3


def test_a_figures_own_interval_is_its_noise():
    rows = pd.DataFrame({"komm_nr": "3222", "year": YEARS, "model": "nlib", "kind": "samlet", "period": 3})
    rows = rows.assign(value_pct=1.0, low_pct=0.6, high_pct=1.4)
    other = rows.assign(period=5, value_pct=9.0)
    row = one(built(attractiveness=pd.concat([rows, other])), indicator="samlet")
    assert row["value"] == 1
    assert row["noise"] == pytest.approx(0.4)
    assert row["change_noise"] == pytest.approx(0.4 * math.sqrt(2))
    assert row["national_mean"]


def test_a_year_that_is_missing_between_others_is_not_taken_for_the_one_before():
    rows = yearly("3222", "population", range(100, 112))
    row = one(built(population=rows[rows["year"] != 2016]))
    assert math.isnan(row["change_5y"])


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random):
    rows = pd.concat([yearly(nr, "population", np.arange(12.0) ** at + 50) for at, nr in enumerate(("3222", "1151", "0301"))])
    order = list(range(len(rows)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(built(population=rows), built(population=rows.iloc[order]))


# -- the list


def test_every_figure_of_the_list_is_on_the_page_that_it_links_to():
    for chart in LISTED["chart"]:
        notebook = json.loads((NOTEBOOKS / f"{chart.partition('.')[0]}.ipynb").read_text(encoding="utf-8"))
        assert any(f'"{chart}"' in "".join(cell["source"]) for cell in notebook["cells"]), chart


def test_every_source_of_the_list_is_one_that_its_table_comes_from():
    for row in LISTED[LISTED["source"] != "nlib"].itertuples():
        origins = pipeline.origins([row.figure.partition(".")[0]]).values()
        assert row.source in {raw.table for raw in origins if isinstance(raw.query, PxQuery)}, row.indicator


def test_names_of_the_list_are_not_used_twice():
    assert LISTED["indicator"].is_unique
    assert LISTED["label"].is_unique
