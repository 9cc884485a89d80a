"""Excel workbooks as nlib writes them: sheets of headings and rows, no text that is a formula, and the same bytes twice."""

import io
import re
import zipfile

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from nlib.charts.html import harmless
from nlib.core.translations import _

LONGEST = 32_767  # characters in a cell of Excel
NOTE = _("En tekst som begynner som en formel (= + - @), har fått en apostrof foran seg.")


def fill(sheet, headings, rows, widths=(), above=(), formats=()) -> None:
    """Lines above, bold headings that stay while one scrolls, and rows; `formats` is how Excel shows each column's numbers."""
    for at, width in enumerate(widths or [16] * len(headings)):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(at + 1)].width = width
    sheet.freeze_panes = f"A{len(above) + 2}"
    for line in above:
        sheet.append([cell(value) for value in line])
    bold = [WriteOnlyCell(sheet, cell(heading)) for heading in headings]
    for heading in bold:
        heading.font = Font(bold=True)
    sheet.append(bold)
    for row in rows:
        shown = [cell(value) for value in row]
        sheet.append([_formatted(sheet, *pair) for pair in zip(shown, formats, strict=True)] if formats else shown)


def cell(value):
    """A value as Excel may hold it: text without signs that XML has no room for, and never a formula."""
    return harmless(ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST] if isinstance(value, str) else value


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file, without the time that it was written at."""
    written, body = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as read, zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as same:
        for name in read.namelist():
            part = read.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", part)
            same.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def _formatted(sheet, value, shown):
    made = WriteOnlyCell(sheet, value)
    made.number_format = shown
    return made
