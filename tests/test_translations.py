"""Figures and findings in nynorsk and English: the same numbers, nothing left in bokmål, and how a language is loaded."""

import ast
import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from nlib.core import translations
from nlib.core.errors import WrongUse
from nlib.core.language import short_name
from nlib.core.translations import VALUE, Exchanged, message_of
from tests.editions import with_notebooks
from tests.test_pages import RULES

ROOT = Path(__file__).parents[1]
OTHERS = sorted(set(translations.LANGUAGES) - {translations.WRITTEN})
CATALOGUES = sorted((ROOT / "src" / "nlib" / "translations").glob("*/*.po"))
PLACES = ("3222", "1151", "0301", "1580")  # ordinary, tiny, a county of its own, split
WORDS = {
    "nn": """ikke være ble noen hver hvor hva hvem flere høyere lavere uten bare arbeidsplasser arbeidsplassene kommuner
        kommunene innbyggere innbyggerne sysselsatte innpendlere utpendlere endringer endringen hele hvis mye
        tallene figurene bedrifter bedriftene""",
    "en": """og ikke er som av til fra med på det den de et en har hadde ble blir var kommunen kommuner kommune landet gruppen flere
        færre enn mellom eller hvor hver uten arbeidsplasser prosent prosentpoeng år økte økt gikk ned tall tallene innbyggere
        sysselsatte ligger vekst endring andel lavere høyere siste første etter før mer mindre uendret mangler snittet vanlig
        regnet""",
}  # that are not words of the other language
OWN = ("municipalities", "goals", "validation", *(f"survey_{name}" for name in ("results", "response", "waves", "quotes", "words")))
LEFT = {language: set(words.split()) for language, words in WORDS.items()}
KEPT = re.compile(
    r"«[^»]*»|Kommune-NM|[\w./-]+\.(no|yaml|csv)|nlib \w+.*|SSB.*|Kartverket.*|Telemarksforsking.*"
)  # names and quotations


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_translation_has_the_values_of_its_sentence(path):
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id and message.string]
    wrong = [m.id for m in messages if set(VALUE.findall(m.id)) != set(VALUE.findall(m.string))]
    assert messages and not wrong


