"""Every source against its own small sample in the producer's format: a new one needs a module and a sample, nothing here."""

import importlib
import pkgutil
from pathlib import Path

import pandas as pd
import pytest

import nlib.data.sources
from nlib.build import pipeline
from nlib.core import municipalities
from nlib.core.errors import BadAnswer, NlibError
from nlib.core.tables import Imported, Lineage
from nlib.data.sources import ssb_03321, ssb_13472

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
    if isinstance(raw, Lineage):
        return {}  # nothing of the samples is invented
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


LARGE = {  # need more years or municipalities than the samples have, and are empty without them
    "attractiveness",
    "attractiveness_backtest",
    "attractiveness_residuals",
    "education_gap",
    "largest_employer",
    "projection_backtest",
    "projection_errors",
    "value_creation_error",
}


@pytest.mark.parametrize("name", pipeline.datasets())
def test_every_table_is_built_from_the_samples_and_those_that_need_more_are_empty(tables, name):
    assert bool(len(tables[name])) == (name not in LARGE)


WRITTEN_IN_ORDER = {"goals", "own_indicators"}  # the order of a plan, or of a list, is part of what it says


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter(tables):
    for name, dataset in pipeline.datasets().items():
        if name in WRITTEN_IN_ORDER:
            continue
        inputs = [tables[need] if isinstance(need, str) else raw_frame(need) for need in dataset.needs]
        mixed = [
            frame.sample(frac=1, random_state=1).reset_index(drop=True) if isinstance(frame, pd.DataFrame) else frame
            for frame in inputs
        ]
        pd.testing.assert_frame_equal(dataset.check(dataset.build(*mixed)), tables[name], obj=name)


def declared():
    """What each source that is a StatBank table declares, by the name of its `Raw`."""
    modules = [importlib.import_module(f"nlib.data.sources.{m.name}") for m in pkgutil.iter_modules(nlib.data.sources.__path__)]
    return {module.RAW.name: module.DECLARED for module in modules if hasattr(module, "DECLARED")}


@pytest.mark.parametrize(("name", "declaration"), declared().items(), ids=lambda v: v if isinstance(v, str) else "")
def test_a_declaration_reads_what_it_would_write_and_asks_for_what_it_reads(name, declaration):
    frame = declaration.frame(raw_frame(pipeline.raws()[name]))
    figures = frame.dropna().reset_index(drop=True)
    assert len(figures)
    again = declaration.frame(pipeline.raws()[name].read([declaration.answer(figures, "2026-01-01T00:00:00Z")]))
    keys = [*declaration.keys.values(), "year"]
    pd.testing.assert_frame_equal(again.sort_values(keys, ignore_index=True), figures.sort_values(keys, ignore_index=True))
    asked = declaration.query
    assert {*declaration.keys, *declaration.only, "ContentsCode", "Tid"} == set(asked.select)
    assert set(declaration.named) == set(asked.labels)


BY_PLACE = {name: declaration for name, declaration in declared().items() if "komm_nr" in declaration.keys.values()}


@pytest.mark.parametrize(("name", "declaration"), BY_PLACE.items(), ids=lambda v: v if isinstance(v, str) else "")
def test_counts_on_todays_municipalities_add_up_to_those_that_were_given(tables, name, declaration):
    raw = raw_frame(pipeline.raws()[name]).fillna({"value": 0, "status": ""})
    frame = declaration.frame(raw)
    codes, changes = tables["municipality_codes"], tables["municipality_changes"]
    carried = declaration.today(raw, codes, changes)
    counts = [column for column in declaration.contents.values() if not column.endswith(("_pct", "_kr"))]
    known = frame[municipalities.komm_nr(frame["komm_nr"]).notna()]
    pd.testing.assert_series_equal(known[counts].sum(), carried[counts].sum().astype(float))


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
    without = population_of(tables, tables["population_changes"].iloc[:0])
    assert without.loc[("0301", 2019), "growth"] == 1802 - 4527
    assert without["births"].isna().all()


def test_a_split_and_a_moved_boundary_make_a_year_not_comparable(tables):
    comparable = tables["population"].set_index(["komm_nr", "year"])["comparable"]
    assert not comparable[("1580", 2023)]
    assert comparable[("1580", 2024)] == (comparable[("1508", 2024)])
    assert comparable[("0301", 2024)]
    assert not comparable[("3222", 2024)], "the changes of the year leave more than a boundary move unexplained"
    assert population_of(tables, tables["population_changes"].iloc[:0])["comparable"][("3222", 2024)]


def test_moves_are_those_from_abroad_and_at_home_and_missing_when_one_is_hidden(tables):
    changes, population = (tables[n].set_index(["komm_nr", "year"]) for n in ("population_changes", "population"))
    oslo = changes.loc[("0301", 2019)]
    assert population.loc[("0301", 2019), "in_migration"] == oslo["immigration"] + oslo["domestic_in"]
    assert pd.isna(changes.loc[("1580", 2024), "immigration"])
    assert pd.isna(population.loc[("1580", 2024), "in_migration"])


def population_of(tables, changes):
    population = pipeline.datasets()["population"]
    inputs = {name: tables[name] for name in population.needs} | {"population_changes": changes}
    return population.check(population.build(*inputs.values())).set_index(["komm_nr", "year"])


def test_employed_of_each_sector_are_read_by_the_sectors_name_and_a_hidden_one_is_missing(tables):
    jobs = tables["employed_by_sector"].set_index(["komm_nr", "year", "sector"])["jobs"]
    sectors = ("stat", "fylkeskommune", "kommune", "offentlig_foretak", "privat")
    assert [jobs[("3222", 2024, sector)] for sector in sectors] == [629, 13, 385, 695, 269]
    assert jobs.loc[("1580", 2024)].isna().sum() == 1


def test_a_sector_that_ssb_has_renamed_is_said_and_not_read_as_nothing():
    raw = raw_frame(ssb_13472.RAW)
    with pytest.raises(BadAnswer, match="Privat sektor"):
        ssb_13472.DECLARED.frame(raw[raw["Sektor"] != "Privat sektor"])


def test_industries_are_summed_over_mergers_without_the_total_and_without_those_with_nobody(tables):
    employed = tables["employed_by_industry"].set_index(["komm_nr", "year", "nace2"])
    assert list(employed.loc[("3205", 2019, "47"), ["employed_residents", "jobs"]]) == [11 + 3 + 4, 4 + 3 + 4]
    assert ("3222", 2024, "10") not in employed.index
    assert employed.loc[("0301", 2024, "10"), "jobs"] is pd.NA
    assert set(employed.index.get_level_values("nace2")) == {"00", "10", "47", "86"}
