"""A codebook drafted from an export: what each column seems to be, read back by the reader, and nothing that people wrote."""

import os
from collections import Counter
from pathlib import Path

import pytest

from nlib import cli
from nlib.core.errors import BadAnswer
from nlib.data.codebooks import codebook, draft
from nlib.data.readers import survey_export
from tests.test_survey_reading import csv_of, excel_of

SCALE = ["Helt uenig", "Litt uenig", "Verken eller", "Litt enig", "Helt enig"]


def drafted(export, **filled):
    """The draft as a codebook, with the municipality and the year filled in as a person would."""
    text = survey_export.draft(export).replace("kommune: ''", "kommune: '3222'")
    for key, value in filled.items():
        text = text.replace(f"{key}: ''", f"{key}: '{value}'")
    return codebook.read(text.encode())


def kinds(book):
    return {question.name: question.kind for question in book.questions}


def forms(rows=20):
    headings = [
        *("ID", "Fullføringstidspunkt", "E-postadresse", "Navn", "Hvor mange ansatte har dere?", "Hvilken bransje er dere i?"),
        *("Kommunen er god [Areal]", "Kommunen er god [Folk]", "Hvorfor her?", "Hvor sannsynlig er det at du vil anbefale oss?"),
        "Andre innspill",
    ]
    answers = [
        [
            *(str(at), "5/2/24 12:00", f"a{at}@firma.no", f"Navn {at}", ("0", "1-4", "5-19")[at % 3], ("Bygg", "Handel")[at % 2]),
            *(
                SCALE[at % 5],
                (*SCALE, "Vet ikke")[at % 6],
                ("Oslo;Kunder;", "Kunder;Lokaler;")[at % 2] + ("Min mor;" if at == 3 else ""),
            ),
            *(str(at % 11), f"Noe som bare jeg sier, {at}"),
        ]
        for at in range(rows)
    ]
    return csv_of(headings, answers, ",")


def test_forms_columns_are_told_apart_and_what_was_drafted_reads_the_file():
    book = drafted(forms())
    assert (book.row_id, book.time, book.wave) == ("ID", "Fullføringstidspunkt", 2024)
    assert book.unused == ("E-postadresse", "Navn")
    assert kinds(book) == {
        "size_group": "background",
        "industry": "background",
        "kommunen_er_god_areal": "likert",
        "kommunen_er_god_folk": "likert",
        "hvorfor_her": "multiple",
        "hvor_sannsynlig_er_det_at_du": "nps",
        "andre_innspill": "text",
    }
    by_name = {question.name: question for question in book.questions}
    assert by_name["kommunen_er_god_folk"].labels == SCALE
    assert by_name["kommunen_er_god_folk"].dont_know == ("Vet ikke",)
    assert by_name["hvorfor_her"].labels == ["Kunder", "Oslo", "Lokaler"], "«Min mor» is said by one"
    with pytest.raises(BadAnswer, match="hvorfor_her, rad 5: en tekst"):
        survey_export.answers(book, survey_export.sheets.read(forms()))


def test_a_scale_is_in_its_own_order_though_nobody_has_said_the_lowest():
    export = csv_of(["nr", "Påstand"], [[str(at), SCALE[1 + at % 4]] for at in range(12)])
    assert next(q for q in drafted(export, år=2024).questions if q.name == "påstand").labels == SCALE


def numbered(*labels, each=6):
    """The drafted question of an export where each of these answers is given so many times."""
    rows = [[str(at), label] for at, label in enumerate(label for label in labels for _ in range(each))]
    return drafted(csv_of(["ID", "Det er lett å drive her"], rows), år=2025).questions[0]


def test_a_scale_with_its_numbers_in_the_answers_is_one_lowest_first():
    scale = ["1 = Helt uenig", "2", "3", "4", "5 = Helt enig"]
    assert numbered("4", "5 = Helt enig", "3", "1 = Helt uenig", "2").labels == scale
    assert numbered("5 = Helt enig", "1 = Helt uenig", "2", "4").labels == scale, "one that nobody has given has its place"
    assert numbered("1 = Helt uenig", "5 = Helt enig", "3").kind == "single", "a scale with two places missing is not known"
    assert numbered("1 = Helt uenig", "1 = Uenig", "2", "3").kind == "single", "two words for a number"


def test_questbacks_respondent_and_time_are_known():
    rows = [[str(1000 + at), f"2025-05-{1 + at:02} 12:00", SCALE[at % 5]] for at in range(20)]
    book = drafted(csv_of(["Respondent", "Svartid", "Det er lett å drive"], rows))
    assert (book.row_id, book.time, book.wave) == ("Respondent", "Svartid", 2025)


def test_a_lone_column_of_ticks_is_a_question_with_one_box():
    rows = [[str(at), "x" if at % 3 else "", str(at % 5 + 1)] for at in range(30)]
    book = drafted(csv_of(["ID", "Medlem av NHO", "Det er lett"], rows), år=2025)
    assert kinds(book)["medlem_av_nho"] == "multiple"
    assert book.questions[0].labels == ["Medlem av NHO"]


