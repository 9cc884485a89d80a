"""Attacks on what is published: people in codebooks and headings, names of files, single firms, and who may read the raw files."""

import dataclasses
import os
import stat

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from nlib.build import imports, making
from nlib.core import store
from nlib.core.errors import BadAnswer, FilesDisagree, InvalidTable, NlibError
from nlib.data.codebooks import codebook
from nlib.data.codebooks.blanking import names_somebody
from nlib.data.readers import survey_export
from nlib.data.sources import company_accounts
from nlib.press import enclosure, export, publish
from tests.editions import quiet
from tests.test_survey_leak import BOOK, HEADINGS, leaks, rows
from tests.test_survey_reading import csv_of

TALKATIVE = (
    BOOK.replace(
        "{type: skala, kolonne: Fornøyd,", '{spørsmål: "Er du fornøyd? Ring Kari på 922–33–445", type: skala, kolonne: Fornøyd,'
    )
    .replace("[Kunder, Oslo, Annet]", '["Kunder (kari.nordmann@firma.no)", Oslo, Annet]')
    .replace("kommune:", 'undersøkelse: "Puls, v/Kari Nordmann"\nmålgruppe: "alle, spør 922 33 445"\nkommune:')
)


def test_what_a_codebook_says_is_blanked_as_answers_are():
    given = [[*row[:7], row[7].replace("Kunder", "Kunder (kari.nordmann@firma.no)"), *row[8:]] for row in rows()]
    answers = survey_export.read(survey_export.packed(TALKATIVE.encode(), csv_of(HEADINGS, given)))
    shown = [answers.survey, answers.target, *answers.questions.astype("str").to_numpy().ravel(), *answers.answers["answer"]]
    assert leaks("\n".join(shown)) == []
    assert "Kunder ([e-post])" in set(answers.answers["answer"])
    labels = answers.questions.set_index("question").loc["grunner", "labels"]
    assert set(answers.answers.query("question == 'grunner'")["answer"]) <= set(labels)


@pytest.mark.parametrize(
    "book",
    [
        BOOK.replace("  innspill:", "  ring_92233445:"),
        BOOK.replace("  innspill:", "  kari_nordmann:"),
        BOOK.replace("[Kunder, Oslo, Annet]", '["Ring 922 33 445", "Ring 922 33 446", Annet]'),
    ],
)
def test_a_codebook_that_cannot_be_shown_without_a_person_is_refused_without_telling_who(book):
    with pytest.raises(BadAnswer, match=r"spørsmål nr\. \d") as refused:
        codebook.read(book.encode())
    assert leaks(str(refused.value)) == []


@pytest.mark.parametrize(
    "heading", ["Hvor fornøyd er du med Kari Nordmann?", "Vurder Ola Dunk", "NINA HANSEN", "Spør post@firma.no", "Tlf 922−33−445"]
)
def test_a_heading_that_names_somebody_refuses_the_file_at_the_draft_and_at_the_import(heading):
    body = csv_of([*HEADINGS[:-1], heading], rows())
    for ask in (
        lambda: survey_export.draft(body),
        lambda: survey_export.read(survey_export.packed(BOOK.replace("kolonne: Innspill", f'kolonne: "{heading}"').encode(), body)),
    ):
        with pytest.raises(BadAnswer, match="Overskriften i kolonne 10") as refused:
            ask()
        assert not {"Kari", "Nordmann", "Ola", "NINA"} & set(str(refused.value).split())


def test_a_name_that_the_codebook_lists_refuses_the_file_where_it_is_a_heading():
    body = csv_of([*HEADINGS[:-1], "Samarbeid med Qvist"], rows())
    book = BOOK.replace("[Kari Nordmann]", "[Aase Qvist]").replace("kolonne: Innspill", "kolonne: Samarbeid med Qvist")
    with pytest.raises(BadAnswer, match="Overskriften i kolonne 10"):
        survey_export.read(survey_export.packed(book.encode(), body))


@pytest.mark.parametrize(
    "heading",
    [
        "Hvor mange Ansatte har dere?",
        "Fullføringstidspunkt",
        "Omsetning Per Ansatt",
        "Nordre Follo",
        "Man Tir Ons Tor Fre",
        "Q1 [Næringsareal]",
        "Hva er viktigst for din bedrift i Lørenskog Kommune?",
        "5 000–10 000 kr",
    ],
)
def test_ordinary_headings_name_nobody(heading):
    assert not names_somebody(heading)


ACCOUNTS = (
    "Orgnr;Navn;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)\n923609016;Fjell AS;3222;41.2;2020;5;100;{}\n"
)


@pytest.fixture
def edition(tmp_path):
    return store.new_edition("2026", tmp_path / "home")


def imported(edition, tmp_path, name, body):
    """A file of this name, taken in; what the terminal was told."""
    said = []
    (tmp_path / name).write_bytes(body)
    assert imports.load(edition, [tmp_path / name], say=said.append) == []
    return said


