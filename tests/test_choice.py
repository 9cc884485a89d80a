"""The reader's own choice of whom to be measured against: the page's script says and draws what Python does, in a real browser."""

import io
import itertools
import random
import re
from html import unescape

import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from shapely import LineString, box

from nlib.charts.html import anchor, cells, columns_of_all, csv_text
from nlib.charts.lines import Lines
from nlib.charts.others import MIDDLE, brief
from nlib.charts.scatter import Scatter
from nlib.charts.strip import Strip
from nlib.core.breaks import A_ORDNINGEN
from nlib.core.municipalities import MOST_COMPARED
from nlib.desk.view import View
from nlib.press.journal import settled
from nlib.themes.rapport import text
from tests.test_pages import RULES
from tests.test_style import contrast

pytestmark = pytest.mark.browser
ASKED = {  # the questions whose answers or figures follow the choice
    "standing": "rapport.strip",
    "attractive": "attraktivitet.scatter",
    "jobs": "arbeidsplasser.national",
    "commuters": "",
    "index": "naeringslivsindeks.areas",
    "skills": "utdanning.gap",
    "economy": "perspektiv.economy",
}
CHOSEN = """async address => {
    const turned = new Promise(done => addEventListener('hashchange', done, { once: true }));
    if (location.hash === address) return;
    location.hash = address;
    await turned;
}"""
SHOWN = """async choices => {
    const number = Number, all = (of, name) => [...of.querySelectorAll(name)], told = [];
    const box = one => ['x', 'y'].map(name => number(one.getAttribute(name)));
    const hooked = svg => all(svg, '[data-mal]').map(part => ({
        name: part.dataset.mal,
        scale: (part.dataset.akse || '').split(' ').filter(Boolean).map(number),
        seen: !part.hasAttribute('opacity'),
        move: part.getAttribute('transform'),
        uses: all(part, 'use').filter(use => !use.hasAttribute('visibility')).map(box),
        paths: all(part, 'path').filter(path => !path.closest('defs')).map(path => path.getAttribute('d')),
        texts: all(part, 'text').map(text => text.textContent),
    }));
    for (const choice of choices) {
        const turned = new Promise(done => addEventListener('hashchange', done, { once: true }));
        location.hash = '#mot=' + choice.join();
        await turned;
        told.push({
            compared: document.querySelector('.compared').textContent,
            said: Object.fromEntries(all(document, '[data-mot]').map(part => [part.dataset.mot, part.textContent])),
            figures: Object.fromEntries(all(document, 'figure:has(> script)').map(one => [one.id, {
                drawings: all(one, 'svg').map(hooked),
                table: all(one, 'tr').map(row => [...row.cells].map(cell => cell.textContent)),
                file: decodeURIComponent(one.querySelector('.download').getAttribute('href').split(',').slice(1).join()),
            }])),
        });
    }
    return told;
}"""


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
    page.evaluate(CHOSEN, "#mot=" + (numbers if isinstance(numbers, str) else ",".join(numbers)))


@pytest.fixture(scope="module")
def chosen(page, home, demo_edition, request):
    """For fifty choices, five where the run is not thorough: what the page shows, and what Python answers and makes, not drawn."""
    places = sorted(set(demo_edition.table("municipalities")["komm_nr"]) - {"3222"})
    every = choices(places, 50 if request.config.getoption("--all") else 5)
    view = View("3222", "demo")
    made = []
    for numbers in every:
        view._asked = numbers
        made.append(by_python(view))
    return list(zip(every, page.evaluate(SHOWN, every), made, strict=True))


def by_python(view) -> tuple[dict[str, str], dict]:
    """What the answers say of those that are compared with, by hook, and the figures by id."""
    said, drawn = {}, {}
    for name, figure in ASKED.items():
        answer = view._call(text.QUESTIONS[name], {})  # without its figure
        said |= {hook: part for sentence in answer.sentences for hook, part in sentence.hooks}
        if figure:
            drawn[anchor(figure)] = view.figure(figure, **answer.assumptions)
    return said, drawn


