"""Facts and developments: values, intervals, ranks, nation and changes by hand; a missing table gives no rows, never a failure."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_facts import built

from nlib.build import pipeline
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.catalogue import CATALOGUE, LEAST_BASE, held, square
from nlib.core.errors import InvalidTable
from nlib.core.invented import Invented
from nlib.core.language import number
from nlib.core.tables import PxQuery
from nlib.core.translations import catalogue
from nlib.data.sources import own_indicators
from nlib.indicators import developments, facts, kommune_nm_indicators

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
YEARS = list(range(2010, 2022))


def developed(**tables: pd.DataFrame) -> pd.DataFrame:
    return developments.DATASET.check(developments.build(built(**tables)))


def yearly(komm_nr, column, values, years=YEARS, comparable=True, **more) -> pd.DataFrame:
    return pd.DataFrame({"komm_nr": komm_nr, "year": years, column: values, "comparable": comparable} | more)


def commuting(*rows: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(rows, ignore_index=True).assign(in_pct=np.nan, coverage_pct=np.nan, jobs=pd.NA)


def one(table, komm_nr="3222", indicator="population", **key) -> pd.Series:
    wanted = {"komm_nr": komm_nr, "indicator": indicator} | key
    found = table[np.logical_and.reduce([table[name] == value for name, value in wanted.items()])]
    assert len(found) == 1
    return found.iloc[0]


def test_without_any_table_there_are_no_facts_and_no_developments():
    assert built().empty
    assert developed().empty


def test_a_table_that_is_missing_gives_no_rows_and_the_others_stand():
    table = built(population=yearly("3222", "population", range(100, 112)))
    assert set(table["indicator"]) == {"population"}
    assert list(table["year"]) == YEARS


def test_a_column_that_the_catalogue_names_and_a_table_lacks_is_named():
    with pytest.raises(InvalidTable, match="population"):
        built(population=yearly("3222", "people", range(100, 112)))


def test_the_nation_is_the_sum_of_a_count_and_a_rate_weighted_with_what_it_is_a_share_of():
    people = pd.concat([yearly("3222", "population", 300), yearly("1151", "population", 100)])
    assert one(built(population=people), year=2021)["nation"] == 400
    rows = commuting(
        yearly("3222", "out_pct", 70.0, employed_residents=300),
        yearly("1151", "out_pct", 10.0, employed_residents=100),
        yearly("0301", "out_pct", np.nan, employed_residents=9000),
    )
    row = one(built(commuting=rows), indicator="out_pct", year=2021)
    assert row["nation"] == pytest.approx(55)
    assert row["n"] == 2


def test_equal_values_share_the_better_place_and_what_is_not_comparable_has_none():
    rows = [("3222", 500, True), ("1151", 500, True), ("0301", 100, True), ("1580", 900, False)]
    table = built(population=pd.concat([yearly(nr, "population", people, comparable=same) for nr, people, same in rows]))
    assert [one(table, nr, year=2021)["rank"] for nr, *_ in rows[:3]] == [1, 1, 3]
    assert [one(table, nr, year=2021)["tied"] for nr, *_ in rows] == [2, 2, 1, 0]
    split = one(table, "1580", year=2021)
    assert pd.isna(split["rank"]) and not split["comparable"] and split["value"] == 900 and split["n"] == 3


def test_no_rank_is_given_where_fewer_than_fifty_lie_under_it_but_they_are_counted_among_the_others():
    few, many = LEAST_BASE - 1, LEAST_BASE
    rows = commuting(
        yearly("1151", "out_pct", 90.0, employed_residents=few), yearly("3222", "out_pct", 70.0, employed_residents=many)
    )
    table = built(commuting=rows)
    assert pd.isna(one(table, "1151", "out_pct", year=2021)["rank"])
    assert one(table, "3222", "out_pct", year=2021)[["rank", "n"]].tolist() == [2, 2]


def test_an_estimate_has_its_own_interval_and_band_of_ranks_and_a_register_has_none():
    rows = pd.DataFrame({"komm_nr": "3222", "year": YEARS, "model": "nlib", "kind": "samlet", "period": 3})
    rows = rows.assign(value_pct=1.0, low_pct=0.6, high_pct=1.4, rank_low=2, rank_high=9)
    other = rows.assign(period=5, value_pct=9.0)
    people = yearly("3222", "population", 40_000)
    table = built(attractiveness=pd.concat([rows, other]), population=people)
    row = one(table, indicator="samlet", year=2021)
    assert row[["value", "low", "high", "rank", "rank_low", "rank_high"]].tolist() == [1, 0.6, 1.4, 1, 2, 9]
    assert math.isnan(row["nation"])
    assert one(table, year=2021)[["low", "high", "rank_low"]].isna().all()


def test_a_fact_is_synthetic_in_the_years_that_its_figure_is():
    invented = {"population": Invented({"population": frozenset([2011])}, frozenset(YEARS))}
    table = built(invented, population=yearly("3222", "population", 500))
    assert table.loc[table["synthetic"], "year"].tolist() == [2011]


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(random):
    rows = pd.concat([yearly(nr, "population", np.arange(12.0) ** at + 50) for at, nr in enumerate(("3222", "1151", "0301"))])
    order = list(range(len(rows)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(built(population=rows), built(population=rows.iloc[order]))


@pytest.mark.parametrize("name", list(CATALOGUE["indicator"]))
def test_every_fact_of_the_edition_keeps_what_the_catalogue_says(demo_edition, name):
    """A place is within N, a share within 0–100, and an interval is around its value and of what is estimated alone."""
    row = CATALOGUE.set_index("indicator").loc[name]
    table = demo_edition.table("facts")
    table = table[table["indicator"] == name]
    assert len(table) and not table.duplicated(["komm_nr", "year"]).any()
    assert table["rank"].dropna().le(table["n"]).all() and table["tied"].le(table["n"]).all()
    last = table[table["year"] == table["year"].max()]
    assert last["rank"].dropna().min() == 1
    if row["kind"] == "telling":
        assert table[["low", "high", "rank_low", "rank_high"]].isna().all(axis=None)
    held = table.dropna(subset=["low", "high"])
    assert (held["low"] <= held["value"]).all() and (held["value"] <= held["high"]).all()
    if row["unit"] == "%" and row["kind"] == "telling" and name.startswith(("out_", "in_", "higher", "grunn", "fag", "age_")):
        assert table["value"].between(0, 100).all()


# -- developments


def test_a_count_changes_in_percent_over_five_years_beside_what_is_usual():
    rows = [yearly("3222", "population", [100] * 11 + [110]), yearly("1151", "population", [100] * 11 + [104])]
    row = one(developed(population=pd.concat(rows)))
    assert row[["since", "before"]].tolist() == [2016, 100] and row["change"] == pytest.approx(10)
    assert row["usual_change"] == pytest.approx(7)


def test_no_change_is_measured_across_the_break_of_2015_but_over_three_years_after_it():
    def shares(last):
        return commuting(yearly("3222", "out_pct", range(60, 60 + last - 2009), range(2010, last + 1), employed_residents=100))

    assert pd.isna(one(developed(commuting=shares(2017)), indicator="out_pct")["change"])
    row = one(developed(commuting=shares(2018)), indicator="out_pct")
    assert row["since"] == 2015 and row["change"] == 3
    assert one(developed(commuting=shares(2021)), indicator="out_pct")["since"] == 2016


def test_what_is_not_comparable_in_either_year_has_no_change():
    rows = pd.concat([yearly("1580", "population", range(100, 112), comparable=[year != 2016 for year in YEARS])])
    row = one(developed(population=rows), "1580")
    assert row[["change", "since", "before"]].isna().all()


def test_a_year_that_is_missing_between_others_is_not_taken_for_the_one_before():
    rows = yearly("3222", "population", range(100, 112))
    assert pd.isna(one(developed(population=rows[rows["year"] != 2016]))["change"])


def test_a_swing_is_the_spread_of_the_latest_yearly_changes():
    values = np.array([0, 0, *np.tile([100.0, 104.0], 5)])
    row = one(developed(population=yearly("3222", "population", values)))
    assert row[["lowest", "highest"]].tolist() == [100, 104]
    assert row["swing"] == pytest.approx(pd.Series(values[2:]).diff().std())


def test_a_real_figure_is_not_held_against_an_invented_one(demo_edition):
    table = demo_edition.table("facts").set_index(["indicator", "year"]).sort_index()
    assert not table.loc["population", "synthetic"].any() and table.loc["samlet", "synthetic"].all()
    shares = table.loc["out_pct"].groupby("year")["synthetic"].all()
    assert [year for year, made in shares.items() if not made] == [2017, 2018, 2020, 2021]
    moved = demo_edition.table("developments")
    assert set(moved.loc[moved["indicator"] == "out_pct", "since"].dropna()) == {2017}, "2016 is invented"


def test_the_published_figures_of_lorenskog_are_among_the_facts_of_ssbs_own_rows(demo_edition):
    table = demo_edition.table("facts")
    told = {name: one(table, indicator=name, year=2017)["value"] for name in ("jobs", "out_pct", "in_pct")}
    assert told["jobs"] == 20_720  # SSB, table 03321, 2017
    assert round(told["out_pct"], 1) == 69.3 and round(told["in_pct"], 1) == 70.7


# -- the catalogue


def test_every_chart_of_the_catalogue_is_on_the_page_that_it_names():
    for row in CATALOGUE.itertuples():
        notebook = json.loads((NOTEBOOKS / f"{row.chart.partition('.')[0]}.ipynb").read_text(encoding="utf-8"))
        assert any(f'"{row.chart}"' in "".join(cell["source"]) for cell in notebook["cells"]), row.chart


def test_every_source_of_the_catalogue_is_one_that_its_table_comes_from():
    for row in CATALOGUE[CATALOGUE["source"] != "nlib"].itertuples():
        origins = pipeline.origins([row.figure.partition(".")[0]]).values()
        assert row.source in {raw.table for raw in origins if isinstance(raw.query, PxQuery)}, row.indicator


def test_what_the_catalogue_says_is_within_what_it_may_say():
    allowed = {
        "kind": {"telling", "anslag", "sammensatt"},
        "quantity": {"rate", "count"},
        "direction": {"-1", "0", "1"},
        "scope": {"bosatt", "arbeidssted", "registrert", "kommunen"},
        "change": {"percent", "points", "none"},
        "broken": {"0", str(A_ORDNINGEN), "2020"},
    }
    for column, values in allowed.items():
        assert set(CATALOGUE[column]) <= values, column
    assert CATALOGUE["indicator"].is_unique and CATALOGUE["label"].is_unique
    assert (CATALOGUE.loc[CATALOGUE["kind"] == "telling", ["low", "high", "rank_low"]] == "").all(axis=None)


@pytest.mark.parametrize("language", ["nn", "en"])
def test_what_the_catalogue_calls_things_is_in_every_language(language):
    """What is written alike in both, as «%», is not translated."""
    known = {text for _, text in catalogue(language)}
    words = {text for column in ("label", "subject", "unit") for text in CATALOGUE[column] if text and text != "%"}
    assert words <= known, sorted(words - known)


def test_the_composite_index_calls_nothing_what_the_catalogue_has_called():
    listed = pd.read_csv(Path(facts.__file__).parents[1] / "core/resources/kommune_nm.csv", comment="#").set_index("figure")
    twice = listed.loc[listed.index.isin(CATALOGUE["figure"])]
    assert len(twice) > 10 and twice[["indicator", "direction", "unit", "decimals"]].isna().all(axis=None)
    made = kommune_nm_indicators.build(own_indicators.DATASET.empty()).set_index("figure")
    for row in CATALOGUE[CATALOGUE["figure"].isin(twice.index)].itertuples():
        declared = (row.label, int(row.direction), row.unit, int(row.decimals))
        assert tuple(made.loc[row.figure, ["indicator", "direction", "unit", "decimals"]]) == declared


def test_a_value_that_a_page_holds_is_written_as_the_value_itself():
    values = pd.Series([-0.049592, 0.0504, 0.05, -0.0501, 0.149996, 12.25, np.nan])
    assert held(values, 1).iloc[:5].tolist() == [-0.049, 0.051, 0.05, -0.051, 0.149]
    drawn = pd.Series(np.random.default_rng(1).normal(0, 1, 20_000))
    for decimals in (0, 1, 2):
        told = [[number(value, decimals) for value in some] for some in (drawn, held(drawn, decimals))]
        assert told[0] == told[1]


def test_a_figure_that_nobody_has_is_comparable_with_none_and_one_of_another_source_than_most_not_either():
    table = pd.DataFrame({"komm_nr": ["0301", "1103", "3222"], "year": 2024, "source": ["regnskap", "regnskap", "anslag"]})
    tables = {"value_creation": table.assign(per_employee_kr=[1.0, 2.0, 3.0], low=np.nan)}
    assert square("value_creation.per_employee_kr", tables)[1][2024].tolist() == [True, True, False]
    value, comparable = square("value_creation.low", tables)
    assert value.isna().all(axis=None) and not comparable.any(axis=None)
