"""What the pipeline does with sources that are not there."""

import dataclasses
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pandera.pandas as pandera
import pytest

from nlib.build import code, making, pipeline
from nlib.build.code import code_hash
from nlib.core import store
from nlib.core.errors import BadAnswer, NlibError
from nlib.core.tables import Dataset
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


class Counted(pandera.DataFrameModel):
    n: int


def table(name, make, parents=()):
    """A table of one column that `make` gives, whatever file it is in."""
    make.__module__ = ssb_11618.__name__
    return Dataset(name, name, ("n",), Counted, parents, make)


@pytest.fixture(params=[1, 2, 3])
def built(request, tmp_path, monkeypatch):
    """What is built of some tables, by as many processes as the machine is said to have cores for."""
    monkeypatch.setattr(making, "at_once", lambda: request.param)

    def build(*tables):
        made = making.Making(store.new_edition("2026", tmp_path), lambda line: None)
        made.make(tables)
        return {name: frame["n"].tolist() for name, frame in made.built.items()}

    return build


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one table at a time where a process cannot fork")
def test_tables_are_made_of_those_before_them_however_many_processes_build(built):
    first, other = (table(name, lambda n=n: pd.DataFrame({"n": [n]})) for name, n in (("first", 1), ("other", 2)))
    both = table("both", lambda a, b: pd.concat([a, b]), ("first", "other"))
    twice = table("twice", lambda frame: frame * 2, ("both",))
    assert built(first, other, both, twice) == {"first": [1], "other": [2], "both": [1, 2], "twice": [2, 4]}


@pytest.mark.parametrize("error", [BadAnswer("tomt svar"), ZeroDivisionError("n")], ids=["ours", "theirs"])
def test_what_stops_a_table_stops_the_build_as_it_is(built, error):
    def fails():
        raise error

    with pytest.raises(type(error), match=str(error)):
        built(table("first", lambda: pd.DataFrame({"n": [1]})), table("broken", fails))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one table at a time where a process cannot fork")
def test_a_table_that_a_stopped_build_had_made_is_taken_whole_and_made_anew_where_it_is_of_other_inputs(built, tmp_path):
    def fails(frame):
        raise BadAnswer("tomt svar")

    def first(text):
        (tmp_path / "made").open("a").write(text)
        return pd.DataFrame({"n": [7]})

    with pytest.raises(BadAnswer):
        built(table("first", lambda: first("1")), table("broken", fails, ("first",)))
    twice = table("broken", lambda frame: frame * 2, ("first",))
    assert built(table("first", lambda: first("2")), twice) == {"first": [7], "broken": [14]}
    assert (tmp_path / "made").read_text() == "1"
    (kept,) = tmp_path.rglob("first.parquet")
    kept.write_bytes(kept.read_bytes()[:-1])  # not whole
    assert built(table("first", lambda: first("2")), twice)["broken"] == [14]
    assert (tmp_path / "made").read_text() == "12"
    (about,) = tmp_path.rglob("first.json")
    store.write_json(about, store.read_json(about) | {"inputs": "others"})
    assert built(table("first", lambda: first("3")), twice)["first"] == [7]
    assert (tmp_path / "made").read_text() == "123"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_build_that_is_killed_half_way_is_gone_on_with_and_gives_the_same_tables(own_home, demo_edition):
    processed, whole = own_home / "data" / "processed" / "demo", demo_edition.processed_manifest()
    processed.unlink()
    shutil.copytree(demo_edition.processed, processed)
    left = {
        name: entry
        for name, entry in whole["tables"].items()
        if name not in ("age_structure", "commuting", "facts", "developments")
    }
    store.write_json(processed / "manifest.json", whole | {"tables": left})
    environment, words = os.environ | {"NLIB_HOME": str(own_home)}, [sys.executable, "-m", "nlib.cli", "build", "--edition", "demo"]
    begun = store.Edition("demo", own_home).begun
    with subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL) as run:
        while run.poll() is None and len(list(begun.glob("[!.]*.json"))) < 2:
            time.sleep(0.01)
        run.kill()
    kept = {path.stem for path in begun.glob("[!.]*.json")}
    assert kept == {"age_structure", "commuting"} and store.read_json(processed / "manifest.json")["tables"] == left
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    said = {name: how for name, how in re.findall(r"^(\w+): (.*)$", done.stderr, re.MULTILINE) if how != "uendret"}
    assert {name for name, how in said.items() if how.endswith("fra en bygging som ble stoppet")} == kept
    assert set(said) == kept | {"facts", "developments"} and not begun.exists()
    assert store.read_json(processed / "manifest.json") == whole


