"""Population projections that SSB has made before, from a sheet that someone has kept: what was foretold, and when.

The StatBank holds the latest projection; models are held against the earlier ones.
"""

import pandas as pd

from nlib.errors import BadAnswer
from nlib.readers import named_columns
from nlib.readers.named_columns import Found
from nlib.readers.sheets import Sheet

KIND = "framskriving"
KEY = ["komm_nr", "made", "year"]


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The projected figures, a row for each municipality, projection and year, and what a user should know.

    The frame: `komm_nr` (text), `made` (the year the projection was made, int64), `year` (int64), `population` (1 January, Int64).
    """
    tables = named_columns.read(KIND, found)
    frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
    if (twice := frame.duplicated(KEY)).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(
            f"Kommunen {row['komm_nr']} står to ganger i {row['year']}, framskrevet i {row['made']}: behold den ene raden"
        )
    if (early := frame["year"] < frame["made"]).any():
        row = frame[early].iloc[0]
        raise BadAnswer(f"Kommunen {row['komm_nr']} er framskrevet til {row['year']}, før framskrivingen ble laget ({row['made']})")
    return frame, [line for table in tables for line in table.told]


def _frame(table: Found) -> pd.DataFrame:
    numbers = pd.Series(named_columns.numbers(table, "komm_nr", r"\d{3,4}", "kommunenummer", width=4), dtype="str")
    years = {name: named_columns.years(table, name) for name in ("made", "year")}
    return pd.DataFrame({"komm_nr": numbers} | years | {"population": named_columns.counts(table, "population")})
