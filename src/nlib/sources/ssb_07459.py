"""Population on 1 January (SSB 07459)."""

import pandas as pd

from nlib.municipalities import Register
from nlib.readers import jsonstat
from nlib.tables import KOMM_NR, SSB, Dataset, PxQuery, Raw, Table, column

TITLE = "Befolkning, etter region, alder, statistikkvariabel og år"


def synthetic(norway) -> list[bytes]:
    """The synthetic country's population, on the numbers of each year."""
    frame = pd.concat([norway.population(year).assign(Tid=str(year)) for year in norway.population_years])
    frame = frame.rename(columns={"komm_nr": "Region", "population": "value"}, errors="raise").assign(ContentsCode="Personer1")
    return [jsonstat.write(frame, ["Region", "ContentsCode", "Tid"], title=TITLE, table="07459", updated=norway.updated)]


RAW = Raw(
    name="ssb_07459",
    producer=SSB,
    table="07459",
    title=TITLE,
    page="https://www.ssb.no/statbank/table/07459",
    query=PxQuery("07459", {"Region": ("*",), "ContentsCode": ("Personer1",), "Tid": ("*",)}),  # sex and age are summed by SSB
    read=jsonstat.read,
    synthetic=synthetic,
)


class Population(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År", ge=1950, le=2100)
    population: pd.Int64Dtype = column("Folketall 1. januar", "personer", ge=0, nullable=True)
    births: pd.Int64Dtype = column("Levendefødte i året", "personer", ge=0, nullable=True)
    deaths: pd.Int64Dtype = column("Døde i året", "personer", ge=0, nullable=True)
    in_migration: pd.Int64Dtype = column("Innflyttinger i året", "personer", ge=0, nullable=True)
    out_migration: pd.Int64Dtype = column("Utflyttinger i året", "personer", ge=0, nullable=True)
    growth: pd.Int64Dtype = column("Folkevekst fra 1. januar til neste 1. januar", "personer", nullable=True)
    comparable: bool = column("Usann når en delt kommune inngår ved årets start eller slutt")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Population on 1 January and growth through the year, on today's municipalities.

    Births, deaths and migration are missing until their table (06913) is there. A year is comparable when neither its
    own 1 January nor the next is touched by a split, so that its growth can be read.
    """
    told = raw[raw["status"].ne(".") | raw["value"].notna()]
    frame = pd.DataFrame(
        {
            "komm_nr": told["Region"].astype("str").str.removeprefix("K-"),
            "year": told["Tid"].astype("str").astype(int),
            "population": told["value"].astype("Int64"),
        }
    )
    register = Register(municipality_codes, municipality_changes)
    frame = register.carry(frame, ["komm_nr"], ["population"], day="01-01")
    following = frame.assign(year=frame["year"] - 1).rename(columns={"population": "following"})
    frame = frame.merge(following, on=["komm_nr", "year"], how="left", validate="1:1")
    frame["growth"] = frame.pop("following") - frame["population"]
    frame[["births", "deaths", "in_migration", "out_migration"]] = pd.NA
    return frame.merge(register.comparable(frame["year"], day="01-01"), on=["komm_nr", "year"], validate="1:1")


DATASET = Dataset(
    name="population",
    title="Folketall og folkevekst",
    key=("komm_nr", "year"),
    schema=Population,
    needs=(RAW, "municipality_codes", "municipality_changes"),
    build=build,
    moment="1. januar",
)
