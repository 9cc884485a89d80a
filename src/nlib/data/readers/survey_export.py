"""Answers to a survey, as Nettskjema, Forms, Google, Qualtrics, Questback and SurveyXact export them (CSV or Excel), by a codebook.

The export and its codebook are kept as one file (`packed`). What is read holds no free text: only that there was one. No message
holds an answer, but for a code of at most three digits.
"""

import io
import re
import zipfile
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.codebooks import codebook, dates
from nlib.data.codebooks import draft as drafting
from nlib.data.codebooks.blanking import blanked, names_somebody
from nlib.data.codebooks.codebook import SEPARATORS, TICKED, Codebook, Question, compact, plain
from nlib.data.codebooks.draft import Legend
from nlib.data.readers import sheets, workbook
from nlib.data.readers.cells import Cell, Sheet
from nlib.data.readers.cells import written as as_text
from nlib.data.readers.kinds import Contents, File, FileKind

KIND = "svar"
CODEBOOK = "kodebok.yaml"
EXPORT = "svar"  # with .csv or .xlsx
ANSWERED = "besvart"  # what is kept of a free text
MOST_FAULTS = 20  # that are listed
CODE = re.compile(r"-?\d{1,3}")
NAME = re.compile(r"[\w.$\[\]-]{1,20}")  # of a question, in a row of headings above the one with its words
WHOLE = re.compile(r"(-?\d+)[.,]0{1,2}")
TICKS = "1/0, ja/nei, x, sann/usann eller svaret selv"
NEAR_THE_TOP = 10  # rows among which the headings are
UNREAD = "#"  # stands for a cell with an error value
ONE = ("response", "open-ended response", "svar", "åpent svar")  # SurveyMonkey's words below a question that has one column
IMPORT_ID = '{"ImportId"'  # how the last of Qualtrics' three rows of headings begins
NOBODY = {"", "anonymous", "anonym", "anonymt"}  # written where a row's number would be
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
    `target` is whom it was sent to, `notes` what a user should know of how it was read. None of it may leave the machine but as
    tables that have been through `nlib.methods.survey.disclosure.hide`.
    """

    komm_nr: str
    wave: int
    survey: str
    target: str
    questions: pd.DataFrame
    answers: pd.DataFrame
    background: pd.DataFrame
    notes: list[str] = field(default_factory=list)

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
    return body.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(body)) and CODEBOOK in workbook.members(body)


def read(body: bytes) -> Answers:
    """The answers in a file that `packed` made; `BadAnswer` lists what the codebook does not know by question and row."""
    if not is_packed(body):
        raise BadAnswer(
            f"Svarene mangler kodebok: lag den med nlib survey draft FIL, og ta inn svarene med {CODEBOOK} ved siden av"
        )
    parts = workbook.unpacked(body)
    others = [name for name in parts if name != CODEBOOK]
    if len(others) != 1:
        raise BadAnswer(f"Zip-filen skal ha {CODEBOOK} og én fil med svar, ikke {len(others)}")
    return answers(codebook.read(parts[CODEBOOK]), sheets.read(parts[others[0]]))


def answers(book: Codebook, found: list[Sheet]) -> Answers:
    """The answers in the sheet that has the codebook's columns."""
    export = _export(book, found)
    notes = list(export.notes)
    rows = _counted(book, export, notes)
    faults: list[str] = []
    lines, background = [], {}
    for question in book.questions:
        given = [_given(question, cells, f"{question.name}, rad {at}", faults) for at, cells in rows]
        if question.kind == "background":
            background[question.name] = [labels[0] if labels else None for labels in given]
            continue
        for number, labels in enumerate(given, 1):
            lines += [(number, question.name, label, score) for label, score in _scored(question, labels)]
    if faults:
        more = [f"og {len(faults) - MOST_FAULTS} til"] if len(faults) > MOST_FAULTS else []
        listed = "\n".join(f"  - {fault}" for fault in [*faults[:MOST_FAULTS], *more])
        raise BadAnswer(f"{len(faults)} svar står ikke i kodeboken (spørsmål og rad i filen):\n{listed}")
    shown = book.shown
    people = pd.DataFrame({"respondent": range(1, len(rows) + 1)})
    for name, column in background.items():
        people[name] = pd.Series(column, dtype="str").map(shown, na_action="ignore")
    frame = pd.DataFrame(lines, columns=["respondent", "question", "answer", "score"])
    frame = frame.astype({"respondent": "int64", "question": "str", "answer": "str", "score": "float64"})
    frame["answer"] = frame["answer"].map(shown)
    return Answers(book.komm_nr, book.wave, shown(book.survey), shown(book.target), _questions(book), frame, people, notes)


