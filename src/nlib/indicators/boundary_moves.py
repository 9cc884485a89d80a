"""Borders that were moved between municipalities that go on, and how many people followed, where population shows it."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import Count, Placed, column, measure


class BoundaryMoves(Placed):
    date: str = column("Dagen grensen ble flyttet")
    others: str = column("Kommunene på den andre siden, med mellomrom mellom")
    people: Count = column(
        "Innbyggere som kom (eller gikk, minus) med det som ble flyttet, slik folketallet viser det; ellers mangler det",
        "personer",
        nullable=True,
    )


def build(population, population_changes, municipality_codes, municipality_changes) -> pd.DataFrame:
    """Every border that KLASS says was moved, a row for each of the municipalities it was moved between.

    people: population on the first 1 January after, less that a year before and less the growth that SSB books in the year
    between (06913), which leaves moved borders out. Corrections of the register are in it too, so a few persons may be neither.
    """
    moves = Register(municipality_codes, municipality_changes).moved_borders("01-01")
    others = moves.groupby(["komm_nr", "date", "year"])["other_nr"].agg(lambda numbers: " ".join(sorted(set(numbers))))
    moves = others.rename("others").reset_index().astype({"year": "int64", "others": "str"})
    key = ["komm_nr", "year"]
    before = population[[*key, "population"]]
    after = before.assign(year=before["year"] - 1).rename(columns={"population": "following"}, errors="raise")
    booked = population_changes[[*key, "growth"]]
    for frame in (before, after, booked):
        moves = moves.merge(frame, on=key, how="left", validate="m:1")
    return moves.assign(people=moves["following"] - moves["population"] - moves["growth"])[["komm_nr", "date", "others", "people"]]


DATASET = measure("Flyttede grenser mellom kommuner", BoundaryMoves, build, key=("komm_nr", "date"))