def test_what_a_file_of_firms_or_answers_was_called_is_told_who_imports_it_and_nobody_else(edition, tmp_path):
    said = imported(edition, tmp_path, "Fjell AS, Kari Nordmann 922 33 445.csv", ACCOUNTS.format(1).encode())
    assert "Kari Nordmann" in said[0]
    imported(edition, tmp_path, "Kari Nordmann igjen.csv", ACCOUNTS.format(2).encode())
    (tmp_path / "Kari Nordmann.kodebok.yaml").write_text(BOOK, encoding="utf-8")
    imported(edition, tmp_path, "Kari Nordmann.csv", csv_of(HEADINGS, rows()))
    with pytest.raises(NlibError) as disagree:
        edition.read_imported(company_accounts.IMPORTED)
    paths = " ".join(map(str, edition.raw.rglob("*")))
    assert leaks(f"{disagree.value} {paths} {(edition.raw / 'manifest.json').read_text(encoding='utf-8')}") == []
    next(edition.raw.rglob("svar-*")).unlink()
    with pytest.raises(NlibError) as missing:
        edition.read_import(next(entry for entry in edition.imports() if entry["kind"] == "svar"))
    assert leaks(str(missing.value)) == []


def test_a_build_that_stops_at_files_of_firms_tells_which_files_and_not_whose_numbers(edition, tmp_path):
    for file in (1, 2):
        imported(edition, tmp_path, f"{file}.csv", ACCOUNTS.format(file).encode())
    made = making.Making(edition, print)
    with pytest.raises(FilesDisagree, match=r"regnskap-\w+\.csv og .*regnskap-\w+\.csv.* orgnr \[organisasjonsnummer\], year 2020"):
        made.make([dataclasses.replace(company_accounts.DATASET, needs=(company_accounts.IMPORTED,))])


def test_a_table_of_firms_that_breaks_its_contract_tells_no_number():
    frame = pd.DataFrame({column: ["923609016"] for column in company_accounts.DATASET.columns()["column"]})
    with pytest.raises(InvalidTable, match=r"company_accounts") as broken, making._of_nobody(company_accounts.DATASET):
        company_accounts.DATASET.check(frame)
    assert "[organisasjonsnummer]" in str(broken.value) and "923609016" not in str(broken.value)


@pytest.mark.parametrize("endless", ["pipe", "device"])
def test_what_is_no_file_is_not_waited_for(edition, tmp_path, endless):
    path = tmp_path / "regnskap.csv"
    os.mkfifo(path) if endless == "pipe" else path.symlink_to("/dev/zero")
    assert imports.load(edition, [path], None, print) == ["regnskap.csv: Det er ikke en vanlig fil, og den har ingen slutt"]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX'")
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_raw_files_that_came_by_hand_are_their_owners_alone_whatever_the_umask(edition, tmp_path, umask):
    before = os.umask(umask)
    try:
        imported(edition, tmp_path, "regnskap.csv", ACCOUNTS.format(1).encode())
    finally:
        os.umask(before)
    inside = [edition.raw / "import", *(edition.raw / "import").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in inside if path.is_dir()} == {0o700}
    assert [stat.S_IMODE(path.stat().st_mode) for path in inside if path.is_file()] == [0o600]


def test_no_page_or_table_that_is_published_holds_the_name_of_a_file_or_a_single_firm(reports, demo_edition, tmp_path):
    names = {entry["name"] for entry in demo_edition.imports() if entry["kind"] in ("svar", "regnskap", "notater", "ramme")}
    firms = demo_edition.table("company_accounts")
    orgnr = set(firms.loc[firms["komm_nr"].isin(["3222", "1580"]), "orgnr"])
    assert len(names) >= 4 and orgnr
    export.package(demo_edition, tmp_path / "data")
    pages = [
        path for folder in (reports, tmp_path / "data") for path in folder.rglob("*") if path.suffix in (".html", ".json", ".csv")
    ]
    assert len(pages) > 100
    found = []
    for path in pages:
        text = path.read_text(encoding="utf-8")
        found += [(path.name, name) for name in names if name in text]
        found += [(path.name, number) for number in orgnr if path.suffix != ".csv" and number in text]
    assert found == []
    assert not list((tmp_path / "data").rglob("company_accounts*"))


REACHES = {
    "view": "view.table('company_accounts').head(3)",
    "table": "nlib.table('company_accounts').head(3)",
    "sql": "nlib.sql('select * from company_accounts limit 3')",
    "file": "pd.read_parquet(view.edition.processed / 'import' / 'company_accounts.parquet').head(3)",
    "raw": "sorted(str(path) for path in (view.edition.raw / 'import').rglob('*'))",
}


@pytest.mark.skipif(not enclosure.words({"NLIB_HOME": "/nobody"}), reason="this system gives an ordinary user no namespaces")
def test_a_notebook_that_becomes_a_page_gets_no_single_firm(demo_home, demo_edition, tmp_path, cold):
    firms = set(demo_edition.table("company_accounts")["orgnr"])
    (tmp_path / "data").symlink_to(demo_home / "data")
    head = new_code_cell('kommune = "3222"\nedition = ""\ncompare = []', metadata={"tags": ["parameters"]})
    for name, code in REACHES.items():
        first = "import pandas as pd\nimport nlib\nview = nlib.view(kommune, edition, compare)\n"
        about = {"kernelspec": {"name": "python3", "display_name": "Python 3"}, "nlib": {"title": name, "tables": []}}
        book = new_notebook(metadata=about, cells=[new_markdown_cell(f"# {name}"), head, new_code_cell(first + code)])
        store.write(tmp_path / "notebooks" / f"{name}.ipynb", nbformat.writes(book).encode())
    run = publish.make(store.edition("demo", tmp_path), ["3222"], (), 1, quiet)
    said = "\n".join(run.failed)
    assert all(f"{name}.html" in said for name in ("view", "table", "sql", "file")), said
    published = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "reports").rglob("*.html"))
    assert not [number for number in firms if number in published]
