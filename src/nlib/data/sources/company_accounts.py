"""Companies' accounts, as people have bought or compiled them (`nlib import`), with the value they create: a row for a company (or
establishment) and year. Amounts are converted to kr; a file that does not say their unit, or says several, is refused."""

import re
from dataclasses import replace

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Count, Imported, Table, column, count
from nlib.data.codebooks.blanking import is_organisation_number
from nlib.data.readers import named_columns, units
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes, rows, saved
from nlib.data.readers.named_columns import Found
from nlib.data.readers.units import UNCLEAR, UNITS

KIND = "regnskap"
AMOUNTS = ("wage_costs", "operating_result")
SAY_SO = "Skriv den i overskriften, for eksempel «Lønnskostnader (1 000 kr)»"
NACE = re.compile(r"\d{2}(\.\d{1,3})?|(?P<undotted>\d{5})", re.ASCII)
REGISTERED = re.compile(r"(?:NO ?)?(\d{3})[ .-]?(\d{3})[ .-]?(\d{3})(?: ?MVA)?", re.IGNORECASE)  # «NO 974 760 673 MVA»
WAGES = (10_000, 10_000_000)  # kr an employee, in the middle account: other figures are in another unit than the file says
OWN, GROUPS = ("selskap", "mor", "company", "parent"), ("konsern", "group", "consolidated")  # whose accounts they are
ENOUGH = 10  # accounts; the middle of fewer says little
FIGURES = ["employees", "wage_costs_kr", "operating_result_kr"]
HEADINGS = "Orgnr;Navn;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)"


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The accounts, a row for each in the file, and what a user should know.

    The frame: `orgnr`, `name` (may be missing), `komm_nr`, `nace` (all text), `year` (int64), `employees` (Int64),
    `wage_costs_kr` and `operating_result_kr` (float64, kr, NaN where missing).
    """
    frame, notes = named_columns.gather(KIND, found, lambda table: _frame(_own(table)), money=True)
    twice = (
        "{orgnr} står to ganger i {year}, i samme kommune og næring: behold selskapets eget regnskap, og ta bort konsernets og det "
        "som er rettet siden"
    )
    named_columns.refuse(frame, frame.duplicated(["orgnr", "komm_nr", "nace", "year"]), twice)
    _plausible(frame)
    return frame, notes


def _frame(table: Found) -> pd.DataFrame:
    unit = _unit(table)
    if unit != "kr":
        table.notes.append(f"beløp i {unit} er regnet om til kroner")
    cells = table.columns["orgnr"]
    bare = ["".join(match.groups()) if (match := REGISTERED.fullmatch(str(cell))) else cell for cell in cells]
    of_bare = replace(table, columns=table.columns | {"orgnr": bare})
    orgnrs = named_columns.numbers(of_bare, "orgnr", r"\d{9}", "organisasjonsnummer")
    if wrong := [at for at, orgnr in enumerate(orgnrs) if not is_organisation_number(orgnr)]:
        raise BadAnswer(
            f"«{orgnrs[wrong[0]]}» er ikke et organisasjonsnummer: kontrollsifferet stemmer ikke ({table.where(wrong[0], 'orgnr')})"
        )
    texts = {
        "orgnr": orgnrs,
        "name": [None if cell is None else str(cell) for cell in table.columns.get("name", [None] * len(orgnrs))],
        "komm_nr": named_columns.municipalities(table, name="municipality"),
        "nace": _nace(table),
    }
    amounts, _ = named_columns.figures(table, (*AMOUNTS, "employees"))
    employees = amounts.pop("employees")
    if wrong := [at for at, count in enumerate(employees) if not (pd.isna(count) or (0 <= count < 10**7 and count % 1 == 0))]:
        raise BadAnswer(f"Antall ansatte er ikke et helt tall ({table.where(wrong[0], 'employees')})")
    return pd.DataFrame(texts, dtype="str").assign(
        year=named_columns.years(table),
        employees=pd.array(employees, dtype="Float64").astype("Int64"),
        **{f"{name}_kr": [value * UNITS[unit] for value in values] for name, values in amounts.items()},
    )


def _own(table: Found) -> Found:
    """The companies' own accounts: those of groups, which have them in their sums, are left out with a note."""
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
    table.notes.append(f"{len(kinds) - len(kept)} konsernregnskap er ikke lest")
    columns = {name: [cells[at] for at in kept] for name, cells in table.columns.items()}
    return replace(table, columns=columns, rows=[table.rows[at] for at in kept])


