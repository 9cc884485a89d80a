"""The first day at SSB's door: a StatBank with every table, in the live services' shapes, from the first call to the pages."""

import json
import math

import pytest

from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.tables import PxQuery
from nlib.data.fetch import Client
from tests import warm
from tests.editions import quiet, real_data, statbank, with_notebooks

EVERY = ("--tables", "all", "--calls", "1000", "--window", "1")  # where no limit is told, SSB's is kept, and waited for
OTHERS = {"ssb_05940", "ssb_12367", "ssb_13255"}  # whose metadata nobody has kept; the StatBank here has none of them
ASKED = {name: raw for name, raw in pipeline.raws().items() if isinstance(raw.query, PxQuery) and name not in OTHERS}
TABLES = {raw.table: name for name, raw in ASKED.items()}
PLACES = {"3222", "3118", "1580"}  # the last lives on after a split, the one before it has moved a part to two others


def metadata(table):
    return json.loads((real_data() / "pxwebapi" / "metadata" / f"{table}.json").read_text(encoding="utf-8"))


def faults_of(*options):
    """What a look at every source finds, by source, where the StatBank has these faults."""
    with statbank(*EVERY, *options) as api:
        _, faults = fetching.api_check(None, Client(api, say=quiet))
    found = dict(fault.split(": ", 1) for fault in faults)
    found.pop("kartverket_kommuner", None)  # another house
    return found


def test_every_table_and_classification_is_as_it_is_declared():
    found = faults_of()
    assert set(found) == OTHERS and all("404" in why for why in found.values())


def test_a_figure_with_a_new_name_is_named_with_its_table_where_it_is_asked_for_and_troubles_nobody_else():
    found = faults_of(*(word for table in TABLES for word in ("--drift", table)))
    renamed = {
        name: next(iter(metadata(raw.table)["dimension"]["ContentsCode"]["category"]["index"])) for name, raw in ASKED.items()
    }
    asked = {name: set(raw.query.select["ContentsCode"]) for name, raw in ASKED.items()}
    assert set(found) - OTHERS == {name for name, code in renamed.items() if code in asked[name]}
    assert all(ASKED[name].table in why and f"«{renamed[name]}»" in why for name, why in found.items() if name in ASKED)


def test_a_table_that_is_closed_is_named_with_its_last_period_unless_that_is_known():
    found = faults_of(*(word for table in TABLES for word in ("--closed", table)))
    known = {name for name, raw in ASKED.items() if raw.successor}
    vintages = {"ssb_14288", "ssb_14746"}  # of a year each; what was projected stands when the next one is out
    assert set(found) - OTHERS == set(ASKED) - known - vintages
    assert all(ASKED[name].table in why and "avsluttet" in why for name, why in found.items() if name in ASKED)


@pytest.mark.slow
def test_everything_comes_in_is_built_and_becomes_pages_on_the_first_day_through_faults_and_interrupted_answers(tmp_path):
    home = with_notebooks(tmp_path)
    with statbank(*EVERY, "--fail", "0.1", "--cut", "0.05") as api:
        told = {"NLIB_HOME": str(home), "NLIB_API": api}
        done = warm.nlib("update", *PLACES, "--edition", "2026", timeout=1200, **told)
    assert done.returncode == 0, done.stderr
    edition = store.edition("2026", home)
    came = set(edition.raw_manifest()["sources"])
    assert came >= set(pipeline.raws()) - {"kartverket_kommuner"} - OTHERS
    assert "accepted" not in edition.processed_manifest() or not edition.processed_manifest()["accepted"]
    assert {page.parent.name[:4] for page in (home / "reports" / "2026").glob("*/pendling.html")} == PLACES
    commuting = edition.table("commuting").set_index(["komm_nr", "year"])
    own = commuting.loc[("3222", 2017)]
    assert (
        own["jobs"] == 20_720
        and math.isclose(own["out_pct"], 69.3, abs_tol=0.05)
        and math.isclose(own["in_pct"], 70.7, abs_tol=0.05)
    )
    moved = edition.table("boundary_moves").set_index("komm_nr")
    assert set(moved.loc[["3118"], "date"]) == {"2026-01-01"}
    run = json.loads((home / "reports" / "2026" / "run.json").read_text(encoding="utf-8"))
    nowhere = {"kartverket_kommuner", "ssb_05940", "ssb_12367", "ssb_13255"}  # which this StatBank does not have
    assert {lost["name"] for lost in run["lost"]} == nowhere and not run["failed"]
