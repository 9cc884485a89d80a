"""Ranks in NHO's Kommune-NM as NHO has published them, from a sheet that somebody has made of them."""

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.data.readers import named_columns
from nlib.data.readers.kinds import by_headings, rows
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "nho"
MOST = 450  # municipalities, in any year since 1990
WHOLE = "samlet"  # the area of a file without a column of areas


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The ranks, a row for each municipality, year and area, and what a user should know.

    The frame: `komm_nr` (text), `year` (int64), `area` (text, lower case), `rank` (Int64, missing where blank).
    """
    tables = named_columns.read(KIND, found)
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    if (twice := frame.duplicated(["komm_nr", "year", "area"])).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(f"Kommunen {row['komm_nr']} står to ganger i {row['year']} ({row['area']}): behold den ene raden")
    if (none := frame["rank"].eq(0).fillna(False)).any():
        row = frame[none].iloc[0]
        raise BadAnswer(f"Kommunen {row['komm_nr']} har plass 0 i {row['year']} ({row['area']}): plass 1 er best")
    if (beyond := frame["rank"].gt(MOST).fillna(False)).any():
        row = frame[beyond].iloc[0]
        raise BadAnswer(
            f"Kommunen {row['komm_nr']} har plass {row['rank']} i {row['year']} ({row['area']}): så mange kommuner er det ikke"
        )
    return frame, [line for table in tables for line in table.told]


def _frame(table: Found) -> pd.DataFrame:
    areas = [str(cell or WHOLE).strip().casefold() for cell in table.columns.get("area", [WHOLE] * len(table.rows))]
    numbers = named_columns.municipalities(table)
    places = {"komm_nr": pd.Series(numbers, dtype="str"), "year": named_columns.years(table), "area": pd.Series(areas, dtype="str")}
    return pd.DataFrame(places | {"rank": named_columns.counts(table, "rank", "plasser")})


FILE = by_headings(KIND, read, rows("rank"), producer="NHO")
