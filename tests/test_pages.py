"""The pages of the synthetic edition as readers open them: in a browser, at three widths, on paper. Each is opened once."""

import io
import re
from dataclasses import dataclass, field
from pathlib import Path

import html5lib
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.editions import NOTEBOOKS, ONCE
from tests.pages import ORDER

WHOLE = [f"3222-lorenskog/{notebook}.html" for notebook in NOTEBOOKS]
SPLIT = [f"1580-haram/{notebook}.html" for notebook in NOTEBOOKS]  # of a municipality that lacks much
REPORTS = [*WHOLE, *SPLIT]
PAGES = [*REPORTS, *(f"{name}.html" for name in ONCE.values()), "index.html", "om-tallene.html"]
QUICK = {"rapport", "pendling", "index", "om-tallene"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}  # of what holds, no account


def each(pages):
    return [name if Path(name).stem in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in pages]


@dataclass
class Seen:
    """What a browser found of a page, by the width it was seen at; asked: addresses that it asked for; paper: what it prints.

    front: its first sheet as it is of real figures, without the marks of invented ones; begins: its first heading after the front.
    """

    paper: pypdf.PdfReader | None = None
    front: str = ""
    begins: str = ""
    faults: dict[int, list] = field(default_factory=dict)
    across: dict[int, int] = field(default_factory=dict)
    unordered: dict[int, list] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def seen(reports, browser):
    """What is seen of a page; it is opened once and then made narrower. (The tests of a page follow each other, and so come to one
    worker: `name` is of the module.)"""
    found: dict[str, Seen] = {}

    def look(name) -> Seen:
        if name not in found:
            found[name] = _looked(browser, reports / name, [390] if name in SPLIT else [1280, 390, 320])
        return found[name]

    return look


def _looked(browser, path, widths):
    screen = {"width": 1280, "height": 900}  # what it is printed from; a picture of it chooses its width by the screen
    context = browser.new_context(viewport=screen, bypass_csp=True)  # axe is a script; the page has none
    page = context.new_page()
    here = Seen()
    page.on("request", lambda request: here.asked.append(request.url))
    page.on("console", lambda message: here.said.append(message.text))
    page.goto(path.as_uri())
    here.paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    if (first := page.locator("main > .front ~ h2").first).count() and 1280 in widths:
        here.begins = first.inner_text()
        page.evaluate("document.querySelectorAll('.banner, .demo').forEach(mark => { mark.style.display = 'none'; })")
        here.front = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0].extract_text()
        page.evaluate("document.querySelectorAll('.banner, .demo').forEach(mark => { mark.style.display = ''; })")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        here.across[width] = page.evaluate("document.documentElement.scrollWidth")
        here.unordered[width] = page.evaluate(ORDER)
        if width in (widths[0], widths[-1]):
            violations = Axe().run(page, options=RULES).response["violations"]
            here.faults[width] = [(fault["id"], len(fault["nodes"])) for fault in violations]
    context.close()
    return here


@pytest.mark.parametrize("name", each(PAGES), scope="module")
def test_a_page_is_valid_html_under_a_megabyte(reports, name):
    page = (reports / name).read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    assert len(page.encode()) < 1_000_000


@pytest.mark.browser
@pytest.mark.parametrize("name", each(PAGES), scope="module")
def test_a_page_has_no_accessibility_fault_asks_for_nothing_fits_the_screen_and_reads_in_order(seen, name):
    page = seen(name)
    assert {width: faults for width, faults in page.faults.items() if faults} == {}
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    assert page.said == []
    assert {width: across for width, across in page.across.items() if across > width} == {}
    assert {width: wrong for width, wrong in page.unordered.items() if wrong} == {}


@pytest.mark.browser
@pytest.mark.parametrize("name", each(REPORTS), scope="module")
def test_a_page_prints_on_at_most_six_numbered_sheets_and_the_report_on_eight(seen, name):
    sheets = seen(name).paper.pages
    assert 1 <= len(sheets) <= (8 if name.endswith("/rapport.html") else 6)
    assert all(f"Side {number} av {len(sheets)}" in sheet.extract_text() for number, sheet in enumerate(sheets, 1))
    assert "Demodata" in sheets[0].extract_text()


@pytest.mark.browser
@pytest.mark.parametrize("name", each(name for name in WHOLE if not name.endswith("/rapport.html")), scope="module")
def test_the_first_sheet_of_a_page_has_a_figure_below_its_front(seen, name):
    looked = seen(name)
    assert looked.begins and " ".join(looked.begins.split()) in " ".join(looked.front.split())


@pytest.mark.browser
@pytest.mark.parametrize("name", [name for name in REPORTS if name.endswith("/rapport.html")])
def test_a_report_is_two_thousand_words_and_six_hundred_kilobytes_at_most(reports, browser, name):
    page = browser.new_page()
    page.goto((reports / name).as_uri())
    running = page.locator("main p:visible, main h2, main h3").all_inner_texts()
    assert len(" ".join(running).split()) <= 2000
    assert (reports / name).stat().st_size <= 600_000
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index.html"], scope="module")
def test_the_index_of_all_municipalities_prints_on_at_most_six_sheets(seen, name):
    sheets = seen(name).paper.pages
    assert 1 < len(sheets) <= 6
    assert sum(len(re.findall(r"\b\d{4}\b", sheet.extract_text())) for sheet in sheets) >= 357


@pytest.mark.browser
@pytest.mark.parametrize(("moved", "to"), [("sammendrag.html", "Rapport"), ("validering.html", "Kan tallene stoles på?")])
def test_an_address_that_was_leads_on_without_script_by_itself_and_by_a_link(reports, browser, moved, to):
    old = (reports / "3222-lorenskog" / moved).read_text(encoding="utf-8")
    assert html5lib.HTMLParser(strict=True).parse(old) is not None and "<script" not in old
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_content(re.sub("<meta http-equiv[^>]*>", "", old))
    assert page.get_by_role("link").is_visible()
    page.goto((reports / "3222-lorenskog" / moved).as_uri())
    page.wait_for_url(lambda url: not url.endswith(moved))
    assert page.locator("h1").inner_text() == to
    page.context.close()


@pytest.mark.browser
def test_whether_figures_can_be_trusted_is_said_once_for_all_and_every_report_leads_there(reports, browser):
    page = browser.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri())
    page.locator("main").get_by_role("link", name="Kan tallene stoles på?").click()
    assert "Alle kommuner" in page.locator("header").inner_text() and page.locator("figure").count() >= 3
    page.get_by_role("link", name="Alle kommuner").click()
    assert page.get_by_role("link", name="Kan tallene stoles på?").is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize(("link", "told"), [("Slik siterer du en figur", "utgave demo"), ("Tilgjengelighet", "WCAG 2.1")])
def test_the_index_leads_to_how_a_figure_is_cited_and_to_what_is_accessible(reports, browser, link, told):
    page = browser.new_page()
    page.goto((reports / "index.html").as_uri())
    page.get_by_role("link", name=link).click()
    assert told in page.locator("h2:target + p").inner_text()
    page.close()


@pytest.mark.browser
def test_the_policy_of_a_page_lets_no_script_run(reports, browser):
    page = browser.new_page()
    page.goto((reports / PAGES[0]).as_uri())
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    page.close()
