"""Columns found by their headings: `resources/import_columns.csv` says which spellings mean which column in each kind of file.

What stands where in the file does not matter, and no column is taken for another: a heading that is not in the table is told of,
one that is missing is an error that lists the spellings.
"""

import importlib.resources
import itertools
import re
from dataclasses import dataclass
from functools import cache

import pandas as pd

from nlib.errors import BadAnswer
from nlib.readers import sheets
from nlib.readers.sheets import Cell, Sheet

NEAR_THE_TOP = 10  # rows among which the headings must be
UNITS = {"kr": 1.0, "1 000 kr": 1_000.0, "mill. kr": 1_000_000.0}
SPELT = {  # the longest first: «1 000 kr» ends in «kr»
    "mill. kr": r"mill\.? ?(?:kr|kroner|nok)|millioner(?: kroner| kr)?|mnok|mkr",
    "1 000 kr": r"1[ .]?000 ?(?:kr|kroner|nok)|(?:hele )?tusen(?: kroner| kr)?|tnok|tkr|knok",
    "kr": r"kroner|kr|nok",
}
SPELT_UNIT = re.compile(
    r"\b(?:i )?(?:" + "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(SPELT.values())) + r")\b\.?"
)


@dataclass(frozen=True)
class Found:
    """A table whose columns are known: our column -> its cells, and -> its unit (None where the heading has none).

    `banner` is the unit said above the headings, if one is; `rows` the row numbers in the file, for messages.
    """

    columns: dict[str, list[Cell]]
    units: dict[str, str | None]
    banner: str | None
    rows: list[int]
    told: list[str]

    def where(self, at: int) -> str:
        return f"rad {self.rows[at]}"


