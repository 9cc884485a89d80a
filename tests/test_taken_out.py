"""What a reader takes out of a page, in the browser and from a file: links, sentences, and a figure with its title and source."""

import re
from xml.etree import ElementTree

import matplotlib.image
import numpy as np
import pytest

from nlib.charts import legible

pytestmark = pytest.mark.browser
FIGURE = "#pendling-partners"


@pytest.fixture(params=["rapport", "pendling"])
def page(reports, browser, request):
    problems = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto((reports / "3222-lorenskog" / f"{request.param}.html").as_uri())
    page.locator(f"{FIGURE} summary").click()
    yield page
    context.close()
    assert problems == []


def pasted(page):
    """What lies on the clipboard, as a field of the page gets it."""
    page.evaluate("() => { const field = document.createElement('textarea'); field.id = 'limt'; document.body.append(field); }")
    page.locator("#limt").focus()
    page.keyboard.press("Control+V")
    return page.locator("#limt").input_value()


def told(page, within, button):
    page.locator(within).get_by_role("button", name=button).click()
    status = page.locator(f"{within} .tools [role=status]")
    status.filter(has_text="Kopiert.").wait_for()


def saved(page, kind, tmp_path):
    with page.expect_download() as download:
        page.locator(FIGURE).get_by_role("button", name=kind).click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == f"lorenskog-pendling-partners.{kind.lower()}"
    return path


def test_the_link_of_a_page_and_of_a_figure_is_copied(page):
    told(page, "header", "Kopier lenken")
    assert pasted(page) == page.url
    page.locator("#limt").evaluate("field => field.remove()")
    told(page, FIGURE, "Kopier lenken")
    assert pasted(page) == page.url + FIGURE


def test_the_sentences_are_copied_with_their_source_and_a_figure_without_any_by_its_title(page):
    told(page, FIGURE, "Kopier setningene")
    text = pasted(page)
    assert re.search(r"Kilde: SSB, tabell 03321, .*$", text)
    answer = page.locator(f".answer:has({FIGURE}) > p:not(.more)")
    said = answer.all_inner_texts() or [page.locator(f"{FIGURE} h3").inner_text() + "."]
    assert text.startswith(" ".join(part.replace("\N{NO-BREAK SPACE}", " ") for part in said))


def test_a_figure_is_saved_as_svg_with_what_tells_of_it_and_can_be_read(page, tmp_path):
    drawn = saved(page, "SVG", tmp_path).read_text(encoding="utf-8")
    texts = [element.text for element in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]
    title = page.locator(f"{FIGURE} h3").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert " ".join(texts).startswith(title[:60]) and any(text.startswith("Kilde: SSB") for text in texts)
    assert "@font-face" in drawn and "http" not in drawn.replace("http://www.w3.org/", "")
    own = re.sub(r"<g transform.*</g>(?=<text)", "", drawn, flags=re.DOTALL)  # the title and the source, without the drawing
    assert legible.faults(own) == [] and own.count("<text") < drawn.count("<text") / 2


def test_a_figure_is_saved_as_a_picture_that_is_not_empty(page, tmp_path):
    picture = matplotlib.image.imread(saved(page, "PNG", tmp_path))
    assert picture.shape[1] == 2 * round(4 / 3 * 518.4) and len(np.unique(picture.reshape(-1, picture.shape[2]), axis=0)) > 20


def test_without_a_script_and_on_paper_nothing_is_offered(reports, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri())
    assert page.get_by_role("button").count() == 0
    context.close()
    page = browser.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri())
    page.emulate_media(media="print")
    assert page.get_by_role("button", name="Skriv ut").count() == 0
    page.close()
