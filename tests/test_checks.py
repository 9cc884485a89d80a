"""The catalogue of checks: each rule holds on sound tables and names what breaks it."""

import pandas as pd
import pytest

from nlib.checks import CHECKS, run

PLACES = pd.DataFrame({"komm_nr": ["0001", "0002"]})


def commuting(jobs=(10, 20), residents=(12, 18), year=2021):
    frame = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": year, "jobs": jobs, "employed_residents": residents})
    return frame.astype({"jobs": "Int64", "employed_residents": "Int64"}).assign(comparable=True)


def broken(now, before=()):
    return {(breach.rule, breach.table) for breach in run(now, dict(before))}


def test_sound_tables_break_no_rule():
    now = {"municipalities": PLACES, "commuting": commuting(), "employed_register": commuting()}
    assert run(now, now) == []


def test_rules_have_names_of_their_own():
    assert len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize(
    ("register", "rule"),
    [
        (commuting(jobs=(10, 21)), "samme-arbeidsplasser"),
        (commuting(residents=(11, 18)), "samme-sysselsatte"),
        (commuting(residents=(14, 18)), "samme-sysselsatte"),
    ],
)
def test_sources_that_disagree_are_named(register, rule):
    breaches = run({"municipalities": PLACES, "commuting": commuting(), "employed_register": register}, {})
    assert [breach.rule for breach in breaches] == [rule]
    assert "komm_nr 000" in str(breaches[0])


def test_a_table_whose_years_stop_before_its_sister_is_named():
    now = {
        "municipalities": PLACES,
        "commuting": commuting(year=2020),
        "employed_register": pd.concat([commuting(year=y) for y in (2020, 2021)]),
    }
    assert broken(now) == {("samme-siste-år", "commuting")}


def test_a_table_of_files_by_hand_need_not_hold_every_municipality_but_must_agree_with_the_others():
    now = {"municipalities": PLACES, "commuting": commuting().head(1)}
    assert run(now, {}, in_part=["commuting"]) == []
    now["employed_register"] = commuting(jobs=(11, 20))
    assert [breach.rule for breach in run(now, {}, in_part=["commuting"])] == ["samme-arbeidsplasser"]


def test_a_few_residents_at_sea_are_no_breach():
    assert (
        run(
            {
                "municipalities": PLACES,
                "commuting": commuting((10, 20), (100, 100)),
                "employed_register": commuting((10, 20), (102, 104)),
            },
            {},
        )
        == []
    )


def test_what_a_split_touches_need_not_agree():
    ours = commuting().assign(comparable=False)
    assert run({"municipalities": PLACES, "commuting": ours, "employed_register": commuting((11, 20), (1, 1))}, {}) == []


def test_a_municipality_missing_in_the_last_year_is_named():
    assert broken({"municipalities": PLACES, "commuting": commuting().head(1)}) == {("alle-kommuner", "commuting")}


def test_a_year_that_was_there_before_and_is_gone_is_named():
    before = {"commuting": pd.concat([commuting(), commuting(year=2020)])}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == {("ingenting-borte", "commuting")}


def test_a_municipality_that_no_longer_exists_is_not_missed():
    before = {"commuting": commuting().assign(komm_nr=["0001", "0009"])}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == set()


def test_a_total_of_another_magnitude_is_named():
    before = {"commuting": commuting(jobs=(10_000, 20_000))}
    assert broken({"municipalities": PLACES, "commuting": commuting()}, before) == {("samme-størrelse", "commuting")}


def sectors(jobs=(400, 600, 1200, 800)):
    return pd.DataFrame(
        {"komm_nr": ["0001", "0001", "0002", "0002"], "year": 2021, "jobs": pd.array(jobs, "Int64"), "comparable": True}
    ).assign(employed_residents=pd.array([300, 800, 900, 900], "Int64"))


@pytest.mark.parametrize(("table", "rule"), [("employed_by_sector", "sektorer"), ("employed_by_industry_group", "næringsgrupper")])
def test_parts_that_do_not_add_up_to_the_whole_are_named_and_hidden_ones_are_not(table, rule):
    whole = commuting((1000, 2000), (1100, 1800)).assign(population_15_74=10_000)
    now = {"municipalities": PLACES, "employed_register": whole}
    assert run(now | {table: sectors()}, {}) == []
    assert run(now | {table: sectors((400, 600, 1200, 860))}, {}) == [], "3 %: other ages are counted in some years"
    assert broken(now | {table: sectors((400, 600, 1200, 861))}) == {(f"samme-{rule}", table)}
    assert broken(now | {table: sectors((400, 600, 1200, 739))}) == {(f"samme-{rule}", table)}
    assert run(now | {table: sectors((400, None, 1200, 800))}, {}) == []


def test_industries_may_miss_the_nation_by_their_rounding_and_no_more():
    now = {"municipalities": PLACES, "employed_register": commuting((1000, 2000), (1500, 1500)).assign(population_15_74=9)}
    rounded = commuting((1010, 2010), (1500, 1500))
    assert run(now | {"employed_by_industry": rounded}, {}) == []
    assert broken(now | {"employed_by_industry": commuting((1020, 2020), (1500, 1500))}) == {
        ("samme-næringer", "employed_by_industry")
    }


def grown(growth=(5, 10), births=(5, 12)):
    """Two municipalities of 1 000 in 2020, one year of changes, and what they are in 2021."""
    changes = pd.DataFrame({"komm_nr": ["0001", "0002"], "year": 2020, "births": births, "deaths": 0, "comparable": True})
    changes = changes.assign(immigration=0, emigration=0, domestic_in=0, domestic_out=0, growth=growth)
    people = pd.DataFrame(
        {"komm_nr": ["0001", "0002"] * 2, "year": [2020, 2020, 2021, 2021], "population": [1000, 1000, 1005, 1010]}
    )
    whole = {"births", "deaths", "growth", "immigration", "emigration", "domestic_in", "domestic_out"}
    return {
        "municipalities": PLACES,
        "population_changes": changes.astype(dict.fromkeys(whole, "Int64")),
        "population": people.astype({"population": "Int64"}),
    }


def test_a_small_correction_of_growth_is_no_breach_and_a_large_one_is_named():
    assert run(grown(), {}) == []
    assert broken(grown(births=(5, 16))) == {("deler-av-folkevekst", "population_changes")}


def test_growth_that_the_next_january_does_not_show_is_named_and_the_last_year_has_no_next():
    assert broken(grown(growth=(5, 14), births=(5, 14))) == {("samme-folkevekst", "population_changes")}
    later = grown()
    later["population"] = later["population"][later["population"]["year"] == 2020]
    assert run(later, {}) == []
