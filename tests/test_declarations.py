"""What is asked of SSB, held against what is known of its tables (`NLIB_REAL_DATA`), and what is declared beside the readers."""

import os
from pathlib import Path

import pytest

from nlib.build import pipeline
from nlib.core.tables import PxQuery
from nlib.data.fetch import pxweb
from nlib.data.readers import jsonstat
from tests.test_first_day import OTHERS

ASKED = {name: raw for name, raw in pipeline.raws().items() if isinstance(raw.query, PxQuery)}
KEPT = [name for name in ASKED if name not in OTHERS]


def metadata(table: str) -> bytes:
    """What is known of a table, as the service would give it."""
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures and tables, is not set")
    return (Path(data) / "pxwebapi" / "metadata" / f"{table}.json").read_bytes()


@pytest.mark.parametrize("name", KEPT)
def test_a_declaration_asks_for_what_its_table_has_and_all_that_it_demands(name):
    known = metadata(ASKED[name].table)
    names = jsonstat.labels(known)
    assert pxweb.differences(ASKED[name].query, names, jsonstat.titles(known), jsonstat.eliminable(known)) == []


@pytest.mark.parametrize("name", KEPT)
def test_the_first_year_that_is_declared_is_the_tables_own(name):
    first = next(iter(jsonstat.labels(metadata(ASKED[name].table))["Tid"]))[:4]
    assert ASKED[name].first_year in (None, int(first))


def test_a_closed_table_names_one_that_is_asked_for_too():
    closed = {raw.table: raw.successor for raw in ASKED.values() if raw.successor}
    assert closed == {"03013": "14700"}
    assert set(closed.values()) <= {raw.table for raw in ASKED.values()}


def test_the_holes_that_ssb_is_known_to_have_are_declared_with_number_year_and_reason():
    holes = {(raw.table, hole.number, hole.year) for raw in ASKED.values() for hole in raw.holes}
    assert holes == {("03321", "5061", 2019), ("11618", "5061", 2019)}
    assert all("Rindal" in hole.reason for raw in ASKED.values() for hole in raw.holes)
