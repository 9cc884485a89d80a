"""Editions that tests run on: the synthetic one, and SSB's figures served by a StatBank on loopback."""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from statbank_double import Double, serving

from nlib import pipeline, store
from nlib.fetch import Client, pxweb
from nlib.municipalities import Register
from nlib.statbank import StatBank

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


SERVED = ("klass_131_codes", "klass_131_changes", "ssb_03321", "ssb_07459", "ssb_11618")  # by the StatBank on loopback


def quiet(line):
    """Where the progress of a test's run goes."""


@contextlib.contextmanager
def statbank(*options):
    """SSB's figures on loopback, with SSB's limits and on request with faults; gives the address to ask."""
    data = os.environ.get("NLIB_REAL_DATA")
    if not data:
        pytest.skip("NLIB_REAL_DATA, the folder of SSB's figures, is not set")
    program = Path(data).parent / "tools" / "statbank.py"
    command = [sys.executable, str(program), "--port", "0", "--data", data, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip().removesuffix("/pxwebapi/v2")
        finally:
            server.terminate()


def with_notebooks(home: Path) -> Path:
    """A home of its own with the project's notebooks in it."""
    shutil.copytree(ROOT / "notebooks", home / "notebooks")
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory, worker_id):
    """A home that holds the synthetic edition, built; made once for all workers of a run."""
    root = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    return shared(root / "demo", _make_demo)


@pytest.fixture(scope="session")
def demo_edition(demo_home):
    return store.edition("demo", demo_home)


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
    double.says("/config", {"maxDataCells": pxweb.LIMITS["maxDataCells"]})
    double.says("/tables?", {"tables": [{"id": "07459", "label": "07459: Befolkning", "variableNames": ["region", "år"]}]})
    double.says("/metadata", answer)
    double.says("/data", answer)
    with serving(double) as api:
        yield api, double


@pytest.fixture(scope="session")
def real_edition(tmp_path_factory, worker_id):
    """An edition with SSB's figures, fetched from the StatBank on loopback and built; made once for all workers."""
    root = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    return store.edition("2026", shared(root / "real", _make_real))


def shared(home: Path, make) -> Path:
    """The folder, made by whichever worker comes first while the others wait."""
    with open(f"{home}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "ready").exists():
            home.mkdir()
            make(with_notebooks(home))
            (home / "ready").touch()
    return home


def _make_demo(home):
    edition = store.new_edition("demo", home)
    pipeline.demo(edition, 1, quiet)
    pipeline.build(edition, quiet)


def _make_real(home):
    edition = store.new_edition("2026", home)
    with statbank("--calls", "0") as api:
        pipeline.fetch(edition, Client(api, say=quiet), SERVED, quiet)
    pipeline.build(edition, quiet)
