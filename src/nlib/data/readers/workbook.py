"""Excel workbooks (.xlsx) as sheets: each cell that does not hold what it shows is named. A small zip may unpack to anything: every
part is counted before it is read, and the sheets are gone through a piece at a time."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from xml.parsers import expat

import python_calamine

from nlib.core.errors import BadAnswer, many
from nlib.data.readers import cells
from nlib.data.readers.cells import Cell, Cleaning, Percent, Sheet

MAX_PARTS = 3_000  # in the zip; a workbook has some ten and one a sheet
MAX_FILLED = 2_500_000  # cells in the XML, blank ones too
MAX_MARKS = 12_000_000  # signs «<» in a sheet, or in the list of texts that cells share; 1 000 000 in other parts
MAX_DEPTH = 50  # of elements within each other
LONGEST = 1_000_000  # bytes from one «>» to the next; the longest text of a cell is 32 767 signs
PIECE = 1 << 16
DAMAGED = "Excel-filen er skadet ({}): last den ned på nytt"
HIDDEN = "skjulte ark er ikke lest"
CALCULATES = re.compile("libreoffice|openoffice|gnumeric|wps|onlyoffice|numbers|calligra|planmaker|softmaker", re.IGNORECASE)
PERCENT = {"9", "10"}  # number formats that every workbook has
QUOTED = re.compile(r'"[^"]*"|\\.|\[[^]]*\]')  # in a number format: text, a sign as it is, a colour or condition
SCALED = re.compile(r"[0#?],+(?![0#?])")  # «#,##0,» shows thousands
OTHERS = {  # a part that tells what other zips are
    "xl/workbook.bin": "en binær Excel-fil (.xlsb): åpne den i Excel og lagre den som .xlsx",
    "word/document.xml": "et Word-dokument (.docx): kopier tabellen til et regneark og lagre det som .xlsx",
    "ppt/presentation.xml": "en PowerPoint-presentasjon (.pptx): kopier tabellen til et regneark og lagre det som .xlsx",
    "Index/Document.iwa": "et regneark fra Apple Numbers: eksporter det som Excel (.xlsx)",
    "Index.zip": "et regneark fra Apple Numbers: eksporter det som Excel (.xlsx)",
}
OPEN_DOCUMENTS = {
    "spreadsheet": "et LibreOffice-regneark (.ods): lagre det som .xlsx",
    "text": "et LibreOffice-dokument (.odt): kopier tabellen til et regneark og lagre det som .xlsx",
    "presentation": "en LibreOffice-presentasjon (.odp): kopier tabellen til et regneark og lagre det som .xlsx",
}


def read(body: bytes) -> list[Sheet]:
    """The visible sheets of a workbook; the first has a note of those that are hidden. `BadAnswer` for all other zips."""
    with opened(body) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" not in names:
            raise BadAnswer(f"Filen er {_other(archive, names)}")
        listed = _listed(archive)
        if lost := [name for name, (path, _) in listed.items() if path not in names]:
            raise BadAnswer(DAMAGED.format(f"arket «{lost[0]}» mangler"))
        shown = {name: path for name, (path, visible) in listed.items() if visible}
        budget = Budget()
        formats = _formats(archive, names)
        scans = {name: Scan(archive, path, name, formats, budget) for name, path in shown.items()}
        _never_calculated(archive, names, list(scans.values()))
    hidden = [name for name in listed if name not in shown]
    sheets = [_sheet(name, rows, scans[name]) for name, rows in _rows(body, set(shown))]
    filled = [sheet for sheet in sheets if sheet.rows]
    passed = f"{HIDDEN}: {', '.join(f'«{name}»' for name in hidden[:5])}"
    if hidden and not filled:
        raise BadAnswer(f"De synlige arkene er tomme, og {passed}. Vis det som skal leses, og lagre filen på nytt")
    if hidden:
        filled[0].notes.append(passed)
    return filled


# The zip


def opened(body: bytes) -> zipfile.ZipFile:
    """A zip whose content is no larger than it says and than the limits, with its checksums right."""
    if len(body) > cells.MAX_BYTES:
        raise BadAnswer(f"Filen er over {cells.MAX_BYTES // 10**6} MB: del den i flere filer")
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > cells.MAX_BYTES:
            raise BadAnswer(f"Zip-filen pakkes ut til {size // 10**6} MB; grensen er {cells.MAX_BYTES // 10**6} MB")
        if len(members) > MAX_PARTS:
            raise BadAnswer(f"Zip-filen har {len(members)} deler; grensen er {MAX_PARTS}")
        if len(set(archive.namelist())) < len(members):
            raise BadAnswer("Zip-filen har to filer med samme navn")
        for member in members:
            _measured(archive, member.filename)
        return archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BadAnswer(f"Filen er en skadet zip- eller Excel-fil ({error}): last den ned på nytt") from error
    except RuntimeError as error:
        raise BadAnswer("Filen er låst med passord: lagre den uten") from error


def _measured(archive: zipfile.ZipFile, name: str) -> None:
    """Read a part through, for its checksum; `BadAnswer` where its XML has more marks than a workbook has, or none for long."""
    xml = name.startswith("xl/") and name.endswith(".xml")
    many = MAX_MARKS if "worksheets/" in name or "sharedStrings" in name else MAX_MARKS // 12
    marks = since = 0
    for piece in _pieces(archive, name):
        if xml:
            marks += piece.count(b"<")
            last = piece.rfind(b">")
            since = since + len(piece) if last < 0 else len(piece) - last
        if marks > many:
            raise BadAnswer(f"Excel-filen har mer enn {many} merker i {name}: del den i flere filer")
        if since > LONGEST:
            raise BadAnswer(f"Excel-filen har mer enn {LONGEST} tegn i ett i {name}: slett det som er limt inn der")


def unpacked(body: bytes) -> dict[str, bytes]:
    """The files in a zip, by name."""
    with opened(body) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def members(body: bytes) -> list[str]:
    """The names in a zip, without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise BadAnswer(f"Filen er en skadet zip- eller Excel-fil ({error}): last den ned på nytt") from error


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read(PIECE):
            yield piece


