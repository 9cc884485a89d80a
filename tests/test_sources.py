"""Every source against its own small sample in the producer's format: a new one needs a module and a sample, nothing here."""

from pathlib import Path

import pandas as pd
import pytest

from nlib import pipeline
from nlib.errors import BadAnswer, NlibError
from nlib.sources import ssb_03321, ssb_13472
from nlib.tables import Imported

SAMPLES = Path(__file__).parent / "samples"


def sample(raw):
    bodies = [path.read_bytes() for path in sorted((SAMPLES / raw.name).glob("*"))]
    if not bodies and not raw.optional:
        pytest.fail(f"{raw.name} needs a sample in tests/samples/{raw.name}/")
    return bodies


@pytest.fixture(scope="module")
def tables():
    built = {}
    for name, dataset in pipeline.datasets().items():
        inputs = [built[need] if isinstance(need, str) else raw_frame(need) for need in dataset.needs]
        built[name] = dataset.check(dataset.build(*inputs))
    return built


def raw_frame(raw):
    if isinstance(raw, Imported):
        files = sorted((SAMPLES / f"import_{raw.kind}").glob("*"))
        return raw.together([(path.name, raw.read(path.read_bytes())) for path in files])
    bodies = sample(raw)
    return raw.read(bodies) if bodies else None


def test_there_are_samples():
    assert list(SAMPLES.iterdir())


@pytest.mark.parametrize("raw", pipeline.raws().values(), ids=lambda r: r.name)
def test_a_sample_is_read(raw):
    if bodies := sample(raw):
        assert len(raw.read(bodies))


@pytest.mark.parametrize("raw", pipeline.raws().values(), ids=lambda r: r.name)
@pytest.mark.parametrize("body", [b"", b"<html>Service Unavailable</html>", b"{}", b"[1]", b"\xff\xfe", b'{"codes": 3}'])
def test_what_is_no_such_file_is_a_named_error(raw, body):
    with pytest.raises(BadAnswer):
        raw.read([body])


def test_half_a_sample_is_a_named_error():
    for raw in pipeline.raws().values():
        for body in sample(raw):
            with pytest.raises(NlibError):
                raw.read([body[: len(body) // 2]])


@pytest.mark.parametrize("name", pipeline.datasets())
def test_every_table_is_built_from_the_samples(tables, name):
    assert len(tables[name])


def test_building_changes_none_of_its_inputs():
    raw = raw_frame(ssb_03321.RAW)
    codes, changes = (pipeline.datasets()[n] for n in ("municipality_codes", "municipality_changes"))
    inputs = [raw, codes.build(raw_frame(codes.raws[0])), changes.build(raw_frame(changes.raws[0]))]
    before = [frame.copy() for frame in inputs]
    ssb_03321.build(*inputs)
    for frame, kept in zip(inputs, before, strict=True):
        pd.testing.assert_frame_equal(frame, kept)


def test_a_hidden_flow_is_missing_a_zero_is_left_out_and_one_that_cannot_occur_too(tables):
    flows = tables["commuting_flows"].set_index(["home_nr", "work_nr", "year"])["employed"]
    assert pd.isna(flows[("3222", "1580", 2024)])
    assert ("1580", "3222", 2024) not in flows.index
    assert set(flows.index.get_level_values("home_nr")) == {"0301", "1508", "1580", "3205", "3222"}


def test_population_grows_by_what_06913_says_or_else_by_the_difference_to_the_next_year_and_not_across_a_gap(tables):
    population = tables["population"].set_index(["komm_nr", "year"])
    assert population.loc[("0301", 2019), "growth"] == 1802 - 4527
    assert pd.isna(population.loc[("0301", 2025), "growth"]), "2026 is not in the sample"
    without = population_of(tables["population_changes"].iloc[:0])
    assert without.loc[("0301", 2019), "growth"] == 1802 - 4527
    assert without["births"].isna().all()


def test_a_split_and_a_moved_boundary_make_a_year_not_comparable(tables):
    comparable = tables["population"].set_index(["komm_nr", "year"])["comparable"]
    assert not comparable[("1580", 2023)]
    assert comparable[("1580", 2024)] == (comparable[("1508", 2024)])
    assert comparable[("0301", 2024)]
    assert not comparable[("3222", 2024)], "the changes of the year leave more than a boundary move unexplained"
    assert population_of(tables["population_changes"].iloc[:0])["comparable"][("3222", 2024)]


def test_moves_are_those_from_abroad_and_at_home_and_missing_when_one_is_hidden(tables):
    changes, population = (tables[n].set_index(["komm_nr", "year"]) for n in ("population_changes", "population"))
    oslo = changes.loc[("0301", 2019)]
    assert population.loc[("0301", 2019), "in_migration"] == oslo["immigration"] + oslo["domestic_in"]
    assert pd.isna(changes.loc[("1580", 2024), "immigration"])
    assert pd.isna(population.loc[("1580", 2024), "in_migration"])


def population_of(changes):
    population, codes, moves = (pipeline.datasets()[n] for n in ("population", "municipality_codes", "municipality_changes"))
    inputs = [raw_frame(population.raws[0]), changes, codes.build(raw_frame(codes.raws[0])), moves.build(raw_frame(moves.raws[0]))]
    return population.check(population.build(*inputs)).set_index(["komm_nr", "year"])


def test_jobs_of_each_sector_are_read_by_the_sectors_name_and_a_sum_with_a_hidden_part_is_missing(tables):
    jobs = tables["jobs_by_sector"].set_index(["komm_nr", "year"])
    lorenskog = jobs.loc[("3222", 2024)]
    assert [lorenskog[sector] for sector in ("state", "county", "municipal", "public_enterprise", "private")] == [
        629,
        13,
        385,
        695,
        269,
    ]
    assert (lorenskog["private_jobs"], lorenskog["public_jobs"]) == (964, 1027)
    assert pd.isna(jobs.loc[("1580", 2024), "public_jobs"])
    assert pd.notna(jobs.loc[("1580", 2024), "private_jobs"])


def test_a_sector_that_ssb_has_renamed_is_said_and_not_read_as_nothing():
    raw = raw_frame(ssb_13472.RAW)
    with pytest.raises(BadAnswer, match="Privat sektor"):
        ssb_13472.build(raw[raw["Sektor"] != "Privat sektor"], None, None)


def test_industries_are_summed_over_mergers_without_the_total_and_without_those_with_nobody(tables):
    employed = tables["employed_by_industry"].set_index(["komm_nr", "year", "nace2"])
    assert list(employed.loc[("3205", 2019, "47"), ["employed_residents", "jobs"]]) == [11 + 3 + 4, 4 + 3 + 4]
    assert ("3222", 2024, "10") not in employed.index
    assert employed.loc[("0301", 2024, "10"), "jobs"] is pd.NA
    assert set(employed.index.get_level_values("nace2")) == {"00", "10", "47", "86"}
