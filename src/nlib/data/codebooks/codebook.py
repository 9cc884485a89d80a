"""What a wave of a survey asked: a codebook in YAML maps the columns of an export to questions with their possible answers.

docs/kodebok.md has the form. Everything is read as text, so that a code is what stands there; answers go from lowest to highest.
"""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property

import yaml

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import is_number
from nlib.data.codebooks.blanking import blanked

MAX_YAML = 300_000  # bytes; a codebook of a hundred questions is some 30 000
KINDS = {
    "ett svar": "single",
    "flere svar": "multiple",
    "skala": "likert",
    "0-10": "nps",
    "fritekst": "text",
    "bakgrunn": "background",
}
DENOMINATORS = {"de som svarte": "answered", "alle": "all"}
LISTED = {"single", "multiple", "likert", "background"}  # kinds whose answers are listed
NPS = {str(score): str(score) for score in range(11)}
OF_WAVE = {
    *("undersøkelse", "kommune", "år", "målgruppe", "rad-id", "tidspunkt", "periode", "prøvesvar", "ubesvart", "navn"),
    *("brukes ikke", "ark", "overskrift", "datoer", "spørsmål"),
}
OF_QUESTION = {*("spørsmål", "type", "kolonne", "kolonner", "svar", "vet ikke", "annet", "skilletegn", "nevner", "satsingsområde")}
NAME = re.compile(r"[a-zæøå][a-zæøå0-9_]*")
SPAN = re.compile(r"(\d+)\.\.(\d*)")  # a code that is a span of whole numbers: 1..4, 250..
SEPARATORS = (";", ", ", "|", ",")  # between several answers in a cell, where the codebook does not say which
ORDERS = {"": None, "dag først": True, "måned først": False}
CODED = re.compile(r"(\d+)\s*(?:[-–—:=.)]|\s)\s*(.+)|(.+?)\s*(?:[-–—:=]\s*|\()(\d+)\)?")  # «4 - Enig», «Enig (4)»
SCORE = re.compile(  # «10 - Svært sannsynlig», «7 av 10», «Svært sannsynlig (10)»
    r"(\d{1,2})(?:[.,]0)?(?: ?(?:/|av|of|out of) ?10|\s*[-–—:=.)(]*\s*(?:[^\W\d]\D*)?)|\D*[^\W\d]\s*[-–—:=(]\s*(\d{1,2})\)?"
)
TICKED = {
    **dict.fromkeys(("1", "x", "ja", "j", "y", "yes", "sann", "sant", "true", "valgt", "avkrysset", "checked", "selected"), True),
    **dict.fromkeys(("quoted", "on", "✓", "✔", "☑", "☒"), True),
    **dict.fromkeys(("0", "nei", "n", "no", "usann", "usant", "false", "ikke valgt", "ikke avkrysset", "unchecked"), False),
    **dict.fromkeys(("not selected", "unselected", "not quoted", "off", "☐"), False),
}
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Question:
    """One question: its name (the same in all waves that may be compared), its words, kind, columns and possible answers.

    `columns` is column -> the answer it stands for («» where the cell tells the answer); `answers` is code or label -> label in
    order; `dont_know` the labels without a place in the order. `kind` is one of `KINDS`' values, `denominator` of `DENOMINATORS`'.
    """

    name: str
    text: str
    kind: str
    columns: dict[str, str]
    answers: dict[str, str] = field(default_factory=dict)
    dont_know: tuple[str, ...] = ()
    other: str = ""
    separator: str = ""
    denominator: str = "answered"
    focus_area: str = ""

    @property
    def labels(self) -> list[str]:
        """The answers that are shown, in order, without those of `dont_know`."""
        return [label for label in dict.fromkeys(self.answers.values()) if label not in self.dont_know]

    def label(self, cell: str) -> str | None:
        """The answer that a cell tells, by its code, its label or both («4 - Enig»), or by a span of numbers; None where by none. A
        score of 0-10 may have words beside it: «10 - Svært sannsynlig»."""
        if found := self._known.get(plain(cell)) or self._codes.get(_unpadded(cell)):
            return found
        if self.kind == "nps":
            score = SCORE.fullmatch(cell)
            return self._known.get(_unpadded(score[1] or score[2])) if score else None
        number = int(cell) if cell.isascii() and cell.isdecimal() else -1
        span = next((label for label, first, last in self._spans if number >= 0 and first <= number <= last), None)
        return span or self._coded(cell)

    def _coded(self, cell: str) -> str | None:
        """The answer of a cell with both code and label, where they do not speak against each other."""
        if not (both := CODED.fullmatch(cell)):
            return None
        code, words = self._codes.get(_unpadded(both[1] or both[4])), self._known.get(plain(both[2] or both[3]))
        listed = any(code.isdecimal() for code in self.answers)
        return words if words and (code == words or not listed) else None

    @cached_property
    def _known(self) -> dict[str, str]:
        return {plain(text): label for code, label in self.answers.items() for text in (label, code)}

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {_unpadded(code): label for code, label in self.answers.items() if code.isdecimal()}

    @cached_property
    def _spans(self) -> list[tuple[str, int, float]]:
        spans = [(label, SPAN.fullmatch(code)) for code, label in self.answers.items()]
        return [(label, int(span[1]), float(span[2] or "inf")) for label, span in spans if span]

    def resembling(self, cell: str) -> str | None:
        """An answer of the codebook that a cell is nearly, for a message: it tells nothing of the cell but the likeness."""
        near = difflib.get_close_matches(plain(cell), [plain(label) for label in self.labels], n=1, cutoff=0.8)
        return next((label for label in self.labels if near and plain(label) == near[0]), None)


