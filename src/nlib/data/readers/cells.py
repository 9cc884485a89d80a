"""A sheet as rows of cells, whatever file it came in: what a cell may hold, and which cells cannot be trusted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from nlib.core.errors import BadAnswer
from nlib.data.readers import letters

MAX_BYTES = 120_000_000  # of a file as it is, and of a workbook unpacked; StatBank gives at most 800 000 cells, some 60 MB
MAX_CELLS = 5_000_000  # in the rectangles that the sheets span: one cell far out would ask for any amount of memory
MAX_ROWS = 1_048_576  # of a sheet, and lines of a text
MAX_COLUMNS = 20_000
MAX_KNOWN = 100_000  # texts that are remembered while a file is read: most of a table's are few, and near each other
MAX_TEXTS = 80_000_000  # bytes of memory of all texts: 800 000 figures that are all different take some 50 MB
TEXT = 60  # bytes of memory that a text takes beside its letters
QUOTED_NUMBER = re.compile(r'="([^"]*)"')  # how Excel is made to keep a leading zero
UNSEEN = dict.fromkeys([0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)])

Place = tuple[int, int | None]  # row and column from 0; no column where the whole row is meant


class Percent(float):
    """A cell that the sheet shows as per cent, as the number of per cent it shows: 63.5 for 0.635 formatted «0.0%»."""

    def __str__(self) -> str:
        return f"{float(self):.10g}".replace(".", ",") + " %"


class Date(str):
    """A cell that holds a day or a time, as ISO text: Excel makes days of «1-4» and «01.11»."""


Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows, all of one length. A cell is text without outer or double spaces, a number, or None where it is blank.

    `notes` is what was changed on the way in. By place: `faults`, what stands in cells that cannot be trusted; `formulas`, those
    that hold a formula without its result (in what people have written themselves, it is only text); `computed`, those whose value
    a formula has worked out.
    """

    name: str
    rows: list[list[Cell]]
    notes: list[str] = field(default_factory=list)
    faults: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    computed: Collection[Place] = frozenset()

    def trusted(
        self, formulas: bool = True, rows: Collection[int] | None = None, columns: Collection[int] | None = None
    ) -> "Sheet":
        """The sheet itself; `BadAnswer` names the cells among these rows and columns (from 0) that cannot be trusted. Without rows
        and columns all are meant. Those of `formulas` count only where they matter."""
        faults = [
            f"{self.where(row, column)} {why}"
            for (row, column), why in (self.faults | (self.formulas if formulas else {})).items()
            if (rows is None or row in rows) and (columns is None or column is None or column in columns)
        ]
        if faults:
            more = f"; og {len(faults) - 3} til" if len(faults) > 3 else ""
            raise BadAnswer(
                f"{len(faults)} sted(er) kan ikke leses: {'; '.join(faults[:3])}{more}. Rett det, og lagre filen på nytt"
            )
        return self

    def where(self, row: int, column: int | None = None) -> str:
        """How a user finds a place: «C5 i «Ark1»» in a workbook, «rad 5, kolonne 3» in a text file."""
        if column is None:
            return f"rad {row + 1}" + (f" i «{self.name}»" if self.name else "")
        return f"{letter(column)}{row + 1} i «{self.name}»" if self.name else f"rad {row + 1}, kolonne {column + 1}"


def letter(column: int) -> str:
    """The name of a column (from 0) in a spreadsheet: A, B, ..., Z, AA."""
    from openpyxl.utils import get_column_letter  # which loads all of openpyxl: only a message needs it

    return get_column_letter(column + 1)


def written(cell: Cell) -> str:
    """A cell as text, empty where it is blank; spreadsheets have years and codes as numbers."""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else str(cell)
    return cell or ""


def plain(value: str) -> str:
    """Text without outer or double spaces, signs that are not seen, and letters in two parts («å» of «a» and a ring)."""
    if not value.isascii():
        value = unicodedata.normalize("NFC", value.translate(UNSEEN))
    return " ".join(value.split())


class Cleaning:
    """Makes cells of what a file holds, and remembers what was changed and what cannot be trusted."""

    def __init__(self):
        self.changed: Counter[str] = Counter()
        self.faults: dict[Place, str] = {}
        self.formulas: dict[Place, str] = {}
        self._known: dict[str, Cell] = {"": None}
        self._room = MAX_TEXTS

    def row(self, number: int, values: Iterable) -> list[Cell]:
        """The cells of a row (from 0); the same text is the same object, so that a large table is small in memory."""
        known = self._known
        return [
            known[value] if type(value) is str and value in known else self._cell(value, number, column)
            for column, value in enumerate(values)
        ]

    def _cell(self, value, row: int, column: int) -> Cell:
        if isinstance(value, bool):
            return "SANN" if value else "USANN"
        if isinstance(value, int | float):
            return float(value)
        if not isinstance(value, str):
            return Date(str(value))
        cell = plain(value)
        if cell.startswith("="):
            if quoted := QUOTED_NUMBER.fullmatch(cell):
                self.changed["celle(r) skrevet som formel for å beholde nuller foran er lest som tekst"] += 1
                return plain(quoted[1]) or None
            self.formulas[row, column] = f"har formelen {cell[:40]} som tekst"
        elif ruined := letters.ruined(cell):
            self.faults[row, column] = f"har ødelagte bokstaver («{ruined}»): hent teksten på nytt fra der den kom fra"
        else:
            if len(self._known) == MAX_KNOWN:  # full of what comes once: what comes next may come often
                self._known.clear()
                self._known[""] = None
            if len(value) < 100:
                self._known[value] = cell or None
            self._room -= TEXT + len(cell)
            if self._room < 0:
                raise BadAnswer(f"Filen har for mange ulike tekster til å leses ({row + 1} rader lest): del den i flere filer")
        return cell or None

    def notes(self) -> list[str]:
        return [f"{count} {what}" for what, count in self.changed.items()]


def rectangle(rows: list[list[Cell]]) -> list[list[Cell]]:
    """All rows equally long, without the blank rows and columns after the last cell that holds something."""
    height = max((at for at, row in enumerate(rows, 1) if any(cell is not None for cell in row)), default=0)
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell is not None), default=0)
    if height * width > MAX_CELLS:
        raise BadAnswer(f"Tabellen spenner over mer enn {MAX_CELLS} celler: del den i flere filer")
    del rows[height:]
    for row in rows:
        row[width:] = [None] * (width - len(row))
    return rows