def test_every_text_that_a_reader_sees_is_translated():
    told = subprocess.run([sys.executable, "scripts/translations.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr


@pytest.fixture(scope="module")
def said(demo_home, tmp_path_factory):
    """What is said of the places in each language."""
    folder = tmp_path_factory.mktemp("said")
    running = {}
    for language in translations.LANGUAGES:
        out = (folder / language).open("w")
        environment = os.environ | {"NLIB_LANGUAGE": language, "NLIB_HOME": str(demo_home), "MPLBACKEND": "agg"}
        running[language] = subprocess.Popen([sys.executable, "-m", "tests.said", *PLACES], cwd=ROOT, env=environment, stdout=out)
    assert [process.wait() for process in running.values()] == [0] * len(running)
    return {language: json.loads((folder / language).read_text()) for language in running}


@pytest.mark.parametrize("language", OTHERS)
def test_the_numbers_are_the_same_in_every_language(said, language):
    ours = {(place, id): told["numbers"] for place, figures in said["nb"].items() for id, told in figures.items()}
    theirs = {(place, id): told["numbers"] for place, figures in said[language].items() for id, told in figures.items()}
    assert [key for key in ours if theirs[key] != ours[key]] == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_bokmaal(said, language, demo_edition):
    names = own_words(demo_edition)
    left = {}
    for figures in said[language].values():
        for id, told in figures.items():
            for text in told["texts"]:
                words = set(re.findall(r"[^\W\d_]+", names.sub("", KEPT.sub("", text.replace("\n", " "))).lower())) & LEFT[language]
                if words:
                    left.setdefault(id, []).append(f"{sorted(words)}: {text}")
    assert not left, "\n".join(f"{id}: {text}" for id, texts in left.items() for text in texts[:3])


@pytest.fixture(scope="module", params=OTHERS)
def pages(request, demo_home, tmp_path_factory):
    """A language, and the folder of a run in it, by the command, for one municipality and two themes."""
    home = with_notebooks(tmp_path_factory.mktemp(request.param))
    (home / "data").symlink_to(demo_home / "data")
    command = ["report", "3222", "--edition", "demo", "-n", "rapport", "-n", "pendling", "--language", request.param]
    environment = os.environ | {"NLIB_HOME": str(home)}
    told = subprocess.run([sys.executable, "-m", "nlib.cli", *command], env=environment, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    return request.param, home / "reports" / "demo"


def test_pages_in_a_language_lie_in_a_folder_of_their_own_and_say_so(pages):
    language, folder = pages
    assert [path.name for path in folder.iterdir()] == [language]
    names = ["index.html", "om-tallene.html", "3222-lorenskog/rapport.html", "3222-lorenskog/pendling.html"]
    for name in names:
        page = (folder / language / name).read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert {"nn": "Demodata – ikkje berre verkelege tal", "en": "Demo data – not real figures alone"}[language] in page


@pytest.mark.browser
def test_a_page_in_a_language_has_no_accessibility_fault_and_sorts_its_key_figures(pages, browser):
    language, folder = pages
    page = browser.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True).new_page()
    page.goto((folder / language / "3222-lorenskog" / "rapport.html").as_uri())
    assert [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]] == []
    page.goto((folder / language / "index.html").as_uri())
    page.locator("#tall thead button").nth(2).click()
    shown = page.locator("#tall tbody tr td:nth-child(3)").all_inner_texts()[:5]
    told = [int(re.sub(r"\D", "", text)) for text in shown]
    assert told == sorted(told, reverse=True) and told[0] > 1000
    page.context.close()


def own_words(edition):
    """What matches names of places, and what a municipality has written itself: its survey, its goals. Those stay as they are."""
    tables = [edition.table(name) for name in OWN if edition.holds_table(name)]
    told = {value for table in tables for column in table.select_dtypes("str") for value in table[column].dropna()}
    told |= {short_name(value) for value in told} | {value.lower() for value in told}
    return re.compile("|".join(map(re.escape, sorted((v for v in told if len(v) > 2), key=len, reverse=True))))


def exchanged(source: str, told: dict[str, str]) -> dict:
    names: dict = {"__name__": "prøve"}
    exec(compile(ast.fix_missing_locations(Exchanged(told.get).visit(ast.parse(source))), "prøve", "exec"), names)
    return names


def test_a_sentence_is_exchanged_with_its_values_moved():
    source = "def f(name, jobs):\n    return f'{name} har {jobs:.1f} arbeidsplasser, {jobs:.1f} i alt'"
    told = {"{name} har {jobs} arbeidsplasser, {jobs} i alt": "With {jobs} jobs, {name} is here"}
    assert exchanged(source, told)["f"]("Os", 2.345) == "With 2.3 jobs, Os is here"


def test_a_word_within_a_value_is_exchanged_too():
    source = "def f(x):\n    return f\"Tallet {'økte' if x > 0 else 'falt'} i {x}\""
    told = {"økte": "rose", "falt": "fell", "Tallet {if_x} i {x}": "The figure {if_x} in {x}"}
    assert exchanged(source, told)["f"](1) == "The figure rose in 1"


def test_a_heading_is_the_same_where_it_is_written_and_where_it_is_asked_for():
    source = "table = {'År': 1}\nvalue = table['År']"
    assert exchanged(source, {"År": "Year"})["table"] == {"Year": 1}


def test_a_translation_never_holds_code():
    source = "x = 1\ntext = f'{x} jobber'"
    assert exchanged(source, {"{x} jobber": "{x} jobs {__import__('os')}"})["text"] == "1 jobs {__import__('os')}"


@given(st.text(alphabet="abc {}xyzæøå%", max_size=30))
def test_any_text_in_a_catalogue_gives_a_module_that_can_be_loaded(text):
    words = {"{x} jobber": VALUE.sub("{x}", text)}
    assert isinstance(exchanged("x = 1\ntext = f'{x} jobber'", words)["text"], str)


def test_values_that_would_have_the_same_name_get_one_each():
    (sentence,) = ast.parse("f'{own.jobs} av {all.jobs}, {own.jobs}'").body
    message, values = message_of(sentence.value)
    assert message == "{jobs} av {jobs2}, {jobs}" and len(values) == 2


def test_an_unknown_language_is_refused(monkeypatch):
    monkeypatch.setenv("NLIB_LANGUAGE", "de")
    with pytest.raises(WrongUse, match="nb, nn, en"):
        translations.spoken()


def test_a_language_cannot_be_chosen_when_the_figures_are_loaded():

    with pytest.raises(WrongUse, match="NLIB_LANGUAGE=nn"):
        translations.speak("nn")


def test_a_module_of_a_theme_has_the_catalogue_of_the_theme():
    assert translations.theme_of("nlib.themes.pendling.text") == translations.theme_of("nlib.themes.pendling.figures") == "pendling"
    assert translations.theme_of("nlib.charts.html") == translations.theme_of("nlib.press.index") == "felles"


def test_texts_of_code_are_not_offered_to_a_translator(tmp_path):
    script = runpy.run_path(str(ROOT / "scripts" / "translations.py"), run_name="script")
    module = tmp_path / "module.py"
    module.write_text(
        '"""Doc string."""\nrows.query("year == 1")\nx = rows["jobs"]\ny = "Se her"\nraise ValueError("Noe gikk galt")\n'
    )
    assert [text for text, *_ in script["texts"](module)] == ["Se her"]
