"""Columns found by their headings: `resources/import_columns.csv` says which spellings mean which column in each kind of file. A
heading that is not there gets a note, one that is missing is an error that lists the spellings."""

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

import pandas as pd

from nlib.core.errors import BadAnswer, many
from nlib.core.municipalities import fold, resource
from nlib.core.municipalities import spellings as spellings_of
from nlib.data.readers import sheets, units
from nlib.data.readers.cells import Cell, Date, Percent, Sheet, letter, written

NEAR_THE_TOP = 10  # rows among which the headings must be
ROLES = ("required", "optional", "measure", "beside")
UNITS = units.UNITS
NEUTRAL = {  # what may stand in brackets after a heading without changing what the column is
    *("antall", "talet på", "stk", "personer", "person", "tonn", "nummer", "nr", "kode", "tekst", "tall", "valgfri", "ja/nei"),
    *("åååå", "yyyy", "4 siffer", "fire siffer", "9 siffer", "ni siffer", "sn2007", "sn2025", "ssb", "brreg", "regnskapsår"),
    *("per 31.12.", "31.12.", "per 1.1.", "1.1.", "1. januar", "4. kvartal", "co2", "co2e", "co2-ekvivalenter", "tonn co2e"),
}
BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
FOOTNOTES = "¹²³⁴⁵⁶⁷⁸⁹⁰*"  # «Sektor¹»
SUMS = ("sum", "totalt", "total", "i alt", "til sammen", "gjennomsnitt", "snitt", "differanse", "endring")
unit = units.unit


@dataclass(frozen=True)
class Found:
    """A table whose columns are known: our column -> its cells, and -> its unit (None where the heading has none).

    `banner` is the unit given above the headings, if one is, and `above` all that stands there; `rows` the row numbers in the file.
    For messages: `headings`, our column -> how it is headed and its place (from 0), and the name of the sheet (empty for a text
    file).
    """

    columns: dict[str, list[Cell]]
    units: dict[str, str | None]
    banner: str | None
    rows: list[int]
    notes: list[str]
    headings: dict[str, tuple[str, int]]
    sheet: str = ""
    above: list[str] = field(default_factory=list)

    def where(self, at: int, column: str | None = None) -> str:
        """How a user finds a cell: «C5 i «Ark1»» in a workbook, «rad 5, kolonnen «Ansatte»» in a text file."""
        row = self.rows[at]
        if column not in self.headings:
            return f"rad {row}" + (f" i «{self.sheet}»" if self.sheet else "")
        heading, place = self.headings[column]
        return f"{letter(place)}{row} i «{self.sheet}»" if self.sheet else f"rad {row}, kolonnen «{heading}»"


@dataclass(frozen=True)
class Headings:
    """The headings that a kind of file may have: spelling (plain) -> our column, and role -> our columns with their spellings."""

    known: dict[str, str]
    roles: dict[str, dict[str, list[str]]]

    def complete(self, columns: set[str]) -> bool:
        """Whether these are all the required columns, and a measure among them where the kind has any."""
        measures = self.roles["measure"].keys()
        return self.roles["required"].keys() <= columns and (not measures or not measures.isdisjoint(columns))


@cache
def kinds() -> dict[str, Headings]:
    """The kinds of files that are known by their headings."""
    found = {}
    for kind, table in resource("import_columns.csv").groupby("kind", sort=False):
        spelt = {role: rows.groupby("column", sort=False)["spelling"].agg(list).to_dict() for role, rows in table.groupby("role")}
        known = {_plain(spelling): column for column, spelling in zip(table["column"], table["spelling"], strict=True)}
        found[kind] = Headings(known, {role: spelt.get(role, {}) for role in ROLES})
    return found


def measures(kind: str) -> set[str]:
    """The columns that are figures, in a kind of file that has some of many."""
    return kinds()[kind].roles["measure"].keys() | kinds()[kind].roles["beside"].keys()


def recognised(kind: str, found: list[Sheet]) -> bool:
    """Whether a sheet has all the headings that this kind of file must have."""
    return any(_headings(kind, sheet) is not None for sheet in found)


def lacking(kind: str, found: list[Sheet]) -> tuple[int, list[str]]:
    """How many of the columns of this kind the sheet with most of them has, and the spellings of those it lacks."""
    closest, _, _ = _closest(kind, found)
    roles = kinds()[kind].roles
    lacks = [f"{column}: {', '.join(spelt)}" for column, spelt in roles["required"].items() if column not in closest]
    if roles["measure"] and not closest & roles["measure"].keys():
        lacks.append(f"minst én av: {', '.join(itertools.chain.from_iterable(roles['measure'].values()))}")
    return len(closest), lacks


