"""Answers as survey tools and people's spreadsheets write them: each kind of file that was read wrong or refused once, with others
of its kind. Small invented exports in the tools' own forms."""

import datetime
import io

import openpyxl
import pytest

from nlib.core.errors import BadAnswer
from nlib.data.codebooks import codebook, dates
from nlib.data.readers import sheets, survey_export, survey_frame
from tests.test_survey_reading import WAVE, csv_of, excel_of, said

AGREEMENT = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]


def read(book, export):
    export = export.encode() if isinstance(export, str) else export
    return survey_export.read(survey_export.packed(f"{WAVE}{book}".encode(), export))


def drafted(export):
    export = export.encode() if isinstance(export, str) else export
    text = survey_export.draft(export).replace("kommune: ''", "kommune: '3222'").replace("år: ''", "år: '2024'")
    return codebook.read(text.encode())


def one(book, name):
    return next(question for question in book.questions if question.name == name)


# -- times


def timed(times, more="", decided="periode: 2024-04-01..2024-05-31"):
    book = f"rad-id: id\ntidspunkt: Tid\n{decided}\n{more}\nspørsmål: {{q: {{type: ett svar, kolonne: Q, svar: [Ja, Nei]}}}}"
    return read(book, csv_of(["id", "Tid", "Q"], [[str(at), time, "Ja"] for at, time in enumerate(times, 1)]))


@pytest.mark.parametrize(
    "times",
    [
        ["4/5/2024 10:00", "4/12/2024 10:01", "5/22/2024 11:11"],
        ["05/04/2024 10:00", "12/04/2024 10:01", "22/05/2024 11:11"],
        ["4/5/24 10:00:00", "4/12/24 10:01:00", "5/22/24 11:11:00"],
        ["05-04-2024 10:00", "12-04-2024 10:01", "22-05-2024 11:11"],
        ["04-05-2024 10:00 AM", "04-12-2024 10:01 AM", "05-22-2024 11:11 AM"],
        ["2024/04/05 9:00:00 AM GMT+2", "2024/04/12 9:00:00 PM MESZ", "2024/05/22 9:00:00 AM GMT+2"],
        ["05.04.24 10:00", "12.04.24 10:00", "22.05.24 10:00"],
        ["5.4.2024 kl. 10.00", "12.4.2024 kl. 10.00", "2.5.2024 kl. 10.00"],
        ["2024-04-05T10:00:00+02:00", "2024-04-12T10:00:00Z", "2024-05-02 10:00:00.123"],
        ["5. apr. 2024 10:00", "12. april 2024 kl. 10", "2. mai 2024"],
        ["Apr 5, 2024 10:00 AM", "Apr 12, 2024 10:00 AM", "May 2, 2024 10:00 AM"],
        ["Fri Apr 05 2024 10:00:00 GMT+0200", "Fri Apr 12 2024 10:00:00 GMT+0200", "Thu May 02 2024 10:00:00 GMT+0200"],
        ["45387.416667", "45394,5", "45414"],
        ["10:00 05.04.2024", "10:00 12.04.2024", "10:00 02.05.2024"],
    ],
)
def test_a_column_of_times_tells_which_number_is_the_month(times):
    assert len(timed(times).background) == 3


@pytest.mark.parametrize("times", [["4/5/2024 10:00", "4/12/2024 10:01", "5/2/2024 11:11"], ["04-05-2024", "04-12-2024"]])
def test_where_the_column_does_not_tell_it_the_codebook_must(times):
    with pytest.raises(BadAnswer, match=r"«Tid» kan leses på to måter, og i rad 3 .*datoer: dag først"):
        timed(times)
    assert len(timed(times, "datoer: måned først").background) == len(times)
    assert len(timed(times, "datoer: dag først").background) == 1


def test_the_order_is_not_asked_for_where_it_makes_no_difference():
    assert len(timed(["4/4/2024", "5/5/2024"]).background) == 2
    assert len(timed(["4/5/2024", "5/12/2024"], decided="").background) == 2


def test_dates_that_excel_made_beside_text_that_it_did_not_are_refused():
    with pytest.raises(BadAnswer, match="dag og måned kan være byttet om"):
        timed(["2024-05-04 00:00:00", "13/4/2024"])
    assert len(timed(["2024-05-04 00:00:00", "13/4/2024"], "datoer: dag først").background) == 2


