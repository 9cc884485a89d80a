"""Population and employed persons by residence and by workplace (SSB 11618)."""

import pandas as pd

from nlib.municipalities import Register
from nlib.readers import jsonstat
from nlib.tables import KOMM_NR, SSB, Dataset, PxQuery, Raw, Table, column

TITLE = "Befolkning og sysselsatte, etter region, kjønn, alder, statistikkvariabel og år"
CONTENTS = {"BefolkningBosted": "population_15_74", "SysselBosted": "employed_residents", "SysselArbsted": "jobs"}


def synthetic(norway) -> list[bytes]:
    """The synthetic country's margins, on the numbers of each year."""
    wide = pd.concat([norway.margins(year).assign(Tid=str(year)) for year in norway.employment_years])
    names = {ours: theirs for theirs, ours in CONTENTS.items()} | {"komm_nr": "Region"}
    long = wide.rename(columns=names, errors="raise").melt(["Region", "Tid"], var_name="ContentsCode")
    dims = ["Region", "Kjonn", "Alder", "ContentsCode", "Tid"]
    return [jsonstat.write(long.assign(Kjonn="0", Alder="15-74"), dims, title=TITLE, table="11618", updated=norway.updated)]


RAW = Raw(
    name="ssb_11618",
    producer=SSB,
    table="11618",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/11618",
    query=PxQuery(
        "11618", {"Region": ("*",), "Kjonn": ("0",), "Alder": ("15-74",), "ContentsCode": tuple(CONTENTS), "Tid": ("*",)}
    ),
    read=jsonstat.read,
    synthetic=synthetic,
)


class Employed(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    population_15_74: pd.Int64Dtype = column("Bosatte 15–74 år", "personer", ge=0, nullable=True)
    employed_residents: pd.Int64Dtype = column("Sysselsatte 15–74 år etter bosted", "personer", ge=0, nullable=True)
    jobs: pd.Int64Dtype = column("Sysselsatte 15–74 år etter arbeidssted", "personer", ge=0, nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Residents and employed persons aged 15-74 by residence and by workplace, 4th quarter, on today's municipalities."""
    wide = jsonstat.wide(raw, {"Region": "komm_nr"}, CONTENTS)
    register = Register(municipality_codes, municipality_changes)
    carried = register.carry(wide, ["komm_nr"], list(CONTENTS.values()))
    return carried.merge(register.comparable(carried["year"]), on=["komm_nr", "year"], validate="1:1")


DATASET = Dataset(
    name="employed_register",
    title="Bosatte og sysselsatte etter bosted og arbeidssted",
    key=("komm_nr", "year"),
    schema=Employed,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="4. kvartal",
)
