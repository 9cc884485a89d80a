"""Answers to a survey, as Nettskjema, Forms, Questback and SurveyXact export them (CSV or Excel), read by a codebook.

The export and its codebook are kept as one file (`packed`). What is read holds no free text: only that there was one. No message
holds an answer, but for a code of at most three digits.
"""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

import pandas as pd

from nlib.errors import BadAnswer
from nlib.readers import sheets
from nlib.readers.sheets import Cell, Sheet
from nlib.survey import codebook
from nlib.survey import draft as drafting
from nlib.survey.codebook import Codebook, Question
from nlib.survey.draft import Legend

KIND = "svar"
CODEBOOK = "kodebok.yaml"
EXPORT = "svar"  # with .csv or .xlsx
ANSWERED = "besvart"  # what is kept of a free text
MOST_FAULTS = 20  # that are listed
CODE = re.compile(r"-?\d{1,3}")
TICKED = {"1": True, "sann": True, "true": True, "ja": True, "x": True, "0": False, "usann": False, "false": False, "nei": False}
NEAR_THE_TOP = 10  # rows among which the headings are
LEGEND = {  # headings of a sheet that tells what codes mean
    "column": ("variabel", "variabelnavn", "variable", "kolonne", "spørsmålsnummer"),
    "code": ("kode", "verdi", "value", "code"),
    "label": ("verdietikett", "svaralternativ", "svar", "etikett", "label", "value label", "betydning"),
    "text": ("spørsmålstekst", "spørsmål", "variabeletikett", "variable label", "question"),
}


@dataclass(frozen=True)
class Answers:
    """A wave of a survey, as far as it may be worked on: no free text, and people are numbers from 1.

    `questions`: `question` (name, the same in all waves that may be compared), `text`, `kind` (single, multiple, likert, nps, text,
    background), `labels` (list, lowest first), `dont_know` (list of the answers beside them), `denominator` (answered: those who
    answered it; all: all respondents), `focus_area`.
    `answers` (of all but the background): `respondent`, `question`, `answer` (label, "0".."10" for nps, `ANSWERED` for text),
    `score` (place in the scale from 1 for likert, 0-10 for nps, else NaN); one row for each answer of a multiple one, and none
    where it is unanswered.
    `background`: `respondent` (all of them), and a `str` column for each background question, missing where unanswered.
    `target` is whom it was sent to, `told` what a user should know of how it was read. None of it may leave the machine but as
    tables that have been through `nlib.survey.disclosure.hide`.
    """

    komm_nr: str
    wave: int
    survey: str
    target: str
    questions: pd.DataFrame
    answers: pd.DataFrame
    background: pd.DataFrame
    told: list[str] = field(default_factory=list)

    def on(self, komm_nr: str) -> "Answers":
        """The same, under another number of the municipality."""
        return replace(self, komm_nr=komm_nr)

    def __repr__(self) -> str:
        return f"<{self.survey} {self.komm_nr} {self.wave}: {len(self.background)} svar>"


def packed(book: bytes, export: bytes) -> bytes:
    """An export and its codebook as one file; the same bytes for the same two."""
    together = io.BytesIO()
    with zipfile.ZipFile(together, "w") as archive:
        for name, body in ((CODEBOOK, book), (EXPORT + (".xlsx" if export.startswith(b"PK") else ".csv"), export)):
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return together.getvalue()


def is_packed(body: bytes) -> bool:
    """Whether it is what `packed` makes."""
    return body.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(body)) and CODEBOOK in sheets.unpacked(body)


def read(body: bytes) -> Answers:
    """The answers in a file that `packed` made; `BadAnswer` lists what the codebook does not know by question and row."""
    if not is_packed(body):
        raise BadAnswer(
            f"Svarene mangler kodebok: lag den med nlib survey draft FIL, og ta inn svarene med {CODEBOOK} ved siden av"
        )
    parts = sheets.unpacked(body)
    others = [name for name in parts if name != CODEBOOK]
    if len(others) != 1:
        raise BadAnswer(f"Zip-filen skal ha {CODEBOOK} og én fil med svar, ikke {len(others)}")
    return answers(codebook.read(parts[CODEBOOK]), sheets.read(parts[others[0]]))