Row = tuple[int, dict[str, str]]  # its number in the file, and column -> what stands there


@dataclass(frozen=True)
class Export:
    """The rows of an export, without the blank ones. `texts` is column -> what a second row of headings says of it, where there is
    one. `notes` as in `Sheet`."""

    columns: list[str]
    rows: list[Row]
    notes: list[str]
    texts: dict[str, str] = field(default_factory=dict)


def export(sheet: Sheet, headings: tuple[int, int] = (1, 1)) -> Export:
    """A sheet by its headings, of which the ones that come again are numbered: «Kommentar», «Kommentar (2)».

    headings: the first and last row of them. Where a heading spans several columns, those have what the next row says in brackets:
    «Hva bør bli bedre? [Areal]». A cell with an error value is `UNREAD`.
    """
    first, last = headings
    above = [[written(cell) for cell in row] for row in sheet.rows[first - 1 : last]]
    columns: dict[str, None] = {}
    times: Counter[str] = Counter()
    for place, heading in enumerate(_spanned(above), 1):
        name = column = heading or f"kolonne {place}"
        while column in columns:
            times[name] += 1
            column = f"{name} ({times[name] + 1})"
        columns[column] = None
    unread: dict[int, list[str]] = defaultdict(list)
    names = list(columns)
    for down, right in sheet.faults:
        if right is not None and right < len(names):
            unread[down].append(names[right])
    rows = []
    for at, row in enumerate(sheet.rows[last:], last):
        cells = {column: written(cell) for column, cell in zip(columns, row, strict=True) if cell is not None}
        if cells := cells | dict.fromkeys(unread.get(at, []), UNREAD):
            rows.append((at + 1, cells))
    below = zip(columns, above[1], strict=True) if last > first else ()
    return Export(names, rows, list(sheet.notes), {column: text for column, text in below if text and plain(text) not in ONE})


def _spanned(above: list[list[str]]) -> list[str]:
    """The headings of the first row, with those of the second where one of the first spans several columns."""
    if len(above) < 2:
        return above[0] if above else []
    names, stem = [], ""
    for place, (top, part) in enumerate(zip(*above[:2], strict=True)):
        spans = not top or above[0][place + 1 : place + 2] == [""]
        stem = top or stem
        names.append(f"{stem} [{part}]" if spans and stem and part else top or part)
    return names


def _headings(sheet: Sheet, first: int, identities: set[str], texts: dict[str, str]) -> tuple[int, int]:
    """The first and last row of the headings: a row below the first that is no respondent's belongs to them.

    Qualtrics says it itself. Else it is a row that has a heading where each respondent has a number or a time, that has nothing
    there but fills out headings that span several columns, or that has the questions' words below short names of them.
    identities: headings (compact) of such columns; texts: heading -> the question's words (plain), where they are known.
    """
    rows = [[written(cell) for cell in row] for row in sheet.rows[first - 1 : first + 3]]
    for at, row in enumerate(rows[1:], first + 1):
        if any(cell.replace(" ", "").startswith(IMPORT_ID) for cell in row):
            return first, at
    if len(rows) < 3:
        return first, first
    top, below, then = rows[:3]
    own = [place for place, cell in enumerate(top) if compact(cell) in identities]
    filled = [place for place, cell in enumerate(below) if cell]
    read = [place for place in filled if top[place] in texts]
    named = any(compact(below[place]) in identities for place in own)
    lacks = bool(own) and not any(below[place] for place in own) and all(then[place] for place in own)
    spans = any(part and not cell for cell, part in zip(top, below, strict=True))
    asked = [place for place in filled if plain(below[place]) == texts.get(top[place])]
    questions = [place for place in filled if below[place].endswith("?") and not then[place].endswith("?")]
    short = all(NAME.fullmatch(cell) for cell in top)
    worded = (bool(read) and asked == read) or (short and 2 * len(questions) > len(filled))
    return first, first + bool(named or worded or (lacks and (spans or asked)))