@dataclass(frozen=True)
class Codebook:
    """What a wave asked, of whom, and which rows and columns of the export count."""

    survey: str
    komm_nr: str
    wave: int
    target: str
    questions: tuple[Question, ...]
    row_id: str = ""
    time: str = ""
    period: tuple[str, str] | None = None
    tests: dict[str, list[str]] = field(default_factory=dict)
    unanswered: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    sheet: str = ""
    headings: tuple[int, int] | None = None
    day_first: bool | None = None

    @property
    def columns(self) -> list[str]:
        """The columns that the export must have."""
        own = [column for column in (self.row_id, self.time, *self.tests) if column]
        return list(dict.fromkeys([*own, *(column for question in self.questions for column in question.columns)]))

    @cached_property
    def shown(self) -> Callable[[str], str]:
        """A text of the codebook as it may be shown: what somebody has written into it is blanked as answers are."""
        return cache(lambda text: blanked(text, self.names))


def plain(text: str) -> str:
    """A text without what does not tell answers apart: case, doubled spaces, a last full stop."""
    return " ".join(text.casefold().split()).removesuffix(".")


def compact(text: str) -> str:
    """A heading by its letters and digits: «Response ID» and «ResponseId» are the same."""
    return re.sub(r"[\W_]+", "", text.casefold())


def _unpadded(code: str) -> str:
    """A code without the zeros in front that Excel takes: «04» is «4»."""
    return code.lstrip("0") or "0" if code.isascii() and code.isdecimal() else code


def read(body: bytes) -> Codebook:
    """The codebook in a YAML file; `BadAnswer` lists all its faults at once."""
    if len(body) > MAX_YAML:
        raise BadAnswer(f"Kodeboken er på {len(body) // 1000} kB; grensen er {MAX_YAML // 1000} kB")
    try:
        given = yaml.load(body.decode("utf-8-sig"), Loader=_Text)
    except UnicodeDecodeError as error:
        raise BadAnswer("Kodeboken er ikke UTF-8: lagre den som UTF-8") from error
    except yaml.MarkedYAMLError as error:  # without the words that it holds: they may be names
        where = f" nær linje {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise BadAnswer(f"Kodeboken kan ikke leses som YAML{where}: se etter innrykk, kolon og anførselstegn") from None
    except (yaml.YAMLError, RecursionError):
        raise BadAnswer("Kodeboken kan ikke leses som YAML") from None
    if not isinstance(given, dict) or not isinstance(given.get("spørsmål"), dict):
        raise BadAnswer("Kodeboken mangler «spørsmål»: lag en med nlib survey draft FIL")
    faults: list[str] = _unknown(given, OF_WAVE, "kodeboken")
    questions = [_question(name, entry, faults) for name, entry in given["spørsmål"].items()]
    book = _wave(given, tuple(question for question in questions if question), faults)
    used = Counter(column for question in book.questions for column in question.columns)
    faults += [f"kolonnen «{column}» er brukt i flere spørsmål" for column, times in used.items() if times > 1]
    faults += list(_told_of_people(book))
    if faults:
        raise BadAnswer("Kodeboken har feil:\n" + "\n".join(f"  - {fault}" for fault in faults))
    return book


