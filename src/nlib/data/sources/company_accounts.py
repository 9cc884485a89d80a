"""Companies' accounts, as people have bought or compiled them (`nlib import`), with the value they create."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Imported, Table, column
from nlib.data.readers import accounts, telemarksforsking

AMOUNTS = ["employees", "wage_costs_kr", "operating_result_kr"]
HEADINGS = "Orgnr;Navn;Kommunenr;NACE;År;Ansatte;Lønnskostnader (kr);Driftsresultat (kr)"


def read(body: bytes) -> pd.DataFrame:
    """A file's accounts, as `nlib.data.readers.accounts` gives them."""
    frame, _ = accounts.read(telemarksforsking.unwrapped(body))
    return frame


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The accounts of the synthetic country's companies."""
    columns = ["orgnr", "name", "komm_nr", "nace", "year", *AMOUNTS]
    text = norway.accounts()[columns].to_csv(sep=";", index=False, header=False, float_format="%.0f", lineterminator="\n")
    return [("regnskap.csv", f"{HEADINGS}\n{text}".encode("utf-8-sig"))]


IMPORTED = Imported(accounts.KIND, "Foretakenes regnskap", "", ("orgnr", "year"), read, loose=("name",), synthetic=synthetic)


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
    employees: pd.Int64Dtype = column("Ansatte", "personer", ge=0, nullable=True)
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
    members = [_member(register, number, f"{year}-12-31") for number, year in pairs]
    there = there.assign(heir=pd.array(heirs, dtype="str"), member_nr=pd.array(members, dtype="str"))
    frame = imported.merge(there, on=["komm_nr", "year"], validate="m:1").drop(columns="komm_nr")
    by = frame.rename(columns={"heir": "komm_nr"}).groupby(["orgnr", "year", "komm_nr", "member_nr", "nace"], dropna=False)
    frame = by[AMOUNTS].sum(skipna=False).assign(name=by["name"].first()).reset_index()
    return frame.assign(
        nace2=frame["nace"].str[:2],
        value_added_kr=frame["wage_costs_kr"] + frame["operating_result_kr"],
        placed=frame["komm_nr"].notna(),
    )


def _member(register: Register, number: str, day: str) -> str | None:
    """The municipality that a number of a day is today, or was then where it has been split; None where it is no municipality's."""
    return register.members.heir(number, day) or (number if register.spells(number) else None)


DATASET = IMPORTED.dataset(
    "company_accounts",
    "Foretakenes regnskap og verdiskaping",
    Accounts,
    build,
    key=("orgnr", "year", "member_nr", "nace"),
    partial=True,
    private=True,
)
