"""Figures and findings in nynorsk and English: the same numbers, nothing left in bokmål, and how a language is loaded."""

import ast
import io
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
from nlib.core.translations import VALUE, _
from tests.editions import with_notebooks
from tests.test_pages import RULES

ROOT = Path(__file__).parents[1]
OTHERS = sorted(set(translations.LANGUAGES) - {translations.WRITTEN})
CATALOGUES = sorted((ROOT / "src" / "nlib" / "core" / "translations").glob("*.po"))
PLACES = ("3222", "1580")  # an ordinary one, and one that was split and lacks much
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


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
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


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_the_numbers_are_the_same_in_every_language(said, language):
    ours = {(place, id): told["numbers"] for place, figures in said["nb"].items() for id, told in figures.items()}
    theirs = {(place, id): told["numbers"] for place, figures in said[language].items() for id, told in figures.items()}
    assert [key for key in ours if theirs[key] != ours[key]] == []


@pytest.mark.slow
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


@pytest.mark.slow
def test_pages_in_a_language_lie_in_a_folder_of_their_own_and_say_so(pages):
    language, folder = pages
    assert {path.name for path in folder.iterdir()} == {language, "report.json"}
    names = ["index.html", "om-tallene.html", "3222-lorenskog/rapport.html", "3222-lorenskog/pendling.html"]
    for name in names:
        page = (folder / language / name).read_text(encoding="utf-8")
        assert f'<html lang="{language}">' in page
        assert {"nn": "Demodata – ikkje berre verkelege tal", "en": "only some of the figures are real"}[language] in page
    about = (folder / language / "om-tallene.html").read_text(encoding="utf-8")
    assert {"nn": "Sidene skal følgje WCAG", "en": "The pages are to meet WCAG"}[language] in about
    assert "Sidene skal følge" not in about


@pytest.mark.slow
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


@pytest.fixture
def speaking(monkeypatch):
    """What makes this process have a catalogue of its own."""

    def speak(**told):
        monkeypatch.setattr(translations, "_texts", lambda language: {(None, text): other for text, other in told["told"].items()})

    return speak


def test_a_sentence_is_exchanged_with_its_values_moved(speaking):
    speaking(told={"{name} har {jobs} arbeidsplasser, {jobs} i alt": "With {jobs} jobs, {name} is here"})
    assert _("{name} har {jobs} arbeidsplasser, {jobs} i alt", name="Os", jobs="2.3") == "With 2.3 jobs, Os is here"


def test_a_text_without_values_keeps_its_braces():
    assert _("fila {y}.csv") == "fila {y}.csv"


def test_a_value_is_written_as_it_is(speaking):
    """A value that looks like a place for one is no such place, and a translation never holds code."""
    speaking(told={"{x} jobber": "{x} jobs {x.__class__}"})
    assert _("{x} jobber", x="{y}") == "{y} jobs {x.__class__}"


def test_a_word_of_several_senses_has_one_translation_each():
    for language in OTHERS:
        told = translations.catalogue(language)
        for context, text in told:
            assert context is None or (None, text) in told, (language, context, text)
    english = translations.catalogue("en")
    assert english["goal", "Mål"] == "Goal" and english[None, "Mål"] == "Measure"


@given(st.text(alphabet="abc {}xyzæøå%", max_size=30))
def test_any_text_in_a_catalogue_gives_a_text(text):
    told = VALUE.sub("{x}", text)
    assert VALUE.sub("", told) in told or isinstance(_(told, x=1), str)


def test_an_unknown_language_is_refused(monkeypatch):
    monkeypatch.setenv("NLIB_LANGUAGE", "de")
    with pytest.raises(WrongUse, match="nb, nn, en"):
        translations.spoken()


def test_a_language_cannot_be_chosen_when_the_figures_are_loaded():

    with pytest.raises(WrongUse, match="NLIB_LANGUAGE=nn"):
        translations.speak("nn")


def test_the_texts_of_code_notebooks_and_templates_are_found(tmp_path):
    script = runpy.run_path(str(ROOT / "scripts" / "translations.py"), run_name="script")
    source = 'x = rows["jobs"]\ny = f"{_(\'i alt\')} {x}"\nz = _("Se " "her", x=_("ord"))\nw = pgettext("goal", "Mål")\nv = _(x)\n'
    found = script["from_python"](io.BytesIO(source.encode()), ("_", "pgettext"), (), {})
    assert {text for _line, _name, text, _comments in found} == {"i alt", "Se her", "ord", ("goal", "Mål")}
    every = {message.id for message in script["extracted"]()}
    assert {"Velg hvem vi måles mot", "Utgaven har ingen tall for utdanningen {name}."} <= every


def texts_outside(path):
    """The sentences of a module that readers would meet in bokmål whatever they read: two words or more that no `_` has."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kept = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(node, clean=False) is not None:
            kept.add(id(node.body[0].value))
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "pgettext")):
            kept |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in kept and node.value
        if text and re.search(r"[a-zæøå]{2,} [a-zæøå]{2,}", text) and not re.search(r"[<=]|^\w+ (points|fraction)$", text):
            yield text


@pytest.mark.parametrize("room", ["charts", "themes"])
def test_no_sentence_of_a_figure_is_written_past_the_catalogues(room):
    below = [path for part in ("core/resources", "methods", "indicators") for path in (ROOT / "src/nlib" / part).rglob("*.*")]
    data = "".join(path.read_text(encoding="utf-8") for path in below if path.suffix in (".py", ".csv"))  # what tables hold
    found = {(path.name, text) for path in (ROOT / "src/nlib" / room).rglob("*.py") for text in texts_outside(path)}
    assert {told for told in found if told[1] not in data} == set()
