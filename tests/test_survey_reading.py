"""Answers to a survey, as the tools export them, read by a codebook; and what cannot be read, told without what was answered."""

import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlib.core.errors import BadAnswer
from nlib.data.codebooks import codebook
from nlib.data.readers import sheets, survey_export, survey_frame, survey_notes
from nlib.data.sources import survey
from nlib.data.synthetic import Norway
from nlib.data.synthetic import survey as synthetic

WAVE = 'kommune: "3222"\når: 2024\n'
SATISFIED = "Hvor fornøyd er du med kommunen?"
REASONS = "Hva er de viktigste grunnene til å etablere seg her? (velg flere)"
FORMS = f"""{WAVE}
målgruppe: alle foretak
rad-id: ID
tidspunkt: Fullføringstidspunkt
periode: 2024-05-01..2024-05-31
prøvesvar: {{E-post: [test@firma.no]}}
spørsmål:
  size_group: {{type: bakgrunn, kolonne: Ansatte, svar: {{"0": Ingen, 1..4: 1–4, "5..": 5 eller flere}}}}
  tilfreds:
    spørsmål: {SATISFIED}
    type: skala
    kolonne: {SATISFIED}
    svar: [Misfornøyd, Verken eller, Fornøyd, Vet ikke]
    vet ikke: [Vet ikke]
  grunner:
    type: flere svar
    kolonne: {REASONS}
    svar: [Kunder, "Oslo; flyplass", Annet]
    annet: Annet
    nevner: alle
    satsingsområde: Vekst
  anbefale: {{type: 0-10, kolonne: Anbefale, vet ikke: [Vet ikke]}}
  innspill: {{type: fritekst, kolonne: Innspill}}
"""
HEADINGS = ["ID", "Fullføringstidspunkt", "E-post", "Ansatte", SATISFIED, REASONS, "Anbefale", "Innspill"]
ROWS = [
    ["1", "01.05.2024 12:00", "a@firma.no", "0", "Fornøyd", "Kunder;Oslo; flyplass;", "10", "<b>=1+1</b>"],
    ["2", "2024-05-02T12:00", "b@firma.no", "3", "vet  ikke", "Oslo; flyplass;Fordi jeg bor her;", "Vet ikke", ""],
    ["3", "5/3/24 12:00:00", "test@firma.no", "3", "Fornøyd", "Kunder", "1", "prøve"],
    ["4", "30.04.2024 12:00", "c@firma.no", "7", "Fornøyd", "Kunder", "2", ""],
    ["5", "04.05.2024 12:00", "d@firma.no", "7", "Verken eller.", "", "0", "=HYPERLINK(1)"],
    ["5", "05.05.2024 12:00", "d@firma.no", "12", "Misfornøyd", "", "", ""],
    ["6", "05.05.2024 12:00", "e@firma.no", "", "", "", "", ""],
]


def csv_of(headings, rows, delimiter=";", encoding="utf-8-sig"):
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (headings, *rows)]
    return "\n".join(quoted).encode(encoding)


def excel_of(headings, rows, **more):
    book = openpyxl.Workbook()
    book.active.title = "Svar"
    for row in (headings, *rows):
        book.active.append(row)
    for name, lines in more.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def read(book, export):
    return survey_export.read(survey_export.packed(book.encode(), export))


def said(answers, question):
    own = answers.answers[answers.answers["question"] == question]
    return own.groupby("respondent")["answer"].apply(list).to_dict()


