"""What the pipeline does with sources that are not there."""

import dataclasses

from nlib import pipeline
from nlib.sources import kartverket_boundaries, ssb_11618


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
    assert not kartverket_boundaries.DATASET.lacks_all([None, "a table"])
    assert not dataclasses.replace(dataset, needs=("population",)).lacks_all(["a table"])


def test_every_optional_source_has_a_table_that_can_be_empty_or_something_in_its_place():
    for dataset in pipeline.datasets().values():
        if dataset.raws and all(raw.optional and not raw.instead for raw in dataset.raws):
            assert dataset.empty().empty
