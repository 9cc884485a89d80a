"""The reader's own choice of whom to be measured against: the page's script says and draws what Python does, in a real browser."""

import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from nlib.core.language import short_name
from nlib.desk.view import View
from nlib.themes.rapport import figures, text
from nlib.themes.rapport.choice import MOST
from tests.test_pages import RULES

pytestmark = pytest.mark.browser
ASKED = ("standing", "commuters", "skills", "economy")  # the questions whose answers follow the choice
SAID = (
    """() => Object.fromEntries([...document.querySelectorAll('[data-mot]')].map(part => [part.dataset.mot, part.textContent]))"""
)
DRAWN = """() => [...document.querySelectorAll('#rapport-strip svg')].map(svg => ['valgt', 'midten'].map(name =>
    [...svg.querySelectorAll(`[data-mal=${name}] use`)].filter(use => !use.hasAttribute('visibility'))
        .map(use => [Number(use.getAttribute('x')), Number(use.getAttribute('y'))])))"""
LINES = """() => [...document.querySelectorAll('#rapport-strip svg')].map(svg =>
    [...svg.querySelectorAll('[data-mal=linjer] path')].map(path => path.getAttribute('d').match(/-?[\\d.]+/g).map(Number)))"""


@pytest.fixture(scope="module")
def page(reports, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri())
    yield page
    page.close()


@pytest.fixture(scope="module")
def home(demo_home):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NLIB_HOME", str(demo_home))
        yield


def choose(page, numbers):
    """As who opens a link with this choice in it."""
    page.evaluate("address => { location.hash = address; }", "#mot=" + (numbers if isinstance(numbers, str) else ",".join(numbers)))
    page.wait_for_timeout(30)


def said_by_python(view) -> dict[str, str]:
    told = (view._call(text.QUESTIONS[name], {}) for name in ASKED)  # the answers, without their figures
    return {hook: part for answer in told for sentence in answer.sentences for hook, part in sentence.hooks}


def choices(places: list[str], many: int) -> list[list[str]]:
    chance = random.Random(7)
    return [chance.sample(places, chance.choice([1, 2, 3, 4, 5, 8, MOST])) for _ in range(many)]


@pytest.mark.slow
def test_fifty_choices_are_said_and_drawn_as_python_says_and_draws_them(page, home, demo_edition):
    places = sorted(set(demo_edition.table("municipalities")["komm_nr"]) - {"3222"})
    names = demo_edition.table("municipalities").set_index("komm_nr")["name"].map(short_name)
    facts, lines = demo_edition.table("facts"), page.evaluate(LINES)
    assert len(lines) == 2 and all(len(drawing) >= 12 for drawing in lines)
    for numbers in choices(places, 50):
        choose(page, numbers)
        view = View("3222", "demo", numbers)
        assert page.evaluate(SAID) == said_by_python(view), numbers
        assert all(names[number] in page.locator(".compared").inner_text() for number in numbers)
        shown = figures.standing(facts, numbers, "3222")
        for of, (chosen, middle) in zip(lines, page.evaluate(DRAWN), strict=True):
            expected = [
                (left + place / 100 * (right - left), y)
                for (left, y, right, _), row in zip(of, shown.itertuples(), strict=True)
                for place in row.chosen
            ]
            assert _alike(chosen, expected)
            held = [
                (row.group_pos, line) for row, line in zip(shown.itertuples(), of, strict=True) if row.group_pos == row.group_pos
            ]
            assert _alike(middle, [(line[0] + place / 100 * (line[2] - line[0]), line[1]) for place, line in held])
    assert page.problems == []


def _alike(drawn, expected) -> bool:
    """Whether the same marks stand on the same lines, to a fiftieth of a point."""
    pairs = zip(sorted((y, x) for x, y in drawn), sorted((y, x) for x, y in expected), strict=True)
    return all(abs(y - b) < 0.02 and abs(x - a) < 0.02 for (y, x), (b, a) in pairs)


def test_a_ready_group_is_chosen_by_keyboard_said_and_stands_in_the_address(page):
    choose(page, "lik")
    page.locator("#valg input[value=fylke]").focus()
    page.keyboard.press("Space")
    assert page.url.endswith("#mot=fylke")
    assert "Bærum" in page.locator(".compared").inner_text() and "Bærum" in page.locator("#valg [role=status]").inner_text()
    assert page.locator("#valg .note").is_visible() and not page.locator("#valg .chosen").is_visible()
    choose(page, "3205")
    assert page.locator("#valg .chosen").is_visible()
    choose(page, "lik")
    assert not page.locator("#valg .note").is_visible()


def test_a_reader_adds_by_name_whatever_its_letters_and_removes_again(page):
    choose(page, "3205")
    page.locator("#sok").fill("karasjok")
    page.keyboard.press("Enter")
    assert page.url.endswith("#mot=3205"), "not a whole name"
    for typed, number in (("tromso", "5501"), ("0301", "0301")):
        page.locator("#sok").fill(typed)
        page.keyboard.press("Enter")
        assert page.url.endswith(number)
    page.get_by_role("button", name="Fjern Tromsø").click()
    assert page.url.endswith("#mot=3205,0301")


def test_unknown_numbers_in_an_address_are_dropped_and_no_more_than_twelve_are_taken(page, demo_edition):
    choose(page, "9999,0301,3222,0301,4601")
    assert re.findall(
        r"Fjern (\w+)", " ".join(page.locator(".chosen button").evaluate_all("all => all.map(b => b.ariaLabel)"))
    ) == [
        "Oslo",
        "Bergen",
    ]
    many = [number for number in demo_edition.table("municipalities")["komm_nr"] if number != "3222"][:20]
    choose(page, many)
    assert page.locator(".chosen button").count() == MOST


def test_the_choice_follows_to_the_pages_behind_and_back(page):
    choose(page, "3205,0301")
    page.locator("#rapport-commuters .more a").click()
    assert page.url.endswith("/pendling.html#mot=3205,0301") and page.locator("#mot").is_visible()
    page.locator(".topics a[href^='rapport.html']").click()
    assert page.url.endswith("/rapport.html#mot=3205,0301") and "Oslo" in page.locator(".compared").inner_text()
    page.goto(page.url.replace("rapport.html#mot=3205,0301", "pendling.html"))
    assert not page.locator("#mot").is_visible()
    page.goto(page.url.replace("pendling.html", "rapport.html"))
    assert page.problems == []


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_choice_has_no_accessibility_fault_and_does_not_scroll_sideways(reports, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri() + "#mot=3205,0301,5501")
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_without_script_the_report_is_whole_with_the_standing_comparison_and_no_control(reports, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri() + "#mot=3205")
    assert not page.locator("#valg").is_visible()
    assert "Lier" in page.locator(".compared").inner_text() and page.locator("[data-mot=coverage_pct]").inner_text()
    context.close()


def test_paper_shows_what_is_chosen_and_not_the_control(page):
    choose(page, "0301")
    page.emulate_media(media="print")
    assert not page.locator("#valg").is_visible() and "Oslo" in page.locator(".compared").inner_text()
    page.emulate_media(media="screen")


def test_every_answer_that_follows_the_choice_has_a_part_that_does(home):
    hooks = said_by_python(View("3222", "demo"))
    assert set(hooks) == {
        text.PEOPLE,
        text.STRONGEST,
        text.WEAKEST,
        "coverage_pct",
        "out_pct",
        "in_pct",
        "higher_pct",
        "net_debt_pct",
        "free_reserves_pct",
    }
