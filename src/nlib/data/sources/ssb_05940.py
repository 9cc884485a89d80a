"""Dwellings started and completed through the year (SSB 05940)."""

import pandas as pd

from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

DECLARED = StatBank(
    table="05940",
    title="Byggeareal. Boliger og bruksareal til bolig, etter region, statistikkvariabel og år",
    keys={"Region": "komm_nr", "Byggeareal": "building"},
    contents={"Fullforte": "completed", "Igangsatte": "started"},
    codes={"Tid": ("20??",), "Byggeareal": ("[1-9][0-9][0-9]",)},  # of dwellings; 000 are other buildings
    first_year=2000,
)
RAW = DECLARED.raw("construction")


class Construction(Counts):
    year: int = column("År", ge=2000, le=2100)
    completed: Count = count("Boliger fullført i året", "boliger")
    started: Count = count("Boliger det er gitt igangsettingstillatelse til i året", "boliger")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Dwellings started and completed through each year, all types of building, on today's municipalities.

    A type that SSB does not give a figure for (`..`, `:`) leaves the sum missing.
    """
    types = DECLARED.today(raw, municipality_codes, municipality_changes)
    counts = list(DECLARED.contents.values())
    return types.groupby(["komm_nr", "year", "comparable"])[counts].sum(skipna=False).reset_index()


DATASET = DECLARED.dataset(
    RAW, "construction", "Igangsatte og fullførte boliger", Construction, build, moment="året", volatile=DECLARED.figures
)