def test_a_codebook_sheet_gives_words_and_labels():
    legend = [
        ["Variabel", "Spørsmål", "Verdi", "Verdietikett"],
        *(["s_1", "Hvor enig er du?", 1, SCALE[0]], [None, None, 2, SCALE[1]], [None, None, 3, SCALE[2]]),
        *(["s_2_1", "Areal", None, None], ["s_2_2", "Folk", None, None], ["s_3", "Flytte?", 1, "Ja"], [None, None, 9, "Vet ikke"]),
    ]
    rows = [[at, "2024-05-02 10:00:00", 1 + at % 3, at % 2, 1 - at % 2, (1, 9)[at % 2]] for at in range(12)]
    export = excel_of(["respid", "created", "s_1", "s_2_1", "s_2_2", "s_3"], rows, Kodebok=legend)
    book = drafted(export)
    assert kinds(book) == {"s_1": "likert", "s_2": "multiple", "s_3": "single"}
    assert book.questions[0].text == "Hvor enig er du?"
    assert book.questions[1].columns == {"s_2_1": "Areal", "s_2_2": "Folk"}
    assert book.questions[2].dont_know == ("Vet ikke",)
    answers = survey_export.answers(book, survey_export.sheets.read(export))
    assert len(answers.background) == 12


def test_headings_may_come_below_a_title():
    export = excel_of(
        ["NæringsPuls 2024"], [[], ["ID", "Hvor enig?", "Hvor fornøyd?"], *([at, SCALE[at % 5], "x"] for at in range(10))]
    )
    book = drafted(export, år=2024)
    assert book.headings == (3, 3)
    assert len(survey_export.answers(book, survey_export.sheets.read(export)).background) == 10


def test_a_file_without_headings_is_refused_without_being_shown():
    with pytest.raises(BadAnswer, match="kolonne 2") as error:
        survey_export.draft(csv_of(["Kari", "kari@firma.no"], [["Ola", "ola@firma.no"]]))
    assert "firma" not in str(error.value)


@pytest.mark.parametrize(
    "export", [b"", b"<html>", csv_of(["a", "b"], []), excel_of(["Variabel", "Verdi", "Etikett"], [["a", 1, "b"]])]
)
def test_a_file_without_answers_is_a_named_error(export):
    with pytest.raises(BadAnswer):
        survey_export.draft(export)


def test_the_command_writes_beside_the_file_and_never_over_what_is_there(tmp_path, capsys):
    (tmp_path / "svar.csv").write_bytes(forms())
    for code, told in ((0, "utkast til kodebok"), (2, "finnes fra før")):
        with pytest.raises(SystemExit) as done:
            cli.run(["survey", "draft", str(tmp_path / "svar.csv")])
            raise SystemExit(0)
        assert done.value.code == code
        said = capsys.readouterr()
        assert told in said.out + said.err
    assert kinds(codebook.read((tmp_path / "svar.kodebok.yaml").read_bytes().replace(b"kommune: ''", b"kommune: '3222'")))


def test_a_real_export_from_nettskjema_is_drafted_and_read():
    if not (data := os.environ.get("NLIB_REAL_DATA")):
        pytest.skip("NLIB_REAL_DATA, the folder of real files, is not set")
    export = (Path(data) / "survey" / "nettskjema_123823.csv").read_bytes()
    book = drafted(export)
    assert (book.row_id, book.time, book.wave, book.unanswered) == ("$submission_id", "$created", 2023, ("-1",))
    assert kinds(book) == {
        "freetext": "text",
        "radio": "single",
        "checkbox": "multiple",
        "dropdown": "single",
        "radio_matrix_grants": "likert",
        "radio_matrix_lecture": "likert",
        "radio_matrix_email": "likert",
        "checkbox_matrix_1": "multiple",
        "checkbox_matrix_2": "multiple",
        "number_integer": "background",
        "slider": "nps",
    }
    answers = survey_export.answers(book, survey_export.sheets.read(export))
    ticked = answers.answers[answers.answers["question"] == "checkbox"].groupby("respondent")["answer"].apply(list).to_dict()
    assert ticked == {1: ["questionnaires", "events"], 2: ["logs"], 3: ["questionnaires", "events", "logs"]}
    text = survey_export.draft(export)
    assert not any(word in text for word in ("some text", "another answer", "sølvi", "marius", "27685292"))


def test_questions_that_begin_alike_are_numbered_however_many_and_what_is_nearly_a_box_is_looked_at_once():
    taken: dict[str, None] = {}
    met: Counter[str] = Counter()
    for _ in range(20_001):
        taken[draft._name("Hvor fornøyd er du med alt?", taken, met)] = None
    assert list(taken)[:2] == ["hvor_fornøyd_er_du_med_alt", "hvor_fornøyd_er_du_med_alt_2"]
    assert list(taken)[-1] == "hvor_fornøyd_er_du_med_alt_20001"
    assert draft._name("alt 2", taken | {"alt_2": None}, met) == "alt_2_2"
    assert draft._stem("[]" * 50_000 + "x") == ""
    assert (draft._stem("Hvorfor? [Annet]"), draft._part("Hvorfor? [Annet]")) == ("Hvorfor?", "Annet")
