"""Tables that people have saved by hand, CSV and Excel, as rows of cells; nothing is guessed about what they hold.

The file is measured before it is unpacked, and what only looks like a table (a page, a formula without its result) is refused.
"""

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree

import python_calamine

from nlib.errors import BadAnswer

MAX_BYTES = 200_000_000  # of a file as it is, and of an Excel file unpacked; StatBank gives at most some 20 MB
MAX_CELLS = 5_000_000  # in the rectangle that a sheet spans: one cell far out would ask for any amount of memory
TOO_LARGE = 1e15  # Norway's yearly value added is some 5e12 kr
MARKS = {".": None, "..": None, ":": None, "-": 0.0}  # SSB's: cannot occur, not available, hidden, exactly zero
NUMBER = re.compile(r"[-+]?(\d{1,3}( \d{3})+|\d+)([.,]\d+)?([eE][-+]?\d{1,3})?", re.ASCII)
QUOTED_NUMBER = re.compile(r'="([^"]*)"')  # how Excel is told to keep a leading zero
Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows, all of one length. A cell is text without outer or double spaces, a number, or None where it is blank.

    `told` is what was changed on the way in; `faults` what stands in cells that cannot be trusted, `formulas` in those that hold a
    formula without its result (in what people have written themselves, it is only text).
    """

    name: str
    rows: list[list[Cell]]
    told: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)

    def trusted(self, formulas: bool = True) -> "Sheet":
        """The sheet itself; `BadAnswer` names the cells that cannot be trusted, those of `formulas` only where they matter."""
        if faults := self.faults + (self.formulas if formulas else []):
            raise BadAnswer(f"{len(faults)} sted(er) kan ikke leses: {'; '.join(faults[:3])}. Lagre filen på nytt")
        return self


def read(body: bytes) -> list[Sheet]:
    """The sheets of an Excel workbook, or the one of a text file with `;`, tabulator or `,` between the cells.

    `BadAnswer` for everything else: HTML, old or locked Excel files, other zips, more than MAX_BYTES or MAX_CELLS, no cells.
    """
    if len(body) > MAX_BYTES:
        raise BadAnswer(f"Filen er over {MAX_BYTES // 10**6} MB")
    if body.startswith(b"PK"):
        sheets = _workbook(body)
    elif body.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadAnswer("Filen er en gammel (.xls) eller passordlåst Excel-fil: lagre den som .xlsx uten passord")
    else:
        sheets = [delimited(text(body))]
    if not (filled := [sheet for sheet in sheets if sheet.rows]):
        raise BadAnswer("Filen har ingen celler med innhold")
    return filled


def text(body: bytes) -> str:
    """The characters of a text file: UTF-8 or UTF-16 as its first bytes say, else UTF-8, else what Windows calls Latin-1."""
    try:
        if body.startswith((b"\xff\xfe", b"\xfe\xff")):
            found = body.decode("utf-16")
        else:
            try:
                found = body.decode("utf-8-sig")
            except UnicodeDecodeError:
                found = body.decode("cp1252")
    except UnicodeDecodeError as error:
        raise BadAnswer("Filen er verken tekst eller Excel: lagre den på nytt som CSV (UTF-8) eller .xlsx") from error
    if found.lstrip()[:1] == "<":
        raise BadAnswer("Filen er en HTML- eller XML-side, ikke en tabell: last den ned på nytt som CSV eller Excel")
    if "\0" in found:
        raise BadAnswer("Filen er verken tekst eller Excel: lagre den på nytt som CSV (UTF-8) eller .xlsx")
    if re.search("Ã[¦¸¥˜…]", found):
        raise BadAnswer("Bokstavene æ, ø og å er ødelagt (UTF-8 lest som Latin-1 og lagret igjen): last filen ned på nytt")
    return found.replace("\r\n", "\n").replace("\r", "\n")


def delimited(content: str) -> Sheet:
    """The rows of text with `;`, tabulator or `,` between the cells: the one that most rows agree on."""
    given = re.match(r"sep=(.)\n", content)  # a line for Excel
    if given:
        content = content[given.end() :]
    tables = {}
    for delimiter in given[1] if given else ";\t,":
        try:
            tables[delimiter] = list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True))
        except (csv.Error, ValueError) as error:
            damage = error
    if not tables:
        raise BadAnswer(f"Filen er ikke hel CSV ({damage}): last den ned på nytt")
    rows = max(tables.values(), key=_agreeing)  # the first of equals
    told: list[str] = []
    faults: list[str] = []
    formulas: list[str] = []
    if _agreeing(rows) == 0 and any(map(any, rows)):
        raise BadAnswer("Filen har ikke kolonner skilt med semikolon, tabulator eller komma")
    kept = [[_cell(value, f"rad {at}", told, formulas) for value in row] for at, row in enumerate(rows, 1)]
    widths = Counter(len(row) for row in rows if len(row) > 1)
    width = max(widths, key=lambda width: widths[width], default=0)
    for at, row in enumerate(kept, 1):
        if len(row) != width and sum(cell is not None for cell in row) > 1:
            faults.append(f"rad {at} har {len(row)} celler, mens de fleste har {width}")
    return Sheet("", _rectangle(kept), _summed(told), faults, formulas)


def figures(cells: Sequence[Cell], where: Callable[[int], str]) -> tuple[list[float], list[str | None]]:
    """The numbers in these cells and the producer's marks (`.`, `..`, `:`, `-`) beside them; NaN where there is no number.

    `-` is SSB's zero. Decimal comma or point, but one of them in all the cells; anything else is a `BadAnswer` that says
    `where` (given the cell's place in the list).
    """
    values: list[float] = []
    marks: list[str | None] = []
    points: dict[str, str] = {}
    for place, cell in enumerate(cells):
        mark = cell if isinstance(cell, str) and cell in MARKS else None
        if mark is not None or cell is None:
            value = None if mark is None else MARKS[mark]
            values.append(float("nan") if value is None else value)
        elif isinstance(cell, float):
            values.append(_plausible(cell, str(cell), where(place)))
        else:
            values.append(_number(cell, where(place)))
            points |= {sign: where(place) for sign in ",." if sign in cell}
        marks.append(mark)
    if len(points) > 1:
        raise BadAnswer(f"Både komma og punktum er brukt som desimaltegn ({points[',']} og {points['.']}): bruk ett av dem")
    return values, marks


def _number(cell: str, where: str) -> float:
    plain = cell.replace("\N{MINUS SIGN}", "-")
    if not NUMBER.fullmatch(plain):
        raise BadAnswer(f"«{cell[:40]}» er ikke et tall ({where})")
    return _plausible(float(plain.replace(" ", "").replace(",", ".")), cell, where)


def _plausible(value: float, cell: str, where: str) -> float:
    if not abs(value) < TOO_LARGE:  # NaN is not less
        raise BadAnswer(f"«{cell[:40]}» er for stort ({where})")
    return value


def _agreeing(rows: list[list[str]]) -> int:
    """How many rows have the most common number of cells above one."""
    return max(Counter(len(row) for row in rows if len(row) > 1).values(), default=0)


def _cell(value, where: str, told: list[str], formulas: list[str]) -> Cell:
    if isinstance(value, bool):
        return "SANN" if value else "USANN"
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        return str(value)
    value = " ".join(value.split())
    if value.startswith("="):
        if quoted := QUOTED_NUMBER.fullmatch(value):
            told.append("celle(r) skrevet som formel for å beholde nuller foran er lest som tekst")
            return " ".join(quoted[1].split()) or None
        formulas.append(f"{where} har formelen {value[:40]} som tekst")
    return value or None


def _summed(told: list[str]) -> list[str]:
    return [f"{count} {what}" for what, count in Counter(told).items()]


def _rectangle(rows: list[list[Cell]]) -> list[list[Cell]]:
    """All rows equally long, without the blank rows and columns after the last cell that holds something."""
    height = max((at for at, row in enumerate(rows, 1) if any(cell is not None for cell in row)), default=0)
    width = max((at for row in rows for at, cell in enumerate(row, 1) if cell is not None), default=0)
    if height * width > MAX_CELLS:
        raise BadAnswer(f"Tabellen spenner over mer enn {MAX_CELLS} celler")
    return [(row + [None] * width)[:width] for row in rows[:height]]


# Excel


def _workbook(body: bytes) -> list[Sheet]:
    parts = unpacked(body)
    if "xl/workbook.xml" not in parts:
        raise BadAnswer("Filen er en zip, men ikke en Excel-fil (.xlsx): pakk den ut og ta inn filene i den")
    paths = _sheet_paths(parts)
    if lost := [name for name, path in paths.items() if path not in parts]:
        raise BadAnswer(f"Excel-filen er skadet (arket «{lost[0]}» mangler): last den ned på nytt")
    untrusted = {name: _untrusted(parts[path], name) for name, path in paths.items()}
    sheets = []
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)) as workbook:
            for metadata in workbook.sheets_metadata:
                if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet:
                    cells = workbook.get_sheet_by_name(metadata.name).to_python(skip_empty_area=False)
                    sheets.append((metadata.name, cells))
    except python_calamine.CalamineError as error:
        raise BadAnswer(f"Excel-filen er skadet ({error}): last den ned på nytt") from error
    return [_sheet(name, cells, *untrusted.get(name, ([], []))) for name, cells in sheets]


def _sheet(name: str, cells: list[list], faults: list[str], formulas: list[str]) -> Sheet:
    told: list[str] = []
    rows = [[_cell(value, f"rad {at} i «{name}»", told, formulas) for value in row] for at, row in enumerate(cells, 1)]
    return Sheet(name, _rectangle(rows), _summed(told), faults, formulas)


def unpacked(body: bytes) -> dict[str, bytes]:
    """The XML in a zip whose whole content is no larger than it says and than MAX_BYTES, with its checksums right."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size > MAX_BYTES:
                raise BadAnswer(f"Zip-filen pakkes ut til {size // 10**6} MB; grensen er {MAX_BYTES // 10**6} MB")
            if len(set(archive.namelist())) < len(archive.namelist()):
                raise BadAnswer("Zip-filen har to filer med samme navn")
            return {member.filename: archive.read(member) for member in archive.infolist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BadAnswer(f"Filen er en skadet zip- eller Excel-fil ({error}): last den ned på nytt") from error
    except RuntimeError as error:
        raise BadAnswer("Filen er låst med passord: lagre den uten") from error


def _elements(xml: bytes):
    """The XML's elements as they end, by name without namespace. Excel writes no document type: it could unfold without end."""
    if b"<!DOCTYPE" in xml.replace(b"\0", b""):
        raise BadAnswer("Excel-filen inneholder en dokumenttype og er ikke laget av et regneark")
    try:
        for _, element in ElementTree.iterparse(io.BytesIO(xml)):
            yield element.tag.rpartition("}")[2], element
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BadAnswer(f"Excel-filen er skadet ({error}): last den ned på nytt") from error


def _sheet_paths(parts: dict[str, bytes]) -> dict[str, str]:
    """Which part of the zip each sheet is in."""
    targets = {
        element.get("Id"): element.get("Target", "")
        for name, element in _elements(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
        if name == "Relationship"
    }
    found = {}
    for name, element in _elements(parts["xl/workbook.xml"]):
        if name == "sheet":
            identity = next((value for key, value in element.attrib.items() if key.endswith("}id")), None)
            target = targets.get(identity, "")
            found[element.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _untrusted(xml: bytes, sheet: str) -> tuple[list[str], list[str]]:
    """The cells whose value the file does not hold: errors, and formulas never worked out; measures the sheet before it is read."""
    faults, formulas, height, width = [], [], 1, 1
    children: set[str] = set()
    for name, element in _elements(xml):
        if name == "row":
            element.clear()
        elif name in ("f", "is") or (name == "v" and element.text):
            children.add(name)
        elif name == "c" and children:  # a cell without content takes no room
            place = element.get("r", "")
            column, row = _place(place, sheet)
            height, width = max(height, row), max(width, column)
            if height * width > MAX_CELLS:
                raise BadAnswer(f"Arket «{sheet}» spenner over mer enn {MAX_CELLS} celler")
            if element.get("t") == "e":
                faults.append(f"{place} i «{sheet}» har en feilverdi")
            elif children == {"f"} and element.get("t") != "str":
                formulas.append(f"{place} i «{sheet}» har en formel uten utregnet verdi")
            children = set()
    return faults, formulas


def _place(reference: str, sheet: str) -> tuple[int, int]:
    """Column and row of a reference such as `AB12`, counted from 1."""
    letters = reference.rstrip("0123456789")
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise BadAnswer(f"Arket «{sheet}» har en celle «{reference[:20]}», som ikke er et sted i et regneark")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    row = reference[len(letters) :]
    if not re.fullmatch("[1-9][0-9]{0,6}", row):
        raise BadAnswer(f"Arket «{sheet}» har en rad «{row[:20]}», som ikke er et sted i et regneark")
    return column, int(row)
