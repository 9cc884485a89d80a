"""Tables that are put together from two of SSB's: moves, prices, debt, and projections that are never chained."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlib.data.sources import outside_work, ssb_03013, ssb_12137, ssb_13563
from nlib.indicators import consumer_prices, population_changes, population_projection
from nlib.indicators.consumer_prices import chain

COUNTS = ["births", "deaths", "in_migration", "out_migration", "immigration", "emigration", "domestic_in", "domestic_out", "growth"]


def changes(year, **counts):
    row = dict.fromkeys(COUNTS, pd.NA) | counts
    return pd.DataFrame([{"komm_nr": "3222", "year": year, **row, "comparable": True}]).astype(dict.fromkeys(COUNTS, "Int64"))


def yearly(year, **counts):
    return changes(year, **counts).drop(columns=COUNTS[4:8])


def quarterly(year, **counts):
    return changes(year, **counts).drop(columns=COUNTS[2:4])


def together(years, quarters):
    table = population_changes.DATASET.check(population_changes.build(years, quarters))
    return table.set_index(["komm_nr", "year"]).loc["3222"]


def test_a_year_has_the_yearly_tables_figures_and_moves_abroad_and_at_home_from_the_quarterly_one():
    row = together(
        yearly(2024, births=500, deaths=300, in_migration=3000, out_migration=2500, growth=700),
        quarterly(2024, births=499, deaths=300, immigration=800, emigration=200, domestic_in=2200, domestic_out=2300, growth=699),
    ).loc[2024]
    assert row[COUNTS].tolist() == [500, 300, 3000, 2500, 800, 200, 2200, 2300, 700]


def test_a_year_that_only_one_of_them_has_is_that_ones():
    quarter = quarterly(2025, births=5, deaths=3, immigration=8, emigration=2, domestic_in=22, domestic_out=pd.NA, growth=7)
    table = together(yearly(1960, births=50, in_migration=90), quarter)
    assert table.loc[2025, ["births", "in_migration"]].tolist() == [5, 30]
    assert pd.isna(table.loc[2025, "out_migration"]), "a hidden part leaves the sum missing"
    assert table.loc[1960, ["births", "in_migration"]].tolist() == [50, 90]
    assert table.loc[1960, COUNTS[4:8]].isna().all()


def prices(first, *values):
    return pd.DataFrame({"year": range(first, first + len(values)), "cpi": [float(value) for value in values]})


def test_an_index_that_covers_what_the_closed_one_did_is_used_whole():
    new, old = prices(2020, 80, 90, 100), prices(2021, 120, 130)
    assert chain(new, old).to_dict("list") == {"year": [2020, 2021, 2022], "cpi": [80, 90, 100], "chained": [False] * 3}


def test_years_before_the_new_index_are_multiplied_up_to_it_in_the_first_year_that_both_have_and_flagged():
    told = chain(prices(2022, 90, 100), prices(2020, 120, 130, 135, 141)).set_index("year")
    assert told["cpi"].round(6).tolist() == pytest.approx([120 * 90 / 135, 130 * 90 / 135, 90, 100], abs=1e-5)
    assert told["chained"].tolist() == [True, True, False, False]


def test_without_a_year_in_common_the_old_index_says_nothing_and_alone_it_stands():
    new, old = prices(2025, 100), prices(2020, 120, 130)
    assert chain(new, old)["year"].tolist() == [2025]
    assert chain(new.head(0), old)["cpi"].tolist() == [120, 130]
    assert len(chain(new.head(0), old.head(0))) == 0


@given(st.lists(st.floats(50, 200), min_size=4, max_size=8), st.floats(0.2, 5))
def test_the_growth_of_each_year_is_the_old_indexs_before_the_seam(values, scale):
    old = prices(2015, *values)
    new = prices(2015 + len(values) - 2, *(scale * value for value in values[-2:]))
    told = chain(new, old)["cpi"].to_numpy()
    assert told[1:] / told[:-1] == pytest.approx(old["cpi"].to_numpy()[1:] / old["cpi"].to_numpy()[:-1])


def test_prices_of_a_year_without_all_its_months_are_left_out():
    months = [("2025", 12), ("2026", 10)]
    rows = [(f"{year}M{month:02}", 100.0) for year, last in months for month in range(1, last + 1)]
    told = ssb_03013.build(pd.DataFrame(rows, columns=["Tid", "value"]))
    assert told["year"].tolist() == [2025]
    assert len(consumer_prices.DATASET.check(consumer_prices.build(told, told))) == 1


def vintage(*rows):
    figures = ["main", "low", "high"]
    return pd.DataFrame(rows, columns=["komm_nr", "year", "age", *figures]).astype(dict.fromkeys(figures, "Int64"))


def test_projections_stand_beside_each_other_by_the_year_they_were_made_in_with_their_ages_summed():
    before = vintage(("3222", 2026, 19, 10, 9, 11), ("3222", 2026, 20, 30, 29, 31))
    after = vintage(("3222", 2026, 19, 12, 12, 12), ("3222", 2026, 66, 40, 38, 42), ("3222", 2026, 80, 5, 5, 5))
    table = population_projection.DATASET.check(population_projection.build(before, after)).set_index("made")
    assert table["main"].to_dict() == {2024: 40, 2026: 57}
    assert table.loc[2026, ["age_0_19", "age_20_66", "age_80"]].tolist() == [12, 40, 5]
    assert table["latest"].to_dict() == {2024: False, 2026: True}
    assert table["table"].to_dict() == {2024: "14288", 2026: "14746"}


def test_a_hidden_age_leaves_its_group_and_the_whole_missing_and_no_vintage_gives_no_rows():
    hidden = vintage(("3222", 2026, 19, None, 9, 11), ("3222", 2026, 66, 30, 29, 31))
    row = population_projection.build(hidden.head(0), hidden).iloc[0]
    assert pd.isna(row["main"]) and pd.isna(row["age_0_19"]) and row["age_20_66"] == 30 and row["low"] == 38
    assert len(population_projection.build(hidden.head(0), hidden.head(0))) == 0


def cells(declaration, *rows):
    figures = pd.DataFrame(rows, columns=[*declaration.keys.values(), "year", *declaration.contents.values()])
    return declaration.raw().read([declaration.answer(figures, "2026-01-01T00:00:00Z")])


CODES = pd.DataFrame([("3222", "Lørenskog", "2024-01-01", None)], columns=["komm_nr", "name", "valid_from", "valid_to"])
NO_CHANGES = pd.DataFrame(columns=["date", "old_nr", "new_nr"])


def test_debt_in_kroner_stands_without_debt_in_percent_and_the_other_way_round():
    from nlib.data.sources import ssb_12143

    kroner = cells(ssb_12137.DECLARED, ("3222", 2025, 90_000))
    percent = cells(ssb_12143.DECLARED, ("3222", "net_operating_result_pct", 2025, 1.2), ("3222", "net_debt_pct", 2025, 98.5))
    for given_kroner, given_percent in ((kroner, percent), (None, percent), (kroner, None)):
        table = ssb_12137.DATASET.check(ssb_12137.build(given_kroner, given_percent, CODES, NO_CHANGES))
        assert table["net_debt_kr"].isna().all() == (given_kroner is None)
        assert table["net_debt_pct"].isna().all() == (given_percent is None)
        assert len(table) == 1


def test_the_young_outside_are_ssbs_own_count_and_are_not_among_the_statuses():
    statuses = {"i_alt": 100, "sysselsatt": 60, "ledig": 3, "tiltak": 1, "utdanning": 30, "aap_ufor": 2, "ovrige": 4, "utenfor": 9}
    rows = [
        ("3222", status, age, 2024, count * times)
        for age, times in (("15-29", 1), ("15-74", 4))
        for status, count in statuses.items()
    ]
    raw = cells(ssb_13563.DECLARED, *rows)
    young = outside_work.DATASET.check(outside_work.build(raw, CODES, NO_CHANGES)).iloc[0]
    assert (young["young"], young["outside"]) == (100, 9)
    adults = ssb_13563.DATASET.check(ssb_13563.build(raw, CODES, NO_CHANGES))
    assert adults["persons"].sum() == 400
