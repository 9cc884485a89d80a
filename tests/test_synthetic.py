"""The synthetic country: its figures agree with one another, and what they were made from can be seen in them."""

import numpy as np
import pandas as pd
import pytest

from nlib.synthetic import SECTORS, Norway


@pytest.fixture(scope="module")
def norway():
    return Norway(1)


def today(norway, figures, day):
    table = norway.register.carry(figures, ["komm_nr"], [c for c in figures.columns if c not in ("komm_nr", "year")], day)
    return table.set_index("komm_nr").drop(columns="year").astype(float)


def test_the_same_seed_gives_the_same_country_and_another_another():
    one, same, other = (Norway(seed).population(2024) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one["population"].equals(other["population"])


def test_the_changes_of_a_year_lead_from_one_population_to_the_next(norway):
    before, after = (norway.population(year).set_index("komm_nr")["population"] for year in (2021, 2022))
    changes = norway.changes(2021).set_index("komm_nr")
    parts = changes["births"] + changes["immigration"] + changes["domestic_in"]
    parts -= changes["deaths"] + changes["emigration"] + changes["domestic_out"]
    assert (parts == changes["growth"]).all()
    assert (before + changes["growth"] == after).all()


def test_flows_sectors_and_industries_add_up_to_the_same_jobs(norway):
    margins = norway.margins(2022).set_index("komm_nr")
    assert (norway.flows(2022).groupby("work_nr")["employed"].sum() == margins["jobs"]).all()
    assert (norway.by_sector(2022).set_index("komm_nr")[list(SECTORS)].sum(axis=1) == margins["jobs"]).all()
    industries = norway.by_industry(2022).groupby("komm_nr")[["employed_residents", "jobs"]].sum()
    assert (industries - margins[["employed_residents", "jobs"]]).abs().max().max() < 40, "rounding of 1 and 2 only"
    assert not norway.by_industry(2022)["jobs"].isin([1, 2]).any()


def test_every_year_has_the_numbers_that_held_in_it(norway):
    assert set(norway.population(2021)["komm_nr"]) == set(norway.register.valid("2021-01-01"))
    assert set(norway.by_sector(2025)["komm_nr"]) == set(norway.register.current["komm_nr"])
    assert set(norway.population(2010)["komm_nr"]) == set(norway.register.valid("2017-12-31"))


def test_places_that_were_made_attractive_have_grown_more(norway):
    truth = norway.truth().set_index("komm_nr")
    people = [today(norway, norway.population(year).assign(year=year), "01-01")["population"] for year in (2012, 2026)]
    jobs = [today(norway, norway.by_sector(year).assign(year=year), "12-31")["private"] for year in (2012, 2025)]
    assert np.corrcoef(np.log(people[1] / people[0]), truth["bosted_pct"])[0, 1] > 0.3
    assert np.corrcoef(np.log(jobs[1] / jobs[0]), truth["naering_pct"])[0, 1] > 0.6