def test_no_answers_in_the_period_is_an_error():
    with pytest.raises(BadAnswer, match=r"Ingen svar er fra perioden 2024-04-01\.\.2024-05-31"):
        timed(["24.04.05 10:00", "24.05.05 10:00"])


def test_an_unknown_order_of_dates_is_told():
    with pytest.raises(BadAnswer, match="datoer: skriv dag først eller måned først"):
        timed(["2024-04-05"], "datoer: dd/mm")


def test_what_excel_has_made_of_a_size_is_known_as_a_date():
    assert all(map(dates.is_date, ("2024-04-01", "2024-04-01 00:00:00", "01.apr", "1. apr", "4-Jan", "apr.01", "1/4/2024")))
    assert not any(map(dates.is_date, ("1-4", "1–4", "5-19", "100+", "2020-2024", "10 000", "Bygg", "mars", "45383")))


# -- headings


QUALTRICS = [
    ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q1", "Q2", "Q3_1", "Q3_2", "Q4_1"],
    [
        *(
            "Start Date",
            "End Date",
            "Response Type",
            "Finished",
            "Response ID",
            "Hvor fornøyd er du?",
            "Hva bør kommunen satse på?",
        ),
        *("Hva mangler? - Areal", "Hva mangler? - Folk", "Hvor sannsynlig er det at du vil anbefale oss?"),
    ],
    [f'{{"ImportId":"{name}"}}' for name in ("startDate", "endDate", "status", "finished", "_recordId", *"abcde")],
]


