"""Moves in and out by age (SSB 13255)."""

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.tables import Count, Counts, column, count
from nlib.data.statbank import StatBank

AGES = r"(\d+)(?:\s*[-–]\s*(\d+))? år( eller eldre| og over| og eldre| eller over)?"  # «20-24 år», «90 år eller eldre»
OLDEST = 105

DECLARED = StatBank(
    table="13255",
    title="Flyttinger, etter region, alder, statistikkvariabel og år",
    keys={"Region": "komm_nr", "Alder": "age"},
    named=("Alder",),
    codes={"Tid": ("20??",)},
    contents={"Innflytting": "moved_in", "Utflytting": "moved_out"},
    first_year=2000,
)
RAW = DECLARED.raw("moves_by_age")


class Moves(Counts):
    year: int = column("År", ge=2000, le=2100)
    first_age: int = column("Aldersgruppen, fra og med", "år", ge=0, le=OLDEST)
    last_age: int = column("Aldersgruppen, til og med; 105 er 105 og eldre", "år", ge=0, le=OLDEST)
    moved_in: Count = count("Innflyttinger, slik SSB fører dem", "personer")
    moved_out: Count = count("Utflyttinger, slik SSB fører dem", "personer")


def build(raw: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Moves in and out through each year by the table's own age groups, on today's municipalities; all ages together left out.

    Moves between municipalities that have merged since are counted in both directions. `BadAnswer` where the age groups overlap
    or leave ages out: their codes are not known here, and their names are read.
    """
    ages = _ages(raw["Alder"].astype("str").unique())
    moves = DECLARED.today(raw[raw["Alder"].isin(ages.index)], municipality_codes, municipality_changes)
    return moves.join(ages, on="age").drop(columns="age")


def _ages(labels) -> pd.DataFrame:
    """The first and last age of each label that is an age group, by label."""
    found = pd.Series(labels, index=labels, dtype="str").str.extract(f"^{AGES}$").dropna(subset=[0])
    first = found[0].astype(int)
    last = found[1].astype("float").fillna(first).where(found[2].isna(), OLDEST).astype(int)
    ages = pd.DataFrame({"first_age": first, "last_age": last}).sort_values("first_age")
    ends = [-1, *ages["last_age"]]
    if ages.empty or list(ages["first_age"]) != [end + 1 for end in ends[:-1]] or ends[-1] != OLDEST:
        shown = ", ".join(ages.index) or "ingen aldersgrupper"
        raise BadAnswer(f"Tabell 13255 har {shown}: gruppene skal dekke alle aldre én gang, og nlib må få vite hva de heter nå")
    return ages


KEY, TITLE = ("komm_nr", "year", "first_age"), "Inn- og utflytting etter alder"
DATASET = DECLARED.dataset(RAW, "moves_by_age", TITLE, Moves, build, key=KEY, moment="året", volatile=DECLARED.figures)
