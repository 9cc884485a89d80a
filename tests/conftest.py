"""What tests share: the editions they run on, and the browser that pages are tested in."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

from tests.editions import demo_edition, demo_home, own_home, real_edition, run_folder, small_statbank  # noqa: F401

settings.register_profile("nlib", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("nlib")
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


KNOWN = Path(__file__).with_name("known_failures.txt")  # tests that fail today or were not run since what they test was changed


def known_failures() -> dict[str, str]:
    """Test ids, or files, with why: listed so that nobody takes them for passed. The list is to be emptied, not added to."""
    rows = [line.partition("  # ") for line in KNOWN.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return {name.strip(): why for name, _, why in rows}


def pytest_collection_modifyitems(items):
    listed = known_failures()
    for item in items:
        why = listed.get(item.nodeid.partition("[")[0]) or listed.get(item.nodeid.partition("::")[0])
        if why:
            item.add_marker(pytest.mark.xfail(reason=f"{KNOWN.name}: {why}", strict=False))


def pytest_terminal_summary(terminalreporter):
    known = terminalreporter.stats.get("xfailed", [])
    if known:
        terminalreporter.write_line(f"{len(known)} tests failed as {KNOWN.name} says: they are faults, not passes")
