"""The municipalities of today: number, name, county and labour-market area."""

import pandas as pd

from nlib.core.municipalities import Register, resource
from nlib.core.tables import KOMM_NR, LAST, Count, Rests, Table, column, measure


class Municipalities(Table):
    komm_nr: str = column("Kommunenummer", str_matches=KOMM_NR)
    name: str = column("Kommunenavn, slik KLASS skriver det")
    county_nr: str = column("Fylkesnummer", str_matches=r"^\d{2}$")
    county: str = column("Fylke", nullable=True)
    valid_from: str = column("Dagen nummeret begynte å gjelde")
    valid_to: str = column("Dagen det ikke lenger gjelder; mangler for dagens kommuner", nullable=True)
    members: int = column("Kommuner den er: 1, og flere for en region", ge=1)
    area: str = column("Arbeidsmarkedsområde siste år, etter kommunen med flest arbeidsplasser", nullable=True)
    centrality: Count = column("Sentralitetsklasse, 1 er mest sentral; mangler til kilden er hentet", ge=1, le=6, nullable=True)


def build(municipality_codes, municipality_changes, labour_market_areas, centrality_classes) -> pd.DataFrame:
    """One row for each municipality of today, with its labour-market area in the latest year there are flows for.

    Its county and centrality are those that hold now.
    """
    register = Register(municipality_codes, municipality_changes)
    now = register.current.assign(members=register.current["komm_nr"].map(register.sizes).astype("int64"))
    latest = labour_market_areas[labour_market_areas["year"] == labour_market_areas["year"].max()]
    now = now.assign(county_nr=now["komm_nr"].str[:2], valid_to=pd.Series(pd.NA, index=now.index, dtype="str"))
    current = centrality_classes[centrality_classes["valid_to"].isna()]
    now = now.merge(current[["komm_nr", "centrality"]], on="komm_nr", how="left", validate="1:1")
    now = now.merge(resource("counties.csv"), on="county_nr", how="left", validate="m:1")
    areas = latest[["komm_nr", "area_name"]].rename(columns={"area_name": "area"})
    return now.merge(areas, on="komm_nr", how="left", validate="1:1")


TITLE = "Kommunene"
RESTS = {"labour_market_areas": Rests(into=("area",), years=LAST), "centrality_classes": Rests(into=("centrality",))}
DATASET = measure(TITLE, Municipalities, build, key=("komm_nr",), rests=RESTS)