def choices(places: list[str], many: int) -> list[list[str]]:
    chance = random.Random(7)
    split = ["1580"], ["1580", "3205", "1508"]  # which have numbers that cannot be compared
    return [*split, *(chance.sample(places, chance.choice([1, 2, 3, 4, 5, 8, MOST_COMPARED])) for _ in range(many))]


def test_fifty_choices_are_said_as_python_says_them(chosen, home):
    names = View("3222", "demo").names
    for numbers, page, (said, drawn) in chosen:
        assert {name: part for name, part in page["said"].items() if name != "hvem"} == said, numbers
        assert all(names[number] in page["compared"] for number in numbers)
        assert all(page["said"]["hvem"] in chart.reading for chart in drawn.values() if chart.whom)


def test_the_tables_and_their_files_are_those_that_python_makes_for_the_same_choice(chosen):
    for numbers, page, (_, drawn) in chosen:
        assert set(page["figures"]) == set(drawn)
        for name, chart in drawn.items():
            told = page["figures"][name]
            assert told["file"] == csv_text(chart.table.assign(**columns_of_all(chart)), chart.decimals), (name, numbers)
            columns = [cells(chart.table[column], chart.decimals.get(column, 0)) for column in chart.table]
            rows = [list(map(unescape, row)) for row in zip(*columns, strict=True)]
            assert told["table"] == [list(chart.table), *rows], (name, numbers)


def test_the_marks_stand_where_python_puts_them(chosen):
    for numbers, page, (_, drawn) in chosen:
        for name, chart in drawn.items():
            form = chart.draw.__self__
            for drawing in page["figures"][name]["drawings"]:
                for part, one in enumerate(getattr(form, "forms", [form])):
                    MARKS[type(one)](Drawing(drawing, part), one, (name, numbers))


class Drawing:
    """What a script may move in a panel of a drawing."""

    def __init__(self, parts, panel):
        self._parts = [part | {"name": part["name"][1:]} for part in parts if part["name"][0] == str(panel)]

    def __getitem__(self, name):
        return [part for part in self._parts if part["name"] == name]

    def points(self, name):
        return [tuple(point) for point in self[name][-1]["uses"]]

    def lines(self, name):
        return [[*map(float, re.findall(r"-?[\d.]+", path))] for part in self[name] for path in part["paths"]]


def _strip(drawing, form, of):
    if form.everyone:
        return _rows(drawing, form, of)
    ax, bx, ay, by, *_ = drawing["valgt"][0]["scale"]
    rows = list(enumerate(form.rows.index))
    place = form._place
    rings = [(ax + bx * place(name, value), ay + by * row) for row, name in rows for value in form.others.each[name].dropna()]
    assert _alike(drawing.points("valgt"), rings, 0.02), of
    middle = form.others.columns.get(MIDDLE, pd.Series(dtype=float)).dropna()
    of_them = [(ax + bx * place(name, middle[name]), ay + by * row) for row, name in rows if name in middle]
    assert _alike(drawing.points("midten"), of_them, 0.02), of
    assert drawing["midtens-navn"][0]["seen"] == bool(of_them), of
    return None


def _rows(drawing, form, of):
    """A row a municipality."""
    ax, bx, ay, by, low, high, slots = drawing["linjer"][0]["scale"]
    at = [ay + by * ((row + 0.5) * slots / len(form.rows) - 0.5) for row in range(len(form.rows))]
    for mark, column in enumerate(form.marks):
        assert _alike(drawing.points(f"merke{mark}"), zip(ax + bx * form.rows[column].clip(low, high), at, strict=True), 0.02), of
    ends = [ax + bx * form.rows[end].clip(low, high) for end in form.interval]
    assert _alike(drawing.lines("spenn"), zip(ends[0], at, ends[1], at, strict=True), 0.11), of
    out = _beyond(form.rows[[*form.marks, *form.interval]], low, high, "←→")
    for name, written in (
        ("navn", list(form.rows.index)),
        ("tall", [told + far for told, far in zip(form.after(), out, strict=True)]),
    ):
        assert sorted(part["texts"][0] for part in drawing[name] + drawing[f"{name}-eget"]) == sorted(written), of


