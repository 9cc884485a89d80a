"""One fact, one value: each kind of contradiction is planted in a page, and stops it with both places named."""

import json

import pytest
from nbformat.v4 import new_output

from nlib.charts.chart import CLAIMS, Answer, Sentence
from nlib.core.errors import PageRejected
from nlib.core.language import rank
from nlib.desk.view import View
from nlib.press import consistency, making
from nlib.press.local import Job
from nlib.themes.rapport import text
from tests.editions import ROOT
from tests.pages import notebook
from tests.test_rapport import facts

FACTS = facts(
    {"indicator": "out_pct", "year": 2021, "value": 69.34, "rank": 14, "n": 355},
    {"indicator": "bosted", "year": 2021, "value": 0.4, "low": 0.1, "high": 0.7},
    {"indicator": "per_employee_kr", "year": 2021, "value": 678_400},
)


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
    ("said", "claim", "told"),
    [
        ("69,4 prosent pendler ut (2021).", ("fact", "out_pct", 2021), ["69,4 prosent", "69,3, som er Utpendling 2021 i faktaene"]),
        ("69,34 prosent pendler ut.", ("fact", "out_pct", 2021), ["sier ikke 69,3"]),
        ("69,3 prosent pendler ut (2022).", ("fact", "out_pct", 2022), ["Utpendling 2022", "ikke er blant faktaene"]),
        ("69,3 (mellom 68,0 og 70,1, ni av ti).", ("fact", "out_pct", 2021), ["intervall", "katalogen sier", "telling"]),
        ("10 flere: 8 flere fødte og 3 flere flyttet hit.", ("sum", 10, 8, 3), ["delene er 11, det hele er 10"]),
        ("Det er 44 prosent.", ("led", -6.0, 8.0, 8.0), ["sier 8", "vektet: −6"]),
        ("Foretak i Lørenskog skaper 678\N{NO-BREAK SPACE}000 kr.", ("fact", "per_employee_kr", 2021), ["sier «i»", "registrert"]),
    ],
)
def test_a_sentence_against_what_it_tells_of_is_stopped_and_both_places_named(said, claim, told):
    (fault,) = claimed(said, claim)
    assert fault.startswith(f"«Hvem deler vi arbeidsmarked med?»: «{said}»")
    assert all(part in fault for part in told), fault


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


def test_a_key_figure_is_held_against_the_fact_of_its_name_and_year():
    assert list(consistency.of_keys(key(), FACTS)) == []
    assert list(consistency.of_keys(key(period="av de sysselsatte, 2020", value="68,1 %"), FACTS)) == []
    assert list(consistency.of_keys(key(value="69 %"), FACTS)) == ["nøkkeltallet Utpendling 2021 er 69, faktaene sier 69,3"]
    (fault,) = consistency.of_keys(key(rank=rank(15, 355)), FACTS)  # as a page writes it, with spaces that do not break
    assert (
        fault.replace("\N{NO-BREAK SPACE}", " ")
        == "nøkkeltallet Utpendling 2021 har plass 15 av 355, faktaene sier plass 14 av 355"
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Kjør nlib report på nytt.", "en kommando, «nlib report»"),
        ("Her er out_pct høy.", "et kolonnenavn, «out_pct»"),
        ("Et 95 prosent konfidensintervall.", "et nivå som ikke er ni av ti"),
        ("Mellom 1 og 2 (mellom 1 og 2, åtte av ti).", "et nivå som ikke er ni av ti"),
        ("Kommunen er plass 14.", "en plass uten hvor mange, «plass 14»"),
        ("Folketallet vokste med −3,1 prosent.", "ordet «vokste» mot tallet «vokste med −3,1»"),
        ("Andelen falt +2 prosentpoeng.", "ordet «falt» mot tallet"),
    ],
)
def test_words_that_a_reader_should_not_meet_are_stopped_where_they_stand(said, told):
    found = list(consistency.of_words([f'<section id="rapport-growth" class="answer"><p>{said}</p></section>']))
    assert len(found) == 1 and found[0].startswith("rapport-growth: ") and told in found[0], found


def test_words_that_are_as_they_should_be_stand():
    said = "Plass 14 av 355 (1 er høyest); delt plass 14–17 av 355. Vokste med +3,1. (mellom 1 og 2, ni av ti). Falt −2."
    assert list(consistency.of_words([f'<section id="rapport-growth" class="answer"><p>{said}</p></section>'])) == []


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
    told = making.contradictions(run, job, demo_edition, once=False)
    assert told and told[0].startswith("«Hvem?»: «99,9 prosent pendler ut.» sier ikke ")
    monkeypatch.setattr(making, "execute", lambda *given, **more: run)
    books = {job.notebook: type("Book", (), {"prose": {}, "title": "Rapport", "facts": {}})}
    with pytest.raises(PageRejected, match="motsier seg selv 7 steder"):
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
