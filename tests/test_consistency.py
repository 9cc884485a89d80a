"""One fact, one value: each kind of contradiction is planted in a page, and stops it with both places named."""

import json

import pytest
from babel import Locale
from nbformat.v4 import new_output

from nlib.charts.chart import CLAIMS, Answer, Sentence
from nlib.core import language
from nlib.core.errors import PageRejected
from nlib.core.language import rank
from nlib.desk.view import View
from nlib.press import consistency, making
from nlib.press.local import Job
from nlib.press.render import blocks
from nlib.themes.rapport import text
from tests.editions import ROOT
from tests.pages import notebook
from tests.test_rapport import facts

FACTS = facts(
    {"indicator": "out_pct", "year": 2021, "value": 69.34, "rank": 14, "n": 355},
    {"indicator": "bosted", "year": 2021, "value": 0.4, "low": 0.1, "high": 0.7},
    {"indicator": "per_employee_kr", "year": 2021, "value": 678_400},
)


@pytest.fixture
def speaking(monkeypatch):
    """This process in another language, with its way to write numbers."""

    def speak(code):
        monkeypatch.setenv("NLIB_LANGUAGE", code)
        monkeypatch.setattr(language, "LOCALE", Locale.parse("en_GB" if code == "en" else code))
        language._digits.cache_clear()

    yield speak
    language._digits.cache_clear()


def claimed(said: str, *claims: tuple) -> list[str]:
    answer = Answer("rapport.commuters", "Hvem deler vi arbeidsmarked med?", (Sentence(said, claims=claims),))
    held = json.loads(json.dumps(answer._repr_mimebundle_()[CLAIMS]))  # as a notebook keeps it
    return list(consistency.of_claims([(held["question"], sentence) for sentence in held["sentences"]], FACTS))


def test_what_agrees_stands():
    assert claimed("69,3 prosent arbeider i en annen kommune (2021).", ("fact", "out_pct", 2021)) == []
    assert claimed("0,4 prosent flere (mellom 0,1 og 0,7, ni av ti).", ("fact", "bosted", 2021)) == []
    assert claimed("10 flere: 8 flere fødte og 2 flere flyttet hit.", ("sum", 10, 8, 2)) == []
    assert claimed("Vektet er det 41 prosent.", ("led", 41.0, 44.0, 41.0)) == []
    assert claimed("Foretak registrert i Lørenskog skaper 678\N{NO-BREAK SPACE}000 kr.", ("fact", "per_employee_kr", 2021)) == []
    assert list(consistency.of_facts(FACTS)) == []