def _beyond(values, low, high, arrows) -> list[str]:
    """What stands after each row that has something outside a scale."""
    under, over = (values < low).any(axis=1), (values > high).any(axis=1)
    return [f" {arrows[0]}" if less else f" {arrows[1]}" if more else "" for less, more in zip(under, over, strict=True)]


def _scatter(drawing, form, of):
    ax, bx, ay, by, left, right, low, high = drawing["merker"][0]["scale"]
    chosen = form.everyone.shown.drop(form.own)
    x, y = ax + bx * chosen[form.x[0]], ay + by * chosen[form.y[0]]
    assert _alike(drawing.points("merker"), zip(x, y, strict=True), 0.02), of
    (start, end), (under, over) = form.intervals
    across = [ax + bx * chosen[side].clip(left, right) for side in (start, end)]
    up = [ay + by * chosen[side].clip(low, high) for side in (under, over)]
    assert _alike(drawing.lines("vannrett"), zip(across[0], y, across[1], y, strict=True), 0.11), of
    assert _alike(drawing.lines("loddrett"), zip(x, up[0], x, up[1], strict=True), 0.11), of
    names = {text for part in drawing["navn"] for text in part["texts"]}
    far = _beyond(chosen[[form.x[0], start, end]], left, right, "←→"), _beyond(chosen[[form.y[0], under, over]], low, high, "↓↑")
    assert names <= {"".join(parts) for parts in zip(chosen["name"], *far, strict=True)} and len(drawing["navn"]) >= min(
        len(chosen), 3
    ), of


def _lines(drawing, form, of):
    others = form.others.columns
    if others.empty:  # none of them has a number
        assert not drawing["linje"] and not drawing["andres-navn"], of
        return
    ax, bx, ay, by, low, high = drawing["linje"][0]["scale"]
    paths = [path for path in drawing.lines("linje") if path]
    cut = A_ORDNINGEN if form.broken is True else int(form.broken)
    expected = [[*_scaled(_within(others[column], low, high, cut), ax, bx, ay, by)] for column in others]
    expected = [path for path in expected if path]
    assert _alike(paths, expected, 0.11), of
    names = {column: brief(name) for column, (name, _) in form.others.shown.items()}
    last = {column: others[column].dropna().iloc[-1] for column in others}
    outside = {column: " ↑" if value > high else " ↓" if value < low else "" for column, value in last.items()}
    values = {column: form.written(value) + outside[column] for column, value in last.items()}
    written = {" ".join(part["texts"]) for part in drawing["andres-navn"]}
    if drawing["tegn"]:  # names stand over the panel
        assert len(drawing["tegn"]) == max(len(names), 1), of
        assert all(part["texts"][0].endswith(name) for part, name in zip(drawing["tegn"], names.values(), strict=False)), of
        names = dict.fromkeys(names, "")
    if names:
        assert written == {f"{names[column]} {value}".strip() for column, value in values.items()}, of


def _within(values, low, high, cut):
    """A line over years as far as it lies between two levels, point by point: no line is drawn where a value is not, and a value
    between two that are not is a short one."""
    points, years, alone = [], list(values.dropna().items()), set(values.dropna().index)
    pairs = [(one, two) for one, two in itertools.pairwise(years) if not cut or not one[0] < cut <= two[0]]
    pairs = [(one, two) for one, two in pairs if two[0] == values.index[values.index.get_loc(one[0]) + 1]]
    alone -= {year for pair in pairs for year, _ in pair}
    points += [(year + side, values[year]) for year in sorted(alone) if low <= values[year] <= high for side in (-0.2, 0.2)]
    for (year, value), (after, then) in pairs:
        seen = LineString([(year, value), (after, then)]).intersection(box(year, low, after, high))
        for point in sorted(seen.coords) if seen.geom_type == "LineString" else ():
            points += [] if points and np.allclose(points[-1], point) else [point]
    return points


