"""The pages of the synthetic edition as readers open them: in a browser, at three widths, on paper. Each is opened once."""

import io
import re
from contextlib import contextmanager

import html5lib
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.editions import NOTEBOOKS, ONCE
from tests.made_reports import LACKING
from tests.pages import ORDER

WHOLE = [f"3222-lorenskog/{notebook}.html" for notebook in NOTEBOOKS]
SPLIT = [f"1580-haram/{notebook}.html" for notebook in NOTEBOOKS if notebook not in LACKING]  # of one that lacks much
REPORTS = [*WHOLE, *SPLIT]
PAGES = [*REPORTS, *(f"{name}.html" for name in ONCE.values()), "index.html", "om-tallene.html"]
QUICK = {"3222-lorenskog/rapport.html", "3222-lorenskog/pendling.html", "1580-haram/rapport.html", "index.html"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}  # of what holds, no account


def each(pages):
    return [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in pages]


@pytest.mark.parametrize("name", each(PAGES))
def test_a_page_is_valid_html_under_a_megabyte(reports, name):
    page = (reports / name).read_text(encoding="utf-8")
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    assert len(page.encode()) < 1_000_000


def test_there_is_no_page_of_what_a_municipality_has_no_figures_in_and_nothing_leads_to_it(reports):
    assert not [name for name in LACKING if (reports / "1580-haram" / f"{name}.html").exists()]
    leading = {name: (reports / name).read_text(encoding="utf-8") for name in [*SPLIT, "index.html"]}
    shown = [(name, lacking) for name, page in leading.items() for lacking in LACKING if f' href="{lacking}.html' in page]
    assert shown == [] and "1580-haram/maal" not in leading["index.html"]
    assert "Når vi målene våre?" in leading["1580-haram/rapport.html"], "the report names what is left out"


@pytest.mark.browser
@pytest.mark.parametrize("name", each(PAGES))
def test_a_page_has_no_accessibility_fault_asks_for_nothing_fits_the_screen_reads_in_order_and_its_sheets_are_numbered(
    reports, browser, name
):
    """It is opened once, printed, and then made narrower; a figure chooses its drawing by the width of the screen."""
    with opened(browser, reports / name) as page:
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.reload()
        if name in REPORTS:
            prints_numbered_sheets(page, most=8 if name.endswith("/rapport.html") else 6)
        if name in WHOLE and not name.endswith("/rapport.html"):
            begins_on_the_first_sheet(page)
        if name in WHOLE and name.removesuffix(".html").endswith(("attraktivitet", "pendling", "scenarioer")):
            assert "Kilde: " in sheets_of(page, page_ranges="1")[0].extract_text(), "the first figure is on the first sheet"
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for width in [390] if name in SPLIT else [1280, 390, 320]:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(ORDER) == []
            if rules := axe_rules(name, width):
                violations = Axe().run(page, options=rules).response["violations"]
                assert [(fault["id"], len(fault["nodes"])) for fault in violations] == [], width
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert said == []


@contextmanager
def opened(browser, path):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)  # axe is a script; the page has none
    page = context.new_page()
    page.goto(path.as_uri())
    try:
        yield page
    finally:
        context.close()


def axe_rules(name, width):
    """None between the two; colours take most of the time, and are the same on both widths: only the report is asked twice."""
    if width == 390 and name not in SPLIT:
        return None
    known = width == 320 and not name.endswith("/rapport.html")
    return {**RULES, "rules": {"color-contrast": {"enabled": not known}}}


def sheets_of(page, **options):
    return pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, **options))).pages


def prints_numbered_sheets(page, most):
    sheets = sheets_of(page)
    assert 1 <= len(sheets) <= most
    assert all(f"Side {number} av {len(sheets)}" in sheet.extract_text() for number, sheet in enumerate(sheets, 1))
    assert "Demodata" in sheets[0].extract_text()


def begins_on_the_first_sheet(page):
    """The first heading below the front stands on the first sheet, as it is of real figures: without the marks of invented ones."""
    begins = page.locator("main > .front ~ h2").first.inner_text()
    show = "document.querySelectorAll('.banner, .demo').forEach(mark => {{ mark.style.display = '{}'; }})"
    page.evaluate(show.format("none"))
    front = sheets_of(page, page_ranges="1")[0].extract_text()
    page.evaluate(show.format(""))
    assert begins and " ".join(begins.split()) in " ".join(front.split())


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
def test_the_index_of_all_municipalities_prints_on_at_most_six_sheets(reports, browser):
    with opened(browser, reports / "index.html") as page:
        sheets = sheets_of(page)
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
