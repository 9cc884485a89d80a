"""A figure's drawing and numbers for files beside a page, carried among the outputs of the notebook that shows it.

Who makes pages says in the environment whether they are wanted, since a notebook may run in a kernel of its own, and they cost
nothing where they are not. Where it is not set, somebody looks at the figure in Jupyter, and has its pictures.
"""

import base64
import contextlib
import os
from html import escape

import pandas as pd

from nlib.charts import drawing
from nlib.core.letters import faces
from nlib.core.translations import _

ASKED = "NLIB_FILES"
KIND = "application/vnd.nlib.figure+json"


@contextlib.contextmanager
def asked(wanted: bool):
    """Let figures that are shown meanwhile, here or in a process that is started, carry their files."""
    before = os.environ.get(ASKED)
    os.environ[ASKED] = "1" if wanted else "0"
    try:
        yield
    finally:
        del os.environ[ASKED]
        if before is not None:
            os.environ[ASKED] = before


def on_page() -> bool:
    """Whether what is shown is for a page; where it is not, somebody looks at it in Jupyter, where a page's style is not."""
    return ASKED in os.environ


def bundle(section) -> dict:
    """What a notebook keeps of a Chart or Listing besides its HTML, by kind; nothing in a page where it is not asked for.

    The numbers as in the CSV (a missing one is None), how Excel is to write each column, a chart's SVG, and its PNG in base64. In
    Jupyter a chart's SVG and PNG, for who copies it and for what shows no HTML.
    """
    if not on_page() and hasattr(section, "draw") and _in_jupyter():
        return {"image/svg+xml": file(section), "image/png": base64.b64encode(drawing.png(section)).decode()}
    if os.environ.get(ASKED) != "1":
        return {}
    table, decimals = section.table, getattr(section, "decimals", {})
    columns = [_plain(table[column], decimals.get(column, 0)) for column in table]
    content = {name: getattr(section, name) for name in ("id", "title", "uncertainty", "source", "synthetic")}
    content |= {"columns": [[str(column), _format(table[column], decimals.get(column, 0))] for column in table]}
    content |= {"rows": [list(row) for row in zip(*columns, strict=True)]}
    if hasattr(section, "draw"):
        content["svg"], content["png"] = file(section), base64.b64encode(drawing.png(section)).decode()
    return {KIND: content}


def file(chart) -> str:
    """The wide drawing as a file of its own: with its title, what is seen, and the letters that it is written in."""
    about = f"<title>{escape(chart.title)}</title><desc>{escape(chart.alt)}</desc><style>{faces()}</style>"
    return drawing.svg(chart).decode().replace(">", f">{about}", 1)


def _in_jupyter() -> bool:
    from IPython.core.getipython import get_ipython  # it is loaded where anything is shown

    return hasattr(get_ipython(), "kernel")


def _plain(column: pd.Series, decimals: int) -> list:
    if pd.api.types.is_float_dtype(column):
        column = column.round(decimals + 2)
    if column.name == _("År") and column.astype("str").str.fullmatch(r"\d{4}").all():
        column = column.astype(int)
    cells = column.astype(object)
    if not pd.api.types.is_numeric_dtype(column):
        return [None if pd.isna(cell) else str(cell) for cell in cells]
    return [None if pd.isna(cell) else getattr(cell, "item", lambda cell=cell: cell)() for cell in cells]


def _format(column: pd.Series, decimals: int) -> str:
    """How Excel writes a column: text and years as they are."""
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column) or column.name == _("År"):
        return "General"
    return f"#,##0.{'0' * decimals}" if decimals else "#,##0"