def _unit(table: Found) -> str:
    """The one unit that headings, the rows above them and a column of units agree on."""
    currencies = {str(cell).upper() for cell in table.columns.get("currency", []) if cell is not None}
    if foreign := currencies - {"NOK", "KR"}:
        raise BadAnswer(f"Beløpene er ikke bare i norske kroner ({', '.join(sorted(foreign))}): regn dem om først")
    named = {table.units[name] for name in AMOUNTS}
    if table.banner:
        named = (named - {None}) | {table.banner}
    if "unit" in table.columns:
        cells = {units.of_cell(cell) for cell in table.columns["unit"]}
        named = cells if named == {None} else named | cells
    if len(named) > 1:
        raise BadAnswer(
            f"Beløpene er i ulike enheter ({', '.join(sorted(unit or 'ikke sagt' for unit in named))}). {SAY_SO} på begge"
        )
    (unit,) = named
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


def _nace(table: Found) -> list[str]:
    """Industry codes of SN2007, `47`, `47.11` or `47.110`; as numbers they have lost the zeros at their ends, with a note."""
    cells = table.columns["nace"]
    if any(isinstance(cell, float) for cell in cells):
        table.notes.append(
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


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The accounts of the synthetic country's companies."""
    accounts = norway.accounts()[["orgnr", "name", "komm_nr", "nace", "year", *FIGURES]]
    return saved("regnskap.csv", accounts, header=HEADINGS.split(";"), float_format="%.0f")


FILE = by_headings(KIND, read, rows(*FIGURES), private=True)
IMPORTED = Imported(KIND, "Foretakenes regnskap", "", ("orgnr", "year"), of_bytes(read), loose=("name",), synthetic=synthetic)


class Accounts(Table):
    orgnr: str = column("Organisasjonsnummer", str_matches=r"^\d{9}$")
    year: int = column("Regnskapsår", ge=1900, le=2100)
    komm_nr: str = column("Kommune; mangler der placed er usann", str_matches=KOMM_NR, nullable=True)
    member_nr: str = column(
        "Kommunen foretaket ligger i: medlemmet av en region, og den gamle der kommunen siden er delt",
        str_matches=KOMM_NR,
        nullable=True,
    )
    nace: str = column("Næring, SN2007, så nøyaktig som filen har den", str_matches=r"^\d{2}(\.\d{1,3})?$")
    nace2: str = column("Næring, SN2007, to sifre", str_matches=r"^\d{2}$")
    name: str = column("Navn", nullable=True)
    employees: Count = count("Ansatte", "personer")
    wage_costs_kr: float = column("Lønnskostnader", "kr", nullable=True)
    operating_result_kr: float = column("Driftsresultat", "kr", nullable=True)
    value_added_kr: float = column("Verdiskaping: lønnskostnader og driftsresultat, uten avskrivninger", "kr", nullable=True)
    placed: bool = column("Usann når kommunen i filen siden er delt, eller nummeret ikke er en kommunes")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """What each company had of employees, wage costs and operating result in a year, and the value it created, on today's numbers.

    Value creation is wage costs + operating result, net of depreciation. A company may have several rows, one a
    municipality and industry that it has establishments in, so these belong to the key; establishments in the same ones are
    added up, also when a merger has made two municipalities one (a sum with a missing part is missing). The number may be that
    of the accounting year or a later one. A company in a municipality that has been split since may be in any of its parts:
    its `komm_nr` is missing and `placed` False, and so where the number is no municipality's. Rows of members of a region are kept
    apart: `member_nr` is the municipality of today, and of its own year where that has been split.
    """
    register = Register(municipality_codes, municipality_changes)
    there = imported[["komm_nr", "year"]].drop_duplicates()
    pairs = list(there.itertuples(index=False))
    heirs = [register.heir(number, f"{year}-12-31") for number, year in pairs]
    members = [  # of today, or of its own year where it has been split since; none where the number is no municipality's
        register.members.heir(number, f"{year}-12-31") or (number if register.spells(number) else None) for number, year in pairs
    ]
    there = there.assign(heir=pd.array(heirs, dtype="str"), member_nr=pd.array(members, dtype="str"))
    frame = imported.merge(there, on=["komm_nr", "year"], validate="m:1").drop(columns="komm_nr")
    by = frame.rename(columns={"heir": "komm_nr"}).groupby(["orgnr", "year", "komm_nr", "member_nr", "nace"], dropna=False)
    frame = by[FIGURES].sum(skipna=False).assign(name=by["name"].first()).reset_index()
    return frame.assign(
        nace2=frame["nace"].str[:2],
        value_added_kr=frame["wage_costs_kr"] + frame["operating_result_kr"],
        placed=frame["komm_nr"].notna(),
    )


KEY, TITLE = ("orgnr", "year", "member_nr", "nace"), "Foretakenes regnskap og verdiskaping"
DATASET = IMPORTED.dataset("company_accounts", TITLE, Accounts, build, key=KEY, partial=True, private=True)