def qualtrics(count=24, headings=3):
    rows = [
        [
            *("2024-04-01 10:00:00", f"2024-04-{1 + at:02} 10:05:00", "Survey Preview" if at == 0 else "IP Address", "True"),
            *(f"R_{at}", ["Misfornøyd", "Nøytral", "Fornøyd"][at % 3], ["Areal", "Areal,Kollektiv", "Kollektiv"][at // 8]),
            *("Areal" if at % 2 else "", "Folk" if at % 3 else "", str(at % 11)),
        ]
        for at in range(count)
    ]
    return csv_of(QUALTRICS[0], [*QUALTRICS[1:headings], *rows], ",")


def test_three_rows_of_headings_are_no_respondents():
    answers = read("rad-id: ResponseId\nspørsmål: {t: {type: fritekst, kolonne: Q2}}", qualtrics(4))
    assert len(answers.background) == 4
    assert "rad 1 til 3 er lest som overskrifter" in answers.notes


@pytest.mark.parametrize(
    ("export", "book"),
    [
        (qualtrics(4, headings=2), "rad-id: ResponseId\nspørsmål: {t: {type: fritekst, kolonne: Q2}}"),
        ("Q1;Q2\nHvem er du?;Hva nå?\nx;fint\ny;bra\nz;x\nu;y\n", "spørsmål: {t: {type: fritekst, kolonne: Q2}}"),
        (
            "a;b\nEgne ord;Andre ord\nx;fint\ny;bra\nz;x\nu;y\n",
            "spørsmål: {t: {type: fritekst, kolonne: b, spørsmål: Andre ord}}",
        ),
        ("a;b\nEt;To\nx;fint\ny;bra\nz;x\nu;y\n", "overskrift: 1-2\nspørsmål: {t: {type: fritekst, kolonne: b}}"),
    ],
    ids=["nummer", "spørsmålstegn", "spørsmålets ord", "kodeboken"],
)
def test_a_second_row_of_headings_is_no_respondent(export, book):
    assert len(read(book, export).background) == 4


def test_a_first_answer_is_no_heading():
    boxes = "spørsmål: {q: {type: flere svar, kolonner: {Areal: Areal, Folk: Folk}}}"
    assert len(read(boxes, "Areal;Folk\nAreal;Folk\nAreal;\n;Folk\n").background) == 3
    free = 'rad-id: id\nspørsmål: {t: {type: fritekst, kolonne: T, spørsmål: "Hva nå?"}}'
    assert len(read(free, "id;T\n1;Hva med buss?\n2;fint\n3;bra\n").background) == 3


def test_a_draft_of_qualtrics_takes_the_questions_from_the_second_row():
    book = drafted(qualtrics())
    assert (book.row_id, book.time, book.wave, book.headings) == ("ResponseId", "EndDate", 2024, (1, 3))
    assert book.tests == {"Status": ["Survey Preview"]}
    assert one(book, "q1").text == "Hvor fornøyd er du?"
    assert one(book, "q1").labels == ["Svært misfornøyd", "Misfornøyd", "Nøytral", "Fornøyd", "Svært fornøyd"]
    assert (one(book, "q2").kind, one(book, "q2").separator) == ("multiple", ",")
    assert one(book, "q3").columns == {"Q3_1": "Areal", "Q3_2": "Folk"}
    assert one(book, "q3").text == "Hva mangler?"
    assert one(book, "q4_1").kind == "nps"
    assert len(survey_export.answers(book, sheets.read(qualtrics())).background) == 23


SPANNED = [
    ["Respondent ID", "Start Date", "Hva bør kommunen satse på?", "", "", "Andre innspill"],
    ["", "", "Areal", "Kollektiv", "Annet (beskriv)", "Open-Ended Response"],
    *([str(at), "04/15/2024 10:00:00 AM", "Areal", "" if at % 2 else "Kollektiv", "", f"Ord {at}"] for at in range(8)),
]


@pytest.mark.parametrize("export", [csv_of(SPANNED[0], SPANNED[1:], ","), excel_of(SPANNED[0], SPANNED[1:])], ids=["csv", "xlsx"])
def test_a_heading_over_several_columns_names_each_with_what_stands_below(export):
    book = drafted(export)
    question = one(book, "hva_bør_kommunen_satse_på")
    assert question.columns == {f"Hva bør kommunen satse på? [{part}]": part for part in ("Areal", "Kollektiv")}
    answers = survey_export.answers(book, sheets.read(export))
    assert len(answers.background) == 8
    assert said(answers, question.name)[1] == ["Areal", "Kollektiv"]
    assert said(answers, "andre_innspill")[1] == ["besvart"]


def test_a_draft_of_surveymonkey_takes_the_question_from_the_first_row():
    answers = [[str(at), str(1 + at % 4), "Areal" * (at % 2), "Tog"] for at in range(20)]
    export = csv_of(
        ["Respondent ID", "Hvor fornøyd er du?", "Hva savner du?", ""], [["", "Response", "Areal", "Kollektiv"], *answers]
    )
    question = one(drafted(export), "hvor_fornøyd_er_du")
    assert question.text == "Hvor fornøyd er du?"


@pytest.mark.parametrize("headings", ["id;Ansatte (heltid);Ansatte", "id;Ansatte;Ansatte (heltid)"])
def test_headings_that_begin_alike_are_two(headings):
    book = 'rad-id: id\nspørsmål: {size_group: {type: bakgrunn, kolonne: Ansatte, svar: {"1..4": liten, "5..": stor}}}'
    rows = [("7", "2"), ("3", "1")] if headings.endswith("heltid)") else [("2", "7"), ("1", "3")]
    answers = read(book, "\n".join([headings, *(f"{at};{a};{b}" for at, (a, b) in enumerate(rows))]))
    assert answers.background["size_group"].tolist() == ["stor", "liten"]


def test_headings_with_a_number_in_the_file_keep_it():
    book = "spørsmål: {a: {type: fritekst, kolonne: K (2)}, b: {type: fritekst, kolonne: K (3)}}"
    answers = read(book, "K;K (2);K\nx;;\n;y;\n;;z\n")
    assert (said(answers, "a"), said(answers, "b")) == ({1: ["besvart"]}, {2: ["besvart"]})


# -- respondents


def test_people_who_say_the_same_are_as_many_as_they_are():
    book = "spørsmål: {q: {type: ett svar, kolonne: Q, svar: [Ja, Nei]}}"
    answers = read(book, "Q;R\n" + "Ja;a\n" * 63)
    assert len(answers.background) == 63
    assert "62 svar er helt like et annet" in answers.notes[-1]


def test_the_same_number_of_an_answer_counts_once_and_a_blank_one_is_nobodys():
    book = "rad-id: id\nspørsmål: {q: {type: ett svar, kolonne: Q, svar: [Ja, Nei]}}"
    answers = read(book, "id;Q\n1;Ja\n1;Nei\n;Ja\n;Ja\nanonymous;Ja\nanonymous;Ja\n")
    assert len(answers.background) == 5
    assert said(answers, "q")[1] == ["Nei"]


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        *(("Y", "N"), ("Y", ""), ("Yes", "No"), ("x", ""), ("X", ""), ("1", "0"), ("1,0", "0,0"), ("1.0", "0.0"), ("Ja", "Nei")),
        *(("SANN", "USANN"), ("TRUE", "FALSE"), ("true", "false"), ("Valgt", "Ikke valgt"), ("Checked", "Unchecked")),
        *(("Selected", "Not selected"), ("✓", ""), ("Areal", ""), ("J", "N"), ("Sant", "Usant")),
    ],
)
def test_a_box_is_ticked_in_many_ways(yes, no):
    book = "rad-id: id\nspørsmål: {q: {type: flere svar, kolonner: {a: Areal, b: Kollektiv}}}"
    second = "Kollektiv" if yes == "Areal" else yes
    answers = read(book, csv_of(["id", "a", "b"], [["1", yes, ""], ["2", yes, no], ["3", no, second], ["4", no, no]]))
    assert said(answers, "q") == {1: ["Areal"], 2: ["Areal"], 3: ["Kollektiv"]}
    assert len(answers.background) == 3, "the last has ticked nothing"