def read(kind: str, found: list[Sheet], money: bool = False) -> list[Found]:
    """The tables of this kind, one from each sheet that has the headings; the other sheets get a note. money: the kind has amounts
    of money, and may say in which unit; in others «i tusen» is a `BadAnswer`."""
    tables, passed = [], []
    for sheet in found:
        at = _headings(kind, sheet)
        if at is None:
            passed.append(f"arket «{sheet.name}» har ikke kolonnene og er ikke lest")
        else:
            tables.append(_table(kind, sheet, at, money))
    if not tables:
        raise BadAnswer(_missing(kind, found))
    tables[0].notes.extend(passed)
    return tables


def gather(
    kind: str, found: list[Sheet], frame: Callable[[Found], pd.DataFrame], money: bool = False
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of all tables of this kind, as `frame` makes them of each, and what a user should know."""
    tables = read(kind, found, money)
    whole = pd.concat([frame(table) for table in tables], ignore_index=True)
    return whole, [note for table in tables for note in table.notes]


def placed(table: Found, figures: Sequence[str] = (), periods: Sequence[str] = ("year",), what: str = "personer") -> pd.DataFrame:
    """The rows of a table by municipality and year: `komm_nr` (text), the years (int64) and these counts (Int64)."""
    columns = {"komm_nr": pd.Series(municipalities(table), dtype="str")} | {name: years(table, name) for name in periods}
    return pd.DataFrame(columns | {name: counts(table, name, what) for name in figures})


def refuse(frame: pd.DataFrame, wrong: pd.Series, message: str) -> None:
    """`BadAnswer` with the message, its {columns} filled from the first of the rows that are wrong, where any is."""
    if len(rows := frame[wrong.fillna(False)]):
        raise BadAnswer(message.format_map(rows.iloc[0]))


@lru_cache(maxsize=100_000)
def _plain(heading: Cell) -> str:
    """A heading without case, spaces, punctuation, unit and the mark of a footnote."""
    return re.sub(r"[\W_]+", "", units.without_unit(str(heading).rstrip(FOOTNOTES)))


def _column(kind: str, heading: Cell) -> tuple[str | None, bool]:
    """Our column of a heading, and whether it is so without what stands in brackets after it, which must change nothing."""
    if heading is None:
        return None, True
    known = kinds()[kind].known
    if column := known.get(_plain(heading)):
        return column, True
    bare = _bare(str(heading))
    if not (match := BRACKETS.search(bare)) or not (column := known.get(_plain(BRACKETS.sub("", bare)))):
        return None, True
    within = " ".join(match[1].split())
    neutral = within in NEUTRAL or known.get(_plain(within)) == column or units.OTHER.search(within)
    return (column, False) if neutral else (None, False)


@lru_cache(maxsize=100_000)
def _bare(heading: str) -> str:
    """A heading without its unit, in lower case."""
    return re.sub(r"[(\[]\s*[)\]]", "", units.without_unit(heading))


def _named(kind: str, row: list[Cell]) -> dict[str, int]:
    """Our column -> its place in a row of headings; `BadAnswer` where two are the same, as they are written."""
    places: dict[str, int] = {}
    found = [(place, *_column(kind, heading)) for place, heading in enumerate(row)]
    for plainly in (True, False):  # what is headed plainly comes before what has something in brackets after it
        before = set(places)
        for place, column, bare in found:
            if column is None or bare is not plainly or column in before:
                continue
            if column in places:
                raise BadAnswer(f"Kolonnene «{row[places[column]]}» og «{row[place]}» er begge {column}: behold den ene")
            places[column] = place
    return places


def _rows(kind: str, found: list[Sheet]) -> Iterator[tuple[set[str], Sheet | None, int]]:
    """The rows that may be of headings: our columns that each has headings of, its sheet and place."""
    for sheet in found:
        for at, row in enumerate(sheet.rows[:NEAR_THE_TOP]):
            yield {column for cell in row if (column := _column(kind, cell)[0])}, sheet, at


def _headings(kind: str, sheet: Sheet) -> int | None:
    """The row of the headings: the first that has all the required ones, and a measure where the kind has any."""
    return next((at for columns, _, at in _rows(kind, [sheet]) if kinds()[kind].complete(columns)), None)


def _closest(kind: str, found: list[Sheet]) -> tuple[set[str], Sheet | None, int]:
    return max(_rows(kind, found), key=lambda row: len(row[0]), default=(set(), None, 0))


def _missing(kind: str, found: list[Sheet]) -> str:
    """Which headings are missing where most of them are, with the spellings that are accepted."""
    closest, sheet, at = _closest(kind, found)
    where = f" i {sheet.where(at)}" if sheet and closest else ""
    lines = [f"  - {lack}" for lack in lacking(kind, found)[1]]
    if sheet:
        known = kinds()[kind].known
        lines += [
            f"  - «{heading}» ligner, men parentesen kan bety noe annet: skriv overskriften uten den om det er kolonnen"
            for heading in sheet.rows[at]
            if heading is not None and _column(kind, heading) == (None, False) and known.get(_plain(BRACKETS.sub("", str(heading))))
        ]
    return f"Kolonner mangler{where}. Skrivemåtene som godtas:\n" + "\n".join(lines)


def _table(kind: str, sheet: Sheet, at: int, money: bool) -> Found:
    headings = sheet.rows[at]
    places = _named(kind, headings)
    notes = list(sheet.notes)
    for place, heading in enumerate(headings):
        if place in places.values():
            continue
        if heading is not None:
            notes.append(f"kolonnen «{heading}» er ukjent og ikke lest")
        elif any(row[place] is not None for row in sheet.rows[at + 1 :]):
            raise BadAnswer(f"Kolonne {letter(place)} har innhold, men ingen overskrift i {sheet.where(at)}")
    below = list(enumerate(sheet.rows[at + 1 :], at + 2))
    body = list(itertools.takewhile(lambda numbered: _filled(numbered[1], places) > 1, below))
    if not body:
        raise BadAnswer(f"Det er ingen rader under overskriftene i {sheet.where(at)}")
    if gap := [number for number, row in below[len(body) :] if _filled(row, places) > 1]:
        raise BadAnswer(
            f"{sheet.where(gap[0] - 1).capitalize()} ligger under en tom rad: fjern de tomme radene, eller det som ikke hører til "
            "tabellen"
        )
    sheet.trusted(rows=range(at, body[-1][0]), columns=set(places.values()))
    above = [cell for row in sheet.rows[:at] for cell in row if isinstance(cell, str)]
    _check_units(above, [str(headings[place]) for place in places.values()], money)
    banners = {named for text in above if (named := unit(text)) is not None}
    if len(banners) > 1:
        raise BadAnswer(f"Radene over overskriftene nevner flere enheter: {', '.join(sorted(banners))}")
    return Found(
        {column: [row[place] for _, row in body] for column, place in places.items()},
        {column: unit(str(headings[place])) for column, place in places.items()},
        banners.pop() if banners else None,
        [number for number, _ in body],
        notes,
        {column: (str(headings[place]), place) for column, place in places.items()},
        sheet.name,
        above,
    )


def _check_units(above: list[str], headings: list[str], money: bool) -> None:
    """`BadAnswer` where a heading names units that are unclear, or where what is no money is in thousands or the like."""
    if unclear := [text for text in headings if unit(text) == units.UNCLEAR]:
        raise BadAnswer(f"Overskriften «{unclear[0]}» nevner flere enheter, eller annen valuta enn kroner: skriv én")
    if not money and (large := [text for text in above + headings if unit(text) not in (None, "kr", units.UNCLEAR)]):
        raise BadAnswer(
            f"«{large[0][:60]}» sier at tallene er i tusen eller mer: skriv dem helt ut, og ta bort det som er sagt om dem"
        )


def _filled(row: list[Cell], places: dict[str, int]) -> int:
    return sum(row[place] is not None for place in places.values())


def years(found: Found, column: str = "year") -> list[int]:
    """A column of years as whole numbers between 1900 and 2100."""
    return [int(_digits(cell, r"(?:19|20)\d\d", "et år", found.where(at, column))) for at, cell in enumerate(found.columns[column])]


def numbers(found: Found, column: str, pattern: str, what: str, width: int = 0) -> list[str]:
    """A column of numbers that are names, as text, with the zeros in front that Excel has taken (with a note)."""
    cells = [_digits(cell, pattern, what, found.where(at, column)) for at, cell in enumerate(found.columns[column])]
    if short := sum(len(cell) < width for cell in cells):
        found.notes.append(f"{short} {what} har fått tilbake nullen foran")
    return [cell.zfill(width) for cell in cells]


def municipalities(found: Found, column: str = "komm_nr", name: str = "name") -> list[str]:
    """A column of municipality numbers, as text with four digits; those that no municipality has had get a note. `BadAnswer` where
    the column `name` calls one by the name of another, as where two have changed places."""
    found_numbers = numbers(found, column, r"\d{3,4}", "kommunenummer", width=4)
    agree(found_numbers, found.columns.get(name, []), lambda at: found.where(at, column))
    unknown = [at for at, number in enumerate(found_numbers) if number not in _ever()]
    if len(unknown) == len(found_numbers):
        raise BadAnswer(f"Ingen av kommunenumrene finnes, for eksempel {found_numbers[0]} ({found.where(0, column)})")
    if unknown:
        places = ", ".join(f"{found_numbers[at]} ({found.where(at, column)})" for at in unknown[:5])
        more = f" og {len(unknown) - 5} til" if len(unknown) > 5 else ""
        found.notes.append(
            f"{many(len(unknown), 'rad', 'rader')} har et nummer som ingen kommune har, og er ikke med i tabellene: {places}{more}"
        )
    return found_numbers


def agree(numbers: Sequence[str | None], names: Sequence[Cell], where: Callable[[int], str]) -> None:
    """`BadAnswer` where a municipality number stands beside a name that only others have had; a name that nobody has had may be
    anything."""
    for at, (number, name) in enumerate(zip(numbers, names, strict=bool(names))):
        bearers = _bearers().get(fold(str(name)), frozenset()) if name is not None else frozenset()
        if bearers and number in _ever() and number not in bearers:
            raise BadAnswer(
                f"Nummeret {number} står ved siden av navnet «{str(name)[:40]}», som er {', '.join(sorted(bearers))} "
                f"({where(at)}): er to kommuner byttet om?"
            )


@cache
def _bearers() -> dict[str, frozenset[str]]:
    """Folded name -> every number that a municipality has had under it."""
    found: dict[str, set[str]] = {}
    for row in resource("municipalities.csv").itertuples():
        for name in spellings_of(row.name):
            found.setdefault(fold(name), set()).add(row.komm_nr)
    return {name: frozenset(numbers) for name, numbers in found.items()}


@cache
def _ever() -> frozenset[str]:
    """Every municipality number there has been."""
    changes = resource("municipality_changes.csv")
    return frozenset(resource("municipalities.csv")["komm_nr"]) | frozenset(changes["old_nr"]) | frozenset(changes["new_nr"])


def _digits(cell: Cell, pattern: str, what: str, where: str) -> str:
    """A number that is a name: grouped with spaces, or with the «.0» that programs write where a column has had gaps, or not."""
    if cell is None:
        raise BadAnswer(f"Her mangler {what} ({where})")
    if isinstance(cell, Date | Percent):
        raise BadAnswer(f"«{cell}» er {'en dato' if isinstance(cell, Date) else 'prosent'}, og det skulle stått {what} ({where})")
    text = written(cell)
    digits = re.sub(r"(?<=\d) (?=\d)|[.,]0$", "", text)
    if not re.fullmatch(pattern, digits, re.ASCII):
        own = ": fjern rader med egne summer" if text.casefold().startswith(SUMS) else ""
        raise BadAnswer(f"«{text[:40]}» er ikke {what} ({where}){own}")
    return digits


def figures(table: Found, names: Sequence[str], percent: bool = False) -> tuple[dict[str, Sequence[float]], list[str | None]]:
    """The numbers of these columns, which share one decimal sign, and the marks of all of them, one column after the other."""
    count = len(table.rows)
    cells = [cell for name in names for cell in table.columns[name]]
    values, marks = sheets.figures(cells, lambda at: table.where(at % count, names[at // count]), percent=percent)
    return {name: values[place * count : (place + 1) * count] for place, name in enumerate(names)}, marks


def counts(table: Found, name: str, what: str = "personer"):
    """A column of counts as Int64, missing where the file has none; anything but a whole number of at least 0 is a `BadAnswer`."""
    cells = table.columns.get(name, [None] * len(table.rows))
    values, _ = sheets.figures(cells, lambda at: table.where(at, name))
    if wrong := [at for at, value in enumerate(values) if value < 0 or value % 1 > 0]:  # NaN is neither
        raise BadAnswer(f"«{cells[wrong[0]]}» er ikke et antall {what} ({table.where(wrong[0], name)})")
    return pd.array(values, dtype="Float64").astype("Int64")