@pytest.mark.parametrize(
    ("code", "said", "claim", "told"),
    [
        ("nb", "69,4 prosent pendler ut (2021).", ("fact", "out_pct", 2021), "sier ikke 69,3, som er Utpendling 2021 i faktaene"),
        ("nn", "69,4 prosent pendlar ut (2021).", ("fact", "out_pct", 2021), "sier ikke 69,3, som er Utpendling 2021 i faktaene"),
        ("en", "69.4 per cent commute out (2021).", ("fact", "out_pct", 2021), "sier ikke 69.3, som er Out-commuting 2021 i"),
        ("en", "69.34 per cent commute out.", ("fact", "out_pct", 2021), "sier ikke 69.3"),
        ("nb", "69,34 prosent pendler ut.", ("fact", "out_pct", 2021), "sier ikke 69,3"),
        ("nb", "69,3 prosent pendler ut (2022).", ("fact", "out_pct", 2022), "om Utpendling 2022, som ikke er blant faktaene"),
        (
            "nb",
            "69,3 (mellom 68,0 og 70,1, ni av ti).",
            ("fact", "out_pct", 2021),
            "har et intervall, katalogen sier at tallet er en telling",
        ),
        (
            "nn",
            "69,3 (mellom 68,0 og 70,1, ni av ti).",
            ("fact", "out_pct", 2021),
            "har et intervall, katalogen sier at tallet er en telling",
        ),
        ("en", "69.3 (between 68.0 and 70.1, nine in ten).", ("fact", "out_pct", 2021), "har et intervall, katalogen sier at"),
        ("nb", "10 flere: 8 flere fødte og 3 flere flyttet hit.", ("sum", 10, 8, 3), "delene er 11, det hele er 10"),
        ("en", "10 more: 8 more born and 3 more moved here.", ("sum", 10, 8, 3), "delene er 11, det hele er 10"),
        ("nb", "Det er 44 prosent.", ("led", -6.0, 8.0, 8.0), "sier 8, svarene er vektet: −6"),
        ("nn", "Det er 44 prosent.", ("led", -6.0, 8.0, 8.0), "sier 8, svarene er vektet: −6"),
        (
            "nb",
            "Foretak i Lørenskog skaper 678 000 kr.",
            ("fact", "per_employee_kr", 2021),
            "sier «i» om foretak, katalogen sier registrert",
        ),
        (
            "nn",
            "Føretak på Utsira skaper 678 000 kr.",
            ("fact", "per_employee_kr", 2021),
            "sier «i» om foretak, katalogen sier registrert",
        ),
        (
            "en",
            "Firms in Lørenskog create 678,000 NOK.",
            ("fact", "per_employee_kr", 2021),
            "sier «i» om foretak, katalogen sier registrert",
        ),
    ],
)
def test_a_sentence_against_what_it_tells_of_is_stopped_and_both_places_named(speaking, code, said, claim, told):
    speaking(code)
    said = said.replace("678 000", "678\N{NO-BREAK SPACE}000")
    (fault,) = claimed(said, claim)
    assert fault.startswith(f"«Hvem deler vi arbeidsmarked med?»: «{said}»") and told in fault, fault


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"indicator": "out_pct", "low": 60.0, "high": 80.0}, "et intervall på en telling: Utpendling 2021 for 3222"),
        ({"indicator": "bosted", "value": 0.9, "low": 0.1, "high": 0.7}, "utenfor sitt eget intervall: Bostedsattraktivitet 2021"),
        ({"indicator": "out_pct", "rank": 400}, "plass uten hvor mange: Utpendling 2021 for 3222 er plass 400 av 355"),
        ({"indicator": "out_pct", "n": 0}, "plass uten hvor mange"),
    ],
)
def test_a_fact_that_cannot_be_is_stopped(change, told):
    row = {"year": 2021, "value": 69.3} | change
    (fault,) = consistency.of_facts(facts(row))
    assert told in fault


def test_two_values_of_one_fact_are_stopped():
    row = {"indicator": "out_pct", "year": 2021, "value": 69.3}
    assert "to verdier for ett faktum: Utpendling 2021 for 3222" in next(consistency.of_facts(facts(row, row | {"value": 70.1})))


def key(label="Utpendling", value="69,3 %", period="av de sysselsatte, 2021", rank="plass 14 av 355 (1 er høyest)"):
    spans = {"label": label, "value": value, "period": period, "change": "", "rank": rank}
    return ["".join(f'<span class="{name}">{said}</span>' for name, said in spans.items())]


def keyed(*given, **named):
    return [fault.replace("\N{NO-BREAK SPACE}", " ") for fault in consistency.of_keys(key(*given, **named), FACTS)]


def test_a_key_figure_is_held_against_the_fact_of_its_name_and_year():
    assert keyed() == keyed(period="av de sysselsatte, 2020", value="68,1 %") == []
    assert keyed(value="69 %") == ["nøkkeltallet Utpendling 2021 er 69, faktaene sier 69,3"]
    (fault,) = keyed(rank=rank(15, 355))  # as a page writes it, with spaces that do not break
    assert fault == "nøkkeltallet Utpendling 2021 har plass 15 av 355, faktaene sier plass 14 av 355"


def test_a_key_figure_is_held_against_all_of_a_number_and_found_by_a_name_that_may_be_broken_or_has_its_unit():
    thousands = "678\N{NO-BREAK SPACE}000", "679\N{NO-BREAK SPACE}000"
    labels = "Verdi\N{SOFT HYPHEN}skaping per ansatt", "Verdiskaping per ansatt, kr"
    for label in labels:
        assert keyed(label, thousands[0], "2021", "") == []
        assert keyed(label, thousands[1], "2021", "") == [f"nøkkeltallet {label} 2021 er 679 000, faktaene sier 678 000"]