@pytest.mark.parametrize(
    "export",
    [
        csv_of(HEADINGS, ROWS),
        csv_of(HEADINGS, ROWS, ","),
        csv_of(HEADINGS, ROWS, "\t", "cp1252"),
        csv_of(HEADINGS, ROWS, ";", "utf-16"),
        excel_of(HEADINGS, ROWS),
        excel_of(HEADINGS, ROWS, Om=[["Laget", "i dag"]]),
    ],
    ids=["semikolon", "komma", "Latin-1", "UTF-16", "Excel", "to ark"],
)
def test_one_survey_is_the_same_in_every_form(export):
    answers = read(FORMS, export)
    assert (answers.komm_nr, answers.wave, answers.target) == ("3222", 2024, "alle foretak")
    assert answers.background["size_group"].tolist() == ["Ingen", "1–4", "5 eller flere"]
    assert answers.background["respondent"].tolist() == [1, 2, 3]
    assert said(answers, "tilfreds") == {1: ["Fornøyd"], 2: ["Vet ikke"], 3: ["Misfornøyd"]}
    assert said(answers, "grunner") == {1: ["Kunder", "Oslo; flyplass"], 2: ["Oslo; flyplass", "Annet"]}
    assert said(answers, "anbefale") == {1: ["10"], 2: ["Vet ikke"]}
    assert said(answers, "innspill") == {1: ["besvart"]}
    scores = answers.answers.set_index(["question", "respondent"])["score"]
    assert (scores["tilfreds", 1], scores["tilfreds", 3], scores["anbefale", 1]) == (3.0, 1.0, 10.0)
    assert pd.isna(scores["tilfreds", 2]) and pd.isna(scores["anbefale", 2])
    assert answers.notes == [
        "1 prøvesvar er holdt utenfor",
        "1 svar fra utenfor perioden er holdt utenfor",
        "1 tomme svar er holdt utenfor",
        "1 svar kom to ganger: det siste gjelder",
    ]


def test_a_question_tells_its_words_kind_answers_and_denominator():
    questions = read(FORMS, csv_of(HEADINGS, ROWS)).questions.set_index("question")
    assert questions.loc["tilfreds", ["text", "kind", "denominator"]].tolist() == [SATISFIED, "likert", "answered"]
    assert questions.loc["tilfreds", "labels"] == ["Misfornøyd", "Verken eller", "Fornøyd"]
    assert questions.loc["tilfreds", "dont_know"] == ["Vet ikke"]
    assert questions.loc["grunner", ["denominator", "focus_area"]].tolist() == ["all", "Vekst"]
    assert questions.loc["anbefale", "labels"] == [str(score) for score in range(11)]


def test_nettskjema_has_boxes_matrices_and_minus_one_for_unanswered():
    book = f"""{WAVE}
ubesvart: ["-1"]
spørsmål:
  valg: {{type: ett svar, kolonne: radio, svar: {{"1": Ja, "2": Nei}}}}
  boks: {{type: flere svar, kolonner: {{checkbox.a: A, checkbox.b: B}}}}
  rute: {{type: skala, kolonne: radio_matrix.x, svar: {{"1": Lite, "2": Noe, "3": Mye}}}}
"""
    rows = [["1", "1", "0", "3"], ["-1", "0", "0", "2"], ["2", "1", "1", "-1"], ["-1", "0", "0", "-1"]]
    answers = read(book, csv_of(["radio", "checkbox.a", "checkbox.b", "radio_matrix.x"], rows))
    assert said(answers, "valg") == {1: ["Ja"], 3: ["Nei"]}
    assert said(answers, "boks") == {1: ["A"], 3: ["A", "B"]}
    assert said(answers, "rute") == {1: ["Mye"], 2: ["Noe"]}
    assert len(answers.background) == 3, "the last has answered nothing"


def test_a_zero_is_an_answer_to_a_question_of_zero_to_ten():
    answers = read(f"{WAVE}\nspørsmål: {{anbefale: {{type: 0-10, kolonne: q}}}}", csv_of(["q", "x"], [["0", "1"], ["10", "1"]]))
    assert said(answers, "anbefale") == {1: ["0"], 2: ["10"]}


def test_excel_codes_are_numbers_and_boxes_may_hold_their_own_words():
    book = f"""{WAVE}
spørsmål:
  valg: {{type: ett svar, kolonne: s_1, svar: {{"1": Ja, "2": Nei}}}}
  boks: {{type: flere svar, kolonner: {{s_2_1: Areal, s_2_2: Folk}}}}
"""
    answers = read(book, excel_of(["s_1", "s_2_1", "s_2_2"], [[1, "Areal", None], [2, None, True], [1.0, "x", 0]]))
    assert said(answers, "valg") == {1: ["Ja"], 2: ["Nei"], 3: ["Ja"]}
    assert said(answers, "boks") == {1: ["Areal"], 2: ["Folk"], 3: ["Areal"]}


