"""StatBank tables that people have downloaded by hand, as CSV or Excel, and often saved again: banner, headings, footnotes. The
title («13472: Sysselsatte per 4. kvartal, etter region, sektor, år og statistikkvariabel») names the dimensions, and a file whose
columns and heading rows do not hold exactly these is refused."""

import itertools
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from nlib.core.errors import BadAnswer, many
from nlib.core.tables import CC_BY, SSB, Imported
from nlib.data.readers import sheets, units
from nlib.data.readers.cells import Cell, Date, Percent, Sheet, written
from nlib.data.readers.kinds import Contents, File, FileKind, rows

TITLE = re.compile(
    r"(?:(?:tabell|table)\s*:?\s*)?(?P<table>\d{5})\s*[:.]?\s+(?:.+,|\S.*?)\s+(?:etter|by)\s+(?P<dims>.+?)\.?", re.IGNORECASE
)  # the last «, etter», as what is before it is greedy
LIST_TITLE = re.compile(r"(?P<table>\d{5})(?::\s*\S.*)?")  # the last heading of a list, in full, without dimensions or by number
CODED = re.compile(  # «K-3801 Horten», «EKG01 KOSTRA-gruppe 1», «EAKUO Landet uten Oslo», but not «15-74 år»
    r"((?:[A-Z]{1,3}[-_])?\d[\w.+-]*|[A-Z]{2,6}\d[A-Z\d]*|E(?:AK|AFK|AB)[A-Z]*)(?: -)? ([^\W\d_a-zæøå].*)"
)
WORDED = re.compile(r"([A-Z]{1,7}(?:[-+][A-Z]+)?)(?: -)? ([^\W\d_a-zæøå].*)")  # «A Jordbruk», where others have codes
TIME = r"\d{4}(?:[KMUHQT]\d{1,2}|[-–/]\d{2,4}|-\d\d-\d\d)?"
TIME_LAST = re.compile(rf"(.+) ({TIME})")  # «Personer som pendler inn 2021», «Folkemengde 2021K4», «Felte elg 2020-2021»
TIME_FIRST = re.compile(rf"({TIME}) (.+)")
TIMES = re.compile(
    r"(?:intervall \()?(?:år|skoleår|kvartal|måned|halvår|uke|tid|year|quarter|month|half-?year|week|time)\b.*", re.IGNORECASE
)
JOINED = re.compile(" (?:og|and|&) |, ")
ALONE = {"region", "statistikkvariabel", "contents", "kjønn", "alder", "sex", "age"}  # dimensions that have no other in their name
MADE_UP = re.compile(r"(?:Kolonne|Column)\d+")  # the headings Excel gives a table that had none
LINK = re.compile(r"(?:https?://|www\.)\S+")
PLACE = re.compile(r"(?:K[-_])?\d{2,4} [A-ZÆØÅ].*")
PLACES = {"region", "kommune", "fylke", "municipality", "county"}
NUMBER_OF_PLACE = re.compile(r"(?:K[-_])?\d{2,4}[A-Z]?|E[AK][A-Z]{1,5}\d{0,2}")
OWN = re.compile(
    r"(?:sum|totalt?|totalsum|i alt|til ?sammen|endring|differanse|diff|forskjell|vekst|snitt|gjennomsnitt|change|difference)\b.*",
    re.IGNORECASE,
)
MONTHS = "jan|feb|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|des|dec"
MADE_DATE = re.compile(  # by Excel, of «1-4»
    rf"\d{{1,2}}[. -]{{1,2}}(?:{MONTHS})[a-z]*\.?|(?:{MONTHS})[a-z]*[. -]{{1,2}}\d{{2}}", re.IGNORECASE
)
PER_CENT = re.compile(r"prosent|per cent|percent|pst\b|%|andel|share", re.IGNORECASE)
MOST_DIMENSIONS = 12  # StatBank's largest tables have eight
LONGEST_TITLE = 1_000
NEAR_THE_TOP = 10  # rows among which the title must be
RESERVED = {"value", "status"}
CODE = "_code"  # after the name of a dimension: the column of its codes
AS_IT_IS = "last ned tabellen fra Statistikkbanken som Excel (xlsx) eller som semikolonseparert fil med overskrift"


