"""Næringsattraktivitet without the largest employer: worked out by hand, and told of only where it can be known."""

import pandas as pd
import pytest

from nlib.indicators import largest_employer

FIRMS = [("1", 2019, "0001", 40), ("1", 2020, "0001", 60), ("2", 2019, "0001", 10), ("2", 2020, "0001", 10)]


def accounts(rows=FIRMS):
    frame = pd.DataFrame(rows, columns=["orgnr", "year", "komm_nr", "employees"])
    return frame.astype({"employees": "Int64", "komm_nr": "str"})


def components(growth=20.0, naering=15.0, before=100.0):
    row = {"private_growth_pct": growth, "naering_pct": naering, "private_jobs_before": before, "comparable": True}
    return pd.DataFrame([{"komm_nr": "0001", "year": 2020} | row])


def built(firms=FIRMS, **figures):
    return largest_employer.DATASET.check(largest_employer.build(components(**figures), accounts(firms)))


def test_the_largest_firm_is_taken_away_in_both_years():
    row = built().iloc[0]
    # 100 jobs became 120; the firm went from 40 to 60, so the others stayed at 60: 0 % less the 5 % that was expected
    assert (row["share_pct"], row["naering_pct"]) == (40, 15)
    assert row["without_pct"] == pytest.approx(-5)


def test_establishments_of_one_firm_count_together_and_the_order_of_rows_does_not_matter():
    split = [("1", 2019, "0001", 15), ("1", 2019, "0001", 25), *FIRMS[1:]]
    pd.testing.assert_frame_equal(built(split), built())
    pd.testing.assert_frame_equal(built(FIRMS[::-1]), built())


@pytest.mark.parametrize(
    "firms",
    [
        [("1", 2019, "0001", 40), ("2", 2019, "0001", 10), ("2", 2020, "0001", 10)],
        [("1", 2019, "0001", 100), ("1", 2020, "0001", 120)],
        [("1", 2019, "0001", None), ("1", 2020, "0001", 60)],
        [("1", 2019, None, 40), ("1", 2020, None, 60)],
        [],
    ],
    ids=["gone the year after", "the only employer", "employees not told", "cannot be placed", "no accounts"],
)
def test_nothing_is_said_where_it_cannot_be_known(firms):
    assert built(firms).empty


def test_growth_that_is_missing_leaves_the_municipality_out():
    assert built(growth=float("nan")).empty