def _other(archive: zipfile.ZipFile, names: set[str]) -> str:
    """What a zip is that is no workbook, and what to do."""
    if found := next((what for name, what in OTHERS.items() if name in names), None):
        return found
    if {"content.xml", "mimetype"} & names and {"META-INF/manifest.xml", "content.xml"} & names:
        declared = b"".join(archive.read(name)[:5000] for name in ("mimetype", "META-INF/manifest.xml") if name in names)
        kind = next((kind for kind in OPEN_DOCUMENTS if f"opendocument.{kind}".encode() in declared), "spreadsheet")
        return OPEN_DOCUMENTS[kind]
    if any(name.casefold().endswith((".shp", ".gml", ".gpkg", ".gdb")) for name in names):
        return "en zip med kart i et annet format enn GeoJSON: lagre kartet som GeoJSON"
    return "en zip, men ikke en Excel-fil (.xlsx): pakk den ut og ta inn filene i den"


# XML, a piece at a time


def _parsed(archive: zipfile.ZipFile, name: str, start=None, end=None, text=None) -> None:
    """Call `start` (name, attributes), `end` (name) and `text` as the XML of a part is read; names are without namespace. Excel
    writes no document type: it could unfold without end."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def doctype(*_):
        raise BadAnswer("Excel-filen inneholder en dokumenttype og er ikke laget av et regneark")

    def opens(element, attributes):
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise BadAnswer(f"Excel-filen har mer enn {MAX_DEPTH} nivåer i {name}")
        if start:
            start(element, attributes)

    def closes(element):
        nonlocal depth
        depth -= 1
        if end:
            end(element)

    parser.StartDoctypeDeclHandler, parser.StartElementHandler, parser.EndElementHandler = doctype, opens, closes
    parser.CharacterDataHandler = text
    try:
        for piece in _pieces(archive, name):
            parser.Parse(piece)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise BadAnswer(DAMAGED.format(f"{name}: {error}")) from error


def _elements(archive: zipfile.ZipFile, name: str, *wanted: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of these names in a part that is small, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(element, attributes):
        if (plain := element.rpartition(":")[2]) in wanted:
            found.append((plain, attributes))
            if len(found) > 100_000:
                raise BadAnswer(f"Excel-filen har for mange deler i {name}")

    _parsed(archive, name, start)
    return found


def _listed(archive: zipfile.ZipFile) -> dict[str, tuple[str, bool]]:
    """The sheets by name: which part of the zip each is in, and whether it is visible."""
    relations = "xl/_rels/workbook.xml.rels"
    links = _elements(archive, relations, "Relationship") if relations in archive.namelist() else []
    targets = {attributes.get("Id"): attributes.get("Target", "") for _, attributes in links}
    found = {}
    for _, attributes in _elements(archive, "xl/workbook.xml", "sheet"):
        identity = next((value for key, value in attributes.items() if key.endswith(":id")), None)
        target = targets.get(identity, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        found[attributes.get("name", "")] = (path, attributes.get("state", "visible") == "visible")
    return found


def _formats(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    """What the number formats of the workbook's styles (by their place) do to a number: `percent` or `scaled`."""
    if "xl/styles.xml" not in names:
        return {}
    codes: dict[str, str] = {}
    styles: list[str] = []
    within = [""]

    def start(element, attributes):
        name = element.rpartition(":")[2]
        within.append(name)
        if name == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and within[-2] == "cellXfs":
            styles.append(attributes.get("numFmtId", "0"))
        if len(styles) + len(codes) > 100_000:
            raise BadAnswer("Excel-filen har for mange stiler")

    _parsed(archive, "xl/styles.xml", start, lambda element: within.pop())
    effects = {}
    for identity, code in codes.items():
        bare = QUOTED.sub("", code)
        effects[identity] = "percent" if "%" in bare else "scaled" if SCALED.search(bare.split(";")[0]) else ""
    effects |= dict.fromkeys(PERCENT, "percent")
    return {str(at): effect for at, identity in enumerate(styles) if (effect := effects.get(identity, ""))}