@dataclass(frozen=True)
class Export:
    """One table of a file: SSB's table number, its title, the sheet it was in, the tidy frame, and what a user should know.

    `frame` has a row a cell: for each dimension its label (str), and `<dimension>_code` (str) where codes stand with labels, as
    they are written (`K-3801` is SSB's merged series, not the municipality number); then `value` (float64, NaN where there is
    no figure) and `status` (str, the mark `.`, `..`, `:` or `-`, missing where there is none). `cells` is the same with labels and
    codes as categories, which is what a large table has room for.
    """

    table: str
    title: str
    sheet: str
    cells: pd.DataFrame
    notes: list[str]

    @property
    def frame(self) -> pd.DataFrame:
        return self.cells.astype(dict.fromkeys(self.cells.columns.difference(RESERVED), "str"))


def tables(found: list[Sheet]) -> set[str]:
    """The numbers of the tables whose title a sheet has, without reading them."""
    return {title.number for sheet in found if (title := _title(sheet))}


def untitled(found: list[Sheet]) -> bool:
    """Whether a sheet looks like a StatBank table whose title is gone: numbered places beside figures, or its headings."""
    for sheet in found:
        rows = [row for row in sheet.rows[1:NEAR_THE_TOP] if isinstance(row[0], str) and PLACE.fullmatch(row[0])]
        if rows and all(_is_value(next((cell for cell in reversed(row) if cell is not None), None)) for row in rows):
            return True
        names = [written(cell) for cell in sheet.rows[0] if cell is not None] if sheet.rows else []
        others = [name for name in names[1:] if TIMES.fullmatch(name) or TIME_LAST.fullmatch(name) or re.fullmatch(TIME, name)]
        if others and names[0].casefold() in {"region", "alder", "kjønn", "sex", "age", "statistikkvariabel", "contentscode"}:
            return True
    return False


def read(found: list[Sheet]) -> list[Export]:
    """Every StatBank table in the file; sheets without one get a note. `BadAnswer` names what does not add up. A sheet that does
    not add up is passed over, with a note, where another holds the same table: the one somebody has worked in."""
    titled = [(sheet, title) for sheet in found if (title := _title(sheet))]
    if not titled:
        what = "Filen ser ut som en tabell fra Statistikkbanken uten tittelen. " if untitled(found) else ""
        raise BadAnswer(
            f"{what}Fant ingen rad som «13472: Sysselsatte per 4. kvartal, etter region, sektor, år og statistikkvariabel»: "
            f"{AS_IT_IS}"
        )
    exports: list[Export] = []
    faults: list[tuple[str, Sheet, BadAnswer]] = []
    for sheet, title in titled:
        try:
            exports.append(_export(sheet, title))
        except BadAnswer as error:
            faults.append((title.number, sheet, error))
    exports = _once(exports)
    whole = {export.table for export in exports}
    for table, sheet, fault in faults:
        if table not in whole:
            raise BadAnswer(f"Arket «{sheet.name}»: {fault}" if sheet.name else str(fault)) from fault
        exports[0].notes.append(f"arket «{sheet.name}» er ikke lest, tabell {table} er lest fra et annet ark ({fault})")
    passed = [f"arket «{sheet.name}» er ikke fra Statistikkbanken og er ikke lest" for sheet in found if not _title(sheet)]
    exports[0].notes.extend(passed)
    return exports


def _once(exports: list[Export]) -> list[Export]:
    """The tables without those that another sheet has, cell for cell: people keep a copy to work in."""
    kept: list[Export] = []
    for export in exports:
        twin = next((one for one in kept if one.table == export.table and one.cells.equals(export.cells)), None)
        if twin is None:
            kept.append(export)
        else:
            twin.notes.append(f"arket «{export.sheet}» har de samme tallene som «{twin.sheet}» og er lest én gang")
    return kept


def cells(body: bytes, table: str, dimensions: Mapping[str, str], coded: Sequence[str]) -> pd.DataFrame:
    """The cells of a table in a file as an answer of SSB's API has them: a column (str) a variable, then `value` and `status`.

    `dimensions` says which variable each dimension of the title is; those in `coded` are read by code, the others by label.
    Sheets with the table by other dimensions are passed over; `BadAnswer` where there is none by these.
    """
    columns = {variable: dim + CODE if variable in coded else dim for dim, variable in dimensions.items()}
    of_table = [export for export in read(sheets.read(body)) if export.table == table]
    frames = []
    for export in of_table:
        frame = export.frame.rename(columns=str.casefold)
        if {name.removesuffix(CODE) for name in frame} - RESERVED == set(dimensions):
            if uncoded := [name for name in columns.values() if name not in frame or frame[name].isna().any()]:
                raise BadAnswer(f"Tabell {table} mangler koder for {uncoded[0].removesuffix(CODE)}: last den ned med kode og tekst")
            names = {name: variable for variable, name in columns.items()}
            frames.append(frame[[*names, "value", "status"]].rename(columns=names))
    if not frames:
        there = "; ".join(f"«{export.title}»" for export in of_table) or "en annen tabell"
        raise BadAnswer(f"Filen har ikke tabell {table} etter {', '.join(dimensions)}, men {there}")
    whole = pd.concat(frames, ignore_index=True)
    if (twice := whole.duplicated(list(columns))).any():
        raise BadAnswer(f"To ark har cellen {', '.join(whole.loc[twice, list(columns)].iloc[0])}: behold det ene")
    return whole


