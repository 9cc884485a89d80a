"""Dwellings by type of building, 1 January, on today's municipalities (SSB 06265)."""

from nlib.core.tables import Count, Counts, column, count
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
    dwellings: Count = count("Boliger, bebodde og ubebodde", "boliger")


DATASET = DECLARED.dataset(RAW, "dwellings", "Boliger etter type", Dwellings, moment="1. januar")
