"""What tests share: the editions they run on, and the browser that pages are tested in."""

import os
import shutil

import pytest
from hypothesis import settings

from nlib.press import fork
from tests import warm
from tests.editions import demo_edition, demo_home, own_home, real_edition, run_folder, small_statbank  # noqa: F401
from tests.made_reports import reports  # noqa: F401

FEW = 20  # examples of a property, where the run is not to be thorough


def pytest_addoption(parser):
    parser.addoption("--all", action="store_true", help="the slow tests too, and every example of each property, as .ci/run does")


def pytest_configure(config):
    thorough = config.getoption("--all")
    settings.register_profile("nlib", deadline=None, max_examples=100 if thorough else FEW)  # a busy machine is slow, not wrong
    settings.load_profile("nlib")


def pytest_collection_modifyitems(config, items):
    shared_out(items, getattr(config, "workerinput", {}).get("workercount", 1))
    if config.getoption("--all"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="slow: runs with --all, as in .ci/run"))
        own = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
        if own is not None and own.max_examples > FEW:
            item.obj._hypothesis_internal_use_settings = settings(own, max_examples=FEW)


def shared_out(items, workers):
    """Put as many slow tests first in what each worker begins with, so that none has them left at the end."""
    kinds = [[item for item in items if ("slow" in item.keywords) == slow] for slow in (True, False)]
    items[:] = [item for part in range(workers) for kind in kinds for item in _part(kind, part, workers)]


def _part(items, part, of):
    return items[len(items) * part // of : len(items) * (part + 1) // of]


@pytest.fixture(scope="session", autouse=True)
def warm_parents():
    """Processes that make pages are forked from one that has loaded what they need, for all tests of a worker."""
    with warm.instead():
        yield


@pytest.fixture
def cold(monkeypatch):
    """Processes that make pages are started as they are for a user."""
    monkeypatch.setattr(fork, "_Process", warm.COLD)


FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Debian's chromium, one for all tests of a worker; skipped where it is missing, unless NLIB_BROWSER_REQUIRED is 1."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("NLIB_BROWSER_REQUIRED") == "1":
            pytest.fail("chromium is not installed, and NLIB_BROWSER_REQUIRED is 1: apt-get install chromium")
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()
