"""SSB's bridged figures of register-based employment, from a sheet that someone has made: by municipality, as measured before.

SSB published the 4th quarter of 2015 by the method of before beside that of a-ordningen; it is not in the StatBank as a series.
"""

import pandas as pd

from nlib.core.breaks import A_ORDNINGEN
from nlib.core.errors import BadAnswer
from nlib.core.tables import CC_BY, SSB
from nlib.data.readers import named_columns
from nlib.data.readers.kinds import by_headings, rows
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "bro"
YEAR = A_ORDNINGEN
COUNTS = ("jobs", "employed_residents")


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The figures of 2015, a row for each municipality, and what a user should know.

    The frame: `komm_nr` (text), `year` (int64), `jobs` and `employed_residents` (Int64, missing where the file has none).
    """
    tables = named_columns.read(KIND, found)
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    if (twice := frame.duplicated(["komm_nr", "year"])).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(f"Kommunen {row['komm_nr']} står to ganger i {row['year']}: behold den ene raden")
    bridged = frame[frame["year"] == YEAR].reset_index(drop=True)
    if bridged.empty:
        raise BadAnswer(f"Filen har ingen rader for {YEAR}, det eneste året SSB har målt på begge måter")
    others = [f"{len(frame) - len(bridged)} rader for andre år enn {YEAR} er ikke lest"] if len(bridged) < len(frame) else []
    return bridged, [line for table in tables for line in table.told] + others


def _frame(table: Found) -> pd.DataFrame:
    numbers = pd.Series(named_columns.municipalities(table), dtype="str")
    return pd.DataFrame(
        {"komm_nr": numbers, "year": named_columns.years(table)} | {name: named_columns.counts(table, name) for name in COUNTS}
    )


FILE = by_headings(KIND, read, rows(*COUNTS), producer=SSB, licence=CC_BY)
