"""The survey of businesses (NæringsPuls), from files that came by hand: its answers, whom it was sent to, and notes of talks.
Answers and notes are read in memory by tables that hold only what `nlib.methods.survey.disclosure` lets through."""

import hashlib

import pandas as pd
import yaml

from nlib.core.municipalities import Register
from nlib.core.tables import Count, Imported, Placed, column
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
    """Two waves as Forms exports them: words, `;` in a cell, one who answered twice, and one who answered before the period."""
    files = []
    for wave, asked in zip(WAVES, ("bedrifter med ansatte", "alle foretak"), strict=True):
        items = [("size_group", "Hvor mange ansatte har virksomheten?", "background", norway.survey_sizes, "", False)]
        items += [("industry", "Hvilken næring er virksomheten i?", "background", norway.survey_industries, "", False)]
        items += [(i.name, i.text, i.kind, i.labels, i.focus_area, i.may_be_unsure) for i in norway.survey_items]
        people = norway.survey(wave)
        times = [f"{1 + at % 28:02}.05.{wave} 12:00:00" for at in people.index]
        table: dict = {"ID": people.index + 1, "Fullføringstidspunkt": times}
        questions = {}
        for name, text, kind, labels, area, unsure in items:
            dont_know = ["Vet ikke"] if unsure else []
            entry: dict = {"spørsmål": text, "type": KINDS[kind], "kolonne": text} | ({"satsingsområde": area} if area else {})
            entry |= {"svar": [*labels, *dont_know]} if kind != "nps" else {}
            questions[name] = entry | ({"vet ikke": dont_know} if unsure else {})
            table[text] = people[name].map(lambda many: "".join(f"{one};" for one in many)) if kind == "multiple" else people[name]
        rows = pd.DataFrame(table)
        again = rows.iloc[[-1]].assign(Fullføringstidspunkt=f"29.05.{wave} 12:00:00")
        early = again.assign(ID=0, Fullføringstidspunkt=f"02.03.{wave} 09:00:00")
        book = {"undersøkelse": "NæringsPuls", "kommune": norway.survey_komm_nr, "år": str(wave), "målgruppe": asked}
        book |= {"rad-id": "ID", "tidspunkt": "Fullføringstidspunkt", "periode": f"{wave}-04-01..{wave}-05-31"}
        text = yaml.safe_dump(book | {"spørsmål": questions}, allow_unicode=True, sort_keys=False, width=120)
        ((_, export),) = saved("svar.csv", pd.concat([rows, again, early]))
        files.append((f"naeringspuls-{wave}.zip", survey_export.packed(text.encode(), export)))
    return files


def synthetic_frame(norway) -> list[tuple[str, bytes]]:
    invited = pd.concat([norway.survey_frame(wave).assign(komm_nr=norway.survey_komm_nr, year=wave) for wave in WAVES])
    headings = ["Kommunenr", "År", "Størrelse", "Næring", "Inviterte"]
    return saved("inviterte.csv", invited[[*survey_frame.KEY, "invited"]], header=headings)


def synthetic_notes(norway) -> list[tuple[str, bytes]]:
    headings = ["Kommunenr", "År", "Kilde", "Tema", "Satsingsområde", "Tekst", "Kan siteres", "Godkjent", "Navn"]
    notes = [(norway.survey_komm_nr, *note, "") for note in norway.survey_notes()]
    return saved("notater.csv", pd.DataFrame(notes, columns=headings))


TITLE, KEY = "Svar på næringslivsundersøkelsen", ("komm_nr", "year")
ANSWERS = Imported(survey_export.KIND, TITLE, PRODUCER, KEY, _answers, loose=("answers",), synthetic=synthetic_answers)
INVITED, KEY_OF_FRAME = "Inviterte til næringslivsundersøkelsen", tuple(survey_frame.KEY)
READ = of_bytes(survey_frame.read)
FRAME = Imported(survey_frame.KIND, INVITED, PRODUCER, KEY_OF_FRAME, READ, synthetic=synthetic_frame)
NOTES = Imported(survey_notes.KIND, "Notater fra intervjuer og verksteder", PRODUCER, ("note",), _notes, synthetic=synthetic_notes)


class Frame(Placed):
    year: int = column("Runden av undersøkelsen", ge=1990, le=2100)
    size_group: str = column("Størrelsesgruppe, som i kodeboken")
    industry: str = column("Næring, som i kodeboken")
    invited: Count = column("Inviterte", "foretak", ge=0)


def build(imported: pd.DataFrame | None, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Invited to each wave of the survey by size and industry, on today's municipality numbers; those split since are left out."""
    return Register(municipality_codes, municipality_changes).follow(imported)


DATASET = FRAME.dataset("survey_frame", INVITED, Frame, build, partial=True)