def test_the_same_heading_twice_is_told_apart_by_number():
    book = f"{WAVE}\nspørsmål: {{a: {{type: fritekst, kolonne: Kommentar}}, b: {{type: fritekst, kolonne: Kommentar (2)}}}}"
    answers = read(book, csv_of(["Kommentar", "Kommentar"], [["x", ""], ["", "y"]]))
    assert (said(answers, "a"), said(answers, "b")) == ({1: ["besvart"]}, {2: ["besvart"]})


def test_an_answer_outside_the_codebook_is_named_by_question_row_and_code_but_not_by_its_text():
    rows = [[*ROWS[0][:4], "Kari Nordmann er fornøyd", "", "11", ""], [*ROWS[1][:3], "99999999", "Fornøydd", "", "Ola", ""]]
    with pytest.raises(BadAnswer) as error:
        read(FORMS.replace('"5..": 5', "5..9: 5"), csv_of(HEADINGS, rows))
    told = str(error.value)
    assert "tilfreds, rad 2: en tekst som ikke er blant svarene" in told
    assert "tilfreds, rad 3: en tekst som ikke er blant svarene (ligner «Fornøyd»)" in told
    assert "anbefale, rad 2: koden 11" in told
    assert "size_group, rad 3" in told
    assert not any(word in told for word in ("Kari", "Ola", "99999999", "Fornøydd"))


def test_many_faults_are_counted_and_the_first_listed():
    rows = [[*ROWS[0][:6], "12", str(at)] for at in range(60)]
    rows = [[str(at), *row[1:]] for at, row in enumerate(rows)]
    with pytest.raises(BadAnswer, match=r"60 svar står ikke i kodeboken[\s\S]*og 40 til"):
        read(FORMS, csv_of(HEADINGS, rows))


def test_columns_that_the_file_lacks_are_named_in_the_codebooks_words():
    with pytest.raises(BadAnswer, match="Filen mangler kolonner som kodeboken nevner:\n  - Anbefale\n  - Innspill"):
        read(FORMS, csv_of(HEADINGS[:6], [row[:6] for row in ROWS]))


def test_a_time_that_is_none_is_named_by_its_row_alone():
    with pytest.raises(BadAnswer, match="«Fullføringstidspunkt» er ikke en dato i rad 3") as error:
        read(FORMS, csv_of(HEADINGS, [ROWS[0], ["2", "hos Kari", *ROWS[1][2:]]]))
    assert "Kari" not in str(error.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xff\xfe\x00", "ikke UTF-8"),
        (b"a: [", "YAML nær linje"),
        (b"a: &x [*x]", "YAML nær linje"),
        (b"[" * 10_000, "YAML"),
        (b"[]", "mangler «spørsmål»"),
        (f"{WAVE}spørsmål: {{}}".encode(), "har ingen spørsmål"),
        (f"{WAVE}spørsmål: {{a: {{type: fritekst, kolonne: x}}, a: {{type: fritekst, kolonne: y}}}}".encode(), "YAML nær linje"),
        ("kommune: 301\nspørsmål: {a: {type: fritekst, kolonne: x}}".encode(), "kommunenummeret med fire sifre"),
        (f"{WAVE}spørsmål: {{a: {{typ: fritekst, kolonne: x}}}}".encode(), "kjenner ikke «typ»"),
        (f"{WAVE}spørsmål: {{a: {{type: skala, kolonne: x}}}}".encode(), "svar mangler"),
        (f"{WAVE}spørsmål: {{a: {{type: skala, kolonne: x, svar: [En]}}}}".encode(), "minst to svar"),
        (f"{WAVE}spørsmål: {{a: {{type: ett svar, kolonne: x, svar: [En, EN]}}}}".encode(), "skiller seg bare på"),
        (f"{WAVE}spørsmål: {{a: {{type: ett svar, kolonne: x, svar: [En], annet: To}}}}".encode(), "To er ikke blant svarene"),
        (f"{WAVE}spørsmål: {{a: {{type: fritekst}}}}".encode(), "skriv kolonne"),
        (f"{WAVE}spørsmål: {{A b: {{type: fritekst, kolonne: x}}}}".encode(), "små bokstaver"),
        (f"{WAVE}spørsmål: {{a: {{type: fritekst, kolonne: x}}, b: {{type: fritekst, kolonne: x}}}}".encode(), "i flere spørsmål"),
        (f"{WAVE}periode: mai\nspørsmål: {{a: {{type: fritekst, kolonne: x}}}}".encode(), "periode"),
    ],
)
def test_a_codebook_that_cannot_be_used_says_why(body, told):
    with pytest.raises(BadAnswer, match=told):
        codebook.read(body)


