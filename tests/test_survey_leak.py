"""The leak test: names, addresses, numbers and small cells go in every way there is, and come out of none of them."""

import re
import subprocess

import pandas as pd
import pytest

from nlib import cli
from nlib.build import pipeline
from nlib.core import store
from nlib.core.municipalities import resource
from nlib.data.codebooks.blanking import LEAST
from nlib.data.sources import survey
from tests.test_survey_reading import csv_of, excel_of

SECRETS = {
    "name": "Kari Nordmann",
    "first": "Kari",
    "last": "Nordmann",
    "mail": "kari.nordmann@firma.no",
    "phone": "922 33 445",
    "birth": "130972 48022",
    "orgnr": "974 760 673",
    "word": "hemmelighet",
}
EVERYTHING = "Hilsen Kari Nordmann, kari.nordmann@firma.no, tlf 922 33 445, f. 130972 48022, org. 974 760 673, en hemmelighet"
HARMFUL = f"<script>alert('{EVERYTHING}')</script>"
FORMULA = f'=HYPERLINK("http://firma.no";"{EVERYTHING}")'
HEADINGS = ["ID", "Fullført", "E-post", "Navn", "Ansatte", "Bransje", "Fornøyd", "Grunner", "Anbefale", "Innspill"]
BOOK = """
kommune: "3222"
år: 2024
rad-id: ID
navn: [Kari Nordmann]
spørsmål:
  size_group: {type: bakgrunn, kolonne: Ansatte, svar: [Ingen, 1–4, 5–19]}
  industry: {type: bakgrunn, kolonne: Bransje, svar: [Bygg, Handel]}
  tilfreds: {type: skala, kolonne: Fornøyd, svar: [Nei, Litt, Ja]}
  grunner: {type: flere svar, kolonne: Grunner, svar: [Kunder, Oslo, Annet], annet: Annet}
  anbefale: {type: 0-10, kolonne: Anbefale}
  innspill: {type: fritekst, kolonne: Innspill}
"""


def rows(count=40):
    """Answers where size, industry and answer together leave cells of one to four."""
    return [
        [
            *(str(at), "2024-05-02 12:00:00", SECRETS["mail"], SECRETS["name"]),
            *(
                ("Ingen", "1–4", "5–19")[(at > 20) + (at > 36)],
                ("Bygg", "Handel")[at % 7 == 0],
                ("Nei", "Litt", "Ja")[min(at % 9, 2)],
            ),
            *(f"Kunder;{EVERYTHING}" if at % 3 else "Oslo", str(at % 11), (EVERYTHING, HARMFUL, FORMULA)[at % 3]),
        ]
        for at in range(count)
    ]


NOTES = "\n".join(
    [
        "Kommunenr;År;Kilde;Tema;Notat;Kan siteres;Godkjent;Navn",
        *(
            f'3222;2024;intervju;Areal;"{EVERYTHING}";{quoted};{approved};'
            for quoted, approved in (("ja", "nei"), ("nei", "ja"), ("", ""))
        ),
        f'3222;2024;intervju;Areal;"{FORMULA.replace(chr(34), chr(39))}";nei;nei;',
        '3222;2024;verksted;Folk;"Kari Nordmann kari.nordmann@firma.no, 922 33 445, 130972 48022, 974 760 673";ja;ja;Kari Nordmann',
    ]
).encode()
FRAME = "Kommunenr;År;Størrelse;Næring;Inviterte\n" + "\n".join(
    f"3222;2024;{size};{industry};50" for size in ("Ingen", "1–4", "5–19") for industry in ("Bygg", "Handel")
)


def leaks(text):
    """The secrets that a text holds, however spaced."""
    bare = re.sub(r"[\s\u00a0.]", "", text).casefold()
    return [what for what, secret in SECRETS.items() if re.sub(r"[\s.]", "", secret).casefold() in bare]


