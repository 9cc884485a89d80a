"""An invented report and index in the browser: every width, no script, keyboard, paper, search. Real pages: test_pages."""

import contextlib
import io
import re

import matplotlib.image
import numpy as np
import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell

from nlib.core import store
from nlib.core.municipalities import fold
from nlib.press.code import research_files
from nlib.press.index import index_html
from nlib.press.journal import settled
from nlib.press.render import render
from tests.pages import FACTS, ORDER, notebook
from tests.test_index import ENTRIES, WHOLE

pytestmark = pytest.mark.browser
WIDTHS = [1280, 390, 320]
CODE = """# Hvor mange pendler ut?
from nlib.desk.view import View

def andel(ut: int, bosatte: float = 1e3) -> str:
    return f"{100 * ut / bosatte:.1f} prosent" if bosatte and not isinstance(ut, str) else None

view.table("commuting").query("komm_nr == '3222' and year >= 2015").assign(andel=lambda t: t["out_commuters"] / t["jobs"], n=0x1F)
"""
WHERE = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const name = at.getAttribute("aria-label") || at.textContent.trim() || (at.labels && at.labels[0].textContent) || "";
    const look = getComputedStyle(at), drawn = at.querySelector('path, circle'), outlined = look.outlineStyle !== "none";
    const edge = drawn && parseFloat(getComputedStyle(drawn).strokeWidth) > 10;
    const within = box.width > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0;
    const lit = ((outlined && parseFloat(look.outlineWidth) >= 2) || edge) && within;
    const order = [...document.querySelectorAll("*")].indexOf(at), ring = outlined || at.closest("svg") !== null;
    return at === document.body ? null : {name, order, ring, lit, seen: box.width > 0 && box.height > 0};
}"""  # lit: in the window, with an edge wide enough
DRAWINGS = """[...document.querySelectorAll('.chart > svg')].filter(drawing => drawing.getClientRects().length)
    .map(drawing => drawing.getAttribute('class'))"""
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"], "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A report and an index as they lie on a file share."""
    folder = tmp_path_factory.mktemp("reports")
    report = folder / "3222-lorenskog" / "pendling.html"
    report.parent.mkdir()
    facts = FACTS | {"synthetic": True, "warnings": ["Tallene er oppdiktet."]}
    report.write_text(render(notebook(), title="Pendling", municipality="Lørenskog", edition_facts=facts), encoding="utf-8")
    tables = [("commuting", "Pendling etter kommune"), ("municipalities", "Kommunene")]
    run, about = notebook(new_code_cell(CODE, id="kode")), {"title": "Pendling", "facts": facts}
    files = research_files(run, "pendling", "Lørenskog", about, tables)
    for name, body in files.items():
        store.write(report.parent / name, body)
    index = folder / "index.html"
    index.write_text(index_html(ENTRIES, FACTS, news=["Ett år mer av tabell 03321"], **WHOLE), encoding="utf-8")
    return {"report": report, "index": index, "code": report.parent / "forskning" / "pendling.html"}


@pytest.mark.parametrize("there", [True, False])
def test_the_strip_of_topics_is_seen_where_a_page_of_it_is_there(browser, there):
    html = render(notebook(), title="Rapport", municipality="Oslo", edition_facts=FACTS, topics=[("Pendling", "pendling.html")])
    page = browser.new_page()
    page.set_content(settled(html.encode(), lambda name: there).decode())
    assert page.locator(".topics").is_visible() == there
    page.close()


