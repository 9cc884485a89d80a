"""What tests share: the editions they run on, and the browser that pages are tested in."""

import os
import shutil

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
