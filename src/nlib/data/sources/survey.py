"""The survey of businesses (NæringsPuls), from files that came by hand: its answers, whom it was sent to, and notes of talks.

Answers and notes are read in memory by the tables made of them; only what `nlib.methods.survey.disclosure` lets through may be
in those.
"""

import csv
import hashlib
import io

import pandas as pd
import yaml

from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Count, Imported, Table, column
from nlib.data.codebooks import codebook
from nlib.data.readers import sheets, survey_export, survey_frame, survey_notes
from nlib.data.readers.kinds import of_bytes, saved
from nlib.data.readers.survey_export import Answers

WAVES = (2018, 2024)  # of the synthetic survey
PRODUCER = "Kommunen"
KINDS = {kind: written for written, kind in codebook.KINDS.items()}


def _answers(body: bytes) -> pd.DataFrame:
    """One row: `komm_nr`, `year` of the wave, `digest` of the file, and `answers`, an `Answers` that no table may hold."""
    answers = survey_export.read(body)
    row = {"komm_nr": answers.komm_nr, "year": answers.wave, "digest": hashlib.sha256(body).hexdigest(), "answers": answers}
    return pd.DataFrame([row]).astype({"komm_nr": "str", "digest": "str"})


def _notes(body: bytes) -> pd.DataFrame:
    frame, _ = survey_notes.read(sheets.read(body))
    return frame.assign(note=[f"{hashlib.sha256(body).hexdigest()[:12]}-{row}" for row in range(len(frame))])


def waves(imported: pd.DataFrame | None, register: Register) -> list[Answers]:
    """The waves of `ANSWERS` by year, with the municipality's number of today; one that is split or unknown is left out."""
    if imported is None:
        return []
    ordered = imported.sort_values(["year", "komm_nr"])
    heirs = [register.heir(number, f"{year}-12-31") for number, year in zip(ordered["komm_nr"], ordered["year"], strict=True)]
    return [answers.on(heir) for answers, heir in zip(ordered["answers"], heirs, strict=True) if heir]


def synthetic_answers(norway) -> list[tuple[str, bytes]]:
    """Two waves: 2018 as Nettskjema exports it (codes, boxes of 0 and 1, Latin-1), 2024 as Forms does (words, `;` in a cell)."""
    files = []
    for wave, asked, exported in zip(WAVES, ("bedrifter med ansatte", "alle foretak"), (_nettskjema, _forms), strict=True):
        items = [("size_group", "Hvor mange ansatte har virksomheten?", "background", norway.survey_sizes, "", False)]
        items += [("industry", "Hvilken næring er virksomheten i?", "background", norway.survey_industries, "", False)]
        items += [(i.name, i.text, i.kind, i.labels, i.focus_area, i.may_be_unsure) for i in norway.survey_items]
        people = norway.survey(wave)
        columns, rows, questions = exported(people, items)
        book = {"undersøkelse": "NæringsPuls", "kommune": norway.survey_komm_nr, "år": str(wave), "målgruppe": asked}
        book |= {"rad-id": columns[0], "tidspunkt": columns[1], "periode": f"{wave}-04-01..{wave}-05-31", "ubesvart": ["-1"]}
        text = yaml.safe_dump(book | {"spørsmål": questions}, allow_unicode=True, sort_keys=False, width=120)
        lines = io.StringIO()
        csv.writer(lines, delimiter=";" if exported is _nettskjema else ",", lineterminator="\n").writerows([columns, *rows])
        export = lines.getvalue().encode("cp1252" if exported is _nettskjema else "utf-8-sig")
        files.append((f"naeringspuls-{wave}.zip", survey_export.packed(text.encode(), export)))
    return files


