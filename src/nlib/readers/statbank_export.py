"""StatBank tables that people have downloaded by hand, as CSV or Excel, and often saved again: banner, headings, footnotes.

The title («13472: Sysselsatte per 4. kvartal, etter region, sektor, år og statistikkvariabel») names the dimensions, and the
columns and heading rows must hold exactly these: a file where they do not is refused, so a column is never read as another.
"""

import itertools
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from nlib.errors import BadAnswer
from nlib.readers import sheets
from nlib.readers.sheets import Cell, Sheet

TITLE = re.compile(r"(?P<table>\d{5}): .+, (?:etter|by) (?P<dims>.+)")  # the last «, etter», as what is before it is greedy
CODED = re.compile(r"((?:[A-Z]{1,2}[-_])?\d[\w.+-]*) ([^\W\d_a-zæøå].*)")  # «K-3801 Horten», but not «15-74 år»
YEAR_LAST = re.compile(r"(.+) (\d{4}(?:[KMU]\d{1,2})?)")  # «Personer som pendler inn 2021», «Folkemengde 2021K4»
MADE_UP = re.compile(r"(Kolonne|Column)\d+")  # the headings Excel gives a table that had none
NEAR_THE_TOP = 10  # rows among which the title must be
RESERVED = {"value", "status"}


@dataclass(frozen=True)
class Export:
    """One table of a file: SSB's table number, its title, the sheet it was in, the tidy frame, and what a user should know.

    `frame` has a row a cell: for each dimension its label (str), and `<dimension>_code` (str) where codes stand with labels, as
    they are written (`K-3801` is SSB's merged series, not the municipality number); then `value` (float64, NaN where there is
    no figure) and `status` (str, the mark `.`, `..`, `:` or `-`, missing where there is none).
    """

    table: str
    title: str
    sheet: str
    frame: pd.DataFrame
    told: list[str]


@dataclass(frozen=True)
class Layout:
    """Where things stand: the dimensions down the side and over the columns, the columns' labels, and the rows below."""

    side: list[str]
    over: list[str]
    labels: list[tuple[str, ...]]
    below: list[tuple[int, list[Cell]]]


def recognised(found: list[Sheet]) -> bool:
    """Whether any sheet starts with the title of a StatBank table."""
    return any(_title(sheet) for sheet in found)


def read(found: list[Sheet]) -> list[Export]:
    """Every StatBank table in the file; sheets that hold none are told of. `BadAnswer` names what does not add up."""
    titles = [_title(sheet) for sheet in found]
    if not any(titles):
        raise BadAnswer(
            "Fant ingen rad som «13472: Sysselsatte per 4. kvartal, etter region, sektor, år og statistikkvariabel»: "
            "last ned tabellen fra Statistikkbanken som Excel eller som semikolonseparert fil med overskrift"
        )
    exports = [_export(sheet.trusted(), *title) for sheet, title in zip(found, titles, strict=True) if title]
    passed = [f"arket «{sheet.name}» er ikke fra Statistikkbanken og er ikke lest" for sheet in found if not _title(sheet)]
    exports[0].told.extend(passed)
    return exports


def cells(body: bytes, table: str, dimensions: Mapping[str, str], coded: Sequence[str]) -> pd.DataFrame:
    """The cells of a table in a file as an answer of SSB's API has them: a column (str) a variable, then `value` and `status`.

    `dimensions` says which variable each dimension of the title is; those in `coded` are read by code, the others by label.
    Sheets with the table by other dimensions are passed over; `BadAnswer` where there is none by these.
    """
    columns = {variable: f"{dim}_code" if variable in coded else dim for dim, variable in dimensions.items()}
    of_table = [export for export in read(sheets.read(body)) if export.table == table]
    frames = []
    for export in of_table:
        frame = export.frame.rename(columns=str.casefold)
        if {name.removesuffix("_code") for name in frame} - RESERVED == set(dimensions):
            if uncoded := [name for name in columns.values() if name not in frame or frame[name].isna().any()]:
                raise BadAnswer(
                    f"Tabell {table} mangler koder for {uncoded[0].removesuffix('_code')}: last den ned med kode og tekst"
                )
            told = {name: variable for variable, name in columns.items()}
            frames.append(frame[[*told, "value", "status"]].rename(columns=told))
    if not frames:
        there = "; ".join(f"«{export.title}»" for export in of_table) or "en annen tabell"
        raise BadAnswer(f"Filen har ikke tabell {table} etter {', '.join(dimensions)}, men {there}")
    whole = pd.concat(frames, ignore_index=True)
    if (twice := whole.duplicated(list(columns))).any():
        raise BadAnswer(f"To ark har cellen {', '.join(whole.loc[twice, list(columns)].iloc[0])}: behold det ene")
    return whole


