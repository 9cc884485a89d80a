"""Editions that tests run on: the synthetic one, and SSB's figures served by a StatBank on loopback."""

import contextlib
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from statbank_double import Double, serving

import nlib.data.fetch
import nlib.data.synthetic
from nlib.build import fetching, pipeline
from nlib.core import store
from nlib.core.municipalities import Register
from nlib.data.fetch import Client, pxweb
from nlib.data.statbank import StatBank
from tests.kept import cache_folder, fingerprint, kept, newest

HERE = Path(__file__)
ROOT = HERE.parents[1]
ANSWERING = HERE.parent / "statbank_kept.py"
ONCE = {"validering": "kan-tallene-stoles-paa"}  # notebooks that an edition has one page of
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb") if path.stem not in ONCE)


SERVED = ("klass_131_codes", "klass_131_changes", "ssb_03321", "ssb_07459", "ssb_11618")  # by the StatBank on loopback


def quiet(line):
    """Where the progress of a test's run goes."""


def real_data() -> Path:
    """The folder of SSB's figures; where there is none, the test is skipped."""
    if not (data := os.environ.get("NLIB_REAL_DATA")):
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    return Path(data)


@contextlib.contextmanager
def statbank(*options):
    """SSB's figures on loopback, with SSB's limits and on request with faults; gives the address to ask."""
    data = real_data()
    program = data.parent / "tools" / "statbank.py"
    command = [sys.executable, str(ANSWERING), str(_answers(data)), str(program), "--port", "0", "--data", str(data), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip().removesuffix("/pxwebapi/v2")
        finally:
            server.terminate()


@cache
def _answers(data: Path) -> Path:
    """The folder of the answers that the StatBank has worked out from these figures; those from others are taken away."""
    folder = cache_folder() / "answers" / fingerprint([ANSWERING, data, data.parent / "tools"])
    for other in folder.parent.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """The folder of this run: one for all its workers."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    """A home with the project's notebooks and the synthetic edition, built. The edition is kept between runs and shared by them:
    a test that changes it makes a copy."""
    key = fingerprint([HERE, *made_by("core", "data", "methods", "indicators", "build")])
    with kept(cache_folder() / f"demo-{key}", _make_demo) as folder:
        yield _home(tmp_path_factory.mktemp("demo"), folder)


@pytest.fixture
def own_home(demo_home, tmp_path):
    """A home with the tables of the synthetic edition, whose raw files a test may add to."""
    raw, there = tmp_path / "own" / "data" / "raw" / "demo", demo_home / "data" / "raw" / "demo"
    raw.mkdir(parents=True)
    for path in there.iterdir():
        (raw / path.name).symlink_to(path) if path.is_dir() else shutil.copy(path, raw)
    processed = tmp_path / "own" / "data" / "processed"  # regions' editions are made beside it
    processed.mkdir()
    (processed / "demo").symlink_to(demo_home / "data" / "processed" / "demo")
    (tmp_path / "own" / "notebooks").symlink_to(demo_home / "notebooks")
    return tmp_path / "own"


@pytest.fixture(scope="session")
def demo_edition(demo_home):
    return store.edition("demo", demo_home)


@pytest.fixture(scope="session")
def real_edition(tmp_path_factory):
    """An edition with SSB's figures, fetched from the StatBank on loopback and built; kept between runs as the synthetic one is."""
    data = real_data()
    key = fingerprint([HERE, *made_by("core", "data", "methods", "indicators", "build"), data, data.parent / "tools"])
    with kept(cache_folder() / f"real-{key}", _make_real) as folder:
        yield store.edition("2026", _home(tmp_path_factory.mktemp("real"), folder))


def _home(home, folder):
    (home / "data").mkdir()  # where locks are; the edition itself is shared
    for part in ("raw", "processed"):
        (home / "data" / part).symlink_to(folder / "data" / part)
    return with_notebooks(home)


def with_notebooks(home: Path) -> Path:
    """A home of its own with the project's notebooks in it."""
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    return home


def made_by(*rooms: str) -> list[Path]:
    return [Path(nlib.core.__path__[0]).parent / room for room in rooms]


def _make_demo(home):
    """The edition, its raw files as kept where nothing that writes them has changed, and only those tables built that must be."""
    key = fingerprint([HERE, *made_by("core", "data")])
    with kept(cache_folder() / f"raw-{key}", lambda folder: pipeline.demo(store.new_edition("demo", folder), 1, quiet)) as raw:
        shutil.copytree(raw / "data", home / "data", copy_function=os.link)
    if before := newest("demo"):
        shutil.copytree(before / "data" / "processed", home / "data" / "processed", copy_function=os.link)
    pipeline.build(store.new_edition("demo", home), quiet)


def _make_real(home):
    edition = store.new_edition("2026", home)
    with statbank("--calls", "0") as api:
        fetching.fetch(edition, Client(api, say=quiet), SERVED, quiet)
    pipeline.build(edition, quiet)


POPULATION = StatBank(
    table="07459",
    title="Befolkning, etter region, statistikkvariabel og år",
    keys={"Region": "komm_nr"},
    contents={"Personer1": "population"},
    day="01-01",
)


@pytest.fixture
def small_statbank(demo_edition):
    """A StatBank with one table: 1000 people under every number that holds on 1 January of 2018 and of 2026."""
    register = Register(demo_edition.table("municipality_codes"), demo_edition.table("municipality_changes"))
    rows = [(number, year) for year in (2018, 2026) for number in register.valid(f"{year}-01-01")]
    answer = POPULATION.answer(pd.DataFrame(rows, columns=["komm_nr", "year"]).assign(population=1000), "2026-03-01T07:00:00Z")
    double = Double()
    double.says("/config", {"maxDataCells": pxweb.MAX_CELLS})
    double.says("/tables?", {"tables": [{"id": "07459", "label": "07459: Befolkning", "variableNames": ["region", "år"]}]})
    double.says("/metadata", answer)
    double.says("/data", answer)
    with serving(double) as api:
        yield api, double