def test_what_is_no_tick_is_refused_with_what_would_do():
    book = "spørsmål: {q: {type: flere svar, kolonner: {a: Areal, b: Kollektiv}}}"
    with pytest.raises(BadAnswer, match="q, rad 2: en tekst som ikke er 1/0, ja/nei, x, sann/usann eller svaret selv") as error:
        read(book, "a;b\nKari;1\n1;7\n")
    assert "koden 7, som ikke er 1/0" in str(error.value)
    assert "Kari" not in str(error.value)


# -- codes


@pytest.mark.parametrize(
    ("high", "low"),
    [
        ("4,0", "1,0"),
        ("4.0", "1.0"),
        ("4,00", "1,00"),
        ("04", "01"),
        ("4 - Høy", "1 - Lav"),
        ("4: høy", "1: lav"),
        ("Høy (4)", "Lav"),
    ],
)
def test_a_code_is_known_however_it_is_written(high, low):
    book = 'spørsmål: {q: {type: skala, kolonne: q, svar: {"1": Lav, "4": Høy}}}'
    answers = read(book, csv_of(["q", "x"], [[high, "1"], [low, "2"]]))
    assert said(answers, "q") == {1: ["Høy"], 2: ["Lav"]}


@pytest.mark.parametrize("cell", ["1 - Høy", "4,5", "5", "14", "4 - 1", "-4"])
def test_a_code_that_is_another_is_refused(cell):
    book = 'spørsmål: {q: {type: skala, kolonne: q, svar: {"1": Lav, "4": Høy}}}'
    with pytest.raises(BadAnswer, match="q, rad 2"):
        read(book, csv_of(["q", "x"], [[cell, "1"]]))


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        *(("10 - Svært sannsynlig", "10"), ("0 - Ikke sannsynlig", "0"), ("7", "7"), ("7,0", "7"), ("10 (svært sannsynlig)", "10")),
        *(
            ("0 = Ikke i det hele tatt", "0"),
            ("Svært sannsynlig (10)", "10"),
            ("5 – Nøytral", "5"),
            ("8 av 10", "8"),
            ("8/10", "8"),
        ),
        *(("10: Extremely likely", "10"), ("9.", "9"), ("Vet ikke", "Vet ikke"), ("07", "7"), ("10 Svært sannsynleg", "10")),
    ],
)
def test_a_score_may_have_words_beside_it(cell, score):
    answers = read('spørsmål: {q: {type: 0-10, kolonne: q, "vet ikke": [Vet ikke]}}', csv_of(["q", "x"], [[cell, "1"]]))
    assert said(answers, "q") == {1: [score]}


@pytest.mark.parametrize("cell", ["11", "11 - Svært", "-5", "7,5", "7-8", "10 %", "ti", "1 0", "10000", "9 eller 10"])
def test_what_is_no_score_is_refused(cell):
    with pytest.raises(BadAnswer, match="q, rad 2"):
        read("spørsmål: {q: {type: 0-10, kolonne: q}}", csv_of(["q", "x"], [[cell, "1"]]))


