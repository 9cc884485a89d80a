"""Tables that people have saved by hand, CSV and Excel, as rows of cells; nothing is guessed. What only looks like a table is
refused, and a number that can be read in two ways, unless other numbers of the file settle it."""

import contextlib
import csv
import itertools
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from nlib.core.errors import BadAnswer
from nlib.data.readers import statbank_json, workbook
from nlib.data.readers.cells import MAX_BYTES, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Cell, Cleaning, Date, Percent, Sheet, rectangle
from nlib.data.readers.letters import text

TOO_LARGE = 1e15  # Norway's yearly value added is some 5e12 kr
MARKS = {".": None, "..": None, ":": None, "-": 0.0}  # SSB's: cannot occur, not available, hidden, exactly zero
EMPTY = "Filen har ingen celler med innhold"
DELIMITERS = ";\t,|"
SNIFFED = 2_000  # lines that show which of them parts the cells
KNOWN = {  # how files of other kinds begin
    b"\xd0\xcf\x11\xe0": "Filen er en gammel (.xls) eller passordlåst Excel-fil: lagre den som .xlsx uten passord",
    b"%PDF": "Filen er en PDF: hent tallene som Excel eller CSV",
    b"PAR1": "Filen er i formatet Parquet: last ned tabellen som Excel eller som CSV med overskrift",
    b"{\\rtf": "Filen er et tekstdokument (.rtf): kopier tabellen til et regneark og lagre det som .xlsx",
    **dict.fromkeys((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"), "Filen er et bilde: hent tallene som Excel eller CSV"),
    b"\x1f\x8b": "Filen er pakket (.gz): pakk den ut først",
    b"7z\xbc\xaf": "Filen er pakket (.7z): pakk den ut først",
    b"Rar!": "Filen er pakket (.rar): pakk den ut først",
    b"BZh": "Filen er pakket (.bz2): pakk den ut først",
    b"SQLite format 3": "Filen er en database (SQLite eller GeoPackage): eksporter tabellen som CSV, eller kartet som GeoJSON",
    b"$FL2": "Filen er fra SPSS (.sav): eksporter den som CSV eller Excel",
    b"<stata_dta>": "Filen er fra Stata (.dta): eksporter den som CSV eller Excel",
}
PX = re.compile(r"\s*(CHARSET|AXIS-VERSION|CODEPAGE|LANGUAGES?|MATRIX|TITLE|CREATION-DATE|SUBJECT-AREA)(\[\w+\])?\s*=")


def read(body: bytes) -> list[Sheet]:
    """The visible sheets of an Excel workbook, or the one of a text file with `;`, tabulator, `,` or `|` between the cells.
    `BadAnswer` for everything else: HTML, old or locked Excel files, other zips, more than MAX_BYTES or MAX_CELLS, no cells."""
    sheets = workbook.read(body) if body.startswith(b"PK") else [of_text(table_text(body))]
    if not sheets:
        raise BadAnswer(EMPTY)
    return sheets


def of_text(content: str) -> Sheet:
    """The table in a text: a StatBank table in JSON-stat, else one with delimiters."""
    return (statbank_json.sheet(content) if content.lstrip()[:1] in ("{", "[") else None) or delimited(content)


def table_text(body: bytes) -> str:
    """The characters of a file that should be a table; `BadAnswer` names what other known kinds of files are."""
    if len(body) > MAX_BYTES:
        raise BadAnswer(f"Filen er over {MAX_BYTES // 10**6} MB: del den i flere filer")
    for signature, what in KNOWN.items():
        if body.startswith(signature):
            raise BadAnswer(what)
    content = text(body)
    start = content[:1000].lstrip()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise BadAnswer("Filen er et regneark i XML fra Excel 2003: åpne den i Excel og lagre den som .xlsx")
    if start.startswith("<"):
        raise BadAnswer("Filen er en HTML- eller XML-side, ikke en tabell: last den ned på nytt som CSV eller Excel")
    if PX.match(start):
        raise BadAnswer(
            "Filen er en PC-Axis-fil (.px) fra Statistikkbanken: last ned tabellen som Excel eller som semikolonseparert CSV med "
            "overskrift"
        )
    if re.match(r"(\[InternetShortcut\]\s*URL=)?https?://\S+\s*$", start):
        raise BadAnswer(
            "Filen er en adresse, ikke tallene den fører til: åpne den i nettleseren og last ned tabellen som Excel eller CSV"
        )
    return content


def delimited(content: str) -> Sheet:
    """The rows of text with the delimiter that most rows in a run agree on, or the one in a line `sep=;` for Excel."""
    given = re.match(r"sep=(.)(?=\n)", content)
    if given:  # the line stays as a blank row, so that rows keep their numbers
        content = content[given.end() :]
    if (lines := content.count("\n")) > MAX_ROWS:
        raise BadAnswer(f"Filen har {lines} linjer; grensen er {MAX_ROWS}: del den i flere filer")
    if (count := lines + max(map(content.count, DELIMITERS))) > 2 * MAX_CELLS:
        raise BadAnswer(f"Filen har {count} celler; grensen er {MAX_CELLS}: del den i flere filer")
    delimiter, spaced = (given[1], False) if given else _delimiter(content)
    cleaning = Cleaning()
    rows = list(_parsed(content, delimiter, spaced, cleaning))
    widths = [len(row) for row in rows]
    usual = _run(widths)[1]
    if usual < 2 and any(map(any, rows)):
        raise BadAnswer("Filen har ikke kolonner skilt med semikolon, tabulator eller komma")
    for at, row in enumerate(rows):
        filled = sum(cell is not None for cell in row)
        if filled > 1 and (len(row) < usual or any(cell is not None for cell in row[usual:])):
            cleaning.faults[at, None] = f"har {len(row)} celler, mens de fleste har {usual}"
    if not rectangle(rows):
        raise BadAnswer(EMPTY)
    return Sheet("", rows, cleaning.notes(), cleaning.faults, cleaning.formulas)


def _lines(content: str) -> Iterator[str]:
    start = 0
    while (end := content.find("\n", start)) >= 0:
        yield content[start : end + 1]
        start = end + 1
    if start < len(content):
        yield content[start:]


def _delimiter(content: str) -> tuple[str, bool]:
    """Which sign parts the cells, and whether a space follows it: the longest run of rows with equally many cells. A sign with a
    space after it is taken for prose (titles and footnotes), unless no sign is without."""
    sample = list(itertools.islice(_lines(content), SNIFFED))
    quoted = all(line.startswith('"') for line in sample if line.strip())
    for spaced in (False, True):
        runs = {}
        for sign in DELIMITERS + " " * quoted:
            lines = sample if spaced or sign in "\t " else [line.replace(f"{sign} ", "  ") for line in sample]
            widths: list[int] = []
            with contextlib.suppress(csv.Error):  # a cell too long: refused when the rows are read
                widths.extend(map(len, csv.reader(lines, delimiter=sign)))
            runs[sign] = _run(widths)
        best = max(runs, key=lambda sign: runs[sign])  # the first of equals
        if runs[best][1] > 1:
            return best, spaced
    return ";", False


def _run(widths: list[int]) -> tuple[int, int]:
    """The longest run of rows with as many cells, above one, blank rows aside: how many rows, and how many cells."""
    best, current, before = (0, 0), 0, 0
    for width in widths:
        if width:
            current = current + 1 if width == before else 1
            before = width
            if width > 1:
                best = max(best, (current, width))
    return best


def _parsed(content: str, delimiter: str, spaced: bool, cleaning: Cleaning) -> Iterator[list[Cell]]:
    reader = csv.reader(_lines(content), delimiter=delimiter, strict=True, skipinitialspace=spaced)
    number = 0
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise BadAnswer(f"Rad {number + 1} har {len(row)} celler; grensen er {MAX_COLUMNS}")
            yield cleaning.row(number, row)
            number += 1
    except csv.Error as error:
        place = f"rad {number + 1}" + (f" (linje {reader.line_num} i filen)" if reader.line_num != number + 1 else "")
        fault = f'et anførselstegn inne i en celle i {place} er ikke doblet ("")'
        if "unexpected end" in str(error):
            fault = f"anførselstegnet som åpner en celle i rad {number + 1}, lukkes ikke"
        elif "field larger" in str(error):
            fault = f"en celle i {place} er for lang, eller et anførselstegn mangler"
        raise BadAnswer(f"Filen er ikke hel CSV: {fault}. Rett raden, eller eksporter filen på nytt") from error


# Numbers

NUMBER = re.compile(r"[-+]?(\d{1,3}( \d{3})+|\d+)([.,]\d+)?([eE][-+]?\d{1,3})?", re.ASCII)
GROUPED = re.compile(r"[-+]?\d{1,3}(?:(?P<sign>[.,])\d{3}(?:(?P=sign)\d{3})+|(?P<one>[.,])\d{3}(?!(?P=one))[.,]\d+)", re.ASCII)
AMBIGUOUS = re.compile(r"[-+]?[1-9]\d{0,2}[.,]\d{3}", re.ASCII)  # «52.000» is fifty-two thousand, and fifty-two to a program
DASHES = {"-", "–", "—", "\N{MINUS SIGN}"}
NAMES = {",": "komma", ".": "punktum"}


def figures(
    cells: Sequence[Cell], where: Callable[[int], str], dash: bool = False, percent: bool = False
) -> tuple[Sequence[float], list[str | None]]:
    """The numbers in these cells and the producer's marks (`.`, `..`, `:`, `-`) beside them; NaN where there is no number.

    Decimal comma or point and a sign for thousands, but the same in all the cells; a number that can be both («46.402») is read as
    the others show, and a `BadAnswer` where none does. So is anything else than a number, with the place that `where` says (given
    the cell's place in the list). `dash`: `-` is SSB's zero; elsewhere it may be a zero or a missing figure, and is refused.
    `percent`: the figures are in per cent, and «63,5 %» is 63.5; elsewhere it is refused.
    """
    written = [
        _bare(cell, percent, partial(where, at)) if isinstance(cell, str) and cell not in MARKS and cell not in DASHES else ""
        for at, cell in enumerate(cells)
    ]
    decimal = _decimal_sign(written, where)
    values = array("d")
    marks: list[str | None] = []
    for at, cell in enumerate(cells):
        if isinstance(cell, str) and cell in DASHES and not (dash and cell == "-"):
            raise BadAnswer(f"«{cell}» kan være 0 eller et tall som mangler ({where(at)}): skriv 0, eller la cellen stå tom")
        if isinstance(cell, Percent) and not percent:
            raise BadAnswer(f"«{cell}» er vist som prosent, og det er ikke tallene her ({where(at)}): vis cellen som tall")
        mark = cell if isinstance(cell, str) and cell in MARKS else None
        if cell is None or mark is not None:
            value = None if mark is None else MARKS[mark]
            values.append(float("nan") if value is None else value)
        else:
            kept = "".join(sign for sign in written[at] if sign not in " ,." or sign == decimal)  # without signs for thousands
            value = cell if isinstance(cell, float) else float(kept.replace(",", "."))
            if not abs(value) < TOO_LARGE:  # NaN is not less
                raise BadAnswer(f"«{str(cell)[:40]}» er for stort ({where(at)})")
            values.append(value)
        marks.append(mark)
    return values, marks


def is_number(cell: str) -> bool:
    """Whether a text is a number as people write it."""
    return bool(NUMBER.fullmatch(cell) or GROUPED.fullmatch(cell))


def _bare(cell: str, percent: bool, where: Callable[[], str]) -> str:
    """A number as it is written, with a plain minus and without a sign for per cent; `BadAnswer` where it is none."""
    if isinstance(cell, Date):
        raise BadAnswer(f"«{cell[:40]}» er en dato, ikke et tall ({where()}): regnearket kan ha gjort om tallet. Skriv det på nytt")
    number = re.sub(r"^[\N{MINUS SIGN}–](?=\d)", "-", cell)
    if number.endswith("%"):
        if not percent:
            raise BadAnswer(f"«{cell[:40]}» er prosent, og det er ikke tallene her ({where()}): skriv bare tallet")
        number = number[:-1].rstrip()
    if not is_number(number):
        raise BadAnswer(f"«{cell[:40]}» er ikke et tall ({where()}): skriv bare tallet, uten enhet og merker")
    return number


def _decimal_sign(written: Sequence[str], where: Callable[[int], str]) -> str | None:
    """The sign for decimals among numbers as they are written, None where none has any; `BadAnswer` where they do not agree."""
    decimals: dict[str, int] = {}
    thousands: dict[str, int] = {}
    both: dict[str, int] = {}
    for at, number in enumerate(written):
        signs = [sign for sign in number if sign in ",."]
        if not signs:
            continue
        if AMBIGUOUS.fullmatch(number):
            both.setdefault(signs[0], at)
        elif len(signs) == 1:
            decimals.setdefault(signs[0], at)
        else:
            thousands.setdefault(signs[0], at)
            if signs[-1] != signs[0]:
                decimals.setdefault(signs[-1], at)
    twofold = [[at, decimals[sign]] for sign, at in thousands.items() if sign in decimals]
    if len(thousands) > 1:
        twofold.append(list(thousands.values()))
    if twofold:
        pair = " og ".join(f"«{written[at]}» ({where(at)})" for at in twofold[0])
        raise BadAnswer(f"Tusenskille og desimaltegn er ikke skrevet likt i hele filen: {pair}. Skriv alle tall på samme måte")
    if len(decimals) > 1:
        comma, point = (f"«{written[decimals[sign]]}», {where(decimals[sign])}" for sign in ",.")
        raise BadAnswer(f"Både komma og punktum er brukt som desimaltegn ({comma} og {point}): bruk ett av dem")
    if decimals:
        return next(iter(decimals))
    if thousands:
        return "," if "." in thousands else "."
    if both:
        sign, at = next(iter(both.items()))
        number = written[at]
        raise BadAnswer(
            f"«{number}» kan være {number.replace(sign, ' ')} eller {number.replace(sign, ',')} ({where(at)}), og ingen andre tall "
            f"i filen viser hva {NAMES[sign]} betyr: skriv tallene uten tusenskille"
        )
    return None
