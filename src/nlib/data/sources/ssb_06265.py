"""Dwellings by type of building (SSB 06265)."""

import pandas as pd

from nlib.core.tables import Counts, column
from nlib.data.statbank import StatBank

TYPES = {"01": "enebolig", "02": "tomannsbolig", "03": "rekkehus", "04": "blokk", "05": "bofellesskap", "999": "annet"}

DECLARED = StatBank(
    table="06265",
    title="Boliger, etter region, bygningstype, statistikkvariabel og år",
    keys={"Region": "komm_nr", "BygnType": "type"},
    values={"BygnType": TYPES},
    contents={"Boliger": "dwellings"},
    day="01-01",
    first_year=2006,
)
RAW = DECLARED.raw("dwellings", "population_years")


class Dwellings(Counts):
    year: int = column("År; tallene gjelder 1. januar", ge=2006, le=2100)
    type: str = column("Bygningstype", isin=list(TYPES.values()))
    dwellings: pd.Int64Dtype = column("Boliger, bebodde og ubebodde", "boliger", ge=0, nullable=True)


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Dwellings by type of building, 1 January, on today's municipalities."""
    return DECLARED.today(raw, municipality_codes, municipality_changes)


DATASET = DECLARED.dataset(RAW, "dwellings", "Boliger etter type", Dwellings, build, moment="1. januar")
