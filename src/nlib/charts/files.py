"""A figure's drawing and numbers for files beside a page, carried among the outputs of the notebook that shows it.

They are asked for by the environment, since a notebook may run in a kernel of its own, and cost nothing where they are not.
"""

import base64
import contextlib
import os

import pandas as pd

from nlib.charts import style
from nlib.core import aside

ASKED = "NLIB_FILES"
KIND = "application/vnd.nlib.figure+json"


@contextlib.contextmanager
def asked(wanted: bool):
    """Let figures that are shown meanwhile, here or in a process that is started, carry their files."""
    before = os.environ.pop(ASKED, None)
    if wanted:
        os.environ[ASKED] = "1"
    try:
        yield
    finally:
        os.environ.pop(ASKED, None)
        if before is not None:
            os.environ[ASKED] = before


def bundle(section) -> dict:
    """What a notebook keeps of a Chart or Listing besides what it shows, by kind; nothing where it is not asked for.

    The numbers as in the CSV (a missing one is None), how Excel is to write each column, and a chart's PNG in base64.
    """
    if os.environ.get(ASKED) != "1" or aside.second():
        return {}
    table, decimals = section.table, getattr(section, "decimals", {})
    columns = [_plain(table[column], decimals.get(column, 0)) for column in table]
    told = {name: getattr(section, name) for name in ("id", "title", "uncertainty", "source", "synthetic")}
    told |= {"columns": [[str(column), _format(table[column], decimals.get(column, 0))] for column in table]}
    told |= {"rows": [list(row) for row in zip(*columns, strict=True)]}
    if hasattr(section, "draw"):
        told["png"] = base64.b64encode(style.png(section)).decode()
    return {KIND: told}


def _plain(column: pd.Series, decimals: int) -> list:
    if pd.api.types.is_float_dtype(column):
        column = column.round(decimals + 2)
    if column.name == "År" and column.astype("str").str.fullmatch(r"\d{4}").all():
        column = column.astype(int)
    cells = column.astype(object)
    if not pd.api.types.is_numeric_dtype(column):
        return [None if pd.isna(cell) else str(cell) for cell in cells]
    return [None if pd.isna(cell) else getattr(cell, "item", lambda cell=cell: cell)() for cell in cells]


def _format(column: pd.Series, decimals: int) -> str:
    """How Excel writes a column: text and years as they are."""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column) or column.name == "År":
        return "General"
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"