def draft(body: bytes) -> str:
    """A first codebook for an export (CSV or Excel), as YAML to be mended by a person."""
    found = sheets.read(body)
    legends = [legend for sheet in found if (legend := _legend(sheet)) is not None]
    own = [sheet for sheet in found if _legend(sheet) is None]
    if not own:
        raise BadAnswer("Filen har ingen ark med svar")
    sheet = max(own, key=lambda one: len(one.rows) * len(one.rows[0])).trusted(formulas=False, columns=())
    filled = [sum(cell is not None for cell in row) for row in sheet.rows[:NEAR_THE_TOP]]
    heading = next(at for at, count in enumerate(filled, 1) if 2 * count > max(filled))
    heading -= heading > 1 and filled[heading - 2] > 1  # a row of headings that span several columns
    headings = _headings(sheet, heading, drafting.ROW_IDS | drafting.TIMES, {})
    table = export(sheet, headings)
    if not table.rows:
        raise BadAnswer(f"Det er ingen svar under overskriftene i rad {headings[1]}")
    legend = {column: Legend(text) for column, text in table.texts.items() if f"[{text}]" not in column}
    legend |= {column: meant for one in legends for column, meant in one.items() if column in table.columns}
    rows = [{column: text for column, text in cells.items() if text != UNREAD} for _, cells in table.rows]
    return drafting.codebook(table.columns, rows, legend, headings)


def _legend(sheet: Sheet) -> dict[str, Legend] | None:
    """What a sheet of variables, codes and labels says of each column; None where it is no such sheet."""
    for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
        heads = [plain(written(cell)) for cell in row]
        places = {what: next((heads.index(word) for word in words if word in heads), None) for what, words in LEGEND.items()}
        if None in (places["column"], places["code"], places["label"]):
            continue
        found: dict[str, Legend] = {}
        column = ""
        for cells in sheet.rows[at + 1 :]:
            cells_of = {what: written(cells[place]) if place is not None else "" for what, place in places.items()}
            column = cells_of["column"] or column
            before = found.get(column, Legend())
            answers = before.answers | ({cells_of["code"]: cells_of["label"]} if cells_of["code"] and cells_of["label"] else {})
            found[column] = Legend(before.text or cells_of["text"], answers)
        return found
    return None


def written(cell: Cell) -> str:
    """What a cell holds, as text: a whole number without decimals, be they after a point or a comma."""
    text = as_text(cell)
    return text[: whole.end(1)] if (whole := WHOLE.fullmatch(text)) else text


def _export(book: Codebook, found: list[Sheet]) -> Export:
    """The sheet of the answers, in the codebook's columns; what is missing is named as the codebook names it."""
    named = [sheet for sheet in found if book.sheet in ("", sheet.name)]
    if not named:
        raise BadAnswer(f"Filen har ikke arket «{book.sheet}» som kodeboken nevner")
    own = {compact(column) for column in (book.row_id, book.time) if column} | drafting.ROW_IDS | drafting.TIMES
    texts = {c: plain(question.text) for question in book.questions for c, label in question.columns.items() if not label}
    texts = {column: text for column, text in texts.items() if text != plain(column)}
    rows = [book.headings or _headings(sheet, 1, own, texts) for sheet in named]
    exports = [export(sheet, headings) for sheet, headings in zip(named, rows, strict=True)]
    best = min(range(len(exports)), key=lambda at: len(set(book.columns) - set(exports[at].columns)))
    chosen, (first, last) = exports[best], rows[best]
    for at, column in enumerate(chosen.columns, 1):
        if names_somebody(column) or blanked(column, book.names) != column:
            raise BadAnswer(
                f"Overskriften i kolonne {at} nevner en person, en adresse eller et nummer: "
                "gi kolonnen et annet navn i filen og i kodeboken"
            )
    if missing := [column for column in book.columns if column not in chosen.columns]:
        raise BadAnswer("Filen mangler kolonner som kodeboken nevner:\n" + "\n".join(f"  - {column}" for column in missing))
    written_freely = {column for question in book.questions if question.kind == "text" for column in question.columns}
    matters = set(book.columns) - written_freely
    named[best].trusted(formulas=False, columns={at for at, column in enumerate(chosen.columns) if column in matters})
    if last > first and not book.headings:
        chosen.notes.append(f"rad {first} til {last} er lest som overskrifter")
    if left := len(set(chosen.columns) - set(book.columns) - set(book.unused)):
        chosen.notes.append(f"{left} kolonner i filen står ikke i kodeboken og er ikke lest")
    return chosen