def filled(frame: pd.DataFrame, labels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """`cells` with a missing one for each of these labels that is not there: people download a part of a table. `BadAnswer` where a
    variable has none of its labels: they must be called something else."""
    for variable, known in labels.items():
        absent = [label for label in known if label not in set(frame[variable])]
        if len(absent) == len(known):
            raise BadAnswer(f"Ingen av {', '.join(known)} er i filen: nlib må få vite hva de heter nå")
        keys = frame.drop(columns=[variable, *RESERVED]).drop_duplicates()
        more = [keys.assign(**{variable: label}, value=math.nan, status=None) for label in absent]
        frame = pd.concat([frame, *more], ignore_index=True).astype({"status": "str"})
    return frame


def stand_in(table: str, title: str, dimensions: Mapping[str, str], finish: Callable[[pd.DataFrame], pd.DataFrame]) -> Imported:
    """Exports of a table by these dimensions (as in `cells`), regions by code, in place of the table where it is not fetched."""
    read = partial(cells, table=table, dimensions=dimensions, coded=("Region",))
    return Imported("statbank", title, SSB, tuple(dimensions.values()), read, CC_BY, finish=finish, table=table)


@dataclass(frozen=True)
class Title:
    """Where the title of a table stands (from 0), the table's number, and the dimensions it names: none where it heads a list."""

    row: int
    column: int
    text: str
    number: str
    dims: str | None


class Table:
    """A sheet from the column of the title on, without addresses: its rows and columns (from 0), and what a user should know."""

    def __init__(self, sheet: Sheet, title: Title):
        self.sheet, self.title, self.notes = sheet, title, list(sheet.notes)
        self.rows = [_without_links(row[title.column :] if title.column else row) for row in sheet.rows]

    def where(self, row: int, column: int) -> str:
        return self.sheet.where(row, self.title.column + column)

    def is_computed(self, row: int, column: int) -> bool:
        return (row, self.title.column + column) in self.sheet.computed


@dataclass(frozen=True)
class Layout:
    """Where things stand: dimensions down the side (with columns of codes beside some) and over the columns, and the rows below.

    `side`: the dimensions down the side, with their codes where these have a column of their own, in the order of the columns;
    `labels`: the labels over each column of figures, `columns` their places; `width`: how many columns the table spans; `top`: its
    first row, `first`: the first below the headings.
    """

    side: list[str]
    over: list[str]
    labels: list[tuple[str, ...]]
    columns: list[int]
    width: int
    top: int
    first: int


def _title(sheet: Sheet) -> Title | None:
    """The title: the first cell of a row, whole or parted at its commas, or the last heading of a list («07459: Folkemengde …»)."""
    for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
        filled = [(place, cell) for place, cell in enumerate(row) if isinstance(cell, str)]
        if not filled or len(filled) < sum(cell is not None for cell in row):
            continue
        place, first = filled[0]
        *names, last = words = [cell for _, cell in filled]
        for text in (first, ", ".join(words[: MOST_DIMENSIONS + 8])):
            if len(text) <= LONGEST_TITLE and (match := TITLE.fullmatch(text)):
                return Title(at, place, text, match["table"], match["dims"])
        if not 1 <= len(names) <= MOST_DIMENSIONS or any(map(_is_figure, names)):
            continue
        if (match := LIST_TITLE.fullmatch(last)) and (":" in last or any(TIMES.fullmatch(name) for name in names)):
            return Title(at, place, last, match["table"], None)
    return None


def _export(sheet: Sheet, title: Title) -> Export:
    table = Table(sheet, title)
    layout = _listed(table) if title.dims is None else _under_title(table, title.dims)
    dims = [*(name for name in layout.side if not name.endswith(CODE)), *layout.over]
    taken = {name for dim in dims for name in (dim, dim + CODE)} | RESERVED
    if len(taken) < 2 * len(dims) + len(RESERVED):
        raise BadAnswer(f"Dimensjonene {dims} har ikke ulike navn")
    return Export(title.number, title.text, sheet.name, _tidy(table, layout), table.notes)


def _without_links(row: list[Cell]) -> list[Cell]:
    """The row itself where it has no address: a large table is not copied."""
    links = [cell for cell in row if isinstance(cell, str) and cell.startswith(("http", "www.")) and LINK.fullmatch(cell)]
    return [None if cell in links else cell for cell in row] if links else row


# The layouts


def _listed(table: Table) -> Layout:
    """A list: a heading for each dimension, and the title over the figures."""
    top = table.title.row
    heads = [written(cell) for cell in itertools.takewhile(lambda cell: cell is not None, table.rows[top])]
    if len(heads) < sum(cell is not None for cell in table.rows[top]):
        raise BadAnswer(f"{table.sheet.where(top).capitalize()} mangler overskrift over en kolonne: {AS_IT_IS}")
    return Layout(heads[:-1], [], [()], [len(heads) - 1], len(heads), top, top + 1)


def _under_title(table: Table, named: str) -> Layout:
    """The layout of a table whose title names its dimensions, in the order side, then over the columns. «og» may also be in the
    name of a dimension: of the ways to read the title, that one counts which the table has."""
    top = _top(table)
    pivoted = table.rows[top][0] is None
    ways = [(dims, _pivoted if pivoted else _unpivoted) for dims in _readings(named)]
    ways += [] if pivoted else [(dims, _flat) for dims in _with_commas(named)]
    faults = []
    for dims, layout_of in ways:
        before = len(table.notes)
        try:
            layout = layout_of(table, dims, top)
            if all(", " not in dim or dim in layout.side for dim in dims):
                return layout
        except BadAnswer as error:
            faults.append(error)
        del table.notes[before:]
    raise faults[0] if faults else BadAnswer(f"Tittelen nevner dimensjonene «{named}», som ikke lar seg skille: {AS_IT_IS}")


def _top(table: Table) -> int:
    """The first row under the title that is of the table: not blank, not made up by Excel, and no note."""
    for at in range(table.title.row + 1, len(table.rows)):
        first, *others = table.rows[at]
        text, alone = written(first), all(cell is None for cell in others)
        if (first is None and alone) or (isinstance(first, str) and MADE_UP.fullmatch(first)):
            continue
        if first is None or not (alone or text.endswith(":")):
            return at
        if units.unit(text) not in (None, "kr"):
            raise BadAnswer(
                f"«{text[:60]}» (rad {at + 1}) sier at tallene er i en annen enhet enn overskriften: last "
                "ned tabellen med enheten i overskriften, eller regn tallene om og ta bort linjen"
            )
        table.notes.append(f"rad {at + 1} under tittelen er ikke lest: «{text[:60]}»")
    raise BadAnswer("Tabellen har en tittel, men ingen rader")


def _readings(named: str) -> list[list[str]]:
    """The ways to read a list of dimensions, where «og» or «and» is before the last one, but may be in its name too."""
    if len(JOINED.findall(named)) > MOST_DIMENSIONS:
        raise BadAnswer(f"Tittelen nevner mer enn {MOST_DIMENSIONS} dimensjoner")
    *parts, last = named.split(", ")
    joiners = reversed(list(JOINED.finditer(last)))  # it has no comma
    found = [[*parts, last[: joiner.start()], last[joiner.end() :]] for joiner in joiners] + [[*parts, last]]
    return [dims for dims in found if not any(map(_two_dimensions, dims))]


def _with_commas(named: str) -> list[list[str]]:
    """The ways to read it where a comma is in the name of a dimension: for tables whose headings say so themselves."""
    ways = ((dims, at) for dims in _readings(named) for at in range(len(dims) - 1))
    found = [[*dims[:at], ", ".join(dims[at : at + 2]), *dims[at + 2 :]] for dims, at in ways]
    return [dims for dims in found if not any(map(_two_dimensions, dims))]


def _two_dimensions(name: str) -> bool:
    """Whether a name is of two dimensions, since one of its parts always is one."""
    parts = JOINED.split(name)
    return len(parts) > 1 and any(TIMES.fullmatch(part) or part.casefold() in ALONE for part in parts)


def _pivoted(table: Table, dims: list[str], top: int) -> Layout:
    """A heading row for each dimension over the columns, blank above the side, each label once for the columns it spans."""
    headings = list(itertools.takewhile(lambda row: row[0] is None, table.rows[top:]))
    start = next((at for at, cell in enumerate(headings[0]) if cell is not None), 0)
    first, split = top + len(headings), max(0, len(dims) - len(headings))
    side, over = _side(table, dims[:split], start, first), dims[split:]
    if side is None or any(cell is not None for row in headings for cell in row[:start]):
        raise BadAnswer(
            f"Tittelen nevner {len(dims)} dimensjoner ({', '.join(dims)}), men tabellen har {start} i sidekolonner "
            f"og {len(headings)} i rader med overskrifter: last den ned på nytt"
        )
    end = start + sum(1 for _ in itertools.takewhile(lambda cell: cell is not None, headings[-1][start:]))
    labels = []
    for heading in headings:
        spans: list[Cell] = []
        for cell in heading[start:end]:
            spans.append(spans[-1] if cell is None and spans else cell)
        if not spans or spans[0] is None:
            raise BadAnswer("En rad med overskrifter begynner ikke over den første kolonnen med tall: last tabellen ned på nytt")
        labels.append([written(cell) for cell in spans])
    columns, kept = _without_own(over, list(zip(*labels, strict=True)), start, table.notes)
    return Layout(side, over, kept, columns, end, top, first)


def _without_own(
    over: list[str], labels: list[tuple[str, ...]], start: int, notes: list[str]
) -> tuple[list[int], list[tuple[str, ...]]]:
    """The columns of figures that are SSB's, and their labels: one without a time as the others have is somebody's own. So is one
    called «Endring» or the like that is not there for each of the times."""
    odd: set[tuple[str, ...]] = set()
    for at in (at for at, dim in enumerate(over) if TIMES.fullmatch(dim)):
        shapes = [re.sub(r"\d", "9", label[at]) if re.fullmatch(TIME, label[at]) else "" for label in labels]
        usual = max(set(shapes) - {""}, key=shapes.count, default="")
        odd |= {label for label, shape in zip(labels, shapes, strict=True) if shape != usual}
    times = {label[-1] for label in labels if label not in odd}
    own = Counter(label[:-1] for label in labels if len(label) > 1 and OWN.fullmatch(label[-2]))
    odd |= {label for label in labels if 0 < own[label[:-1]] < len(times)}
    if odd:
        _tell_own(sorted({" ".join(label).strip() for label in odd}), notes)
    kept = [at for at, label in enumerate(labels) if label not in odd]
    return [start + at for at in kept], [labels[at] for at in kept]


def _tell_own(names: list[str], notes: list[str]) -> None:
    if years := [name for name in names if re.search(r"(?:19|20)\d\d", name) and not OWN.fullmatch(name)]:
        raise BadAnswer(f"Kolonnen «{years[0]}» er ikke skrevet som de andre: rett overskriften, eller slett kolonnen")
    notes.append(f"kolonnen «{'», «'.join(names)}» er ikke SSBs og er ikke lest")


def _unpivoted(table: Table, dims: list[str], top: int) -> Layout:
    return _all_in_side(table, dims, top) or _flat(table, dims, top)


def _flat(table: Table, dims: list[str], top: int) -> Layout:
    """One heading row: the names of the dimensions down the side, then a column name such as «Folkemengde 2021»."""
    names = [written(cell) for cell in itertools.takewhile(lambda cell: cell is not None, table.rows[top])]
    side: list[str] = []
    left = list(dims)
    while left:
        heads = [name.casefold() for name in names[len(side) : len(side) + 2]]
        if heads[1:] == [left[0].casefold()] and _code_column(table, len(side), top + 1):
            side += [left[0] + CODE, left.pop(0)]
        elif heads[:1] == [left[0].casefold()]:
            side.append(left.pop(0))
        else:
            break
    columns = names[len(side) :]
    if not side or not columns:
        raise BadAnswer(f"Rad {top + 1} skulle begynne med {dims[0]}, som tittelen nevner først, og fortsette med kolonner av tall")
    if not left:
        if len(columns) > 1:
            _tell_own(columns[1:], table.notes)
        return Layout(side, [], [()], [len(side)], len(names), top, top + 1)
    if not (labels := _parted(left, columns)):
        raise BadAnswer(f"Kolonnenavnene i rad {top + 1} lar seg ikke dele på {', '.join(left)}: last den ned som Excel")
    places, labels = _without_own(left, labels, len(side), table.notes)
    return Layout(side, left, labels, places, len(names), top, top + 1)


def _parted(over: list[str], names: list[str]) -> list[tuple[str, ...]]:
    """The labels of columns whose names hold one of each dimension over them; none where they cannot be told apart."""
    if len(over) == 1:
        return [(name,) for name in names]
    first = TIMES.fullmatch(over[0]) and not TIMES.fullmatch(over[1])
    parts = [(TIME_FIRST if first else TIME_LAST).fullmatch(name) for name in names]
    if len(over) > 2 or not any(parts):
        return []
    return [part.groups() if part else (name, "") for name, part in zip(names, parts, strict=True)]


def _all_in_side(table: Table, dims: list[str], top: int) -> Layout | None:
    """The layout where every dimension is turned to the side and there is no heading: figures in one column, after the labels."""
    first = list(itertools.takewhile(lambda cell: cell is not None, table.rows[top]))
    width = len(first) - 1
    if width < len(dims) or not _is_value(first[width]) or written(first[0]).casefold() == dims[0].casefold():
        return None
    side = _side(table, dims, width, top)
    if side is None or not all(re.fullmatch(TIME, written(first[at])) for at, dim in enumerate(side) if TIMES.fullmatch(dim)):
        return None
    return Layout(side, [], [()], [width], width + 1, top, top)


def _side(table: Table, dims: list[str], width: int, first: int) -> list[str] | None:
    """What the columns down the side are: the dimensions, some with their codes in a column before; None where they are others."""
    more = width - len(dims)
    if not dims or not 0 <= more <= len(dims):
        return None
    for coded in itertools.combinations(range(len(dims)), more):
        side = [name for at, dim in enumerate(dims) for name in ([dim + CODE, dim] if at in coded else [dim])]
        if all(_code_column(table, at, first) for at, name in enumerate(side) if name.endswith(CODE)):
            return side
    return None


def _code_column(table: Table, place: int, first: int) -> bool:
    """Whether a column of labels holds codes: no spaces, and one for each label in the column after it."""
    below = itertools.islice(table.rows, first, None)
    body = itertools.takewhile(lambda row: any(cell is not None for cell in row[place + 2 :]), below)
    pairs = {(written(row[place]), written(row[place + 1])) for row in body if row[place] is not None}
    codes = {code for code, _ in pairs}
    return 0 < len(codes) == len(pairs) and all(code and not re.search(r"\s", code) for code in codes)


# The cells


def _tidy(table: Table, layout: Layout) -> pd.DataFrame:
    end = layout.first
    while end < len(table.rows) and any(table.rows[end][at] is not None for at in layout.columns):
        end += 1
    body: Sequence[int] = range(layout.first, end)
    if not body:
        raise BadAnswer("Tabellen har overskrifter, men ingen rader med tall")
    _look_beside(table, layout, body)
    _look_below(table, layout, end)
    figures, body = _without_computed(table, layout, body)
    body = _without_sums(table, layout, body)
    columns = {table.title.column + at for at in (*range(len(layout.side)), *figures)}
    table.sheet.trusted(rows=range(layout.top, body[-1] + 2), columns=columns)  # and the next row, which may be one that is cut
    labels = [label for at, label in zip(layout.columns, layout.labels, strict=True) if at in figures]
    down = [column.repeat(len(labels)) for column in _sides(table, layout.side, body)]
    over = [_categories(column).take(np.tile(np.arange(len(labels)), len(body))) for column in zip(*labels, strict=True)]
    keys, kept = _coded(pd.DataFrame(dict(zip([*layout.side, *layout.over], [*down, *over], strict=True))), table.notes)
    _look_for_holes(keys, table.notes)
    cells = list(itertools.compress((table.rows[row][at] for row in body for at in figures), kept))
    order = np.flatnonzero(kept)

    def where(at: int) -> str:
        line, column = divmod(int(order[at]), len(figures))
        return table.where(body[line], figures[column])

    for at, cell in enumerate(cells):
        per_cent = isinstance(cell, Percent) or (isinstance(cell, str) and cell.endswith("%"))
        if per_cent and not PER_CENT.search(" ".join([table.title.text, *map(str, keys.iloc[at])])):
            raise BadAnswer(f"«{cell}» er prosent, og det er ikke tallene i tabellen ({where(at)}): vis cellen som tall")
    values, marks = sheets.figures(cells, where, dash=True, percent=True)
    if blank := sum(cell is None for cell in cells):
        table.notes.append(f"{blank} tomme celler er tatt inn som manglende")
    return keys.assign(value=np.asarray(values), status=pd.Series(marks, dtype="str"))


def _look_beside(table: Table, layout: Layout, body: Sequence[int]) -> None:
    """Tell of what stands beside the table; `BadAnswer` where it may be a column of it that has lost its heading."""
    width = len(table.rows[layout.top])
    beside = [(row, at) for row in body for at in range(layout.width, width) if table.rows[row][at] is not None]
    for row, at in beside:
        if at == layout.width and _is_value(table.rows[row][at]) and not table.is_computed(row, at):
            raise BadAnswer(
                f"{table.where(row, at)} har innhold til høyre for tabellens siste kolonne: fjern det, eller gi kolonnen navn"
            )
    if beside:
        table.notes.append(f"det som står til høyre for tabellen, er ikke lest ({table.where(*beside[0])})")


def _look_below(table: Table, layout: Layout, end: int) -> None:
    """Tell of figures under the table; `BadAnswer` where they seem to be of the table, under a row that somebody has put in."""
    label = table.rows[layout.first][0]
    coded = isinstance(label, str) and bool(CODED.fullmatch(label))
    rest = 0
    for at, (first, *others) in enumerate(table.rows[end:], end):
        like = coded and isinstance(first, str) and bool(CODED.fullmatch(first))
        if like and at == end and all(cell is None for cell in others):
            raise BadAnswer(f"Rad {at + 1} («{str(first)[:30]}») har ingen tall: filen kan være avkortet. Last den ned på nytt")
        if any(_is_figure(table.rows[at][column]) for column in layout.columns):
            if like:
                raise BadAnswer(f"Rad {at + 1} ligger under en tom rad, men ser ut til å høre til tabellen: fjern den tomme raden")
            rest += 1
    if rest:
        table.notes.append(f"{many(rest, 'rad', 'rader')} med tall under tabellen er ikke lest")


def _without_computed(table: Table, layout: Layout, body: Sequence[int]) -> tuple[list[int], Sequence[int]]:
    """The columns and rows that are not worked out in the sheet: SSB's figures are no formulas."""
    computed = {(row, at) for row in body for at in layout.columns if table.is_computed(row, at)}
    if not computed:
        return layout.columns, body
    columns = [at for at in layout.columns if not all((row, at) in computed for row in body)]
    rows = [row for row in body if not all((row, at) in computed for at in columns)]
    if not columns or not rows:
        table.notes.append("alle tallene er regnet ut i arket")
        return layout.columns, body
    names = [" ".join(label) for at, label in zip(layout.columns, layout.labels, strict=True) if at not in columns]
    names += [f"rad {row + 1}" for row in body if row not in rows]
    if names:
        table.notes.append(f"{', '.join(names)} er regnet ut i arket og er ikke lest")
    if left := sum((row, at) in computed for row in rows for at in columns):
        table.notes.append(f"{left} tall er regnet ut i arket")
    return columns, rows


def _without_sums(table: Table, layout: Layout, body: Sequence[int]) -> Sequence[int]:
    """The rows without those that only say «Sum» where the table has several labels."""
    if len(layout.side) < 2:
        return body
    own = []
    for row in body:
        first, *others = table.rows[row][: len(layout.side)]
        if isinstance(first, str) and OWN.fullmatch(first) and all(cell is None for cell in others):
            own.append(row)
    if not own:
        return body
    table.notes.append(f"rad {', '.join(str(row + 1) for row in own)} er egne summer og er ikke lest")
    return [row for row in body if row not in own] or body


def _categories(labels: Sequence[str]) -> pd.Categorical:
    """Categories in the order they come in."""
    return pd.Categorical(labels, list(dict.fromkeys(labels)))


def _sides(table: Table, names: list[str], body: Sequence[int]) -> list[pd.Categorical]:
    """The labels of each column down the side, where a blank one means the one above, as long as none before it has changed."""
    columns: list[list[Cell]] = [[] for _ in names]
    above: list[Cell] = []
    for number in body:
        given = table.rows[number][: len(names)]
        if None in given:
            first = next((at for at, cell in enumerate(given) if cell is not None), len(names) - 1)
            if missing := [names[at] for at in range(min(first, len(above)), len(names)) if given[at] is None]:
                raise BadAnswer(f"Rad {number + 1} mangler {missing[0]}: last tabellen ned på nytt, eller fyll ut cellen")
            given = [*above[:first], *given[first:]]
        above = given
        for column, cell in zip(columns, given, strict=True):
            column.append(cell)
    return [_labelled(table, name, column, body, at) for at, (name, column) in enumerate(zip(names, columns, strict=True))]


def _labelled(table: Table, name: str, column: Sequence[Cell], body: Sequence[int], place: int) -> pd.Categorical:
    """The cells of a column down the side as labels; `BadAnswer` where one is a date that Excel has made."""
    known: dict[Cell, str] = {}
    for row, cell in zip(body, column, strict=True):
        day = isinstance(cell, Date)  # which is equal to the same text
        if day or (cell not in known and isinstance(cell, str) and MADE_DATE.fullmatch(cell)):
            raise BadAnswer(
                f"«{cell}» i {table.where(row, place)} er en dato der det skal stå {name}: Excel har gjort for eksempel «1-4» til "
                "en dato. Last tabellen ned på nytt"
            )
        if cell not in known:
            known[cell] = written(cell)
    return _categories([known[cell] for cell in column])


def _coded(frame: pd.DataFrame, notes: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """Code and label in columns of their own in every dimension where codes stand before the labels, and which rows are kept. A
    label without a code where the others have one is somebody's own sum or the like, and is left out with a line."""
    columns = {}
    kept = pd.Series(True, index=frame.index)
    for dim in frame:
        labels = frame[dim].cat.categories.tolist()
        beside = dim.endswith(CODE) or dim + CODE in frame
        if not beside and dim.casefold() in PLACES and all(map(NUMBER_OF_PLACE.fullmatch, labels)):  # downloaded with codes only
            columns[dim + CODE] = frame[dim]
        coded = {} if beside or dim + CODE in columns else _codes(labels)
        own = [label for label in labels if label not in coded]
        digits = all(len(code) == 1 for code, _ in coded.values())  # «1 Person» is a label
        if not coded or (own and (digits or len(own) > len(coded))):
            columns[dim] = frame[dim]
            continue
        if own:
            notes.append(f"«{'», «'.join(own[:5])}» har ingen kode, slik de andre i {dim} har, og er ikke lest")
            kept &= ~frame[dim].isin(own)
        for part, column in enumerate((dim + CODE, dim)):
            columns[column] = _renamed(frame[dim], {label: told_apart[part] for label, told_apart in coded.items()})
    return pd.DataFrame(columns)[kept].reset_index(drop=True), kept.to_numpy()


def _codes(labels: list[str]) -> dict[str, tuple]:
    """The labels that have a code before them -> code and label; words count as codes only where others have codes."""
    coded = {label: match.groups() for label in labels if (match := CODED.fullmatch(label))}
    left = [label for label in labels if coded and label not in coded and not OWN.fullmatch(label)]
    return coded | {label: match.groups() for label in left if (match := WORDED.fullmatch(label))}


def _renamed(column: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """The labels by other names, of which several may be the same; missing for a label that has none."""
    renamed = pd.Categorical([names.get(label) for label in column.cat.categories], categories=list(dict.fromkeys(names.values())))
    return pd.Series(renamed.take(column.cat.codes), column.index)


def _look_for_holes(keys: pd.DataFrame, notes: list[str]) -> None:
    """Tell of combinations that are not there; `BadAnswer` where one is there twice."""
    if (twice := keys.duplicated()).any():
        raise BadAnswer(f"{int(twice.sum())} celler står to ganger, for eksempel {', '.join(keys[twice].iloc[0].dropna())}")
    dims = [dim for dim in keys if not (dim.endswith(CODE) and dim.removesuffix(CODE) in keys)]
    sizes = [len(keys[[name for name in (dim, dim + CODE) if name in keys]].drop_duplicates()) for dim in dims]
    if missing := math.prod(sizes) - len(keys):
        notes.append(f"{missing} av {math.prod(sizes)} kombinasjoner av {', '.join(dims)} er ikke i filen")


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, float) or (cell is not None and sheets.is_number(cell))


def _is_value(cell: Cell) -> bool:
    return _is_figure(cell) or cell in sheets.MARKS


def _contents(file: File) -> Contents:
    found = read(file.sheets)
    return Contents([line for e in found for line in (f"tabell {e.table}, {rows('value')(e.cells)}", *e.notes)])


def _resembles(file: File) -> None:
    if untitled(file.sheets):
        read(file.sheets)  # says what is missing


FILE = FileKind("statbank", lambda file: bool(tables(file.sheets)), _contents, producer=SSB, licence=CC_BY, resembles=_resembles)
