"""Ranks in NHO's Kommune-NM as NHO has published them, from sheets that somebody has made of them (`nlib import`)."""

import pandas as pd

from nlib.core.municipalities import Register
from nlib.core.tables import Count, Imported, Placed, column
from nlib.data.readers import named_columns
from nlib.data.readers.cells import Sheet
from nlib.data.readers.kinds import by_headings, of_bytes, rows, saved
from nlib.data.readers.named_columns import Found, refuse

KIND = "nho"
KEY = ("komm_nr", "year", "area")
MOST = 450  # municipalities, in any year since 1990
WHOLE = "samlet"  # the area of a file without a column of areas
AREAS = (WHOLE, "næringsliv", "arbeidsmarked", "demografi", "kompetanse", "kommunal økonomi")


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The ranks, a row for each municipality, year and area, and what a user should know. The frame: `komm_nr` (text), `year`
    (int64), `area` (text, lower case), `rank` (Int64, missing where blank)."""
    frame, notes = named_columns.gather(KIND, found, _frame)
    refuse(frame, frame.duplicated(KEY), "Kommunen {komm_nr} står to ganger i {year} ({area}): behold den ene raden")
    refuse(frame, frame["rank"].eq(0), "Kommunen {komm_nr} har plass 0 i {year} ({area}): plass 1 er best")
    refuse(frame, frame["rank"].gt(MOST), "Kommunen {komm_nr} har plass {rank} i {year} ({area}): så mange kommuner er det ikke")
    return frame, notes


def _frame(table: Found) -> pd.DataFrame:
    areas = [str(cell or WHOLE).strip().casefold() for cell in table.columns.get("area", [WHOLE] * len(table.rows))]
    return named_columns.placed(table, ["rank"], what="plasser").assign(area=pd.Series(areas, dtype="str"))


def synthetic(norway) -> list[tuple[str, bytes]]:
    """Ranks that somebody would have given the municipalities of the synthetic country in its last years."""
    return saved("nho_kommune_nm.csv", norway.ranks(AREAS), header=["Kommunenr", "År", "Område", "Plassering"])


FILE = by_headings(KIND, read, rows("rank"), producer="NHO")
IMPORTED = Imported(KIND, "NHOs Kommune-NM", "NHO", KEY, of_bytes(read), synthetic=synthetic)


class Ranks(Placed):
    year: int = column("Året NHO ga ut kåringen", ge=2010, le=2100)
    area: str = column("Området; «samlet» er alle")
    rank: Count = column("Plassen NHO har gitt, 1 er best", ge=1, nullable=True)
    n: int = column("Kommuner som NHO har gitt plass, i filene", ge=1)


def build(imported: pd.DataFrame, municipality_codes: pd.DataFrame, municipality_changes: pd.DataFrame) -> pd.DataFrame:
    """NHO's own ranks on today's municipalities; those of municipalities that have merged or split since are left out.

    `n` is counted before any are left out.
    """
    counts = imported.dropna(subset="rank").groupby(["year", "area"]).size().rename("n").reset_index()
    ranked = imported.merge(counts, on=["year", "area"], validate="m:1")
    return Register(municipality_codes, municipality_changes).follow(ranked, "01-01")


DATASET = IMPORTED.dataset("nho_ranks", "NHOs Kommune-NM, slik NHO har publisert den", Ranks, build, moment="året")