def _counted(book: Codebook, export: Export, notes: list[str]) -> list[Row]:
    """The rows that count: not test answers, those outside the period and empty ones; of those with the same number the last.
    Without a column of numbers (`row_id`) every row counts: people who say the same are still several."""
    unanswered = set(book.unanswered)
    rows = [(at, {column: text for column, text in cells.items() if text not in unanswered}) for at, cells in export.rows]

    def keep(there: list[Row], why: str) -> list[Row]:
        if out := len(rows) - len(there):
            notes.append(f"{out} {why}")
        return there

    for column, values in book.tests.items():
        tests = set(map(plain, values))
        rows = keep([row for row in rows if plain(row[1].get(column, "")) not in tests], "prøvesvar er holdt utenfor")
    if book.period and rows:
        inside = _inside(book, rows)
        rows = keep([row for row in rows if row[0] in inside], "svar fra utenfor perioden er holdt utenfor")
        if not rows:
            period = "..".join(book.period)
            raise BadAnswer(f"Ingen svar er fra perioden {period}: se etter om periode, tidspunkt og datoer er rett")
    rows = keep([(at, cells) for at, cells in rows if _says_anything(book, cells)], "tomme svar er holdt utenfor")
    numbers = [cells.get(book.row_id, "") for _, cells in rows]
    named = [number if plain(number) not in NOBODY else at for number, (at, _) in zip(numbers, rows, strict=True)]
    last_of = set({name: at for name, (at, _) in zip(named, rows, strict=True)}.values())
    rows = keep([row for row in rows if row[0] in last_of], "svar kom to ganger: det siste gjelder")
    alike = len(rows) - len({tuple(sorted(cells.items())) for _, cells in rows})
    if alike and not book.row_id:
        notes.append(f"{alike} svar er helt like et annet og er med: uten «rad-id» kan det ikke ses om de er sendt to ganger")
    return rows


def _inside(book: Codebook, rows: list[Row]) -> set[int]:
    """The rows of answers that came in the codebook's period; `BadAnswer` where that hangs on which number is the month."""
    first, last = book.period or ("", "")
    times = [cells.get(book.time, "") for _, cells in rows]
    readings = dates.days(times, book.day_first)
    if unread := [at for (at, _), *found in zip(rows, *readings, strict=True) if None in found]:
        raise BadAnswer(f"«{book.time}» er ikke en dato i rad {unread[0]} (skriv år-måned-dag)")
    say = "skriv «datoer: dag først» eller «datoer: måned først» i kodeboken"
    if book.day_first is None and dates.mixed(times):
        raise BadAnswer(
            f"«{book.time}» har både datoer som Excel har laget, og tekst som 13/4/2024: dag og måned kan være byttet om. "
            f"Eksporter svarene på nytt uten å åpne dem i Excel, eller se at de stemmer og {say}"
        )
    inside = [{at for (at, _), day in zip(rows, found, strict=True) if first <= (day or "") <= last} for found in readings]
    if len(inside) == 2 and inside[0] != inside[1]:
        at = min(inside[0] ^ inside[1])
        raise BadAnswer(f"«{book.time}» kan leses på to måter, og i rad {at} avgjør det om svaret er med: {say}")
    return inside[0]


