"""Telemarksforsking's tables of places and years, in the forms they come in: Excel, CSV, JSON, and these in JavaScript."""

import itertools
import json
import re
from collections.abc import Sequence

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns, sheets, statbank_json
from nlib.data.readers.cells import Cell, Sheet, written
from nlib.data.readers.named_columns import Found

KIND = "telemarksforsking"
DIGITS = {"kommune": 4, "region": None, "fylke": 2, "land": None}  # of a number; some regions and the country have none
PLURAL = {"kommuner": "kommune", "regioner": "region", "fylker": "fylke", "landet": "land", "hele landet": "land"}
OF_PEOPLE = {"size": "size_effect", "job_growth": "private_growth"}  # what two headings mean beside the growth of population
SHARES = {"profitability", "positive_equity"}  # of firms, in per cent
YEAR = {"år", "aar", "årstall", "year"}
SCRIPT = re.compile(  # const data = `Nr;Navn …`; or callback("…"), after comments; what is passed is not tried again (`*+`)
    r"""\s*+(?:(?://[^\n]*+\n|/\*.*?\*/|(['"])use\ strict\1;?)\s*+)*+
    [\w\s.$(]{1,200}(?::\s{0,9}[\w\[\]]{1,50}\s{0,9})?[=(]\s*+(?:JSON\.parse\(\s*+)?(?=["'`{\[])""",
    re.DOTALL | re.VERBOSE,
)
TAIL = re.compile(r"[\s;)]*+(?:(?:(?:module\.)?exports\b|export\b|return\b|window\b)[\w\s.$={},:]*+[;)]*+|//[^\n]*+|\s)*+")
LONGEST_TAIL = 1000  # signs of code after the table
ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "", "\n": ""}  # anything else is itself: \" \' \` \\


def unwrapped(body: bytes) -> list[Sheet]:
    """The sheets of a file in any of the forms; `BadAnswer` where it is none of them."""
    if body.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return sheets.read(body)
    content = sheets.table_text(body)
    if match := SCRIPT.match(content):
        content = _in_script(content, match.end())
    if content.lstrip().startswith(("{", "[")):
        return [statbank_json.sheet(content) or _json_sheet(content)]
    return [sheets.delimited(content)]


def _in_script(content: str, start: int) -> str:
    """The table that begins here in a script: the text between quotation marks, or the JSON. Nothing but code may come after it."""
    if (quote := content[start]) in "{[":
        try:
            _, end = json.JSONDecoder().raw_decode(content, start)
        except (ValueError, RecursionError) as error:
            raise BadAnswer(f"Tabellen i skriptet begynner som JSON, men er ikke hel ({error}): last filen ned på nytt") from error
        table = content[start:end]
    else:
        closing = re.compile(rf"(?<!\\)(?:\\\\)*{quote}").search(content, start + 1)
        if closing is None:
            raise BadAnswer(f"Tabellen i skriptet begynner med {quote}, men slutter ikke: last filen ned på nytt")
        end = closing.end()
        table = _unescaped(content[start + 1 : end - 1]).strip("\n")
    tail = content[end:]
    if len(tail) > LONGEST_TAIL or not TAIL.fullmatch(tail):
        raise BadAnswer("Skriptet har mer enn én tabell, eller kode etter den: behold bare tabellen, og lagre filen på nytt")
    return table


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The figures, a row for each place, year and measure, and what a user should know.

    The frame: `level` (kommune, region, fylke, land), `nr` (text; four digits for a municipality, two for a county, missing where
    there is none), `name` (text, may be missing), `year` (int64), `measure` (as named in `import_columns.csv`, and `OF_PEOPLE`),
    `unit` (kr, 1 000 kr, mill. kr, missing where none is given), `value` (float64, NaN where missing), `status` (SSB's mark, or
    missing).
    """
    frame, notes = named_columns.gather(KIND, found, _frame, money=True)
    for measure, units in frame.groupby("measure")["unit"]:
        if units.nunique(dropna=False) > 1:
            raise BadAnswer(f"Arkene har ulike enheter for {measure}: bruk den samme i alle")
    placed = frame.assign(place=frame["nr"].fillna(frame["name"]))
    twice = placed.duplicated(["level", "place", "year", "measure"])
    named_columns.refuse(placed, twice, "{level} {place} står to ganger i {year}")
    return frame, notes


def _unescaped(script: str) -> str:
    """The characters of a JavaScript string; `BadAnswer` where it has half a character."""
    plain = ESCAPE.sub(lambda sign: ESCAPES.get(sign[3], sign[3]) if sign[3] else chr(int(sign[1] or sign[2], 16)), script)
    try:
        return plain.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError as error:
        raise BadAnswer("Teksten i JavaScript-linjen har et halvt tegn") from error


def _frame(table: Found) -> pd.DataFrame:
    count = len(table.rows)
    names = [None if cell is None else str(cell) for cell in table.columns.get("name", [None] * count)]
    given = [None if cell is None else written(cell) for cell in table.columns["nr"]]
    divisions = table.columns.get("level")
    if divisions is None:
        table.notes.append("filen har ingen Inndeling: kommune, fylke og land er skilt etter nummeret")
    levels, numbers = [], []
    for at, number in enumerate(given):
        level = _level(number, None if divisions is None else (divisions[at],), table.where(at))
        levels.append(level)
        numbers.append(_number(number, level, table.where(at)))
    if nameless := [at for at in range(count) if numbers[at] is None and names[at] is None]:
        raise BadAnswer(f"Et sted har verken nummer eller navn ({table.where(nameless[0])})")
    if padded := sum(before != after for before, after in zip(given, numbers, strict=True)):
        table.notes.append(f"{padded} nummer har fått tilbake nullen foran")
    municipal = [number if level == "kommune" else None for level, number in zip(levels, numbers, strict=True)]
    named_columns.agree(municipal, names, lambda at: table.where(at, "nr"))
    places = pd.DataFrame({"level": levels, "nr": numbers, "name": names}, dtype="str").assign(year=named_columns.years(table))
    measures = [name for name in table.columns if name in named_columns.measures(KIND)]
    named = OF_PEOPLE if "population_growth" in measures else {}
    figures, marks = named_columns.figures(table, measures, percent=True)
    _refuse_fractions(figures, table)
    return pd.concat([places] * len(measures), ignore_index=True).assign(
        measure=pd.Series([named.get(name, name) for name in measures for _ in range(count)], dtype="str"),
        unit=pd.Series([table.units[name] for name in measures for _ in range(count)], dtype="str"),
        value=list(itertools.chain.from_iterable(figures.values())),
        status=pd.Series(marks, dtype="str"),
    )


def _refuse_fractions(figures: dict[str, Sequence[float]], table: Found) -> None:
    """`BadAnswer` where the share of firms that do well is never above 1: a spreadsheet's per cent has been saved as fractions."""
    for name in SHARES & figures.keys():
        known = [value for value in figures[name] if value == value]
        if known and any(value % 1 for value in known) and all(0 <= value <= 1 for value in known):
            heading = table.headings[name][0]
            raise BadAnswer(
                f"«{heading}» er andeler mellom 0 og 1, og skulle vært prosent: gang kolonnen med 100 ({table.where(0, name)})"
            )