def filled(frame: pd.DataFrame, labels: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """`cells` with a missing one for each of these labels that is not there: people download a part of a table.

    `BadAnswer` where a variable has none of its labels: they must be called something else.
    """
    for variable, known in labels.items():
        absent = [label for label in known if label not in set(frame[variable])]
        if len(absent) == len(known):
            raise BadAnswer(f"Ingen av {', '.join(known)} er i filen: nlib må få vite hva de heter nå")
        keys = frame.drop(columns=[variable, *RESERVED]).drop_duplicates()
        more = [keys.assign(**{variable: label}, value=math.nan, status=None) for label in absent]
        frame = pd.concat([frame, *more], ignore_index=True).astype({"status": "str"})
    return frame


def _title(sheet: Sheet) -> tuple[int, re.Match] | None:
    """The row of the title and its parts: a row's first cell, or the last heading of a list («07459: Folkemengde, etter …»)."""
    for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
        for cell in (row[0], row[-1]):
            if isinstance(cell, str) and (match := TITLE.fullmatch(cell)):
                return at, match
    return None


def _export(sheet: Sheet, at: int, title: re.Match) -> Export:
    rows = list(enumerate(sheet.rows, 1))
    if sheet.rows[at][0] == title[0]:
        layout = _under_title(title["dims"], rows[at + 1 :])
    else:
        if None in sheet.rows[at]:
            raise BadAnswer(f"Rad {at + 1} mangler overskrift over en kolonne: last tabellen ned på nytt")
        layout = Layout([_label(cell) for cell in sheet.rows[at][:-1]], [], [()], rows[at + 1 :])
    dims = [*layout.side, *layout.over]
    taken = {name for dim in dims for name in (dim, f"{dim}_code")} | RESERVED
    if len(taken) < 2 * len(dims) + len(RESERVED):
        raise BadAnswer(f"Dimensjonene {dims} har ikke ulike navn")
    told = list(sheet.told)
    return Export(title["table"], title[0], sheet.name, _tidy(layout, told), told)


def _under_title(named: str, rows: list[tuple[int, list[Cell]]]) -> Layout:
    """The layout of a table whose title names its dimensions, in the order side, then over the columns."""
    head, _, last = re.sub(" and ", " og ", named).rpartition(" og ")
    dims = [*head.split(", "), last] if head else [last]
    rows = list(itertools.dropwhile(lambda numbered: _heads_nothing(numbered[1]), rows))
    if not rows:
        raise BadAnswer("Tabellen har en tittel, men ingen rader")
    return _pivoted(dims, rows) if rows[0][1][0] is None else _flat(dims, rows)


def _heads_nothing(row: list[Cell]) -> bool:
    return all(cell is None for cell in row) or (isinstance(row[0], str) and MADE_UP.fullmatch(row[0]) is not None)


def _pivoted(dims: list[str], rows: list[tuple[int, list[Cell]]]) -> Layout:
    """A heading row for each dimension over the columns, blank above the side, each label once for the columns it spans."""
    headings = [row for _, row in itertools.takewhile(lambda numbered: numbered[1][0] is None, rows)]
    side = next((at for at, cell in enumerate(headings[0]) if cell is not None), 0)
    if side + len(headings) != len(dims) or any(cell is not None for row in headings for cell in row[:side]):
        raise BadAnswer(
            f"Tittelen nevner {len(dims)} dimensjoner ({', '.join(dims)}), men tabellen har {side} i sidekolonner "
            f"og {len(headings)} i rader med overskrifter: last den ned på nytt"
        )
    finest = list(itertools.takewhile(lambda cell: cell is not None, headings[-1][side:]))
    labels = []
    for heading in headings:
        over = heading[side : side + len(finest)]
        spans = list(itertools.accumulate(over, _latest))
        if not spans or spans[0] is None:
            raise BadAnswer("En rad med overskrifter begynner ikke over den første kolonnen med tall: last tabellen ned på nytt")
        labels.append([_label(cell) for cell in spans])
    return Layout(dims[:side], dims[side:], list(zip(*labels, strict=True)), rows[len(headings) :])


def _latest(before: Cell, cell: Cell) -> Cell:
    return before if cell is None else cell


def _flat(dims: list[str], rows: list[tuple[int, list[Cell]]]) -> Layout:
    """One heading row: the names of the dimensions down the side, then a column name such as «Folkemengde 2021»."""
    (number, row), *below = rows
    names = [_label(cell) for cell in itertools.takewhile(lambda cell: cell is not None, row)]
    alike = itertools.takewhile(lambda pair: pair[0].casefold() == pair[1].casefold(), zip(names, dims, strict=False))
    side = len(list(alike))
    columns, over = names[side:], dims[side:]
    if not side or not columns:
        raise BadAnswer(f"Rad {number} skulle begynne med {dims[0]}, som tittelen nevner først, og fortsette med kolonner av tall")
    labels: list[tuple[str, ...]]
    if len(over) == 0 and len(columns) == 1:
        labels = [()]
    elif len(over) == 1:
        labels = [(name,) for name in columns]
    elif len(over) == 2 and all(parts := [YEAR_LAST.fullmatch(name) for name in columns]):
        labels = [part.groups() for part in parts if part]
    else:
        raise BadAnswer(
            f"Kolonnenavnene i rad {number} lar seg ikke dele på {', '.join(over) or 'en verdi'}: last den ned som Excel"
        )
    return Layout(dims[:side], over, labels, below)


def _tidy(layout: Layout, told: list[str]) -> pd.DataFrame:
    side, width = len(layout.side), len(layout.side) + len(layout.labels)
    body = list(itertools.takewhile(lambda numbered: any(cell is not None for cell in numbered[1][side:width]), layout.below))
    if not body:
        raise BadAnswer("Tabellen har overskrifter, men ingen rader med tall")
    if beside := [number for number, row in body if any(cell is not None for cell in row[width:])]:
        raise BadAnswer(f"Rad {beside[0]} har innhold til høyre for tabellens siste kolonne: fjern det, eller gi kolonnen navn")
    if others := sum(any(map(_is_figure, row[side:])) for _, row in layout.below[len(body) :]):
        told.append(f"{others} rader med tall under tabellen er ikke lest")
    cells = [cell for _, row in body for cell in row[side:width]]
    values, marks = sheets.figures(cells, lambda at: f"rad {body[at // len(layout.labels)][0]}")
    if blank := sum(cell is None for cell in cells):
        told.append(f"{blank} tomme celler er tatt inn som manglende")
    keys = [key + label for key in _sides(layout.side, body) for label in layout.labels]
    frame = pd.DataFrame(keys, columns=[*layout.side, *layout.over], dtype="str")
    return _checked(_coded(frame), told).assign(value=values, status=pd.Series(marks, dtype="str"))


def _sides(names: list[str], body: list[tuple[int, list[Cell]]]) -> list[tuple[str, ...]]:
    """The labels down the side of each row, where a blank one means the one above, as long as none before it has changed."""
    found: list[tuple[str, ...]] = []
    current: tuple[str, ...] = ()
    for number, row in body:
        given = row[: len(names)]
        first = next((at for at, cell in enumerate(given) if cell is not None), len(names) - 1)
        if missing := [names[at] for at in range(min(first, len(current)), len(names)) if given[at] is None]:
            raise BadAnswer(f"Rad {number} mangler {missing[0]}: last tabellen ned på nytt, eller fyll ut cellen")
        current = (*current[:first], *map(_label, given[first:]))
        found.append(current)
    return found


def _coded(frame: pd.DataFrame) -> pd.DataFrame:
    """Code and label in columns of their own in every dimension where a code stands before some label."""
    columns = {}
    for dim in frame:
        parts = frame[dim].str.extract(f"^{CODED.pattern}$")
        if parts[0].notna().any():
            columns[f"{dim}_code"] = parts[0]
        columns[dim] = parts[1].fillna(frame[dim])
    return pd.DataFrame(columns)


def _checked(keys: pd.DataFrame, told: list[str]) -> pd.DataFrame:
    """The same keys, each there once; combinations that are missing are told of."""
    if (twice := keys.duplicated()).any():
        raise BadAnswer(f"{int(twice.sum())} celler står to ganger, for eksempel {', '.join(keys[twice].iloc[0].dropna())}")
    dims = [dim for dim in keys if not (dim.endswith("_code") and dim.removesuffix("_code") in keys)]
    sizes = [len(keys[[name for name in (dim, f"{dim}_code") if name in keys]].drop_duplicates()) for dim in dims]
    if missing := math.prod(sizes) - len(keys):
        told.append(f"{missing} av {math.prod(sizes)} kombinasjoner av {', '.join(dims)} er ikke i filen")
    return keys


def _label(cell: Cell) -> str:
    """A cell as text; Excel has years as numbers."""
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else str(cell)
    return str(cell)


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, float) or (cell is not None and sheets.NUMBER.fullmatch(cell) is not None)
