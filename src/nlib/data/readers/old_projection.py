"""Population projections that SSB has made before, from a sheet that someone has kept: what was foretold, and when.

The StatBank holds the latest projection; models are held against the earlier ones.
"""

import pandas as pd

from nlib.core.errors import BadAnswer
from nlib.core.tables import CC_BY, SSB
from nlib.data.readers import named_columns, projection_vintages
from nlib.data.readers.kinds import by_headings, rows
from nlib.data.readers.named_columns import Found
from nlib.data.readers.sheets import Sheet

KIND = "framskriving"
KEY = ["komm_nr", "made", "year"]


def read(found: list[Sheet]) -> tuple[pd.DataFrame, list[str]]:
    """The projected figures, a row for each municipality, projection and year, and what a user should know.

    The frame: `komm_nr` (text), `made` (the year the projection was made, int64), `year` (int64), `population` (1 January, Int64).
    """
    if not named_columns.recognised(KIND, found) and named_columns.recognised(projection_vintages.KIND, found):
        frame, told = projection_vintages.read(found)
    else:
        tables = named_columns.read(KIND, found)
        frame = pd.concat([_frame(table) for table in tables], ignore_index=True)
        told = [line for table in tables for line in table.told]
    if (twice := frame.duplicated(KEY)).any():
        row = frame[twice].iloc[0]
        raise BadAnswer(
            f"Kommunen {row['komm_nr']} står to ganger i {row['year']}, framskrevet i {row['made']}: behold den ene raden"
        )
    if (early := frame["year"] < frame["made"]).any():
        row = frame[early].iloc[0]
        raise BadAnswer(f"Kommunen {row['komm_nr']} er framskrevet til {row['year']}, før framskrivingen ble laget ({row['made']})")
    return frame, told


def _frame(table: Found) -> pd.DataFrame:
    numbers = pd.Series(named_columns.municipalities(table), dtype="str")
    years = {name: named_columns.years(table, name) for name in ("made", "year")}
    return pd.DataFrame({"komm_nr": numbers} | years | {"population": named_columns.counts(table, "population")})


FILE = by_headings(KIND, read, rows("population"), also=(projection_vintages.KIND,), producer=SSB, licence=CC_BY)