@pytest.fixture
def nlib(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("NLIB_HOME", str(tmp_path / "home"))

    def run(*words):
        code = 0
        try:
            cli.run([str(word) for word in words])
        except SystemExit as done:
            code = done.code
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


def test_the_search_for_leaks_finds_them():
    assert set(leaks(EVERYTHING)) == set(SECRETS)
    assert leaks("hilsen oss") == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_leaks_by_draft_import_or_what_is_told(nlib, tmp_path, kind):
    file = tmp_path / f"svar.{kind}"
    file.write_bytes(csv_of(HEADINGS, rows()) if kind == "csv" else excel_of(HEADINGS, rows()))
    code, told = nlib("survey", "draft", file)
    book = tmp_path / "svar.kodebok.yaml"
    assert code == 0, told
    assert leaks(told + book.read_text(encoding="utf-8")) == []
    book.write_text(BOOK, encoding="utf-8")
    (tmp_path / "notater.csv").write_bytes(NOTES)
    (tmp_path / "inviterte.csv").write_text(FRAME, encoding="utf-8")
    code, told = nlib("import", file, book, tmp_path / "notater.csv", tmp_path / "inviterte.csv")
    assert code == 0, told
    assert "40 svar på 6 spørsmål" in told
    assert leaks(told) == []
    manifest = store.edition(None, tmp_path / "home").raw / "manifest.json"
    assert leaks(manifest.read_text(encoding="utf-8")) == []
    assert nlib("import", file, "--forget")[0] == 0
    assert "svar" not in {entry["kind"] for entry in store.edition(None, tmp_path / "home").imports()}


@pytest.mark.parametrize("kind", [None, "svar", "ramme", "notater", "regnskap", "telemarksforsking", "statbank", "framskriving"])
@pytest.mark.parametrize(
    "body",
    [
        csv_of(HEADINGS, rows()),
        csv_of(HEADINGS, [[EVERYTHING] * len(HEADINGS)] * 3),
        csv_of([EVERYTHING] * 3, [[EVERYTHING] * 3] * 3),
        excel_of(HEADINGS, [[EVERYTHING, FORMULA, HARMFUL, *[""] * 7]] * 3),
        f"{EVERYTHING}\n{EVERYTHING}".encode(),
        f"{NOTES.decode()}\n{';'.join([EVERYTHING] * 8)}\n{';'.join([FORMULA] * 9)}".encode(),
    ],
    ids=["svar", "bare tekst", "uten overskrifter", "Excel", "ren tekst", "notater"],
)
def test_no_error_tells_what_somebody_has_answered(nlib, tmp_path, body, kind):
    for name in ("svar.csv", "svar med kodebok.csv"):
        (tmp_path / name).write_bytes(body)
    (tmp_path / "svar med kodebok.kodebok.yaml").write_text(BOOK.replace("annet: Annet", ""), encoding="utf-8")
    as_kind = ["--as", kind] if kind else []
    for name in ("svar.csv", "svar med kodebok.csv"):
        assert leaks(nlib("import", tmp_path / name, *as_kind)[1]) == []
    assert leaks(nlib("survey", "draft", tmp_path / "svar.csv")[1]) == []


@pytest.mark.parametrize(
    "book", [BOOK + "  x: [", BOOK + "\nfeil: {", BOOK.replace("navn: [", "navn: {a: ["), BOOK.replace("år", "aar")]
)
def test_no_error_in_a_codebook_tells_the_names_in_it(nlib, tmp_path, book):
    (tmp_path / "svar.csv").write_bytes(csv_of(HEADINGS, rows()))
    (tmp_path / "svar.kodebok.yaml").write_text(book, encoding="utf-8")
    code, told = nlib("import", tmp_path / "svar.csv")
    assert code == 1
    assert leaks(told) == []


@pytest.fixture(scope="module")
def built():
    """Every table that the survey goes into, and no other."""
    imported = {
        survey.ANSWERS.kind: survey.ANSWERS.read(survey.survey_export.packed(BOOK.encode(), csv_of(HEADINGS, rows()))),
        survey.NOTES.kind: survey.NOTES.read(NOTES),
        survey.FRAME.kind: survey.FRAME.read(FRAME.encode()),
    }
    tables = {"municipality_codes": resource("municipalities.csv"), "municipality_changes": resource("municipality_changes.csv")}
    of_survey = {}
    for name, dataset in pipeline.datasets().items():
        needs = [need if isinstance(need, str) else getattr(need, "kind", "") for need in dataset.needs]
        if set(needs) & (set(imported) | set(of_survey)):
            of_survey[name] = dataset.check(dataset.build(*((imported | tables | of_survey)[need] for need in needs)))
    return of_survey


def test_no_table_holds_what_somebody_has_answered(built):
    assert "survey_frame" in built
    for table in built.values():
        assert leaks(table.to_csv(index=False)) == []
        assert not any("Answers" in str(cell) for column in table for cell in table[column].head(3))


def test_no_table_shows_a_cell_of_one_to_four_respondents(built):
    for name, table in built.items():
        for counted in {"respondents", "answers", "n"} & set(table.columns):
            shown = pd.to_numeric(table[counted]).dropna()
            assert not shown.between(1, LEAST - 1).any(), f"{name}.{counted}"


def test_the_frame_of_answers_shows_none_when_printed():
    frame = survey.ANSWERS.read(survey.survey_export.packed(BOOK.encode(), csv_of(HEADINGS, rows())))
    assert leaks(frame.to_string() + repr(frame["answers"].iloc[0])) == []
    assert leaks(frame["answers"].iloc[0].answers.to_csv() + frame["answers"].iloc[0].background.to_csv()) == []


# where answers may be put


def repository(folder, ignored):
    folder.mkdir()
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".gitignore").write_text(ignored)
    return folder