def _nettskjema(people: pd.DataFrame, items: list[tuple]) -> tuple[list[str], list[list], dict]:
    columns, questions = ["$submission_id", "$created"], {}
    rows = [[str(1000 + at), f"2018-04-{1 + at % 28:02}T12:00:00+02:00"] for at in range(len(people))]
    for name, text, kind, labels, area, unsure in items:
        question = {"spørsmål": text, "type": KINDS[kind]} | ({"satsingsområde": area} if area else {})
        if kind == "multiple":
            boxes = {f"{name}.{at}": label for at, label in enumerate(labels, 1)}
            columns += boxes
            questions[name] = question | {"kolonner": boxes}
            rows = [row + [str(int(label in given)) for label in labels] for row, given in zip(rows, people[name], strict=True)]
        else:
            codes = {str(at): label for at, label in enumerate(labels, 0 if kind == "nps" else 1)}
            codes |= {"99": "Vet ikke"} if unsure else {}
            listed = {"vet ikke": ["99"]} if kind == "nps" else {"svar": codes} | ({"vet ikke": ["Vet ikke"]} if unsure else {})
            columns.append(name)
            questions[name] = question | {"kolonne": name} | listed
            code = {label: code for code, label in codes.items()}
            rows = [[*row, code[given]] for row, given in zip(rows, people[name], strict=True)]
    return columns, rows, questions


def _forms(people: pd.DataFrame, items: list[tuple]) -> tuple[list[str], list[list], dict]:
    columns, questions = ["ID", "Fullføringstidspunkt"], {}
    rows = [[str(at + 1), f"{1 + at % 28:02}.05.2024 12:00:00"] for at in range(len(people))]
    for name, text, kind, labels, area, unsure in items:
        columns.append(text)
        listed = {"svar": [*labels, *(["Vet ikke"] if unsure else [])]} if kind != "nps" else {}
        listed |= {"vet ikke": ["Vet ikke"]} if unsure else {}
        questions[name] = {"spørsmål": text, "type": KINDS[kind], "kolonne": text} | listed
        questions[name] |= {"satsingsområde": area} if area else {}
        given = people[name].map(lambda many: "".join(f"{one};" for one in many)) if kind == "multiple" else people[name]
        rows = [[*row, one] for row, one in zip(rows, given, strict=True)]
    last = rows[-1]
    return columns, [*rows, [*last[:1], "29.05.2024 12:00:00", *last[2:]], ["0", "02.03.2024 09:00:00", *last[2:]]], questions


def synthetic_frame(norway) -> list[tuple[str, bytes]]:
    invited = pd.concat([norway.survey_frame(wave).assign(komm_nr=norway.survey_komm_nr, year=wave) for wave in WAVES])
    headings = ["Kommunenr", "År", "Størrelse", "Næring", "Inviterte"]
    return saved("inviterte.csv", invited[[*survey_frame.KEY, "invited"]], header=headings)


def synthetic_notes(norway) -> list[tuple[str, bytes]]:
    headings = ["Kommunenr", "År", "Kilde", "Tema", "Satsingsområde", "Tekst", "Kan siteres", "Godkjent", "Navn"]
    notes = [(norway.survey_komm_nr, *note, "") for note in norway.survey_notes()]
    return saved("notater.csv", pd.DataFrame(notes, columns=headings))


ANSWERS = Imported(
    kind=survey_export.KIND,
    title="Svar på næringslivsundersøkelsen",
    producer=PRODUCER,
    key=("komm_nr", "year"),
    read=_answers,
    loose=("answers",),
    synthetic=synthetic_answers,
)
FRAME = Imported(
    kind=survey_frame.KIND,
    title="Inviterte til næringslivsundersøkelsen",
    producer=PRODUCER,
    key=tuple(survey_frame.KEY),
    read=of_bytes(survey_frame.read),
    synthetic=synthetic_frame,
)
NOTES = Imported(survey_notes.KIND, "Notater fra intervjuer og verksteder", PRODUCER, ("note",), _notes, synthetic=synthetic_notes)


class Frame(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    size_group: str = column("Størrelsesgruppe, som i kodeboken")
    industry: str = column("Næring, som i kodeboken")
    invited: Count = column("Inviterte", "foretak", ge=0)


def build(imported: pd.DataFrame | None, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Invited to each wave of the survey by size and industry, on today's municipality numbers; those split since are left out."""
    return Register(municipality_codes, municipality_changes).follow(imported)


DATASET = FRAME.dataset("survey_frame", "Inviterte til næringslivsundersøkelsen", Frame, build, partial=True)
