"""Employed persons by municipality of work and of residence (SSB 03321)."""

import pandas as pd

from nlib.core.breaks import BREAKS
from nlib.core.municipalities import Register
from nlib.core.tables import KOMM_NR, Count, Hole, Table, column, count
from nlib.data.statbank import StatBank

RINDAL = Hole("5061", 2019, "Rindal skiftet fylke og nummer 1. januar 2019 (1567 ble 5061), og er ikke i SSBs tabell for det året")
DECLARED = StatBank(
    table="03321",
    title="Sysselsatte (15-74 år), etter arbeidsstedskommune, bostedskommune, statistikkvariabel og år",
    keys={"ArbstedKomm": "work_nr", "Bokommuen": "home_nr"},
    contents={"Sysselsatte": "employed"},
    first_year=2000,
    breaks=BREAKS,
    holes=(RINDAL,),
    optional=False,
)
RAW = DECLARED.raw("flows", "flow_years")


class Flows(Table):
    home_nr: str = column("Bostedskommune", str_matches=KOMM_NR)
    work_nr: str = column("Arbeidsstedskommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", ge=1986, le=2100)
    employed: Count = count("Sysselsatte 15–74 år", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Who lives where and works where, 4th quarter, on today's municipalities; pairs that are not listed are 0.

    A cell that SSB hides (`:`, `..`) is kept as missing; one that cannot occur (`.`) is left out.
    """
    flows = DECLARED.frame(raw[raw["value"] != 0])
    register = Register(municipality_codes, municipality_changes)
    return register.carry(flows, ["home_nr", "work_nr"], ["employed"])


KEY, TITLE = ("home_nr", "work_nr", "year"), "Pendlingsstrømmer mellom kommuner"
DATASET = DECLARED.dataset(RAW, "commuting_flows", TITLE, Flows, build, key=KEY, moment="4. kvartal")
