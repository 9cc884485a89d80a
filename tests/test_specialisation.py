"""Location quotients and the indices of one-sidedness on a country worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from nlib.core.municipalities import resource
from nlib.indicators import diversity, specialisation

INDUSTRIES = pd.DataFrame(
    {
        "nace2": ["41", "42", "47", "86"],
        "group": ["regional", "regional", "besøk", "lokal"],
        "branch": ["bygg og anlegg", "bygg og anlegg", "handel", "helse"],
    }
)


def employed(*rows):
    frame = pd.DataFrame(rows, columns=["komm_nr", "year", "nace2", "jobs"])
    return frame.astype({"jobs": "Int64"}).assign(employed_residents=0, comparable=True)


# bygg 20 of 100 jobs in 0001, and 40 of 400 in the country; helse is in 0002 alone, and 0003 has nothing but handel
BY_HAND = employed(
    ("0001", 2020, "41", 15), ("0001", 2020, "42", 5), ("0001", 2020, "47", 80),
    ("0002", 2020, "41", 20), ("0002", 2020, "47", 160), ("0002", 2020, "86", 100),
    ("0003", 2020, "47", 20), ("0003", 2020, "00", 7),
)  # fmt: skip


def quotients(table):
    frame = specialisation.DATASET.check(specialisation.build(table, INDUSTRIES))
    return frame.set_index(["komm_nr", "branch"]).sort_index()


def indices(table):
    frame = specialisation.DATASET.check(specialisation.build(table, INDUSTRIES))
    return diversity.DATASET.check(diversity.build(frame)).set_index("komm_nr")


def test_a_quotient_worked_out_by_hand():
    bygg = quotients(BY_HAND).loc[("0001", "bygg og anlegg")]
    assert (bygg.jobs, bygg.share_pct, bygg.nation_pct) == (20, pytest.approx(20), pytest.approx(10))
    assert bygg.lq == pytest.approx(2)


def test_the_interval_is_the_exact_one_of_clopper_and_pearson():
    bygg = quotients(BY_HAND).loc[("0001", "bygg og anlegg")]
    low, high = bygg.lq_low * 0.1, bygg.lq_high * 0.1
    assert binom.sf(19, 100, low) == pytest.approx(0.05)  # 20 or more, were the share the lower end
    assert binom.cdf(20, 100, high) == pytest.approx(0.05)


def test_a_branch_that_a_municipality_does_not_have_is_zero_with_an_upper_end():
    helse = quotients(BY_HAND).loc[("0001", "helse")]
    assert (helse.jobs, helse.lq, helse.lq_low) == (0, 0, 0)
    assert helse.lq_high == pytest.approx((1 - 0.05 ** (1 / 100)) / 0.25)


def test_the_lower_end_is_without_industries_of_three_or_fewer_which_ssb_prints_for_one_and_two():
    cells = (("69", 3), ("70", 3), ("81", 3), ("47", 72), ("88", 0))
    table = pd.DataFrame([("1151", 2021, *cell) for cell in cells], columns=["komm_nr", "year", "nace2", "jobs"])
    whole = [("0301", 2021, "81", 400), ("0301", 2021, "47", 9600)]
    table = pd.concat([table, pd.DataFrame(whole, columns=table.columns)]).astype({"komm_nr": "str", "jobs": "Int64"})
    told = specialisation.build(table.assign(comparable=True), resource("industries.csv"))
    few = told[(told["komm_nr"] == "1151") & (told["jobs"] == 9)]
    assert few["branch"].tolist() == ["forretningstjenester"]
    assert (few["lq"] > 2).all() and (few["lq_low"] == 0).all()


def test_a_place_of_one_industry_has_all_its_jobs_there():
    handel = quotients(BY_HAND).loc[("0003", "handel")]
    assert (handel.share_pct, handel.lq) == (100, pytest.approx(1 / 0.65))
    assert handel.lq_high == pytest.approx(handel.lq)
    assert handel.lq_low == pytest.approx(0.05 ** (1 / 20) / 0.65)


def test_industries_that_are_not_told_lie_outside():
    assert quotients(BY_HAND).loc["0003", "jobs"].sum() == 20


def test_a_hidden_cell_hides_the_shares_of_its_municipality_and_is_not_zero():
    hidden = BY_HAND.assign(jobs=BY_HAND["jobs"].mask((BY_HAND["komm_nr"] == "0001") & (BY_HAND["nace2"] == "42")))
    first = quotients(hidden).loc["0001"]
    assert pd.isna(first.loc["bygg og anlegg", "jobs"])
    assert first.loc["handel", "jobs"] == 80
    assert first[["share_pct", "lq", "lq_low", "lq_high"]].isna().all(axis=None)
    assert quotients(hidden).loc[("0002", "handel"), "nation_pct"] == pytest.approx(100 * 180 / 300)
    assert indices(hidden).loc["0001", ["jobs", "herfindahl", "krugman", "krugman_chance"]].isna().all()


def test_a_municipality_without_jobs_has_no_shares():
    frame = pd.concat([BY_HAND, employed(("0004", 2020, "47", 0))])
    assert quotients(frame).loc["0004", "lq"].isna().all()
    assert indices(frame).loc["0004", ["herfindahl", "branches", "krugman", "krugman_chance"]].isna().all()


def test_the_indices_of_places_worked_out_by_hand():
    table = indices(BY_HAND)
    assert table.at["0001", "herfindahl"] == pytest.approx(0.2**2 + 0.8**2)
    assert table.at["0001", "branches"] == pytest.approx(1 / 0.68)
    assert table.at["0001", "krugman"] == pytest.approx((0.2 - 0.1) + (0.8 - 0.65) + 0.25)
    assert (table.at["0003", "herfindahl"], table.at["0003", "branches"]) == (pytest.approx(1), pytest.approx(1))
    assert table.at["0003", "krugman"] == pytest.approx(0.1 + 0.35 + 0.25)


def test_the_distance_by_chance_is_the_mean_over_all_outcomes():
    for count, share in ((1, 0.5), (7, 0.3), (20, 0.25), (20, 0.02)):
        outcomes = np.arange(count + 1)
        mean = (abs(outcomes / count - share) * binom.pmf(outcomes, count, share)).sum()
        assert diversity.mean_distance(pd.Series([count]), pd.Series([share]))[0] == pytest.approx(mean)


def test_without_figures_the_tables_are_empty():
    nothing = quotients(BY_HAND.iloc[:0])
    assert nothing.empty
    assert diversity.DATASET.check(diversity.build(nothing.reset_index())).empty


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=4))
def test_shares_add_up_and_intervals_hold_their_quotient(places):
    rows = [
        (f"{nr:04}", 2020, nace2, jobs)
        for nr, counts in enumerate(places, 1)
        for nace2, jobs in zip(("41", "47", "86"), counts, strict=True)
    ]
    told = quotients(employed(*rows)).dropna(subset="lq")
    assert (told["lq_low"] <= told["lq"] + 1e-9).all()
    assert (told["lq"] <= told["lq_high"] + 1e-9).all()
    assert told.groupby("komm_nr")["share_pct"].sum().to_numpy() == pytest.approx(100)
    table = indices(employed(*rows)).dropna(subset="herfindahl")
    assert ((table["branches"] >= 1) & (table["branches"] <= 3 + 1e-9)).all()
    assert table["krugman"].between(0, 2).all()
