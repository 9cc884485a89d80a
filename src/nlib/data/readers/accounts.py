"""Companies' accounts, a row for a company (or establishment) and year, from Excel or CSV that someone has made.

Amounts are kr, 1 000 kr or mill. kr as the headings say; they must all say the same, and are converted to kr. Where nothing is said
the file is refused: a guess could be wrong a thousand times over.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns, sheets, units
from nlib.data.readers.kinds import by_headings, rows
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet
from nlib.data.readers.units import UNCLEAR, UNITS

KIND = "regnskap"
AMOUNTS = ("wage_costs", "operating_result")
SAY_SO = "Skriv den i overskriften, for eksempel «Lønnskostnader (1 000 kr)»"
NACE = re.compile(r"\d{2}(\.\d{1,3})?|(?P<undotted>\d{5})", re.ASCII)
REGISTERED = re.compile(r"(?:NO ?)?(\d{3})[ .-]?(\d{3})[ .-]?(\d{3})(?: ?MVA)?", re.IGNORECASE)
WAGES = (10_000, 10_000_000)  # kr an employee, in the middle account: other figures are in another unit than the file says
OWN, GROUPS = ("selskap", "mor", "company", "parent"), ("konsern", "group", "consolidated")  # whose accounts they are
ENOUGH = 10  # accounts; the middle of fewer says little
WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)  # of the organisation number's control digit, modulo 11


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The accounts, a row for each in the file, and what a user should know.

    The frame: `orgnr`, `name` (may be missing), `komm_nr`, `nace` (all text), `year` (int64), `employees` (Int64),
    `wage_costs_kr` and `operating_result_kr` (float64, kr, NaN where missing).
    """
    tables = [_own(table) for table in named_columns.read(KIND, found, money=True)]
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    if (twice := frame.duplicated(["orgnr", "komm_nr", "nace", "year"])).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(
            f"{row['orgnr']} står to ganger i {row['year']}, i samme kommune og næring: behold selskapets eget regnskap, og ta "
            "bort konsernets og det som er rettet siden"
        )
    _plausible(frame)
    return frame, [line for table in tables for line in table.told]


def _frame(table: Found) -> pd.DataFrame:
    unit = _unit(table)
    if unit != "kr":
        table.told.append(f"beløp i {unit} er regnet om til kroner")
    orgnrs = _orgnrs(table)
    if wrong := [at for at, orgnr in enumerate(orgnrs) if not _controlled(orgnr)]:
        raise BadAnswer(
            f"«{orgnrs[wrong[0]]}» er ikke et organisasjonsnummer: kontrollsifferet stemmer ikke ({table.where(wrong[0], 'orgnr')})"
        )
    texts = {
        "orgnr": orgnrs,
        "name": [None if cell is None else str(cell) for cell in table.columns.get("name", [None] * len(orgnrs))],
        "komm_nr": named_columns.municipalities(table, name="municipality"),
        "nace": _nace(table),
    }
    amounts = _figures(table, (*AMOUNTS, "employees"))
    employees = amounts.pop("employees")
    if wrong := [at for at, count in enumerate(employees) if not (pd.isna(count) or (0 <= count < 10**7 and count % 1 == 0))]:
        raise BadAnswer(f"Antall ansatte er ikke et helt tall ({table.where(wrong[0], 'employees')})")
    return pd.DataFrame(texts, dtype="str").assign(
        year=named_columns.years(table),
        employees=pd.array(employees, dtype="Float64").astype("Int64"),
        **{f"{name}_kr": [value * UNITS[unit] for value in values] for name, values in amounts.items()},
    )


def _own(table: Found) -> Found:
    """The companies' own accounts: those of groups, which have them in their sums, are told of and left out."""
    kinds = [str(cell or "").casefold() for cell in table.columns.get("account_type", [])]
    if odd := [at for at, kind in enumerate(kinds) if not kind.startswith((*OWN, *GROUPS))]:
        raise BadAnswer(
            f"«{kinds[odd[0]][:40]}» er verken selskapets eller konsernets regnskap ({table.where(odd[0], 'account_type')})"
        )
    kept = [at for at, kind in enumerate(kinds) if kind.startswith(OWN)]
    if not kinds or len(kept) == len(kinds):
        return table
    if not kept:
        raise BadAnswer("Filen har bare konsernregnskap: de kan ikke legges på én kommune. Ta ut selskapenes egne")
    told = [*table.told, f"{len(kinds) - len(kept)} konsernregnskap er ikke lest"]
    columns = {name: [cells[at] for at in kept] for name, cells in table.columns.items()}
    return replace(table, columns=columns, rows=[table.rows[at] for at in kept], told=told)