def _says_anything(book: Codebook, cells: dict[str, str]) -> bool:
    """Whether a respondent has answered any question; a box that is not ticked says nothing."""
    return any(
        column in cells and (not label or TICKED.get(plain(cells[column])) is not False)
        for question in book.questions
        for column, label in question.columns.items()
    )


def _given(question: Question, cells: dict[str, str], where: str, faults: list[str]) -> list[str]:
    """The labels that a respondent has given, in the codebook's order; what it does not know is a fault."""
    if question.kind == "text":
        return [ANSWERED] if any(column in cells for column in question.columns) else []
    if len(question.columns) > 1 or "" not in question.columns.values():
        boxes = {label: cells.get(column, "0") for column, label in question.columns.items()}
        ticks = {label: plain(label) == plain(box) or TICKED.get(plain(box)) for label, box in boxes.items()}
        faults += [f"{where}: {_said(boxes[label], f'ikke er {TICKS}')}" for label, ticked in ticks.items() if ticked is None]
        return [label for label, ticked in ticks.items() if ticked]
    cell = cells.get(next(iter(question.columns)), "")
    if not cell:
        return []
    label = question.label(cell)
    parts = [(cell, label)]
    if question.kind == "multiple" and not label:  # parted by the codebook's separator, or the one by which most are known
        parted = [_parted(question, cell, separator) for separator in ([question.separator] if question.separator else SEPARATORS)]
        parts = max(parted, key=lambda found: sum(label is not None for _, label in found) / len(found))  # the first of equals
    given = set()
    for part, label in parts:
        if label is None and not question.other:
            near = question.resembling(part)
            faults.append(f"{where}: {_said(part)}" + (f" (ligner «{near}»)" if near else ""))
        else:
            given.add(label or question.other)
    return [label for label in dict.fromkeys(question.answers.values()) if label in given]


def _parted(question: Question, cell: str, separator: str) -> list[tuple[str, str | None]]:
    """The answers in a cell by a separator; those that have it in them are taken whole, the longest first."""
    words = [word for word in cell.split(separator) if word.strip()]
    most = 1 + max((label.count(separator.strip()) for label in question.labels), default=0)
    parts: list[tuple[str, str | None]] = []
    at = 0
    while at < len(words):
        for count in range(min(most, len(words) - at), 0, -1):
            part = separator.join(words[at : at + count]).strip()
            if (label := question.label(part)) or count == 1:
                parts.append((part, label))
                at += count
                break
    return parts or [(cell, None)]


def _said(cell: str, what: str = "") -> str:
    """How a message names an answer: a code as it stands, and nothing of a text."""
    if CODE.fullmatch(cell):
        return f"koden {cell}" + (f", som {what}" if what else "")
    if dates.is_date(cell):
        return "en dato som ikke er blant svarene (Excel gjør for eksempel «1-4» til 1. april)"
    return f"en tekst som {what or 'ikke er blant svarene'}"


def _scored(question: Question, labels: list[str]) -> list[tuple[str, float]]:
    first = {"nps": 0, "likert": 1}.get(question.kind)
    scores = {} if first is None else {label: float(at) for at, label in enumerate(question.labels, first)}
    return [(label, scores.get(label, float("nan"))) for label in labels]


def _questions(book: Codebook) -> pd.DataFrame:
    shown, asked = book.shown, book.questions
    texts = {
        "question": [question.name for question in asked],
        "text": [shown(question.text) for question in asked],
        "kind": [question.kind for question in asked],
        "denominator": [question.denominator for question in asked],
        "focus_area": [shown(question.focus_area) for question in asked],
    }
    labels = {name: [list(map(shown, getattr(question, name))) for question in asked] for name in ("labels", "dont_know")}
    return pd.DataFrame(texts, dtype="str").assign(**labels)


def _contents(file: File) -> Contents:
    answers = read(file.body)
    asked = f"{len(answers.background)} svar på {len(answers.questions)} spørsmål i {answers.wave}"
    return Contents([asked, *answers.notes], own={"komm_nr": answers.komm_nr, "year": answers.wave})


# a codebook is mended by importing the answers again: they take the place of the wave's before
FILE = FileKind(KIND, lambda file: is_packed(file.body), _contents, private=True)