@contextlib.contextmanager
def opening(browser, files):
    """Opens pages at a width; afterwards nothing may have been asked for but the files themselves, and nothing complained of."""
    asked, told, contexts = [], [], []

    def go(name, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.goto(files[name].as_uri())
        return page

    yield go
    for context in contexts:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert told == []


@pytest.fixture
def opened(browser, files):
    """Opens a page at a width, for a test that does something with it."""
    with opening(browser, files) as go:
        yield go


@pytest.fixture(scope="module")
def looked_at(browser, files):
    """A page at a width with all of it open, for tests that only look: opened once for them all."""
    there = {}

    with opening(browser, files) as go:

        def at(name, width):
            if name not in there:
                there[name] = go(name, width)
                open_all(there[name])
            there[name].set_viewport_size({"width": width, "height": 900})
            return there[name]

        yield at


@pytest.fixture(scope="module")
def index(browser, files):
    """The index, for tests that only type in its search."""
    with opening(browser, files) as go:
        yield go("index")


def open_all(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index", "code"])
def test_a_page_has_no_accessibility_faults_and_never_scrolls_sideways(looked_at, name, width):
    page = looked_at(name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    faults = Axe().run(page, options=WCAG).response["violations"]
    assert [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in faults] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_name_of_a_key_figure_is_broken_only_where_words_are(looked_at, width):
    labels = looked_at("report", width).evaluate("""[...document.querySelectorAll('.keys .label')].map(label => {
        const range = document.createRange();
        range.selectNodeContents(label);
        return [label.textContent, new Set([...range.getClientRects()].map(line => line.top)).size];
    })""")
    assert len(labels) == 4
    assert [label for label, lines in labels if lines > len(re.split(r"[\s\u00ad]", label))] == []


@pytest.mark.parametrize(("width", "drawn"), [(1280, "wide"), (390, "narrow")])
def test_a_phone_gets_the_narrow_drawings(opened, width, drawn):
    page = opened("report", width)
    assert page.evaluate(DRAWINGS) == [drawn, drawn]
    page.emulate_media(media="print")
    assert page.evaluate(DRAWINGS) == ["wide", "wide"]


def test_the_text_of_a_drawing_can_be_selected_and_is_written_in_the_letters_of_the_page(opened):
    page = opened("report")
    assert page.evaluate("document.fonts.ready.then(fonts => [...fonts][0].status)") == "loaded"
    page.keyboard.press("Control+A")
    assert "Lillestrøm" in page.evaluate("getSelection().toString()").split("Hvem pendler ut?")[1].split("Usikkert")[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_drawing_can_be_read_where_colours_are_forced(opened, scheme):
    page = opened("report", forced_colors="active", color_scheme=scheme)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    drawing = page.locator(".chart > svg.wide").first
    forced = drawing.screenshot()
    page.emulate_media(forced_colors="none", color_scheme="light")
    assert _pixels(forced).shape == _pixels(drawing.screenshot()).shape
    unlike = np.abs(_pixels(forced) - _pixels(drawing.screenshot())).max(axis=2)[3:-3, 3:-3] > 0.2  # within its frame
    assert unlike.mean() < 0.001


def _pixels(png):
    return matplotlib.image.imread(io.BytesIO(png))[..., :3]


def test_a_page_can_be_used_by_keyboard(opened):
    page = opened("report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hopp til innholdet"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
        if reached[-1] == "SUMMARY":
            page.keyboard.press("Enter")
    assert reached[:2] == ["A", "A"], "the findings' links to figures come first"
    assert reached[2:5] == ["SUMMARY", "DIV", "A"], "a table is opened, scrolled and its CSV fetched by keyboard"
    assert page.evaluate("document.querySelectorAll('details[open]').length") == 2


def walk(page, steps=400):
    """Every place that Tab comes to, in order, until it is back where it began."""
    seen = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        here = page.evaluate(WHERE)
        if here is None or (seen and here["order"] == seen[0]["order"]):
            return seen
        seen.append(here)
    raise AssertionError("Tab never comes back to where it began")


@pytest.mark.parametrize("name", ["report", "index", "code"])
@pytest.mark.parametrize("width", [1280, 390])
def test_tab_walks_through_all_of_a_page_in_reading_order_and_what_has_focus_is_seen(opened, name, width):
    page = opened(name, width)
    open_all(page)
    seen = walk(page)
    assert [place["order"] for place in seen] == sorted(place["order"] for place in seen)
    assert [place for place in seen if not (place["name"] and place["ring"] and place["seen"])] == []
    reachable = page.locator("a[href]:visible, button:visible, input:visible, summary:visible, [tabindex='0']:visible").count()
    assert len(seen) == reachable > 5
    if width == 1280:
        assert [place["name"] for place in seen if not place["lit"]] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["report", "index"])
def test_what_is_read_first_stands_first(looked_at, name, width):
    page = looked_at(name, width)
    assert page.evaluate(ORDER) == []


@pytest.mark.parametrize("name", ["report", "index"])
def test_a_page_looks_the_same_in_the_dark(looked_at, name):
    page, seen = looked_at(name, 390), []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        seen.append(page.screenshot(full_page=True))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("name", ["report", "index"])
def test_what_is_put_into_a_copy_of_a_page_neither_runs_nor_calls_out(browser, files, tmp_path, name):
    copy = tmp_path / "side.html"
    harm = "<script>window.ran = 1</script><img src='http://127.0.0.1:9/x.png' onerror='window.ran = 1'>"
    harm += "<style>h1 { display: none }</style><form action='http://127.0.0.1:9/'><button id='send'>x</button></form>"
    copy.write_text(files[name].read_text(encoding="utf-8").replace("</main>", f"{harm}</main>"), encoding="utf-8")
    page, answered = browser.new_page(), []
    page.on("requestfinished", lambda request: answered.append(request.url))
    page.goto(copy.as_uri())
    page.evaluate("document.querySelector('#send').click()")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.url == copy.as_uri()
    assert [url for url in answered if not url.startswith(("file:", "data:"))] == []
    page.close()


def test_a_finding_leads_to_its_figure(opened):
    page = opened("report")
    page.get_by_role("link", name="Se figuren til funn 2").click()
    assert page.url.endswith("#pendling-tid")
    assert 0 <= page.evaluate("document.getElementById('pendling-tid').getBoundingClientRect().top") < 900


def test_the_numbers_can_be_saved_as_csv(opened):
    page = opened("report")
    open_all(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned tallene som CSV").first.click()
    assert download.value.suggested_filename == "pendling-andel.csv"
    assert download.value.path().read_bytes().startswith("\N{ZERO WIDTH NO-BREAK SPACE}Kommune;År;".encode())


def test_a_page_prints_on_at_most_six_a4_sheets_with_page_numbers(opened):
    page = opened("report")
    open_all(page)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages
    assert 1 <= len(sheets) <= 6
    assert [round(side / 72 * 25.4) for side in sheets[0].mediabox[2:]] == [210, 297]
    for number, sheet in enumerate(sheets, 1):
        text = " ".join(sheet.extract_text().split())
        assert f"Side {number} av {len(sheets)}" in text
        assert "Lørenskog: Pendling" in text
        assert "Last ned tallene" not in text


def test_the_index_prints_the_municipalities_in_columns_and_leaves_out_what_only_a_screen_can_use(opened):
    page = opened("index")
    page.get_by_label("Søk etter kommune").fill("lørensk")
    open_all(page)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    page.get_by_label("Søk etter kommune").fill("")
    whole = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == len(whole) == 1
    text = whole[0].extract_text()
    assert all(entry.name in text and entry.number in text for entry in ENTRIES)
    assert "Ett år mer av tabell 03321" in text
    assert not [word for word in ("Søk etter", "Nøkkeltall", "Last ned", "Velg en kommune") if word in text]


def test_a_page_reads_the_same_without_script(opened):
    page = opened("report", java_script_enabled=False)
    assert page.get_by_role("heading", level=1).inner_text() == "Pendling"


@pytest.mark.parametrize(
    ("asked", "found", "told"),
    [
        ("lørensk", ["3222"], "1 kommune"),
        ("LORENSKOG", ["3222"], "1 kommune"),
        ("våler", ["3419", "3114"], "2 kommuner"),
        ("3205", ["3205"], "1 kommune"),
        ("akershus", ["3205", "3222"], "2 kommuner"),
        ("Kárášjohka", ["5610"], "1 kommune"),
        ("karasjok kara", ["5610"], "1 kommune"),
        ("Bielefeld", [], "0 kommuner"),
        ("", ["3205", "3222", "5610", "3419", "3114"], ""),
    ],
)
def test_the_index_is_searched_as_one_types(index, asked, found, told):
    page = index
    page.get_by_label("Søk etter kommune").fill("")
    page.get_by_label("Søk etter kommune").press_sequentially(asked)
    assert page.locator(".county > ul > li:visible .nr").all_inner_texts() == found
    assert sorted(page.locator("#tall tbody tr:visible").evaluate_all("rows => rows.map(row => row.dataset.nr)")) == sorted(found)
    assert page.get_by_role("status").inner_text() == told
    assert page.locator("#kart").is_visible() == (not asked)


def test_the_browser_folds_names_as_python_does(opened):
    page = opened("index")
    for text in ("Lørenskog", "Kárášjohka - Karasjok", "Gáivuotna – Kåfjord", "ÆRØ ŧŊđ", "Unjárga-Nesseby"):
        page.evaluate("words => document.querySelector('[data-words]').setAttribute('data-words', words)", f"0000 {fold(text)}")
        page.get_by_label("Søk etter kommune").fill(f"0000 {text}")
        assert page.get_by_role("status").inner_text() == "1 kommune", text


def test_the_index_is_all_there_without_script(opened):
    page = opened("index", java_script_enabled=False)
    assert page.locator(".county > ul > li:visible").count() == len(ENTRIES)
    assert page.locator("#kart svg a").count() == 2
    assert page.locator("#tall tbody tr:visible").count() == len(ENTRIES)
    assert page.locator("input:visible, button, .scripted:visible").count() == 0
    page.locator(".county").get_by_role("link", name="Lørenskog").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Pendling"


def test_a_link_in_the_index_opens_the_page_and_leads_back(opened, files):
    page = opened("index")
    page.get_by_label("Søk etter kommune").fill("lørenskog")
    page.locator(".county").get_by_role("link", name="Lørenskog").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Pendling"
    page.get_by_role("link", name="Alle kommuner").click()
    assert page.url == files["index"].as_uri()


def test_a_report_is_found_by_keyboard_alone(opened):
    page = opened("index")
    page.get_by_label("Søk etter kommune").focus()
    page.keyboard.type("lørens")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Lørenskog"
    page.keyboard.press("Enter")
    page.wait_for_url("**/3222-lorenskog/pendling.html")


def test_the_map_is_walked_by_keyboard_and_says_where_one_is(opened):
    page = opened("index")
    page.get_by_role("link", name="listen").focus()
    page.keyboard.press("Tab")
    assert page.locator("#kartnavn").inner_text() == "Lillestrøm (tegnet sammen med Kárášjohka - Karasjok)"
    page.keyboard.press("Tab")
    assert page.locator("#kartnavn").inner_text() == "Lørenskog"
    page.keyboard.press("Enter")
    page.wait_for_url("**/3222-lorenskog/pendling.html")


def test_a_click_on_the_map_opens_the_report(opened):
    page = opened("index")
    page.get_by_role("link", name="Lørenskog").first.hover()
    assert page.locator("#kartnavn").inner_text() == "Lørenskog"
    page.get_by_role("link", name="Lørenskog").first.click()
    page.wait_for_url("**/3222-lorenskog/pendling.html")


def test_key_figures_are_sorted_with_missing_ones_last_both_ways(opened):
    page = opened("index")

    def order():
        return page.locator("#tall tbody tr").evaluate_all("rows => rows.map(row => row.dataset.nr)")

    def told():
        return page.locator("#tall thead th").evaluate_all("heads => heads.map(head => head.getAttribute('aria-sort'))")

    assert told() == ["ascending", None, None, None]
    growth = page.get_by_role("button", name="Folkevekst, prosent 2025")
    growth.click()
    assert order() == ["3419", "3205", "3114", "5610", "3222"]
    assert told() == [None, None, None, "descending"]
    growth.press("Enter")
    assert order() == ["5610", "3114", "3205", "3419", "3222"]
    assert told() == [None, None, None, "ascending"]
    page.get_by_role("button", name="Folketall 2026").press("Space")
    assert order() == ["3205", "3222", "3114", "5610", "3419"]
    page.get_by_role("button", name="Fylke").click()
    assert order() == ["3205", "3222", "5610", "3419", "3114"]
    page.get_by_role("button", name="Kommune", exact=True).click()
    assert order() == ["5610", "3205", "3222", "3114", "3419"]


def test_the_key_figures_can_be_saved_as_csv(opened):
    page = opened("index")
    with page.expect_download() as download:
        page.get_by_role("link", name="Last ned nøkkeltallene som CSV").click()
    assert download.value.suggested_filename == "nokkeltall-2026.csv"
    assert download.value.path().read_text(encoding="utf-8-sig").splitlines()[3] == "3222;Lørenskog;Akershus;46900;.."


def test_an_address_with_a_number_leads_to_the_municipality(opened):
    page = opened("index")
    page.evaluate("location.hash = 'k3222'")
    page.wait_for_function("document.activeElement.textContent === 'Lørenskog'")


LOW = """[...document.querySelectorAll("a:not(.skip, svg a), button, input, summary")]
    .filter(part => part.getClientRects().length && part.getBoundingClientRect().height < 23.99)
    .map(part => part.textContent.trim())"""  # WCAG 2.2: 24 points


def test_the_list_of_the_index_begins_within_two_screens_of_a_phone_and_what_is_touched_is_24_points_high(opened):
    page = opened("index", 390)
    top = page.locator("#kommuner").evaluate("part => part.getBoundingClientRect().top + scrollY")
    assert top < 2 * 844
    assert page.evaluate(LOW) == []