def answers(book: Codebook, found: list[Sheet]) -> Answers:
    """The answers in the sheet that has the codebook's columns."""
    export = _export(book, found)
    told = list(export.told)
    rows = _counted(book, export, told)
    faults: list[str] = []
    lines, background = [], {}
    for question in book.questions:
        given = [
            (number, _given(question, cells, f"{question.name}, rad {at}", faults)) for number, (at, cells) in enumerate(rows, 1)
        ]
        if question.kind == "background":
            background[question.name] = [labels[0] if labels else None for _, labels in given]
            continue
        lines += [(number, question.name, label, score) for number, labels in given for label, score in _scored(question, labels)]
    if faults:
        more = [f"og {len(faults) - MOST_FAULTS} til"] if len(faults) > MOST_FAULTS else []
        listed = "\n".join(f"  - {fault}" for fault in [*faults[:MOST_FAULTS], *more])
        raise BadAnswer(f"{len(faults)} svar står ikke i kodeboken (spørsmål og rad i filen):\n{listed}")
    people = pd.DataFrame({"respondent": range(1, len(rows) + 1)}).assign(
        **{name: pd.Series(column, dtype="str") for name, column in background.items()}
    )
    frame = pd.DataFrame(lines, columns=["respondent", "question", "answer", "score"])
    frame = frame.astype({"respondent": "int64", "question": "str", "answer": "str", "score": "float64"})
    return Answers(book.komm_nr, book.wave, book.survey, book.target, _questions(book), frame, people, told)


@dataclass(frozen=True)
class Export:
    """The rows of an export: each with its number in the file and column -> what stands there, without the blank ones."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    told: list[str]


def export(sheet: Sheet, heading: int = 1) -> Export:
    """A sheet by its headings, of which the ones that come again are numbered: «Kommentar», «Kommentar (2)»."""
    sheet = sheet.trusted(formulas=False)
    columns: list[str] = []
    for place, cell in enumerate(sheet.rows[heading - 1] if len(sheet.rows) >= heading else [], 1):
        name = written(cell) or f"kolonne {place}"
        again = sum(name == other.rpartition(" (")[0] or name == other for other in columns)
        columns.append(f"{name} ({again + 1})" if again else name)
    rows = [
        (at, {column: written(cell) for column, cell in zip(columns, row, strict=True) if cell is not None})
        for at, row in enumerate(sheet.rows[heading:], heading + 1)
        if any(cell is not None for cell in row)
    ]
    return Export(columns, rows, list(sheet.told))


def draft(body: bytes) -> str:
    """A first codebook for an export (CSV or Excel), as YAML to be mended by a person."""
    found = sheets.read(body)
    legends = [legend for sheet in found if (legend := _legend(sheet)) is not None]
    own = [sheet for sheet in found if _legend(sheet) is None]
    if not own:
        raise BadAnswer("Filen har ingen ark med svar")
    sheet = max(own, key=lambda one: len(one.rows) * len(one.rows[0]))
    filled = [sum(cell is not None for cell in row) for row in sheet.rows[:NEAR_THE_TOP]]
    heading = next(at for at, count in enumerate(filled, 1) if 2 * count > max(filled))
    table = export(sheet, heading)
    if not table.rows:
        raise BadAnswer(f"Det er ingen svar under overskriftene i rad {heading}")
    legend = {column: told for one in legends for column, told in one.items() if column in table.columns}
    return drafting.codebook(table.columns, [cells for _, cells in table.rows], legend, heading)


def _legend(sheet: Sheet) -> dict[str, Legend] | None:
    """What a sheet of variables, codes and labels says of each column; None where it is no such sheet."""
    for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
        heads = [codebook.plain(written(cell)) for cell in row]
        places = {what: next((heads.index(word) for word in words if word in heads), None) for what, words in LEGEND.items()}
        if None in (places["column"], places["code"], places["label"]):
            continue
        found: dict[str, Legend] = {}
        column = ""
        for cells in sheet.rows[at + 1 :]:
            told = {what: written(cells[place]) if place is not None else "" for what, place in places.items()}
            column = told["column"] or column
            before = found.get(column, Legend())
            answers = before.answers | ({told["code"]: told["label"]} if told["code"] and told["label"] else {})
            found[column] = Legend(before.text or told["text"], answers)
        return found
    return None


def written(cell: Cell) -> str:
    """What a cell holds, as text: a whole number without decimals."""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else str(cell)
    return re.sub(r"(-?\d+)\.0", r"\1", cell) if cell and re.fullmatch(r"-?\d+\.0", cell) else cell or ""


def _export(book: Codebook, found: list[Sheet]) -> Export:
    """The sheet of the answers, in the codebook's columns; what is missing is said in the codebook's words."""
    named = [sheet for sheet in found if book.sheet in ("", sheet.name)]
    if not named:
        raise BadAnswer(f"Filen har ikke arket «{book.sheet}» som kodeboken nevner")
    exports = [export(sheet, book.heading) for sheet in named]
    best = min(exports, key=lambda one: len(set(book.columns) - set(one.columns)))
    if missing := [column for column in book.columns if column not in best.columns]:
        raise BadAnswer("Filen mangler kolonner som kodeboken nevner:\n" + "\n".join(f"  - {column}" for column in missing))
    if left := len(set(best.columns) - set(book.columns) - set(book.unused)):
        best.told.append(f"{left} kolonner i filen står ikke i kodeboken og er ikke lest")
    return best


def _is_no_test(column: str, tests: set[str], cells: dict[str, str]) -> bool:
    return codebook.plain(cells.get(column, "")) not in tests


def _counted(book: Codebook, export: Export, told: list[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows that count: not test answers, those outside the period and empty ones; of those that came twice the last."""
    unanswered = set(book.unanswered)
    rows = [(at, {column: text for column, text in cells.items() if text not in unanswered}) for at, cells in export.rows]

    def kept(rule: Callable[[dict[str, str]], bool], why: str) -> list[tuple[int, dict[str, str]]]:
        there = [(at, cells) for at, cells in rows if rule(cells)]
        if out := len(rows) - len(there):
            told.append(f"{out} {why}")
        return there

    for column, values in book.tests.items():
        rows = kept(partial(_is_no_test, column, set(map(codebook.plain, values))), "prøvesvar er holdt utenfor")
    if book.period:
        if unread := [at for at, cells in rows if codebook.day(cells.get(book.time, "")) is None]:
            raise BadAnswer(f"«{book.time}» er ikke en dato i rad {unread[0]} (skriv år-måned-dag)")
        first, last = book.period
        rows = kept(
            lambda cells: first <= (codebook.day(cells[book.time]) or "") <= last, "svar fra utenfor perioden er holdt utenfor"
        )
    asked = {column: {"", "0"} if label else {""} for question in book.questions for column, label in question.columns.items()}
    rows = kept(lambda cells: any(cells.get(column, "") not in no for column, no in asked.items()), "tomme svar er holdt utenfor")
    latest = {cells.get(book.row_id) or tuple(sorted(cells.items())): at for at, cells in rows}
    if twice := len(rows) - len(latest):
        told.append(f"{twice} svar kom to ganger: det siste gjelder")
    last_of = set(latest.values())
    return [(at, cells) for at, cells in rows if at in last_of]