@pytest.mark.parametrize(
    ("code", "label", "value", "place"),
    [
        ("nn", "Utpendling", "69,4 %", "plass 15 av 355 (1 er høgast)"),
        ("en", "Out-commuting", "69.4%", "no. 15 of 355 (1 = highest)"),
    ],
)
def test_a_key_figure_is_held_against_its_fact_in_every_language(speaking, code, label, value, place):
    speaking(code)
    shown = value.rstrip(" %")
    assert keyed(label, value, "2021", place) == [
        f"nøkkeltallet {label} 2021 er {shown}, faktaene sier {shown.replace('4', '3')}",
        f"nøkkeltallet {label} 2021 har plass 15 av 355, faktaene sier plass 14 av 355",
    ]


SAID = {  # by what is wrong: how it may be said in each language, and what is seen of it
    "en kommando": [("nb", "Kjør nlib report på nytt.", "nlib report"), ("en", "Run nlib report again.", "nlib report")],
    "et kolonnenavn": [("nb", "Her er out_pct høy.", "out_pct"), ("en", "Here size_group is high.", "size_group")],
    "noe skrevet som kode": [("nb", "Sett <code>horisont</code> høyere.", "horisont"), ("en", "Set <code>a</code>.", "a")],
    "et nivå som ikke er ni av ti": [
        ("nb", "Et 95 prosent konfidensintervall.", "95 prosent konfidensintervall"),
        ("nb", "Om lag 1 (mellom 1 og 2, åtte av ti).", ", åtte av ti)"),
        ("nn", "Eit 80 prosents intervall.", "80 prosents intervall"),
        ("en", "A 95% confidence interval.", "95% confidence interval"),
        ("en", "About 1 (between 1 and 2, eight in ten).", ", eight in ten)"),
    ],
    "en plass uten hvor mange": [
        ("nb", "Kommunen er plass 14.", "plass 14"),
        ("nn", "Delt plass 14–17 i landet.", "plass 14–17"),
        ("en", "The municipality has rank 14.", "rank 14"),
        ("en", "Place 14–17 in the country.", "Place 14–17"),
    ],
    "ordet": [
        ("nb", "Folketallet vokste med −3,1 prosent.", "vokste med −3,1"),
        ("nb", "Andelen falt +2 prosentpoeng.", "falt +2"),
        ("nn", "Folketalet auka med −3,1 prosent.", "auka med −3,1"),
        ("nn", "Talet minka med +2,5.", "minka med +2,5"),
        ("en", "The population grew by −3.1 per cent.", "grew by −3.1"),
        ("en", "The share fell +2 points.", "fell +2"),
    ],
}


def worded(said):
    return list(consistency.of_words([f'<section id="rapport-growth" class="answer"><p>{said}</p></section>']))


@pytest.mark.parametrize(("what", "code", "said", "seen"), [(what, *told) for what, ways in SAID.items() for told in ways])
def test_words_that_a_reader_should_not_meet_are_stopped_where_they_stand(speaking, what, code, said, seen):
    speaking(code)
    (fault,) = worded(said)
    assert fault.startswith(f"rapport-growth: {what}") and f"«{seen}»" in fault, fault


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("nb", "Plass 14 av 355 (1 er høyest); delt plass 14–17 av 355. Vokste med +3,1. (mellom 1 og 2, ni av ti). Falt −2."),
        ("nn", "Plass 14 av 355 (1 er høgast); delt plass 14–17 av 355. Auka med +3,1. (mellom 1 og 2, ni av ti). Minka −2."),
        ("en", "Rank 14 of 355 (1 is highest); shared rank 14–17 of 355. Grew by +3.1. (between 1 and 2, nine in ten). Fell −2."),
    ],
)
def test_words_that_are_as_they_should_be_stand(speaking, code, said):
    speaking(code)
    assert worded(said) == []