def _orgnrs(table: Found) -> list[str]:
    """Organisation numbers, also as «NO 974 760 673 MVA»."""
    cells = table.columns["orgnr"]
    bare = ["".join(match.groups()) if (match := REGISTERED.fullmatch(str(cell))) else cell for cell in cells]
    return named_columns.numbers(replace(table, columns=table.columns | {"orgnr": bare}), "orgnr", r"\d{9}", "organisasjonsnummer")


def _unit(table: Found) -> str:
    """The one unit that headings, the rows above them and a column of units agree on."""
    currencies = {str(cell).upper() for cell in table.columns.get("currency", []) if cell is not None}
    if foreign := currencies - {"NOK", "KR"}:
        raise BadAnswer(f"Beløpene er ikke bare i norske kroner ({', '.join(sorted(foreign))}): regn dem om først")
    said = {table.units[name] for name in AMOUNTS}
    if table.banner:
        said = (said - {None}) | {table.banner}
    if "unit" in table.columns:
        cells = {units.of_cell(cell) for cell in table.columns["unit"]}
        said = cells if said == {None} else said | cells
    if len(said) > 1:
        raise BadAnswer(
            f"Beløpene er i ulike enheter ({', '.join(sorted(unit or 'ikke sagt' for unit in said))}). {SAY_SO} på begge"
        )
    (unit,) = said
    if unit == UNCLEAR:
        raise BadAnswer(f"Filen nevner flere enheter eller annen valuta enn kroner for beløpene. {SAY_SO}")
    if unit is None:
        raise BadAnswer(f"Filen sier ikke om beløpene er i kr, 1 000 kr eller mill. kr. {SAY_SO}")
    return unit


def _plausible(frame: pd.DataFrame) -> None:
    """`BadAnswer` where wages per employee show that the amounts are not in the unit that the file says."""
    paid = frame[(frame["employees"] > 0).fillna(False) & (frame["wage_costs_kr"] > 0)]
    middle = (paid["wage_costs_kr"] / paid["employees"].astype(float)).median()
    if len(paid) >= ENOUGH and not WAGES[0] <= middle <= WAGES[1]:
        raise BadAnswer(
            f"Lønnskostnadene er {middle:.0f} kr per ansatt i det midterste regnskapet, og det kan de ikke være. Se etter om "
            f"enheten er rett. {SAY_SO}"
        )


def _figures(table: Found, names: tuple[str, ...]) -> dict[str, Sequence[float]]:
    """The columns' numbers; they share one decimal sign."""
    count = len(table.rows)
    cells = [cell for name in names for cell in table.columns[name]]
    values, _ = sheets.figures(cells, lambda at: table.where(at % count, names[at // count]))
    return {name: values[place * count : (place + 1) * count] for place, name in enumerate(names)}


def _nace(table: Found) -> list[str]:
    """Industry codes of SN2007, `47`, `47.11` or `47.110`; as numbers they have lost the zeros at their ends, which is told of."""
    cells = table.columns["nace"]
    if any(isinstance(cell, float) for cell in cells):
        table.told.append(
            "næringskoder lagret som tall kan ha mistet nuller sist (47.110 er blitt 47.11); de to første sifrene holder"
        )
    codes = []
    for at, cell in enumerate(cells):
        written = f"{cell:.10g}" if isinstance(cell, float) else str(cell or "")
        if isinstance(cell, float) and cell < 10:
            written = f"0{written}"
        if not (match := NACE.fullmatch(written)):
            raise BadAnswer(f"«{written[:40]}» er ikke en næringskode som 47 eller 47.110 ({table.where(at, 'nace')})")
        codes.append(f"{match['undotted'][:2]}.{match['undotted'][2:]}" if match["undotted"] else written)
    return codes


def _controlled(orgnr: str) -> bool:
    rest = sum(int(digit) * weight for digit, weight in zip(orgnr, WEIGHTS, strict=False)) % 11
    return int(orgnr[8]) == (11 - rest) % 11


FILE = by_headings(KIND, read, rows("wage_costs_kr", "operating_result_kr", "employees"), private=True)