def _level(number: str | None, division: tuple[Cell] | None, where: str) -> str:
    """The level of a place by its «Inndeling», or by its number in a file without."""
    if number is not None and not re.fullmatch(r"\d{1,6}", number, re.ASCII):
        raise BadAnswer(f"«{number[:40]}» er ikke nummeret på et sted ({where})")
    if division is not None:
        plain = str(division[0]).casefold()
        if (level := PLURAL.get(plain, plain)) not in DIGITS:
            raise BadAnswer(f"«{str(division[0])[:40]}» er ikke Kommune, Region, Fylke eller Land ({where})")
        return level
    if number is None:
        raise BadAnswer(f"Et sted har verken nummer eller Inndeling ({where})")
    return "land" if int(number) == 0 else "fylke" if len(number) <= 2 else "kommune"


def _number(given: str | None, level: str, where: str) -> str | None:
    """The number as it should be: Excel has taken the zero in front of some."""
    digits = DIGITS[level]
    if digits is None:
        return given
    if given is None or not digits - 1 <= len(given) <= digits:
        raise BadAnswer(f"«{given or ''}» er ikke nummeret på en {level} ({where})")
    return given.zfill(digits)


def _json_sheet(content: str) -> Sheet:
    """`{"vars": [headings], "2016": [[cells], ...], ...}` as a sheet with the year in a column of its own; a row may also be
    `{heading: cell}`. Where the headings have the year too, it must be the one that the row is under."""
    try:
        document = json.loads(content, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"Filen begynner som JSON, men er ikke hel ({error}): last den ned på nytt") from error
    headings = document.get("vars") if isinstance(document, dict) else None
    if not isinstance(headings, list) or not all(isinstance(name, str) for name in headings):
        raise BadAnswer("JSON-filen har ikke «vars» med en liste over kolonnene")
    own = next((place for place, name in enumerate(headings) if name.strip().casefold() in YEAR), None)
    rows: list[list[Cell]] = [[_json_cell(name, "vars") for name in headings] + ["År"] * (own is None)]
    for year, cells in document.items():
        if year == "vars":
            continue
        if not re.fullmatch(r"\d{4}", year, re.ASCII) or not isinstance(cells, list):
            raise BadAnswer(f"JSON-filen har «{year[:40]}», som ikke er et år med en liste av rader")
        for row in cells:
            if isinstance(row, dict):
                row = [row.get(name) for name in headings] if set(row) <= set(headings) else None
            if not isinstance(row, list) or len(row) != len(headings):
                raise BadAnswer(f"En rad i {year} har ikke {len(headings)} celler, som «vars» sier")
            cells = [_json_cell(cell, year) for cell in row]
            if own is None:
                cells.append(year)
            elif cells[own] not in (None, year, float(year)):
                raise BadAnswer(f"En rad under {year} er merket {cells[own]}")
            else:
                cells[own] = year
            rows.append(cells)
    return Sheet("", rows)


def _once(pairs: list[tuple]) -> dict:
    if len(document := dict(pairs)) < len(pairs):
        raise ValueError("et år står to ganger")
    return document


def _json_cell(cell, year: str) -> Cell:
    if isinstance(cell, str):
        if any("\ud800" <= sign <= "\udfff" for sign in cell):
            raise BadAnswer(f"En celle i {year} har et halvt tegn")
        return " ".join(cell.split()) or None
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float) or not abs(cell) < 1e15:  # NaN is not less
        raise BadAnswer(f"En celle i {year} er verken tekst eller et vanlig tall")
    return float(cell)