@dataclass
class Budget:
    """What is left of the cells that a workbook may have."""

    filled: int = MAX_FILLED
    spanned: int = cells.MAX_CELLS

    def spend(self, sheet: str, filled: int = 0, spanned: int = 0) -> None:
        self.filled -= filled
        self.spanned -= spanned
        if self.spanned < 0:
            raise BadAnswer(f"Arket «{sheet}» spenner over mer enn {cells.MAX_CELLS} celler: slett det som ligger langt ute")
        if self.filled < 0:
            raise BadAnswer(f"Excel-filen har mer enn {MAX_FILLED} celler (arket «{sheet}»): del den i flere filer")


class Scan:
    """What the XML of a sheet tells that its values do not, by place, also where cells do not say where they are."""

    def __init__(self, archive: zipfile.ZipFile, path: str, name: str, formats: dict[str, str], budget: Budget):
        self.name, self.formats, self.budget = name, formats, budget
        self.faults: dict[cells.Place, str] = {}
        self.formulas: dict[cells.Place, str] = {}
        self.computed: set[cells.Place] = set()
        self.zeros: set[cells.Place] = set()  # formulas whose result is 0 or empty
        self.percent: set[tuple[int, int]] = set()
        self.hidden = 0  # rows and columns
        self.row = self.column = -1
        self.height = self.width = self.elements = 0
        self.columns: dict[str, int] = {}
        self.cell: dict[str, str] = {}
        self.formula = self.value = self.inside = False
        self.text = ""
        _parsed(archive, path, self.start, self.end, self.characters)
        budget.spend(name, self.elements & 0xFFF, self.height * self.width)

    def start(self, element, attributes):
        name = element.rpartition(":")[2]
        if name == "c":
            self._place(attributes.get("r"))
            self.cell, self.formula, self.value, self.text = attributes, False, False, ""
            self.elements += 1
            if self.elements & 0xFFF == 0:
                self.budget.spend(self.name, filled=0x1000)
        elif name == "v":
            self.inside = True
        elif name == "f":
            self.formula = True
        elif name == "is":
            self.value = True
        elif name in ("row", "col"):
            self.hidden += attributes.get("hidden") in ("1", "true")
            if name == "row":
                self.row, self.column = self._number(attributes["r"]) if "r" in attributes else self.row + 1, -1
                if self.row >= cells.MAX_ROWS:
                    raise BadAnswer(f"Arket «{self.name}» har mer enn {cells.MAX_ROWS} rader")

    def characters(self, text):
        if self.inside:
            self.value = True
            self.text = text if len(text) < 20 else ""

    def end(self, element):
        if element == "v" or element.endswith(":v"):
            self.inside = False
        elif (self.formula or self.value) and (element == "c" or element.endswith(":c")):  # one without content takes no room
            self._hold()

    def _hold(self):
        place = (self.row, self.column)
        if self.row >= self.height or self.column >= self.width:
            self.height, self.width = max(self.height, self.row + 1), max(self.width, self.column + 1)
            if self.height * self.width > self.budget.spanned:
                self.budget.spend(self.name, spanned=self.height * self.width)
        kind = self.cell.get("t", "n")
        if kind == "e":
            self.faults[place] = f"har feilverdien {self.text[:20] or 'fra en formel'}"
        elif self.formula and not self.value and kind != "str":
            self.formulas[place] = "har en formel uten utregnet verdi"
        elif self.formula:
            self.computed.add(place)
            if self.text in ("", "0", "0.0") and (kind in ("n", "b") or not self.value):
                self.zeros.add(place)
        effect = self.formats.get(self.cell.get("s", "0")) if kind == "n" else None
        if effect == "percent":
            self.percent.add(place)
        elif effect == "scaled":
            self.faults[place] = "er vist i tusen eller millioner, men holder hele tallet: vis det slik det er"
        self.formula = self.value = False

    def _place(self, reference: str | None) -> None:
        """Row and column of a reference such as `AB12`; after the one before where there is none, as it may be."""
        if reference is None:
            self.column += 1
            return
        letters = reference.rstrip("0123456789")
        if letters not in self.columns:
            if not re.fullmatch("[A-Z]{1,3}", letters):
                raise BadAnswer(f"Arket «{self.name}» har en celle «{reference[:20]}», som ikke er et sted i et regneark")
            self.columns[letters] = reduce(lambda column, letter: column * 26 + ord(letter) - ord("A") + 1, letters, 0) - 1
        self.row, self.column = self._number(reference[len(letters) :]), self.columns[letters]

    def _number(self, row: str) -> int:
        if not re.fullmatch("[1-9][0-9]{0,6}", row):
            raise BadAnswer(f"Arket «{self.name}» har en rad «{row[:20]}», som ikke er et sted i et regneark")
        return int(row) - 1


