"""Ten questions that a formannskap asks: each is answered in visible text of the report, or of a page that it links to."""

import re

import pytest

from tests.editions import ROOT

pytestmark = pytest.mark.browser
PAGE = (ROOT / "docs" / "ti-spoersmaal.md").read_text(encoding="utf-8")
ANSWERS = {  # what is asked: whom the reader has chosen, and what is then to be read under the heading
    "Vokser vi mer enn landet?": ("", r"Folketallet er [\d ]+ i \d{4}, [\d,]+ prosent flere enn i \d{4}; .*landet \+[\d,]+"),
    "Hvorfor vokser vi: fødsler, flytting eller innvandring?": (
        "",
        r"I \d{4} ble det [\d ]+ flere: [\d ]+ flere fødte enn døde, .*fra andre kommuner.* utlandet",
    ),
    "Er vi over eller under Lillestrøm i utpendling, og er det sikkert?": (
        "#mot=3205",
        r"[\d,]+ prosent av de sysselsatte som bor her, arbeider i en annen kommune \(\d{4}\); Lillestrøm har [\d,]+ og "
        r"landet [\d,]+\. .*telt i et register",
    ),
    "Hvor pendler folk, og hvor kommer de fra?": ("", r"Flest pendler til Oslo \([\d ]+\) og fra Oslo \([\d ]+\)"),
    "Er vi attraktive, og er det mer enn tilfeldigheter?": (
        "",
        r"prosent (flere|færre) hit i året enn .* \(mellom [−\d,]+ og [\d,]+, ni av ti\)",
    ),
    "Er jobbveksten vår egen, og hvor mye av den er privat?": (
        "",
        r"Med landets vekst ville det blitt .* privat sektor uten offentlig eide foretak \(\d+ %, landet",
    ),
    "Hva lever vi av?": ("", r"Flest arbeider i .* \([\d,]+ prosent\)"),
    "Hvor mange blir vi i 2035, og hvor mye har slike tall bommet?": (
        "",
        r"Mellom [\d ]+ og [\d ]+ i 2035 \(ni av ti\).* bommet med [\d,]+ prosent",
    ),
    "Har vi råd, målt mot det som er anbefalt?": ("", r"Netto driftsresultat er [−\d,]+ prosent .* TBU anbefaler minst 1,75"),
    "Kan vi stole på tallene?": ("", r"Vi treffer .* publiserte tall|Ingen av de .* publiserte tallene kan prøves"),
}


def test_the_ten_questions_are_those_that_are_written_down():
    assert re.findall(r"^\| ([^|]+\?) \|", PAGE, re.MULTILINE) == list(ANSWERS)


@pytest.fixture(scope="module")
def page(reports, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize("question", ANSWERS)
def test_a_question_of_a_formannskap_is_answered_in_what_is_seen(reports, page, question):
    chosen, answer = ANSWERS[question]
    (where,) = re.findall(rf"^\| {re.escape(question)} \| .*«([^»]+)»", PAGE, re.MULTILINE)
    page.goto("about:blank")
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri() + chosen)
    section = page.locator("section.answer", has=page.get_by_role("heading", name=where, exact=True))
    if not section.count():
        page.get_by_role("link", name=where).first.click()
        section = page.locator("main")
    seen = " ".join(section.inner_text().replace("\N{NO-BREAK SPACE}", " ").split())
    assert re.search(answer, seen), seen