def _given(question: Question, cells: dict[str, str], where: str, faults: list[str]) -> list[str]:
    """The labels that a respondent has given, in the codebook's order; what it does not know is a fault."""
    if question.kind == "text":
        return [ANSWERED] if any(column in cells for column in question.columns) else []
    if len(question.columns) > 1 or "" not in question.columns.values():
        boxes = {label: cells.get(column, "0") for column, label in question.columns.items()}
        said = {
            label: codebook.plain(label) == codebook.plain(box) or TICKED.get(codebook.plain(box)) for label, box in boxes.items()
        }
        faults += [f"{where}: {_said(boxes[label])}" for label, ticked in said.items() if ticked is None]
        return [label for label, ticked in said.items() if ticked]
    cell = cells.get(next(iter(question.columns)), "")
    if not cell:
        return []
    parts = _parts(question, cell) if question.kind == "multiple" else [(cell, question.label(cell))]
    told = set()
    for part, label in parts:
        if label is None and not question.other:
            near = question.resembling(part)
            faults.append(f"{where}: {_said(part)}" + (f" (ligner «{near}»)" if near else ""))
        else:
            told.add(label or question.other)
    return [label for label in dict.fromkeys(question.answers.values()) if label in told]


def _parts(question: Question, cell: str) -> list[tuple[str, str | None]]:
    """The answers in a cell, each with its label; those that have the separator in them are taken whole."""
    words = [word for word in cell.split(question.separator) if word.strip()]
    parts: list[tuple[str, str | None]] = []
    while words:
        for count in range(len(words), 0, -1):
            part = question.separator.join(words[:count]).strip()
            if (label := question.label(part)) or count == 1:
                parts.append((part, label))
                words = words[count:]
                break
    return parts


def _said(cell: str) -> str:
    """How a message names an answer: a code as it stands, and nothing of a text."""
    return f"koden {cell}" if CODE.fullmatch(cell) else "en tekst som ikke er blant svarene"


def _scored(question: Question, labels: list[str]) -> list[tuple[str, float]]:
    order = question.labels
    if question.kind == "nps":
        return [(label, float(label) if label in order else float("nan")) for label in labels]
    ordered = question.kind == "likert"
    return [(label, order.index(label) + 1.0 if ordered and label in order else float("nan")) for label in labels]


def _questions(book: Codebook) -> pd.DataFrame:
    rows = [
        {
            "question": question.name,
            "text": question.text,
            "kind": question.kind,
            "labels": question.labels,
            "dont_know": list(question.dont_know),
            "denominator": question.denominator,
            "focus_area": question.focus_area,
        }
        for question in book.questions
    ]
    text = ["question", "text", "kind", "denominator", "focus_area"]
    return pd.DataFrame(rows).astype(dict.fromkeys(text, "str"))