# -- several answers in a cell


@pytest.mark.parametrize("separator", [";", ", ", "|", ",", "; "])
def test_the_sign_between_answers_is_found_where_the_codebook_does_not_say_it(separator):
    book = 'spørsmål: {q: {type: flere svar, kolonne: q, svar: [Areal, "Buss, tog og bane", Kollektiv]}}'
    rows = [
        [f"Areal{separator}Buss, tog og bane", "1"],
        [f"Buss, tog og bane{separator}Kollektiv", "1"],
        ["Buss, tog og bane", "1"],
    ]
    answers = read(book, csv_of(["q", "x"], rows))
    assert said(answers, "q") == {
        1: ["Areal", "Buss, tog og bane"],
        2: ["Buss, tog og bane", "Kollektiv"],
        3: ["Buss, tog og bane"],
    }


def google(cells):
    rows = [[f"2024/04/{1 + at % 28:02} 9:00:00 AM GMT+2", cell] for at, cell in enumerate(cells)]
    return csv_of(["Tidsmerke", "Hva bør kommunen satse på?"], rows, ",")


def test_a_draft_tells_answers_in_a_cell_from_an_answer_with_a_comma():
    cells = ["Areal, Kollektiv"] * 7 + ["Areal"] * 6 + ["Kollektiv"] * 6
    book = drafted(google(cells))
    question = one(book, "hva_bør_kommunen_satse_på")
    assert (book.time, question.kind, question.separator, question.labels) == (
        "Tidsmerke",
        "multiple",
        ", ",
        ["Areal", "Kollektiv"],
    )
    answers = survey_export.answers(book, sheets.read(google(cells)))
    counts = answers.answers["answer"].value_counts().to_dict()
    assert (len(answers.background), counts) == (19, {"Areal": 13, "Kollektiv": 13})


def test_a_draft_keeps_an_answer_with_commas_in_it_whole():
    cells = ["Areal, bygg og tomt, Kollektiv", "Areal, bygg og tomt", "Kollektiv, Skole", "Skole", "Areal, bygg og tomt, Skole"] * 6
    question = one(drafted(google(cells)), "hva_bør_kommunen_satse_på")
    assert (question.kind, set(question.labels)) == ("multiple", {"Areal, bygg og tomt", "Kollektiv", "Skole"})


@pytest.mark.parametrize(
    "cells",
    [["Ja, litt", "Ja, mye", "Nei, aldri"] * 6, ["Ja", "Ja, litt", "Nei"] * 6, ["Oslo, Bergen"] * 6 + ["Hamar"] * 6],
)
def test_a_draft_keeps_single_answers_with_a_comma(cells):
    question = one(drafted(google(cells)), "hva_bør_kommunen_satse_på")
    assert (question.kind, set(question.labels)) == ("single", set(cells))


def test_a_draft_takes_prose_with_commas_for_free_text():
    cells = [f"Vi trenger areal, buss nummer {at}, og mer, tror jeg" for at in range(20)]
    assert one(drafted(google(cells)), "hva_bør_kommunen_satse_på").kind == "text"


def test_thousands_of_separators_in_a_cell_take_no_time():
    book = 'spørsmål: {q: {type: flere svar, kolonne: q, svar: [Areal, "A; B"], annet: Areal}}'
    assert said(read(book, csv_of(["q", "x"], [["y;" * 20_000, "1"]])), "q") == {1: ["Areal"]}


# -- scales


