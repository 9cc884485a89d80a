"""Employed persons by two-digit industry, by residence and by workplace (SSB 08536).

SSB rounds 1 and 2 to 0 or 3, so sums of industries differ a little from other tables; the figures are kept as they are.
The codes of the variables and of the figures are from memory; a fetch holds them against the live table.
"""

import pandas as pd

from nlib.municipalities import Register
from nlib.readers import jsonstat
from nlib.tables import KOMM_NR, SSB, Dataset, PxQuery, Raw, Table, column

TITLE = "Sysselsatte per 4. kvartal, etter region, næring (SN2007), statistikkvariabel og år"
CONTENTS = {"SysselBosted": "employed_residents", "SysselArbsted": "jobs"}


def synthetic(norway) -> list[bytes]:
    """The synthetic country's employed persons by industry, an answer a year, on the numbers of that year."""
    names = {ours: theirs for theirs, ours in CONTENTS.items()} | {"komm_nr": "Region", "nace2": "NACE2007"}
    dims = ["Region", "NACE2007", "ContentsCode", "Tid"]
    return [
        jsonstat.write(
            norway.by_industry(year).rename(columns=names, errors="raise").melt(dims[:2], var_name=dims[2]).assign(Tid=str(year)),
            dims,
            title=TITLE,
            table="08536",
            updated=norway.updated,
        )
        for year in norway.employment_years
    ]


RAW = Raw(
    name="ssb_08536",
    producer=SSB,
    table="08536",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/08536",
    query=PxQuery("08536", {"Region": ("*",), "NACE2007": ("??",), "ContentsCode": tuple(CONTENTS), "Tid": ("*",)}),
    read=jsonstat.read,
    synthetic=synthetic,
    optional=True,
)


class Employed(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=2008, le=2100)
    nace2: str = column("Næring, SN2007, to sifre; 00 er uoppgitt", str_matches=r"^\d{2}$")
    employed_residents: pd.Int64Dtype = column(
        "Sysselsatte etter bosted; 1 og 2 er avrundet til 0 eller 3", "personer", ge=0, nullable=True
    )
    jobs: pd.Int64Dtype = column("Sysselsatte etter arbeidssted; 1 og 2 er avrundet til 0 eller 3", "personer", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by two-digit industry (SN2007), 4th quarter, on today's municipalities; those with nobody left out."""
    frame = jsonstat.wide(raw, {"Region": "komm_nr", "NACE2007": "nace2"}, CONTENTS)
    frame = frame[frame["nace2"].str.fullmatch(r"\d{2}")]
    register = Register(municipality_codes, municipality_changes)
    carried = register.carry(frame, ["komm_nr"], list(CONTENTS.values()))
    nobody = (carried[list(CONTENTS.values())] == 0).fillna(False).all(axis=1)
    carried = carried[~nobody]
    return carried.merge(register.comparable(carried["year"]), on=["komm_nr", "year"], validate="m:1")


DATASET = Dataset(
    name="employed_by_industry",
    title="Sysselsatte etter næring",
    key=("komm_nr", "year", "nace2"),
    schema=Employed,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="4. kvartal",
)