def test_a_codebook_with_several_faults_tells_them_all():
    with pytest.raises(BadAnswer) as error:
        codebook.read("spørsmål: {a: {type: rart, kolonne: x}, b: {type: skala, kolonne: y}}".encode())
    assert all(part in str(error.value) for part in ("kommune:", "år:", "a: type", "b: svar mangler"))


def test_everything_in_a_codebook_is_text():
    book = codebook.read(f"{WAVE}spørsmål: {{a: {{type: ett svar, kolonne: no, svar: {{01: Ja, 1.0: Nei}}}}}}".encode())
    assert book.questions[0].answers == {"01": "Ja", "1.0": "Nei"}
    assert book.questions[0].columns == {"no": ""}


@pytest.mark.parametrize("body", [b"", b"{}", b"<html></html>", b"PK\x03\x04", survey_export.packed(b"", b""), b"a;b\n1;2"])
def test_what_are_no_answers_is_a_named_error(body):
    with pytest.raises(BadAnswer):
        survey_export.read(body)


def test_the_same_export_and_codebook_are_packed_to_the_same_bytes():
    assert survey_export.packed(b"a", b"b") == survey_export.packed(b"a", b"b")


LABELS = st.lists(st.sampled_from(["Lys", "Lys; luft", "Luft", "Lys; luft; vann"]), unique=True)