@pytest.mark.parametrize(("ignored", "code"), [("data/raw/*\n!data/raw/.gitkeep\n", 0), ("data/processed/*\n", 1), ("", 1)])
def test_answers_and_notes_are_refused_where_git_would_take_them_up(nlib, tmp_path, monkeypatch, ignored, code):
    home = repository(tmp_path / "checkout", ignored)
    monkeypatch.setenv("NLIB_HOME", str(home))
    (tmp_path / "svar.csv").write_bytes(csv_of(HEADINGS, rows()))
    (tmp_path / "svar.kodebok.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "notater.csv").write_bytes(NOTES)
    for name in ("svar.csv", "notater.csv"):
        assert nlib("import", tmp_path / name)[0] == code
    added = subprocess.run(["git", "add", "-A", "--dry-run"], cwd=home, capture_output=True, text=True, check=True).stdout
    assert "import" not in added
    assert bool(list(home.rglob("notater-*.csv"))) == (code == 0)


def test_the_projects_own_folder_of_raw_files_is_ignored():
    assert (
        not store.tracked(store.Path(__file__).parents[1] / "data" / "raw" / "2024")
        or not (store.Path(__file__).parents[1] / ".git").exists()
    )


def test_answers_replace_those_of_the_same_wave(nlib, tmp_path):
    (tmp_path / "svar.csv").write_bytes(csv_of(HEADINGS, rows()))
    (tmp_path / "svar.kodebok.yaml").write_text(BOOK, encoding="utf-8")
    assert nlib("import", tmp_path / "svar.csv")[0] == 0
    assert "er tatt inn fra før" in nlib("import", tmp_path / "svar.csv")[1]
    (tmp_path / "svar.kodebok.yaml").write_text(BOOK + "\n# rettet\n", encoding="utf-8")
    assert "erstatter svar-" in nlib("import", tmp_path / "svar.csv")[1]
    assert len(store.edition(None, tmp_path / "home").imports()) == 1