def _told_of_people(book: Codebook) -> Iterable[str]:
    """Faults where a question cannot be shown without what identifies somebody: numbered, for the words are not to be shown."""
    for at, question in enumerate(book.questions, 1):
        spaced = question.name.replace("_", " ")
        if {book.shown(question.name), book.shown(spaced)} != {question.name, spaced}:
            yield f"spørsmål nr. {at}: navnet på spørsmålet har et navn eller et nummer i seg; kall det noe annet"
        labels = set(question.answers.values())
        if len({book.shown(label) for label in labels}) < len(labels):
            yield f"spørsmål nr. {at}: to svar er like når navn, adresser og numre er tatt ut; skriv dem om"


class _Text(yaml.BaseLoader):
    """YAML where every value is text, and a key that stands twice is an error."""

    def construct_mapping(self, node, deep=False):
        seen: set[str] = set()
        for key, _ in node.value:
            name = self.construct_object(key)
            if isinstance(name, str):  # others are refused with their place
                if name in seen:
                    raise yaml.constructor.ConstructorError(None, None, "twice", key.start_mark)
                seen.add(name)
        return super().construct_mapping(node, deep)


def _wave(given: dict, questions: tuple[Question, ...], faults: list[str]) -> Codebook:
    def text(key: str) -> str:
        return _text(given, key, "kodeboken", faults)

    number, year, period, order = text("kommune"), text("år"), text("periode"), plain(text("datoer"))
    heading = re.fullmatch(r"([1-9])(?: ?(?:-|–|\.\.) ?([1-9]))?", text("overskrift") or "1")
    rows = (int(heading[1]), int(heading[2] or heading[1])) if heading else (1, 0)
    first, _, last = period.partition("..")
    timed = DAY.fullmatch(first) and DAY.fullmatch(last) and first <= last and text("tidspunkt")
    given_tests = given.get("prøvesvar", {})
    tests = given_tests if isinstance(given_tests, dict) else {}
    rules = {
        "kommune: skriv kommunenummeret med fire sifre": is_number(number),
        "år: skriv årstallet for runden med fire sifre": re.fullmatch(r"(19|20)\d\d", year),
        "periode: skriv første og siste dag som 2024-04-01..2024-05-31, og kolonnen med tidspunktet i «tidspunkt»": timed
        or not period,
        "overskrift: skriv nummeret på raden med overskriftene, eller på den første og siste av flere, som 1-3": rows[0] <= rows[1],
        f"datoer: skriv {' eller '.join(name for name in ORDERS if name)}": order in ORDERS,
        "spørsmål: kodeboken har ingen spørsmål": questions,
        "prøvesvar: skriv en kolonne og hva som står i den, som {E-post: [test]}": tests == given_tests,
    }
    faults += [why for why, kept in rules.items() if not kept]
    return Codebook(
        survey=text("undersøkelse") or "NæringsPuls",
        komm_nr=number,
        wave=int(year) if year.isdecimal() else 0,
        target=text("målgruppe"),
        questions=questions,
        row_id=text("rad-id"),
        time=text("tidspunkt"),
        period=(first, last) if period else None,
        tests={column: _list(tests, column, "prøvesvar", faults) for column in tests},
        unanswered=tuple(_list(given, "ubesvart", "kodeboken", faults)),
        names=tuple(_list(given, "navn", "kodeboken", faults)),
        unused=tuple(_list(given, "brukes ikke", "kodeboken", faults)),
        sheet=text("ark"),
        headings=rows if text("overskrift") else None,
        day_first=ORDERS.get(order),
    )