@given(st.lists(LABELS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_several_answers_in_a_cell_are_told_apart_though_they_hold_the_separator(given_lists):
    # longest first is the rule: the words are ambiguous only where a shorter answer is followed by the rest of a longer one
    book = f'{WAVE}\nspørsmål: {{a: {{type: flere svar, kolonne: q, svar: [Lys, "Lys; luft", Luft, "Lys; luft; vann"]}}}}'
    rows = [[str(at), ";".join(sorted(labels, key=len, reverse=True))] for at, labels in enumerate(given_lists, 1) if labels]
    if rows:
        answers = read(book, csv_of(["nr", "q"], rows))
        expected = [set(labels) for labels in given_lists if labels]
        assert [set(labels) for labels in said(answers, "a").values()] == expected


# the synthetic waves, the invited and the notes


@pytest.fixture(scope="module")
def norway():
    return Norway(1)


def test_the_synthetic_waves_are_read_back_as_they_were_drawn(norway):
    for (_, body), wave, count in zip(survey.ANSWERS.synthetic(norway), (2018, 2024), (40, 196), strict=True):
        answers, people = survey_export.read(body), norway.survey(wave)
        assert (answers.wave, len(answers.background)) == (wave, count)
        sizes = [sorted(frame["size_group"]) for frame in (answers.background, people)]
        assert sizes[0] == sizes[1]
        for item in synthetic.ITEMS:
            drawn = people[item.name].explode().dropna().value_counts().to_dict()
            read_back = answers.answers.loc[answers.answers["question"] == item.name, "answer"].value_counts().to_dict()
            assert read_back == drawn


def test_the_invited_are_80_and_3900_of_which_3000_sole_proprietors(norway):
    frame = survey.FRAME.read(survey.FRAME.synthetic(norway)[0][1])
    assert frame.groupby("year")["invited"].sum().to_dict() == {2018: 80, 2024: 3900}
    assert frame.loc[frame["size_group"] == synthetic.SIZES[0], "invited"].sum() == 3000


def test_the_truth_of_all_is_that_of_the_sizes_weighed_by_the_invited():
    truth = synthetic.truth(2024).pivot_table(index=["question", "answer"], columns="size_group", values="pct")
    invited = pd.Series(synthetic.INVITED[2024], index=synthetic.SIZES)
    weighed = (truth[list(synthetic.SIZES)] * invited).sum(axis=1) / invited.sum()
    assert (weighed - truth["Alle"]).abs().max() < 1e-9
    whole = synthetic.truth(2024).query("kind != 'multiple'").groupby(["question", "size_group"])["pct"].sum()
    assert ((whole - 100).abs() < 1e-9).all()


def test_waves_come_by_year_on_todays_number(norway):
    files = [(name, survey.ANSWERS.read(body)) for name, body in survey.ANSWERS.synthetic(norway)]
    old = files[0][1].assign(komm_nr="0230")
    found = survey.waves(survey.ANSWERS.together([files[1], ("gammel", old)]), norway.register)
    assert [(answers.komm_nr, answers.wave) for answers in found] == [("3222", 2018), ("3222", 2024)]
    assert survey.waves(None, norway.register) == []


def notes(*rows):
    lines = ["Kommunenr;År;Kilde;Tema;Satsingsområde;Notat;Kan siteres;Godkjent;Navn", *rows]
    return survey_notes.read(sheets.read("\n".join(lines).encode()))


def test_only_notes_that_may_be_quoted_and_are_approved_keep_their_text():
    frame, told = notes(
        "3222;2024;Workshop;Areal;Byutvikling;Kari sier =1+1;ja;ja;Kari",
        "3222;2024;intervju;Areal;;Hemmelig;ja;nei;",
        "3222;2024;kafédialog;Folk;;Hemmelig;nei;ja;",
        "3222;2024;kafédialog;Folk;;Hemmelig;;;",
    )
    assert frame["quote"].tolist()[0] == "[navn] sier =1+1"
    assert frame["quote"].isna().tolist() == [False, True, True, True]
    assert frame["source"].tolist() == ["verksted", "intervju", "kafédialog", "kafédialog"]
    assert told == ["1 sitater er ikke godkjent ennå, og vises ikke"]


def test_a_formula_in_a_note_is_text():
    frame, _ = notes("3222;2024;intervju;Areal;;=HYPERLINK(1);ja;ja;")
    assert frame["quote"].tolist() == ["=HYPERLINK(1)"]


def test_what_is_wrong_in_notes_is_told_without_what_it_holds():
    with pytest.raises(BadAnswer) as error:
        notes(f"Kari;Kari;Kari;{'Kari ' * 20};;x;Kari;Kari;", "3222;2024;intervju;Areal;;x;ja;ja;")
    assert str(error.value).count("rad 2") == 6
    assert "Kari" not in str(error.value)


def test_the_invited_are_refused_twice_or_without_a_count():
    head = "Kommunenr;År;Størrelse;Næring;Inviterte\n"
    twice, lacking = "3222;2024;1–4;Bygg;5\n3222;2024;1–4;Bygg;6", "3222;2024;1–4;Bygg;\n3222;2024;;Bygg;2"
    summed = "3222;2024;Sum;Sum;7\n3222;2024;1–4;Bygg;7"
    for rows, told in ((twice, "to ganger"), (lacking, "mangler"), (summed, "«Sum» er en sum")):
        with pytest.raises(BadAnswer, match=told):
            survey_frame.read(sheets.read((head + rows).encode()))


def test_the_codebook_of_the_docs_is_read_as_it_says():
    page = (Path(__file__).parents[1] / "docs" / "kodebok.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1]
    book = codebook.read(example.encode())
    assert (book.komm_nr, book.wave, book.headings, book.day_first) == ("3222", 2024, (1, 3), True)
    assert book.columns == ["$submission_id", "$created", "E-post", "Q1", "Q2"]
    recommend, focus = book.questions
    assert (recommend.kind, recommend.label("99")) == ("nps", "Vet ikke")
    assert (focus.kind, focus.other, focus.separator) == ("multiple", "Annet", ", ")
    known = codebook.OF_WAVE | codebook.OF_QUESTION | codebook.KINDS.keys() | codebook.DENOMINATORS.keys() - {"de som svarte"}
    assert [key for key in known if not re.search(rf"\b{key}\b", page)] == []
