"""The files that were read wrong, refused or stopped at once (`faults` among the real files), each as its case says is right.

Where they are not, the kinds are tested on invented files: tests/test_files_by_hand.py, test_survey_tools.py, test_terminal.py and
test_telemarksforsking.py.
"""

import re
from pathlib import Path

import pytest

from nlib.build import imports
from nlib.core import store
from nlib.data.codebooks import codebook
from nlib.data.readers import kinds, statbank_export, survey_export
from nlib.data.sources import company_accounts, emissions, employment_bridge, old_projections, telemarksforsking_figures
from tests.editions import real_data

REFUSED = {  # what the line that names the file says
    "01-tusenpunktum-statbank": r"«46\.402» kan være 46 402 eller 46,402 \(rad 4, kolonne 2\)",
    "03-tusenpunktum-utslipp": r"«45\.210» kan være 45 210 eller 45,210 \(rad 2, kolonnen «Tonn CO2e»\)",
    "04-tusenpunktum-bro": r"«20\.000» kan være 20 000",
    "06-tusenpunktum-regnskap": r"«6\.500» kan være 6 500",
    "10-strek-regnskap": r"«-» kan være 0 eller et tall som mangler \(rad 2",
    "16-formel-null-utslipp": "D2 i «Ark1» har en formel som aldri er regnet ut",
    "20-mojibake-samisk": "ødelagt",
    "22-dato-us": "«Tidsmerke» kan leses på to måter, og i rad",
    "49-ods": r"LibreOffice-regneark \(\.ods\): lagre det som \.xlsx",
    "52-px": r"PC-Axis-fil \(\.px\).*CSV med overskrift",
    "53-csv-uten-overskrift": "tabell fra Statistikkbanken uten tittelen.*semikolonseparert fil med overskrift",
    "54-kart-uten-geometri": r"ingen flate for 355 av dagens 357 kommuner \(0301",
    "58-ramme-1-4-ble-dato": r"er en dato der det skal stå en størrelse \(C2 i «[^»]+»\).*«1-4» til 1\. april",
    "70-anforselstegn-i-svar": "Filen er ikke hel CSV: et anførselstegn inne i en celle i rad 2 er ikke doblet",
}
READ = {  # the frame that is right, by column
    "07-enhet-banner-nok1000": {"wage_costs_kr": [6_500_000], "operating_result_kr": [900_000]},
    "09-enhet-kolonne-nok1000": {"wage_costs_kr": [6_500_000], "operating_result_kr": [900_000]},
    "12-prosentformat-telemarksforsking": {"indicator": ["profitability"], "value": [63.5]},
    "14-skjult-ark-utslipp": {"year": [2022, 2022], "emissions_t": [45210, 3120]},
    "18-macroman-statbank": {"region": ["Lørenskog", "Lillestrøm"], "år": ["2023", "2023"], "value": [46402, 91515]},
    "21-utf16-uten-bom": {"region": ["Lørenskog", "Lillestrøm"], "value": [46402, 91515]},
    "37-xlsx-uten-r-utslipp": {"emissions_t": [45210, 3120]},
    "39-alt-i-forspalten": {"region_code": ["32", "32", "33", "33"], "value": [31585, 30364, 111, 222]},
    "40-lenke-under-tittelen": {"value": [38000, 75000]},
    "42-aarsintervall": {"intervall (år)": ["2020-2021", "2021-2022"], "value": [81, 82]},
    "43-and-i-dimensjon": {"month": ["2024M01"], "value": [101.5]},
    "45-kostra-eak": {"region_code": ["3222", "EAK", "EAKUO"], "region": ["Lørenskog", "Landet", "Landet uten Oslo"]},
    "46-kostra-eka": {"region_code": ["3222", "EKA03", "EKG01"], "region": ["Lørenskog", "Oslo", "KOSTRA-gruppe 1"]},
    "47-sumrad": {"region": ["Lørenskog", "Lillestrøm"], "value": [46000, 90000]},
    "51-jsonstat": {"value": [46402]},
    "56-ukjent-nummer-framskriving": {"komm_nr": ["3222", "4999", "3223"]},
    "60-skilletegn-fotnoter": {"value": [39.1, 39.2]},
    "61-orgnr-mellomrom": {"orgnr": ["100000008"], "wage_costs_kr": [6_500_000]},
    "62-nummer-fra-pandas": {"komm_nr": ["3222"], "year": [2022], "emissions_t": [45210]},
    "67-tf-js-med-hale": {"komm_nr": ["3222", "3205", "3222", "3205"], "value": [63.5, 60.1, 6.41, 5.9]},
    "69-framskriving-en-kommune": {"komm_nr": ["3222", "3222"], "population": [52000, 55000]},
}
ANSWERED = {  # how many gave each answer to each question
    "24-dato-google": {"q": {"Ja": 1, "Nei": 1}},
    "25-dato-punktum-toesifret": {"q": {"Ja": 1, "Nei": 1}},
    "26-qualtrics-tre-overskrifter": {"t": {"besvart": 2}},
    "28-avkrysset-y-n": {"q": {"Areal": 2, "Kollektiv": 1}},
    "30-kode-desimalkomma": {"q": {"Høy": 1, "Lav": 1}},
    "31-nps-med-ord": {"q": {"10": 1, "7": 1, "0": 1}},
    "32-overskrift-i-parentes": {"size_group": {"stor": 1, "liten": 1}},
    "34-like-anonyme-svar": {"q": {"Ja": 3, "Nei": 1}},
    "35-feilverdi-i-fritekst": {"q": {"Ja": 1, "Nei": 1}, "t": {"besvart": 2}},
}
DRAFTED = {  # the kind and answers of a question in a first codebook
    "63-utkast-google-flervalg": ("hva_bør_kommunen_satse_på", "multiple", ["Areal", "Kollektiv"]),
    "64-utkast-skala-engelsk": ("q", "likert", ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]),
}
ELSEWHERE = ["65-latin1-list-tabeller"]  # a command, no file: tests/test_terminal.py runs it
TOLD = {
    "12-prosentformat-telemarksforsking": "1 celle(r) i prosentformat er lest som de vises",
    "14-skjult-ark-utslipp": "skjulte ark er ikke lest: «gammelt utkast»",
    "26-qualtrics-tre-overskrifter": "rad 1 til 3 er lest som overskrifter",
    "47-sumrad": "«Sum» har ingen kode",
    "56-ukjent-nummer-framskriving": "4999 (rad 3, kolonnen «Kommunenr»), 3223 (rad 4",
}
READERS = {"regnskap": company_accounts, "utslipp": emissions, "bro": employment_bridge, "framskriving": old_projections}


