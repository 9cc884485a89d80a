"""What the pipeline does with sources that are not there."""

import dataclasses

from nlib.build import code, pipeline
from nlib.build.code import code_hash
from nlib.data.sources import kartverket_boundaries, ssb_11618
from tests import architecture


def test_a_table_whose_only_source_is_missing_has_its_columns_and_no_rows():
    table = ssb_11618.DATASET.empty()
    assert table.empty
    assert list(table.columns) == list(ssb_11618.DATASET.columns()["column"])
    assert str(table["jobs"].dtype) == "Int64"


def test_a_table_lacks_all_only_when_every_source_is_missing_and_nothing_stands_in_for_it():
    dataset = ssb_11618.DATASET
    inputs = [None, *["a table"] * (len(dataset.needs) - 1)]
    assert dataset.lacks_all(inputs)
    assert not dataset.lacks_all(["a table", *inputs[1:]])
    assert not kartverket_boundaries.DATASET.lacks_all([None, "a table", "another"])
    assert not dataclasses.replace(dataset, needs=("population",)).lacks_all(["a table"])


def test_every_optional_source_has_a_table_that_can_be_empty_or_something_in_its_place():
    for dataset in pipeline.datasets().values():
        if dataset.raws and all(raw.optional and not raw.instead for raw in dataset.raws):
            assert dataset.empty().empty


def test_a_table_hangs_on_the_code_it_is_made_by_and_no_other(monkeypatch):
    attractiveness, commuting = "nlib.indicators.attractiveness", "nlib.indicators.commuting"
    before = {name: code_hash(name) for name in (attractiveness, commuting)}
    source = code._source

    def changed(name):
        return source(name) + (b"#" if name == "nlib.methods.attractiveness.shrinkage" else b"")

    monkeypatch.setattr(code, "_source", changed)
    code_hash.cache_clear()
    assert code_hash(attractiveness) != before[attractiveness]
    assert code_hash(commuting) == before[commuting]
    code_hash.cache_clear()


def test_every_table_hangs_on_the_modules_that_its_own_imports_name():
    """As the architecture test reads them, from the tree of each module."""
    known = architecture.arrows()
    for dataset in pipeline.datasets().values():
        reached, waiting = set(), [dataset.build.__module__]
        while waiting:
            if (name := waiting.pop()) not in reached and name in known:
                reached.add(name)
                waiting += known[name]
        assert reached - {"nlib"} <= code._reached(dataset.build.__module__), dataset.name