@cache
def spellings(kind: str) -> pd.DataFrame:
    """The headings that a kind of file may have: `column`, `role` (required, optional, measure), `spelling`."""
    with importlib.resources.files("nlib.resources").joinpath("import_columns.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, dtype="str", comment="#")
    return table[table["kind"] == kind]


def recognised(kind: str, found: list[Sheet]) -> bool:
    """Whether a sheet has all the headings that this kind of file must have."""
    return any(_headings(kind, sheet) is not None for sheet in found)


def read(kind: str, found: list[Sheet]) -> list[Found]:
    """The tables of this kind, one from each sheet that has the headings; the other sheets are told of."""
    tables, passed = [], []
    for sheet in found:
        at = _headings(kind, sheet)
        if at is None:
            passed.append(f"arket «{sheet.name}» har ikke kolonnene og er ikke lest")
        else:
            tables.append(_table(kind, sheet.trusted(), at))
    if not tables:
        raise BadAnswer(_missing(kind, found))
    tables[0].told.extend(passed)
    return tables


def unit(heading: str) -> str | None:
    """The unit of money that a text names: «kr», «1 000 kr» or «mill. kr»; None where it names none."""
    match = SPELT_UNIT.search(" ".join(heading.casefold().split()))
    return next(name for name, part in zip(SPELT, match.groups(), strict=True) if part is not None) if match else None


def _plain(heading: Cell) -> str:
    """A heading without case, spaces, punctuation and unit."""
    return re.sub(r"[\W_]+", "", SPELT_UNIT.sub("", " ".join(str(heading).casefold().split())))


@cache
def _known(kind: str) -> dict[str, str]:
    return {_plain(row.spelling): row.column for row in spellings(kind).itertuples()}


def _columns(kind: str, role: str) -> list[str]:
    table = spellings(kind)
    return list(dict.fromkeys(table.loc[table["role"] == role, "column"]))


def _headings(kind: str, sheet: Sheet) -> int | None:
    """The row of the headings: the first that has all the required ones, and a measure where the kind has any."""
    required, measures = set(_columns(kind, "required")), set(_columns(kind, "measure"))
    for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
        named = {_known(kind).get(_plain(cell)) for cell in row}
        if required <= named and (not measures or measures & named):
            return at
    return None


def _missing(kind: str, found: list[Sheet]) -> str:
    """Which headings are missing where most of them are, with the spellings that are accepted."""
    rows = [{_known(kind).get(_plain(cell)) for cell in row} for sheet in found for row in sheet.rows[:NEAR_THE_TOP]]
    closest = max(rows, key=lambda named: len(named - {None}), default=set())
    table = spellings(kind)
    lines = [
        f"  - {column}: {', '.join(table.loc[table['column'] == column, 'spelling'])}"
        for column in _columns(kind, "required")
        if column not in closest
    ]
    if (measures := _columns(kind, "measure")) and not closest & set(measures):
        lines.append(f"  - minst én av: {', '.join(table.loc[table['role'] == 'measure', 'spelling'])}")
    return "Kolonner mangler. Skrivemåtene som godtas:\n" + "\n".join(lines)


def _table(kind: str, sheet: Sheet, at: int) -> Found:
    headings = sheet.rows[at]
    places: dict[str, int] = {}
    told = list(sheet.told)
    for place, heading in enumerate(headings):
        column = _known(kind).get(_plain(heading))
        if column in places:
            raise BadAnswer(f"Kolonnene «{headings[places[column]]}» og «{heading}» er begge {column}: behold den ene")
        if column is not None:
            places[column] = place
        elif heading is not None:
            told.append(f"kolonnen «{heading}» er ukjent og ikke lest")
        elif any(row[place] is not None for row in sheet.rows[at + 1 :]):
            raise BadAnswer(f"Kolonne {place + 1} har innhold, men ingen overskrift i rad {at + 1}")
    below = list(enumerate(sheet.rows[at + 1 :], at + 2))
    body = list(itertools.takewhile(lambda numbered: _filled(numbered[1], places) > 1, below))
    if not body:
        raise BadAnswer(f"Det er ingen rader under overskriftene i rad {at + 1}")
    if gap := [number for number, row in below[len(body) :] if _filled(row, places) > 1]:
        raise BadAnswer(f"Rad {gap[0]} ligger under en tom rad: fjern de tomme radene, eller det som ikke hører til tabellen")
    banners = {said for row in sheet.rows[:at] for cell in row if isinstance(cell, str) and (said := unit(cell)) is not None}
    if len(banners) > 1:
        raise BadAnswer(f"Radene over overskriftene nevner flere enheter: {', '.join(sorted(banners))}")
    return Found(
        {column: [row[place] for _, row in body] for column, place in places.items()},
        {column: unit(str(headings[place])) for column, place in places.items()},
        banners.pop() if banners else None,
        [number for number, _ in body],
        told,
    )


def _filled(row: list[Cell], places: dict[str, int]) -> int:
    return sum(row[place] is not None for place in places.values())


def years(found: Found, column: str = "year") -> list[int]:
    """A column of years as whole numbers between 1900 and 2100."""
    return [int(_digits(cell, r"(?:19|20)\d\d", "et år", found.where(at))) for at, cell in enumerate(found.columns[column])]


def numbers(found: Found, column: str, pattern: str, what: str, width: int = 0) -> list[str]:
    """A column of numbers that are names, as text, with the zeros in front that Excel has taken (it is told of)."""
    cells = [_digits(cell, pattern, what, found.where(at)) for at, cell in enumerate(found.columns[column])]
    if short := sum(len(cell) < width for cell in cells):
        found.told.append(f"{short} {what} har fått tilbake nullen foran")
    return [cell.zfill(width) for cell in cells]


def _digits(cell: Cell, pattern: str, what: str, where: str) -> str:
    written = f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell if cell is not None else "")
    if not re.fullmatch(pattern, written, re.ASCII):
        raise BadAnswer(f"«{written[:40]}» er ikke {what} ({where})")
    return written


def counts(table: Found, name: str, what: str = "personer"):
    """A column of counts as Int64, missing where the file has none; anything but a whole number of at least 0 is a `BadAnswer`."""
    cells = table.columns.get(name, [None] * len(table.rows))
    values, _ = sheets.figures(cells, lambda at: f"{name} i {table.where(at)}")
    if wrong := [at for at, value in enumerate(values) if value < 0 or value % 1 > 0]:  # NaN is neither
        raise BadAnswer(f"«{cells[wrong[0]]}» er ikke et antall {what} ({name} i {table.where(wrong[0])})")
    return pd.array(values, dtype="Float64").astype("Int64")
