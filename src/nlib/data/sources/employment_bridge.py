"""Employed persons in the 4th quarter of 2015 as they were measured before, from SSB's bridged figures (`nlib import`).

SSB published the quarter by the method of before beside that of a-ordningen; it is not in the StatBank as a series.
"""

from functools import partial

import pandas as pd

from nlib.core.breaks import A_ORDNINGEN
from nlib.core.errors import BadAnswer, many
from nlib.core.municipalities import Register
from nlib.core.tables import CC_BY, SSB, Count, Counts, Imported, column, count
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes, rows, saved

KIND = "bro"
YEAR = A_ORDNINGEN
COUNTS = ["jobs", "employed_residents"]


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The figures of 2015, a row for each municipality, and what a user should know. The frame: `komm_nr` (text), `year` (int64),
    `jobs` and `employed_residents` (Int64, missing where the file has none)."""
    frame, notes = named_columns.gather(KIND, found, partial(named_columns.placed, figures=COUNTS))
    twice = frame.duplicated(["komm_nr", "year"])
    named_columns.refuse(frame, twice, "Kommunen {komm_nr} står to ganger i {year}: behold den ene raden")
    bridged = frame[frame["year"] == YEAR].reset_index(drop=True)
    if bridged.empty:
        raise BadAnswer(f"Filen har ingen rader for {YEAR}, det eneste året SSB har målt på begge måter")
    if others := len(frame) - len(bridged):
        notes.append(f"{many(others, 'rad', 'rader')} for andre år enn {YEAR} er ikke lest")
    return bridged, notes


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The figures of the synthetic country, where nothing was measured otherwise before."""
    figures = norway.margins(YEAR).assign(year=YEAR)[["komm_nr", "year", *COUNTS]]
    headings = ["Kommunenr", "År", "Sysselsatte etter arbeidssted", "Sysselsatte etter bosted"]
    return saved("bro_2015.csv", figures, header=headings)


FILE = by_headings(KIND, read, rows(*COUNTS), producer=SSB, licence=CC_BY)
TITLE = "Sysselsatte 4. kvartal 2015, målt som før a-ordningen"
IMPORTED = Imported(KIND, TITLE, SSB, ("komm_nr", "year"), of_bytes(read), licence=CC_BY, synthetic=synthetic)


class Bridge(Counts):
    year: int = column("År; tallene gjelder 4. kvartal", isin=[YEAR])
    jobs: Count = count("Sysselsatte etter arbeidssted, målt som før a-ordningen", "personer")
    employed_residents: Count = count("Sysselsatte etter bosted, målt som før a-ordningen", "personer")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by workplace and by residence in the 4th quarter of 2015 by the method of before, on today's municipalities.

    Where a figure of one of the municipalities that have merged since is missing, so is that of the whole.
    """
    register = Register(municipality_codes, municipality_changes)
    frame = register.carry(imported, ["komm_nr"], COUNTS)
    lineage = register.lineage([YEAR])
    for figure in COUNTS:
        known = lineage["old_nr"].isin(imported.loc[imported[figure].notna(), "komm_nr"]).groupby(lineage["komm_nr"])
        partly = known.any() & ~known.all()
        frame[figure] = frame[figure].mask(frame["komm_nr"].isin(partly.index[partly]))
    return frame.merge(register.comparable([YEAR]), on=["komm_nr", "year"], validate="1:1")


DATASET = IMPORTED.dataset(
    "employment_bridge", "Sysselsatte 2015 målt som før a-ordningen", Bridge, build, moment="4. kvartal", partial=True
)
