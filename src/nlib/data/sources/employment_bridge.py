"""Employed persons in the 4th quarter of 2015 as they were measured before, from SSB's bridged figures (`nlib import`)."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import CC_BY, KOMM_NR, SSB, Imported, Table, column
from nlib.data.readers import bridge, telemarksforsking

COUNTS = list(bridge.COUNTS)


def read(body: bytes) -> pd.DataFrame:
    """A file's figures, as `nlib.data.readers.bridge` gives them."""
    frame, _ = bridge.read(telemarksforsking.unwrapped(body))
    return frame


def synthetic(norway) -> list[tuple[str, bytes]]:
    """The figures of the synthetic country, where nothing was measured otherwise before."""
    figures = norway.margins(bridge.YEAR).assign(year=bridge.YEAR)[["komm_nr", "year", *COUNTS]]
    headings = "Kommunenr;År;Sysselsatte etter arbeidssted;Sysselsatte etter bosted\n"
    text = headings + figures.to_csv(sep=";", index=False, header=False, lineterminator="\n")
    return [("bro_2015.csv", text.encode("utf-8-sig"))]


IMPORTED = Imported(
    kind=bridge.KIND,
    title="Sysselsatte 4. kvartal 2015, målt som før a-ordningen",
    producer=SSB,
    licence=CC_BY,
    key=("komm_nr", "year"),
    read=read,
    synthetic=synthetic,
)


class Bridge(Table):
    komm_nr: str = column("Kommune", str_matches=KOMM_NR)
    year: int = column("År; tallene gjelder 4. kvartal", isin=[bridge.YEAR])
    jobs: pd.Int64Dtype = column("Sysselsatte etter arbeidssted, målt som før a-ordningen", "personer", ge=0, nullable=True)
    employed_residents: pd.Int64Dtype = column(
        "Sysselsatte etter bosted, målt som før a-ordningen", "personer", ge=0, nullable=True
    )
    comparable: bool = column("Usann når en delt kommune inngår, så tallet er fordelt etter folketall")


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """Employed persons by workplace and by residence in the 4th quarter of 2015 by the method of before, on today's municipalities.

    Where a figure of one of the municipalities that have merged since is missing, so is that of the whole.
    """
    register = Register(municipality_codes, municipality_changes)
    frame = register.carry(imported, ["komm_nr"], COUNTS)
    lineage = register.lineage([bridge.YEAR])
    for count in COUNTS:
        told = lineage["old_nr"].isin(imported.loc[imported[count].notna(), "komm_nr"]).groupby(lineage["komm_nr"])
        partly = told.any() & ~told.all()
        frame[count] = frame[count].mask(frame["komm_nr"].isin(partly.index[partly]))
    return frame.merge(register.comparable([bridge.YEAR]), on=["komm_nr", "year"], validate="1:1")


DATASET = IMPORTED.dataset(
    "employment_bridge", "Sysselsatte 2015 målt som før a-ordningen", Bridge, build, moment="4. kvartal", partial=True
)