def _question(name: str, entry, faults: list[str]) -> Question | None:
    """A question as the codebook tells it; its faults are added to `faults`."""
    if not isinstance(entry, dict):
        faults.append(f"{name}: mangler type og kolonne")
        return None
    mine = _unknown(entry, OF_QUESTION, name)
    kind = KINDS.get(_text(entry, "type", name, mine), "")
    denominator = DENOMINATORS.get(_text(entry, "nevner", name, mine) or "de som svarte", "")
    answers = NPS if kind == "nps" else _answers(entry, name, mine)
    dont_know = tuple(_list(entry, "vet ikke", name, mine))
    if kind == "nps":
        answers = answers | dict.fromkeys(dont_know, "Vet ikke")
        dont_know = ("Vet ikke",) if dont_know else ()
    columns = entry.get("kolonner", {})
    if not isinstance(columns, dict) or any(not isinstance(label, str) or not label for label in columns.values()):
        mine.append(f"{name}: kolonner skal være kolonne: svar")
        columns = {}
    if one := _text(entry, "kolonne", name, mine):
        columns = columns | {one: ""}
    elif columns:
        answers = {label: label for label in columns.values()}
    other, area = _text(entry, "annet", name, mine), _text(entry, "satsingsområde", name, mine)
    separator, words = _text(entry, "skilletegn", name, mine), _text(entry, "spørsmål", name, mine) or name
    labels = set(answers.values())
    lost = [label for label in (*dont_know, other) if label and label not in labels]
    rules = {
        "navnet på et spørsmål er små bokstaver, tall og understrek": NAME.fullmatch(name),
        f"type skal være en av {', '.join(KINDS)}": kind,
        f"nevner skal være en av {', '.join(DENOMINATORS)}": denominator,
        "skriv kolonne, eller for flere svar kolonner (én for hvert svar)": len(columns) == 1
        or (columns and not one and kind == "multiple"),
        "svar mangler": answers or kind not in LISTED,
        "en skala har minst to svar, fra lavest til høyest": kind != "likert" or len(labels - set(dont_know)) > 1,
        f"{', '.join(lost)} er ikke blant svarene": not lost,
        "to svar skiller seg bare på store bokstaver, mellomrom eller punktum": len(set(map(plain, labels))) == len(labels),
    }
    mine += [f"{name}: {why}" for why, kept in rules.items() if not kept]
    faults += mine
    return None if mine else Question(name, words, kind, columns, answers, dont_know, other, separator, denominator, area)


def _answers(entry: dict, name: str, faults: list[str]) -> dict[str, str]:
    """The possible answers, code -> label: a mapping as it stands, and of a list each label is its own code."""
    given = entry.get("svar") or {}
    pairs = list(given.items()) if isinstance(given, dict) else [(label, label) for label in given]
    if not isinstance(given, dict | list) or any(not isinstance(part, str) or not part for pair in pairs for part in pair):
        faults.append(f"{name}: svar skal være en liste, eller kode: svar")
        return {}
    return dict(pairs)


def _text(entry: dict, key: str, where: str, faults: list[str]) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str):
        faults.append(f"{where}: {key} skal være én tekst")
        return ""
    return value.strip() if key != "skilletegn" else value


def _list(entry: dict, key: str, where: str, faults: list[str]) -> list[str]:
    value = entry.get(key) or []
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        faults.append(f"{where}: {key} skal være en liste av tekster")
        return []
    return value


def _unknown(keys: Iterable[str], known: set[str], where: str) -> list[str]:
    return [f"{where}: kjenner ikke «{key}» (ett av {', '.join(sorted(known))})" for key in keys if key not in known]