@pytest.mark.parametrize(
    "scale",
    [
        *(AGREEMENT, ["Strongly disagree", "Somewhat disagree", "Neither agree nor disagree", "Somewhat agree", "Strongly agree"]),
        ["Heilt ueinig", "Litt ueinig", "Verken eller", "Litt einig", "Heilt einig"],
        ["Heilt ueinig", "Ueinig", "Nøytral", "Einig", "Heilt einig"],
        ["Svært misfornøyd", "Misfornøyd", "Nøytral", "Fornøyd", "Svært fornøyd"],
        ["Svært misnøgd", "Misnøgd", "Korkje eller", "Nøgd", "Svært nøgd"],
        ["Very dissatisfied", "Dissatisfied", "Neither satisfied nor dissatisfied", "Satisfied", "Very satisfied"],
        ["I svært lita grad", "I lita grad", "I nokon grad", "I stor grad", "I svært stor grad"],
        ["Not at all", "To a small extent", "To some extent", "To a large extent", "To a very large extent"],
        ["Not important", "Slightly important", "Moderately important", "Important", "Very important"],
        ["Never", "Rarely", "Sometimes", "Often", "Always"],
        ["Svært dårleg", "Dårleg", "Middels", "God", "Svært god"],
        ["Very poor", "Poor", "Average", "Good", "Very good"],
        ["Very unlikely", "Unlikely", "Neutral", "Likely", "Very likely"],
        ["Mykje dårlegare", "Litt dårlegare", "Uendra", "Litt betre", "Mykje betre"],
        ["Svært lav", "Lav", "Middels", "Høy", "Svært høy"],
        ["Helt uenig", "Uenig", "Litt uenig", "Verken enig eller uenig", "Litt enig", "Enig", "Helt enig"],
    ],
    ids=lambda scale: scale[0],
)
def test_a_draft_knows_scales_in_three_languages_lowest_first(scale):
    cells = [answer for at, answer in enumerate(reversed(scale)) for _ in range(12 - at)] + ["Vet ikke"] * 5
    question = one(drafted(csv_of(["id", "Q"], [[str(at), cell] for at, cell in enumerate(cells)])), "q")
    assert (question.kind, question.labels, question.dont_know) == ("likert", scale, ("Vet ikke",))


def test_a_draft_knows_scores_with_words_and_dont_know_among_them():
    cells = ["0 - Ikke sannsynlig", *map(str, range(1, 10)), "10 - Svært sannsynlig", "Vet ikke", "Veit ikkje"] * 3
    export = csv_of(["id", "Vil du anbefale oss?"], [[str(at), cell] for at, cell in enumerate(cells)])
    book = drafted(export)
    assert one(book, "vil_du_anbefale_oss").kind == "nps"
    answers = survey_export.answers(book, sheets.read(export))
    assert answers.answers["score"].dropna().max() == 10


# -- Excel


