"""Age groups, dependency ratios and the parts of growth as tables: parts that sum, hidden cells, nobody, bad input."""

import pandas as pd
import population_country as country
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import InvalidTable
from nlib.indicators import age_structure, population_changes, population_growth_parts

PARTS = list(population_growth_parts.PARTS)
COUNTS = st.one_of(st.none(), st.integers(0, 500))


def row(table, komm_nr, year):
    return table[(table["komm_nr"] == komm_nr) & (table["year"] == year)].iloc[0]


def one(age_counts, year=2026):
    rows = [("3222", year, "0", age, count, True) for age, count in age_counts.items()]
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "sex", "age", "population", "comparable"])
    return age_structure.build(frame.astype({"komm_nr": "str", "population": "Int64"}))


# -- age groups


def test_the_groups_and_ratios_are_those_counted_by_hand():
    # 400 people: 40 80 40 | 80 80 40 | 24 16; young 160, working 200, old 40
    told = row(country.structure(), "3222", 2018)
    assert [told[group] for group in age_structure.GROUPS] == [40, 80, 40, 80, 80, 40, 24, 16]
    assert [told["young"], told["working"], told["old"]] == [160, 200, 40]
    assert told["age_6_15_pct"] == 20.0
    assert (told["young_per_100"], told["old_per_100"], told["dependants_per_100"]) == (80.0, 20.0, 100.0)


def test_a_birthday_moves_a_person_from_one_group_to_the_next():
    ends = [age for group in age_structure.GROUPS.values() for age in group]
    told = one(dict.fromkeys(ends, 1)).iloc[0]
    assert [told[group] for group in age_structure.GROUPS] == [2] * 8


def test_men_and_women_together_are_the_same_as_a_table_without_sex():
    pd.testing.assert_frame_equal(country.structure(), country.structure(country.by_age(sexes=("0",))))


def test_a_group_with_a_hidden_age_is_missing_not_less():
    told = one(dict.fromkeys(range(106), 1) | {4: pd.NA}).iloc[0]
    assert pd.isna([told["age_0_5"], told["young"], told["population"], told["age_6_15_pct"], told["young_per_100"]]).all()
    assert (told["age_6_15"], told["working"], told["old"]) == (10, 45, 41)


def test_a_group_that_no_row_tells_of_is_missing():
    told = one({3: 10, 30: 20}).iloc[0]
    assert told["age_0_5"] == 10
    assert pd.isna([told["age_80"], told["old"], told["population"]]).all()


def test_ratios_to_nobody_are_missing():
    told = one({first: 0 for first, _ in age_structure.GROUPS.values()}).iloc[0]
    assert told["population"] == 0
    assert pd.isna([told["age_0_5_pct"], told["old_per_100"], told["dependants_per_100"]]).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 900), min_size=106, max_size=106))
def test_groups_add_up_to_all_and_shares_to_a_hundred(counts):
    told = one(dict(enumerate(counts))).iloc[0]
    assert told[list(age_structure.GROUPS)].sum() == told["population"] == sum(counts)
    assert told["young"] + told["working"] + told["old"] == sum(counts)
    if sum(counts):
        assert told[[f"{group}_pct" for group in age_structure.GROUPS]].sum() == pytest.approx(100)
    if told["working"]:
        assert told["young_per_100"] + told["old_per_100"] == pytest.approx(told["dependants_per_100"])


# -- parts of growth


def test_the_parts_are_those_counted_by_hand():
    # 400 to 420: 8 - 3 born less dead, 30 - 20 from home, 6 - 1 from abroad
    told = row(country.parts(), "3222", 2018)
    assert [told[part] for part in (*PARTS, "growth")] == [5, 10, 5, 0, 20]
    assert [told[f"{part}_pct"] for part in (*PARTS, "growth")] == [1.25, 2.5, 1.25, 0.0, 5.0]


def test_what_the_parts_leave_is_a_correction():
    told = country.people().replace({"population": {420: 423}})
    assert row(country.parts(told), "3222", 2018)["correction"] == 3
    assert row(country.parts(told), "3222", 2019)["correction"] == -3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(*[COUNTS] * 6), min_size=4, max_size=4), st.lists(COUNTS, min_size=5, max_size=5))
def test_parts_sum_to_growth_or_are_missing(moves, people):
    names = ["births", "deaths", "immigration", "emigration", "domestic_in", "domestic_out"]
    changes = pd.DataFrame(moves, columns=names).assign(komm_nr="3222", year=range(2020, 2024), growth=pd.NA, comparable=True)
    population = pd.DataFrame({"komm_nr": "3222", "year": range(2020, 2025), "population": people})
    population = population.assign(growth=pd.NA, comparable=True).astype({"population": "Int64", "growth": "Int64"})
    table = population_growth_parts.build(
        population, population_changes.DATASET.check(changes.assign(in_migration=pd.NA, out_migration=pd.NA))
    )
    table = population_growth_parts.DATASET.check(table)
    known = table.dropna(subset=[*PARTS, "growth"])
    assert (known[PARTS].sum(axis=1) == known["growth"]).all()
    for told in table.itertuples():
        given_all = None not in moves[told.year - 2020] if told.year < 2024 else False
        assert pd.isna(told.correction) == (not given_all or pd.isna(told.growth))


def test_without_changes_growth_alone_is_told():
    table = country.parts(moves=country.no_changes())
    assert table[PARTS].isna().all(axis=None)
    assert row(table, "3222", 2025)["growth"] == 20
    assert set(table["year"]) == set(country.YEARS[:-1])


def test_a_hidden_part_leaves_the_correction_unknown():
    moves = country.changes()
    moves.loc[(moves["komm_nr"] == "3222") & (moves["year"] == 2020), "emigration"] = pd.NA
    told = row(country.parts(moves=moves), "3222", 2020)
    assert pd.isna(told["foreign_net"]) and pd.isna(told["correction"])
    assert (told["growth"], told["birth_surplus"]) == (20, 5)


def test_a_year_whose_end_is_not_known_yet_has_the_growth_that_06913_tells():
    last = country.people().query("year < 2026").assign(growth=lambda table: table["year"].where(table["year"] == 2025))
    told = last.assign(growth=last["growth"].mask(last["growth"].notna(), 7).astype("Int64"))
    assert row(country.parts(told), "3222", 2025)["growth"] == 7


def test_shares_of_nobody_are_missing():
    told = country.people().assign(population=lambda table: table["population"] * 0)
    assert country.parts(told)["growth_pct"].isna().all()


def test_the_nation_has_no_domestic_moves_in_a_closed_country():
    moves = country.changes(("0301", "3205"))
    assert country.parts(moves=moves).query("komm_nr in ['0301', '3205']").groupby("year")["domestic_net"].sum().eq(0).all()


def test_a_municipality_that_stands_twice_is_refused():
    twice = pd.concat([country.structure(), country.structure()])
    with pytest.raises(InvalidTable, match="nøkkelen"):
        age_structure.DATASET.check(twice)


def test_fewer_than_nobody_is_refused():
    with pytest.raises(InvalidTable, match="age_0_5"):
        age_structure.DATASET.check(country.structure().assign(age_0_5=-1))