def _scaled(points, ax, bx, ay, by):
    return (where for year, value in points for where in (ax + bx * year, ay + by * value))


MARKS = {Strip: _strip, Scatter: _scatter, Lines: _lines}


def _alike(drawn, expected, near) -> bool:
    """Whether the same marks stand in the same places, so near, in points."""
    drawn, expected = sorted(map(tuple, drawn)), sorted(map(tuple, expected))
    left = [list(one) for one in drawn]
    if len(drawn) != len(expected):
        return False
    for one in expected:
        found = next((other for other in left if len(other) == len(one) and np.allclose(other, one, rtol=0, atol=near)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def test_a_ready_group_is_chosen_by_keyboard_said_and_stands_in_the_address(page):
    choose(page, "lik")
    page.locator("#valg input[value=fylke]").focus()
    page.keyboard.press("Space")
    assert page.url.endswith("#mot=fylke")
    assert "Bærum" in page.locator(".compared").inner_text() and "Bærum" in page.locator("#valg [role=status]").inner_text()
    assert not page.locator("#valg .chosen").is_visible()
    choose(page, "3205")
    assert page.locator("#valg .chosen").is_visible()


def test_a_reader_adds_by_name_whatever_its_letters_and_removes_again(page):
    choose(page, "3205")
    page.locator("#sok").fill("karas")
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
    assert page.locator(".chosen button").count() == MOST_COMPARED


def told(page) -> tuple[str, bool]:
    """What the page says to who listens, and whether it is seen too."""
    status = page.locator("#valg [role=status]")
    return status.text_content(), status.bounding_box()["width"] > 1


def test_what_a_reader_writes_and_is_not_taken_is_told(page):
    choose(page, "3205")
    for typed in ("Karasjok og", "Lørenskog", "9999"):
        page.locator("#sok").fill(typed)
        page.keyboard.press("Enter")
        assert told(page) == (f"Ingen annen kommune heter eller har nummeret «{typed}».", True)
    page.locator("#sok").fill("oslo")
    page.keyboard.press("Enter")
    assert told(page) == ("Sammenlignet med Lillestrøm, Oslo og landet.", False), "what was wrong is not said any more"
    page.locator("#sok").fill("oslo")
    page.keyboard.press("Enter")
    assert told(page) == ("Sammenlignet med Lillestrøm, Oslo og landet.", False), "it is chosen already"


@pytest.mark.parametrize("typed", ["karasjok", "Kárášjohka", "Kárášjohka - Karasjok", "karasjohka–karasjok", "5610"])
def test_a_municipality_is_found_by_each_of_its_names(page, typed):
    choose(page, "3205")
    page.locator("#sok").fill(typed)
    page.keyboard.press("Enter")
    assert told(page) == ("Sammenlignet med Lillestrøm, Karasjok og landet.", False)


def test_what_a_link_has_too_much_of_is_told(page, demo_edition):
    choose(page, "9999,0301,xx-y")
    assert told(page) == ("Ikke med, for det er ikke nummeret til en annen kommune: 9999, xx-y.", True)
    choose(page, "fylke")
    assert told(page) == ("", False)
    others = [number for number in demo_edition.table("municipalities")["komm_nr"] if number not in ("3222", "5501")]
    choose(page, others[: MOST_COMPARED + 1])
    assert told(page) == ("Det er flere enn det er plass til: de 12 første er med, 1 er ikke.", True)
    page.locator("#sok").fill("Tromsø")
    page.keyboard.press("Enter")
    assert told(page) == ("Det er plass til 12: ta bort én før du velger en til.", True)
    assert page.locator(".chosen button").count() == MOST_COMPARED


def test_the_choice_follows_to_the_pages_behind_and_back(page):
    choose(page, "3205,0301")
    page.locator("#rapport-commuters .more a").click()
    page.locator("#mot").wait_for()
    assert page.url.endswith("/pendling.html#mot=3205,0301")
    page.locator(".topics a[href^='rapport.html']").click()
    page.locator(".compared", has_text="Oslo").wait_for()  # the page has come before its script has run
    assert page.url.endswith("/rapport.html#mot=3205,0301")
    page.goto(page.url.replace("rapport.html#mot=3205,0301", "pendling.html"))
    assert not page.locator("#mot").is_visible()
    page.goto(page.url.replace("pendling.html", "rapport.html"))
    assert page.problems == []


def test_who_falls_out_of_a_group_that_a_reader_goes_on_from_is_told(page):
    choose(page, "fylke")
    page.locator("#valg input[value=selv]").check()
    assert told(page) == ("Det er flere enn det er plass til: de 12 første er med, 8 er ikke.", True)


def test_a_link_of_who_took_all_away_shows_what_they_saw(page):
    choose(page, "3205")
    page.get_by_role("button", name="Fjern Lillestrøm").click()
    page.reload()
    assert page.url.endswith("#mot=") and page.locator("#valg input[value=selv]").is_checked()
    assert page.locator(".compared").inner_text() == "Sammenlignet med landet."
    assert page.locator(".topics a[href^='pendling.html']").get_attribute("href") == "pendling.html#mot="


def test_a_name_that_several_have_is_asked_about_and_one_without_its_county_is_enough_where_one_has_it(page):
    choose(page, "3205")
    for typed, both in (
        ("våler", "Våler (Østfold) eller Våler (Innlandet)"),
        ("Herøy", "Herøy (Møre og Romsdal) eller Herøy (Nordland)"),
    ):
        page.locator("#sok").fill(typed)
        page.keyboard.press("Enter")
        assert told(page) == (f"Flere kommuner heter «{typed.capitalize()}»: skriv {both}.", True)


def test_an_answer_leads_to_the_pages_that_are_there_and_to_no_others(reports, browser):
    body, page = (reports / "3222-lorenskog" / "rapport.html").read_bytes(), browser.new_page()
    page.set_content(settled(body, lambda name: name in ("attraktivitet.html", "pendling.html")).decode())
    leads = [more.locator("span:visible") for more in page.locator(".more:visible").all()]
    assert all(each.count() for each in leads) and len(leads) < page.locator(".more").count()
    assert {name for each in leads for name in each.all_inner_texts()} == {"Attraktivitet", "Pendling"}
    after = "all => all.map(one => getComputedStyle(one, '::after').content)"
    both = next(each for each in leads if each.count() == 2)
    assert both.evaluate_all(after) == ['","', "none"]
    page.close()


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_the_choice_has_no_accessibility_fault_and_does_not_scroll_sideways(reports, browser, width):
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri() + "#mot=3205,0301,5501")
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["", "#mot=3205,0301,5501"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_has_no_accessibility_fault_where_colours_are_forced(reports, browser, choice, scheme):
    context = browser.new_context(forced_colors="active", color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto((reports / "3222-lorenskog" / "rapport.html").as_uri() + choice)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    painted = {"rules": {"color-contrast": {"enabled": False}}}  # axe reads the colours of the style, not those that are forced
    assert [fault["id"] for fault in Axe().run(page, options=RULES | painted).response["violations"]] == []
    for name in ("h1", ".topics a", ".banner", ".compared", "legend", "#valg label", ".answer p", "summary", "footer a"):
        shown = matplotlib.image.imread(io.BytesIO(page.locator(name).first.screenshot()))[..., :3].reshape(-1, 3)
        order = shown.sum(axis=1).argsort()
        assert contrast(shown[order[0]], shown[order[-1]]) >= 7, name
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
    hooks, _ = by_python(View("3222", "demo"))
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
        "dwellings_per_1000",
        "emissions_t",
    }