def case(name: str) -> Path:
    """The file of a case; a codebook, where it has one, is beside it."""
    folder = real_data() / "faults" / name
    (path,) = (path for path in folder.iterdir() if path.name != "case.md" and not path.name.endswith(imports.BESIDE))
    return path


def frame(kind: str, body: bytes):
    if kind == "statbank":
        (export,) = statbank_export.read(kinds.File(body).sheets)
        return export.frame
    if kind == "telemarksforsking":
        return telemarksforsking_figures.IMPORTED.read(body)
    return READERS[kind].read(kinds.File(body).sheets)[0]


def test_every_case_has_what_is_right():
    known = [*REFUSED, *READ, *ANSWERED, *DRAFTED, *ELSEWHERE]
    assert sorted(known) == sorted(path.name for path in (real_data() / "faults").iterdir() if path.is_dir())


@pytest.mark.parametrize("name", REFUSED)
def test_a_case_that_cannot_be_read_is_refused_in_clear_words_and_not_kept(name, tmp_path):
    path, edition = case(name), store.new_edition("2025", tmp_path)
    (fault,) = imports.load(edition, [path], say=lambda line: None)
    assert re.search(REFUSED[name], fault, re.DOTALL), fault
    assert fault.startswith(path.name)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", READ)
def test_a_case_is_read_with_the_right_values(name, tmp_path):
    path, edition, said = case(name), store.new_edition("2025", tmp_path), []
    assert imports.load(edition, [path], say=said.append) == []
    assert TOLD.get(name, "") in "\n".join(said)
    found = frame(edition.imports()[0]["kind"], path.read_bytes())
    for column, values in READ[name].items():
        assert found[column].tolist() == values


@pytest.mark.parametrize("name", ANSWERED)
def test_a_case_of_answers_is_read_with_the_right_counts(name, tmp_path):
    path, edition, said = case(name), store.new_edition("2025", tmp_path), []
    assert imports.load(edition, [path], say=said.append) == []
    assert TOLD.get(name, "") in "\n".join(said)
    found = survey_export.read(survey_export.packed(path.with_suffix(imports.BESIDE).read_bytes(), path.read_bytes()))
    for question, counts in ANSWERED[name].items():
        given = found.background.get(question, found.answers.loc[found.answers["question"] == question, "answer"])
        assert given.value_counts().to_dict() == counts


@pytest.mark.parametrize("name", DRAFTED)
def test_a_case_of_a_first_codebook_knows_the_question(name):
    text = imports.draft(case(name)).replace("kommune: ''", "kommune: '3222'").replace("år: ''", "år: '2024'")
    wanted, kind, labels = DRAFTED[name]
    question = next(question for question in codebook.read(text.encode()).questions if question.name == wanted)
    assert (question.kind, question.labels) == (kind, labels)
