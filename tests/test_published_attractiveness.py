"""The published model (anchor) against Telemarksforsking's own series, and how well nlib's foretells on them: real figures."""

import os
from pathlib import Path

import pytest

from benchmarks import telemarksforsking

if "NLIB_REAL_DATA" not in os.environ:
    pytest.skip("NLIB_REAL_DATA, the folder of real figures, is not set", allow_module_level=True)
DATA = Path(os.environ["NLIB_REAL_DATA"])


@pytest.fixture(scope="module")
def table():
    return telemarksforsking.recomputed(DATA)


@pytest.fixture(scope="module")
def series(table):
    return telemarksforsking.series(table)


@pytest.mark.parametrize(
    ("name", "r", "near"),
    [("industry_structure_pct", 0.99, 90), ("business_pct", 0.99, 75), ("bosted", 0.995, 75), ("samlet", 0.995, 75)],
)
def test_the_published_series_are_reproduced(series, name, r, near):
    correlation, within, count = telemarksforsking.agreement(*series[name])
    assert correlation >= r
    assert within >= near
    assert count >= 600


def test_structure_with_the_nations_growth_in_it_is_another_series(table):
    faulty = telemarksforsking.with_fault(DATA)["industry_structure_pct"]
    correlation, within, _ = telemarksforsking.agreement(faulty, table["industry_structure_pct_published"])
    assert correlation < 0.5
    assert within < 15


def test_the_published_public_part_is_growth_above_the_nations():
    told = telemarksforsking.public_part(DATA).query("komm_nr != '0830'")  # 430 jobs: one job is 0.2 %
    assert len(told) == 4
    assert (told["published_pct"] - told["above_nation_pct"]).abs().max() < 0.12
    assert (told["published_pct"] - told["whole_pct"]).abs().min() > 0.25


def test_attractiveness_has_foretold_better_than_before_and_better_than_growth_going_on():
    r2 = telemarksforsking.foretold(DATA).pivot_table(index=["size_class", "origin"], columns="method", values="r2")
    means = r2.groupby("size_class").mean()
    assert (means["attractiveness"] > means["persistence"]).all()
    assert (means["attractiveness"] >= means["structure"]).all()
    assert (means["structure"] > means["national"]).all()
    assert r2.at[("20000+", 2013), "attractiveness"] > 0.3, "-0.10 with coefficients of their own for seven parts"
    assert r2.at[("all", 2013), "attractiveness"] > 0.28, "0.22 then"
