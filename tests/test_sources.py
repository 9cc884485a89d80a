"""Every source against its own small sample in the producer's format: a new one needs a module and a sample, nothing here."""

from pathlib import Path

import pandas as pd
import pytest

from nlib import pipeline
from nlib.errors import BadAnswer, NlibError
from nlib.sources import ssb_03321

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


def test_population_grows_by_the_difference_to_the_next_year_and_not_across_a_gap(tables):
    population = tables["population"].set_index(["komm_nr", "year"])
    oslo = population.loc["0301"]
    assert oslo.loc[2019, "growth"] == oslo.loc[2020, "population"] - oslo.loc[2019, "population"]
    assert pd.isna(oslo.loc[2020, "growth"]), "2021 is not in the sample"
    assert not population.loc[("1580", 2023), "comparable"]
    assert population.loc[("1580", 2024), "comparable"]
    assert population["births"].isna().all()
