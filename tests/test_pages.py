"""The pages of the synthetic edition as readers open them: in a browser, at three widths, on paper."""

import io
import re

import html5lib
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from nlib.core import store
from nlib.press import publish
from tests.editions import NOTEBOOKS, quiet, with_notebooks
from tests.kept import kept
from tests.pages import ORDER

WHOLE = [f"3222-lorenskog/{notebook}.html" for notebook in NOTEBOOKS]
SPLIT = [f"1580-haram/{notebook}.html" for notebook in NOTEBOOKS]  # of a municipality that lacks much
PAGES = [*WHOLE, *SPLIT, "index.html", "om-tallene.html"]
SEEN = [(name, width) for name in PAGES for width in ([390] if name in SPLIT else [1280, 390, 320])]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="session")
def reports(demo_home, run_folder):
    """The folder of a run for two municipalities; made once for all workers."""

    def make(home):
        (home / "data").symlink_to(demo_home / "data")
        with_notebooks(home)
        assert publish.make(store.edition("demo", home), ["3222", "1580"], (), 2, quiet).failed == []

    with kept(run_folder / "pages", make) as home:
        yield home / "reports" / "demo"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_valid_html_under_a_megabyte(reports, name):
    page = (reports / name).read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    assert len(page.encode()) < 1_000_000


@pytest.mark.browser
@pytest.mark.parametrize(("name", "width"), SEEN)
def test_a_page_has_no_accessibility_fault_asks_for_nothing_fits_the_screen_and_reads_in_order(reports, browser, name, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)  # axe is a script; the page has none
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto((reports / name).as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    faults = [(fault["id"], len(fault["nodes"])) for fault in Axe().run(page, options=RULES).response["violations"]]
    assert faults == []
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(ORDER) == []
    context.close()


@pytest.mark.browser
def test_the_policy_of_a_page_lets_no_script_run(reports, browser):
    page = browser.new_page()
    page.goto((reports / PAGES[0]).as_uri())
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    page.close()


@pytest.mark.browser
def test_the_index_of_all_municipalities_prints_on_at_most_six_sheets(reports, browser):
    page = browser.new_page()
    page.goto((reports / "index.html").as_uri())
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert 1 < len(paper.pages) <= 6
    assert sum(len(re.findall(r"\b\d{4}\b", sheet.extract_text())) for sheet in paper.pages) >= 357


@pytest.mark.browser
@pytest.mark.parametrize("name", [*WHOLE, *SPLIT])
def test_a_report_prints_on_at_most_six_numbered_pages(reports, browser, name):
    page = browser.new_page()
    page.goto((reports / name).as_uri())
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert 1 <= len(paper.pages) <= 6
    assert all(f"Side {number} av {len(paper.pages)}" in sheet.extract_text() for number, sheet in enumerate(paper.pages, 1))
    assert "Demodata" in paper.pages[0].extract_text()
