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