def workbook(rows, **cells):
    """An Excel file of these rows, and cells (place: (value, number format)) over them."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, (value, shown) in cells.items():
        book.active[place] = value
        book.active[place].number_format = shown
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


BOOK = "rad-id: id\nspørsmål: {q: {type: ett svar, kolonne: Q, svar: [Ja, Nei]}, t: {type: fritekst, kolonne: T}}"
WITH_ERROR = [["id", "Q", "T", "X"], [1, "Ja", "#NAME?", "#REF!"], [2, "Nei", "bra", "x"]]


def test_an_error_in_free_text_or_in_a_column_that_is_not_read_does_no_harm():
    answers = read(BOOK, workbook(WITH_ERROR))
    assert said(answers, "q") == {1: ["Ja"], 2: ["Nei"]}
    assert said(answers, "t") == {1: ["besvart"], 2: ["besvart"]}


def test_an_error_in_an_answer_is_named_by_its_cell():
    with pytest.raises(BadAnswer, match="B2 i «Sheet» har feilverdien #N/A"):
        read(BOOK, workbook([["id", "Q", "T"], [1, "#N/A", "x"], [2, "Nei", "x"]]))


def test_a_draft_reads_past_an_error():
    rows = [["id", "Q", "T"], *([at, ("Ja", "Nei")[at % 2], "#NAME?" if at == 3 else f"ord {at}"] for at in range(12))]
    assert one(drafted(workbook(rows)), "q").labels == ["Nei", "Ja"]


FRAME = [
    ["Kommunenr", "År", "Størrelse", "Næring", "Inviterte"],
    ["3222", 2024, "1-4", "Bygg", 12],
    ["3222", 2024, "5-19", "Bygg", 7],
]


@pytest.mark.parametrize("size", ["2024-04-01", "01.apr", "1. apr", "4-Jan", "apr.01", "Jan-04", "01.04.2024"])
def test_a_size_that_excel_has_made_a_date_is_refused(size):
    lines = ["Kommunenr;År;Størrelse;Næring;Inviterte", f"3222;2024;{size};Bygg;12", "3222;2024;5-19;Bygg;7"]
    with pytest.raises(BadAnswer, match=r"skal stå en størrelse \(rad 2, kolonnen «Størrelse»\).*«1-4» til 1\. april"):
        survey_frame.read(sheets.read("\n".join(lines).encode()))


def test_a_size_that_is_a_date_in_the_sheet_is_refused_and_one_that_is_text_is_read():
    with pytest.raises(BadAnswer, match=r"er en dato der det skal stå en størrelse \(C2 i «Sheet»\)"):
        survey_frame.read(sheets.read(workbook(FRAME, C2=(datetime.date(2024, 4, 1), "dd.mmm"))))
    with pytest.raises(BadAnswer, match=r"er en dato, og det skulle stått et år \(B2 i «Sheet»\)"):
        survey_frame.read(sheets.read(workbook(FRAME, B2=(datetime.date(1905, 7, 16), "yyyy-mm-dd"))))
    frame, _ = survey_frame.read(sheets.read(workbook(FRAME)))
    assert frame["size_group"].tolist() == ["1-4", "5-19"]


def test_an_answer_that_excel_has_made_a_date_is_told_as_one():
    book = "spørsmål: {size_group: {type: bakgrunn, kolonne: Ansatte, svar: [1-4, 5-19]}, t: {type: fritekst, kolonne: T}}"
    rows = [["Ansatte", "T"], ["1-4", "x"], ["5-19", "x"], [datetime.date(2024, 4, 1), "x"]]
    with pytest.raises(BadAnswer, match=r"size_group, rad 4: en dato som ikke er blant svarene \(Excel gjør"):
        read(book, workbook(rows))


def test_a_draft_tells_that_some_answers_are_dates():
    rows = [["id", "Hvor mange ansatte?"], *([at, ("2024-04-01", "5-19", "20-99")[at % 3]] for at in range(24))]
    text = survey_export.draft(csv_of(rows[0], [list(map(str, row)) for row in rows[1:]]))
    assert "noen svar er datoer" in text
    assert "2024-04-01" not in text


@pytest.mark.parametrize(
    ("value", "shown", "cell"),
    [
        *((0.635, "0.0%", 63.5), (0.635, "0%", 63.5), (63.5, "0.0", 63.5), (63.5, '0.0"%"', 63.5), (63.5, "0.0\\%", 63.5)),
        *((1.02, "0.00%", 102.0), (-0.05, "0 %;[Red]-0 %", -5.0)),
    ],
)
def test_a_percent_cell_is_read_as_it_is_shown(value, shown, cell):
    (sheet,) = sheets.read(workbook([["a", "b"], ["x", None]], B2=(value, shown)))
    assert sheet.rows[1][1] == cell
    assert bool(sheet.notes) == (cell != value)


# -- quotation marks


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('id;Q;T\n1;Ja;"vi er et "godt" sted"\n2;Nei;"fint"\n', "i rad 2 er ikke doblet"),
        ('id,Q,T\n1,Ja,"fint"\n2,Nei,"vi er et "godt" sted"\n', "i rad 3 er ikke doblet"),
        ('id;Q;T\n1;Ja;"to\nlinjer"\n2;Nei;"et "godt" sted"\n', r"i rad 3 \(linje 4 i filen\) er ikke doblet"),
        ('id;Q;T\n1;Ja;"uten slutt\n2;Nei;fint\n', "i rad 2, lukkes ikke"),
        ('id\tQ\tT\n1\tJa\t"a "b" c"\n2\tNei\t"1,5 "x" 2,5"\n', "i rad 2 er ikke doblet"),
        ('id;Q;T\n1;Ja;"a "b", c"\n2;Nei;"d, e"\n3;Ja;"f, g"\n', "i rad 2 er ikke doblet"),
    ],
)
def test_a_broken_quotation_is_named_by_its_row(text, told):
    with pytest.raises(BadAnswer, match=told):
        read(BOOK, text)


@pytest.mark.parametrize("cell", ['vi er et "godt" sted', '"godt"', 'et 19" hjul; to'])
def test_quotation_marks_that_are_doubled_or_stand_inside_are_read(cell):
    answers = read(BOOK, csv_of(["id", "Q", "T"], [["1", "Ja", cell], ["2", "Nei", "x"]]))
    assert len(answers.background) == 2
    plain = 'id;Q;T\n1;Ja;et 19" hjul\n2;Nei;x\n'
    assert len(read(BOOK, plain).background) == 2
