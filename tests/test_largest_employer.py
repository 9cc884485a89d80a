"""The growth of jobs without the largest employer: worked out by hand, and told of only where no firm is given away."""

import pandas as pd
import pytest

from nlib.indicators import largest_employer
from nlib.methods.value_creation.disclosure import gives_away

YEARS = range(2017, 2021)
GROWING = {"1": (40, 50, 60, 70), "2": (20, 20, 20, 20), "3": (20, 20, 20, 20)}


def accounts(employees=GROWING):
    rows = [(firm, year, "0001", size) for firm, sizes in employees.items() for year, size in zip(YEARS, sizes, strict=True)]
    return pd.DataFrame(rows, columns=["orgnr", "year", "komm_nr", "employees"]).astype({"employees": "Int64", "komm_nr": "str"})


def components(naering=5.0):
    """Ten of the largest firm's jobs more each year, and none of the others' forty; 5 % of the growth is not expected."""
    before = [80.0, 90.0, 100.0]
    rows = {"komm_nr": "0001", "year": YEARS[1:], "private_jobs_before": before, "comparable": True, "naering_pct": naering}
    return pd.DataFrame(rows | {"private_growth_pct": [1000 / jobs for jobs in before]})


def built(firms=None, parts=None, hidden=()):
    values = pd.DataFrame({"komm_nr": "0001", "year": YEARS, "hidden": [year in hidden for year in YEARS]})
    table = largest_employer.build(
        components() if parts is None else parts, accounts() if firms is None else firms, values.astype({"komm_nr": "str"})
    )
    return largest_employer.DATASET.check(table)


@pytest.mark.parametrize(("naering", "above"), [(5.0, False), (15.0, True)])
def test_the_largest_firm_is_taken_away_in_both_years(naering, above):
    # the others stand still: 0 %, less the 12.5, 11.1 and 10.0 % growth, of which 5 or 15 is not expected
    row = built(parts=components(naering)).iloc[0]
    assert (row["year"], row["above"]) == (2020, above)


def test_establishments_of_one_firm_count_together_and_the_order_of_rows_does_not_matter():
    firms = accounts()
    two = pd.concat([firms.assign(employees=firms["employees"] // 2)] * 2)
    pd.testing.assert_frame_equal(built(two), built())
    pd.testing.assert_frame_equal(built(firms[::-1]), built())


@pytest.mark.parametrize(
    "firms",
    [
        {"1": GROWING["1"], "2": GROWING["2"]},
        {"1": (400, 410, 420, 430), "2": (5, 5, 5, 5), "3": (5, 5, 5, 5)},
        {"1": (80, 90, 100, 110), "2": (70, 70, 70, 70), "3": (60, 60, 60, 60)},
        GROWING | {"1": (None, 50, 60, 70)},
        {},
    ],
    ids=["two firms", "one has nearly all", "as many as all the jobs", "employees not told", "no accounts"],
)
def test_nothing_is_said_where_it_gives_a_firm_away_or_cannot_be_known(firms):
    assert built(accounts(firms)).empty


def test_nothing_is_said_where_value_creation_is_hidden_in_one_of_the_years_or_growth_is_missing():
    assert built(hidden=[2017]).shape == (1, 3)
    assert built(hidden=[2019]).empty
    assert built(parts=components().assign(private_growth_pct=float("nan"))).empty


def test_no_municipality_of_the_demo_edition_is_told_of_a_firm_that_its_value_creation_hides(demo_edition):
    told = demo_edition.table("largest_employer")
    assert len(told) > 700, "most municipalities are told of"
    assert set(told.columns) == {"komm_nr", "year", "above"}, "neither the firm's size nor what is left without it"
    values, firms = (
        demo_edition.table("value_creation"),
        demo_edition.table("company_accounts").dropna(subset=["komm_nr", "employees"]),
    )
    sizes = (
        firms.dropna(subset=["komm_nr", "employees"])
        .groupby(["komm_nr", "year", "orgnr"])["employees"]
        .sum()
        .groupby(["komm_nr", "year"])
        .agg(list)
    )
    secret = values[values["hidden"]].set_index(["komm_nr", "year"]).index
    for place, year, _ in told.itertuples(index=False):
        for back in range(largest_employer.YEARS):
            assert (place, year - back) not in secret
            assert not gives_away(sizes[place, year - back - 1])