def _never_calculated(archive: zipfile.ZipFile, names: set[str], scans: list[Scan]) -> None:
    """Mark the formulas of a workbook that a program wrote and no spreadsheet has opened: their zeros are no results. Excel keeps
    the order it calculates in (calcChain); other spreadsheets name themselves."""
    if "xl/calcChain.xml" in names or any(scan.computed - scan.zeros for scan in scans):
        return
    if "docProps/app.xml" in names and CALCULATES.search(archive.read("docProps/app.xml")[:20_000].decode("utf-8", "replace")):
        return
    for scan in scans:
        scan.formulas |= dict.fromkeys(scan.zeros, "har en formel som aldri er regnet ut: åpne filen i Excel og lagre den")
        scan.computed -= scan.zeros


# The cells


def _rows(body: bytes, wanted: set[str]) -> Iterator[tuple[str, Iterator[list]]]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(body)) as workbook:
            for metadata in workbook.sheets_metadata:
                if metadata.typ == python_calamine.SheetTypeEnum.WorkSheet and metadata.name in wanted:
                    yield metadata.name, _from_first_row(workbook.get_sheet_by_name(metadata.name))
    except python_calamine.CalamineError as error:
        raise BadAnswer(DAMAGED.format(error)) from error


def _from_first_row(sheet) -> Iterator[list]:
    """The rows from the sheet's first and columns from its first, also where nothing is in them."""
    if sheet.start is None:
        return
    down, right = sheet.start
    yield from ([] for _ in range(down))
    for row in sheet.iter_rows():
        yield [""] * right + row


def _sheet(name: str, rows: Iterator[list], scan: Scan) -> Sheet:
    cleaning = Cleaning()
    grid: list[list[Cell]] = [cleaning.row(at, row) for at, row in enumerate(rows)]
    for row, column in scan.percent:
        if column < len(grid[row]) and isinstance(value := grid[row][column], float):
            grid[row][column] = Percent(round(value * 100, 10))
            cleaning.changed["celle(r) i prosentformat er lest som de vises (0,635 er 63,5)"] += 1
    notes = cleaning.notes()
    if scan.hidden:
        notes.append(f"{many(scan.hidden, 'skjult rad eller kolonne', 'skjulte rader og kolonner')} i «{name}» er lest")
    return Sheet(
        name, cells.rectangle(grid), notes, cleaning.faults | scan.faults, cleaning.formulas | scan.formulas, scan.computed
    )