def drawing(*texts, width=518.4):
    told = "".join(f'<text font-size="{size}" x="{x}" y="{y}">{text}' for text, size, x, y in texts)
    name = "wide" if width > 300 else "narrow"
    return f'<figure id="pendling-trend" class="chart"><svg class="{name}" viewBox="0 0 {width} 200">{told}</svg></figure>'


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (drawing(("Oslo", 7.0, 10, 50)), "(bred): liten skrift (7.0 pt): «Oslo»"),
        (drawing(("Oslo", 6.0, 10, 50), width=252), "(smal): liten skrift (6.0 pt): «Oslo»"),
        (drawing(("Lillestrøm", 9, 500, 50)), "(bred): utenfor figuren: «Lillestrøm»"),
        (drawing(("Oslo", 9, 10, 202)), "(bred): utenfor figuren: «Oslo»"),
        (drawing(("Oslo", 9, 10, 50), ("Asker", 9, 25, 53)), "(bred): over hverandre: «Oslo» og «Asker»"),
    ],
)
def test_type_that_cannot_be_read_stops_the_page_and_the_figure_and_the_texts_are_named(block, told):
    assert list(consistency.of_drawings([block])) == [f"pendling-trend {told}"]


def test_a_drawing_that_can_be_read_stands():
    apart = drawing(("Oslo", 9, 10, 50), ("Asker", 9, 40, 50), ("Bærum", 9, 10, 62))
    assert list(consistency.of_drawings([apart, drawing(("Oslo", 7.0, 10, 50), width=252)])) == []


def test_a_question_without_figures_is_not_shown_in_a_report():
    (fault,) = consistency.of_words(['<section id="rapport-strip" class="missing"><p>Ingen tall.</p></section>'])
    assert fault.startswith("rapport-strip: et spørsmål uten tall er vist")


def test_a_page_that_contradicts_itself_is_not_made_and_says_where(demo_edition, tmp_path, monkeypatch):
    """The whole way: a sentence that tells another number than the fact stops the page of the municipality."""
    (tmp_path / "data").symlink_to(demo_edition.root / "data")
    job = Job(
        ROOT / "notebooks" / "rapport.ipynb", {"kommune": "3222", "edition": "demo"}, tmp_path / "reports/demo/3222/rapport.html"
    )
    fact = text.latest(demo_edition.table("facts"), "out_pct", "3222")
    claim = {"text": "99,9 prosent pendler ut.", "claims": [["fact", "out_pct", int(fact["year"])]]}
    run = notebook()
    held = {CLAIMS: {"question": "Hvem?", "sentences": [claim]}}
    next(cell for cell in run.cells if cell.cell_type == "code").outputs = [new_output("display_data", data=held)]
    told = making.contradictions(run, blocks(run), job, demo_edition, once=False)
    assert told and told[0].startswith("«Hvem?»: «99,9 prosent pendler ut.» sier ikke ")
    monkeypatch.setattr(making, "execute", lambda *given, **more: run)
    books = {job.notebook: type("Book", (), {"prose": {}, "title": "Rapport", "facts": {}})}
    with pytest.raises(PageRejected, match="motsier seg selv 9 steder"):
        making.made_of(job, "nlib", books)
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize("komm_nr", ["3222", "1151", "0301", "1580", "5612"])
def test_every_answer_says_the_facts_that_it_tells(demo_home, demo_edition, monkeypatch, komm_nr):
    monkeypatch.setenv("NLIB_HOME", str(demo_home))
    view = View(komm_nr, "demo")
    rows = demo_edition.table("facts")
    answers = [view.answer(name) for name in text.QUESTIONS]
    claims = [(a.question, {"text": s.text, "claims": json.loads(json.dumps(s.claims))}) for a in answers for s in a.sentences]
    assert sum(bool(told["claims"]) for _, told in claims) >= 6
    assert list(consistency.of_claims(claims, rows[rows["komm_nr"] == komm_nr])) == []