def test_a_limit_on_files_leaves_nothing_that_looks_like_an_edition_and_is_told(tmp_path):
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "latest").symlink_to("2025")
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 1; exec {sys.executable} -m nlib.cli demo"],
        env=os.environ | {"NLIB_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "ulimit -f" in done.stderr and "Traceback" not in done.stderr
    assert store.editions(tmp_path) == [] and os.readlink(tmp_path / "reports" / "latest") == "2025"


def test_too_little_memory_is_told_and_not_shown_as_a_fault(own_home):
    for limit in (300_000, 600_000):
        done = subprocess.run(
            ["bash", "-c", f"ulimit -v {limit}; exec {sys.executable} -m nlib.cli check --edition demo"],
            env=os.environ | {"NLIB_HOME": str(own_home)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 1 and "For lite minne" in done.stderr and "Traceback" not in done.stderr, done.stderr


def test_a_process_that_is_killed_is_named_by_the_table_it_built(tmp_path, monkeypatch):
    monkeypatch.setattr(making, "at_once", lambda: 2)
    made = making.Making(store.new_edition("2026", tmp_path), lambda line: None)
    with pytest.raises(NlibError, match=r"broken, ble stoppet"):
        made.make([table("broken", lambda: os.kill(os.getpid(), signal.SIGKILL))])


def test_a_synthetic_country_is_written_alike_however_many_processes_write_it_and_one_that_is_killed_is_told(monkeypatch):
    def country(*answers):
        sources = [dataclasses.replace(raw, name=f"source_{n}", synthetic=answer) for n, answer in enumerate(answers)]
        monkeypatch.setattr(pipeline, "raws", lambda: {source.name: source for source in sources})
        return [(raw.name, bodies) for raw, bodies in pipeline._answered(b"Norge")]

    (raw,) = ssb_11618.DATASET.raws[:1]
    for many in (1, 2):
        monkeypatch.setattr(making, "at_once", lambda many=many: many)
        answers = country(*([lambda norway, n=n: [norway, bytes([n])] for n in range(5)]), None)
        assert answers == [(f"source_{n}", [b"Norge", bytes([n])]) for n in range(5)]
    with pytest.raises(NlibError, match="ble stoppet"):
        country(lambda norway: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
@pytest.mark.parametrize("words", [["demo"], ["build", "--edition", "demo"]], ids=" ".join)
def test_a_command_that_is_killed_leaves_no_process_that_keeps_the_folders(words, own_home, tmp_path):
    home = own_home if words[0] == "build" else tmp_path / "new"  # the raw files of the other are shared
    if words[0] == "build":
        (own_home / "data" / "processed" / "demo").unlink()
    environment = os.environ | {"NLIB_HOME": str(home)}
    run = subprocess.Popen([sys.executable, "-m", "nlib.cli", *words], env=environment, stderr=subprocess.DEVNULL)
    children = []
    while run.poll() is None and not children:
        children = [Path("/proc") / pid for pid in Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()]
        time.sleep(0.05)
    run.kill()
    run.wait(10)
    until = time.monotonic() + 10
    while any(child.exists() for child in children) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(os.sched_getaffinity(0)) == 1 or children
    assert [child for child in children if child.exists()] == []
