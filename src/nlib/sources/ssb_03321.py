"""Employed persons by municipality of work and of residence (SSB 03321)."""

import pandas as pd

from nlib.municipalities import Register
from nlib.readers import jsonstat
from nlib.tables import KOMM_NR, SSB, Dataset, PxQuery, Raw, Table, column

TITLE = "Sysselsatte (15-74 år), etter arbeidsstedskommune, bostedskommune, statistikkvariabel og år"


def synthetic(norway) -> list[bytes]:
    """The synthetic country's flows, one answer a year, on the numbers of that year."""
    return [
        jsonstat.write(
            norway.flows(year)
            .rename(columns={"work_nr": "ArbstedKomm", "home_nr": "Bokommuen", "employed": "value"})
            .assign(ContentsCode="Sysselsatte", Tid=str(year)),
            ["ArbstedKomm", "Bokommuen", "ContentsCode", "Tid"],
            title=TITLE,
            table="03321",
            updated=norway.updated,
        )
        for year in norway.flow_years
    ]


RAW = Raw(
    name="ssb_03321",
    producer=SSB,
    table="03321",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/03321",
    query=PxQuery("03321", {"ArbstedKomm": ("*",), "Bokommuen": ("*",), "ContentsCode": ("Sysselsatte",), "Tid": ("*",)}),
    read=jsonstat.read,
    synthetic=synthetic,
)


class Flows(Table):
    home_nr: str = column("Bostedskommune", str_matches=KOMM_NR)
    work_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    employed: pd.Int64Dtype = column("Sysselsatte 15–74 år", "personer", ge=0, nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Who lives where and works where, 4th quarter, on today's municipalities; pairs that are not listed are 0.

    A cell that SSB hides (`:`, `..`) is kept as missing; one that cannot occur (`.`) is left out.
    """
    told = raw[(raw["value"] > 0) | (raw["value"].isna() & (raw["status"] != "."))]
    flows = pd.DataFrame(
        {
            "home_nr": told["Bokommuen"].astype("str"),
            "work_nr": told["ArbstedKomm"].astype("str"),
            "year": told["Tid"].astype("str").astype(int),
            "employed": told["value"].astype("Int64"),
        }
    )
    register = Register(municipality_codes, municipality_changes)
    return register.carry(flows, ["home_nr", "work_nr"], ["employed"])


DATASET = Dataset(
    name="commuting_flows",
    title="Pendlingsstrømmer mellom kommuner",
    key=("home_nr", "work_nr", "year"),
    schema=Flows,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="4. kvartal",
)
