"""What a cell shows that is not nlib's own, as a page has it: a DataFrame, a Series or a Styler as a table, any figure of
matplotlib (and of seaborn, which draws with it) as a drawing.

It is an IPython extension, and whatever runs the cells of a page loads it: a kernel and a forked process then show the same bytes.
In Jupyter nothing is changed: there it stays as pandas and matplotlib show it.
"""

import re
from html import escape

import pandas as pd

from nlib.charts.files import on_page
from nlib.charts.html import cells, columns_html, front_html, front_table_html, is_count
from nlib.charts.style import grammar
from nlib.core.language import MISSING, number
from nlib.core.translations import _

KIND = "application/vnd.nlib.shown+json"
TABLE, DRAWING, FRONT = "table", "drawing", "front"
PLACE = "\ue000"  # in the names within a drawing, for what tells it from the others of its page
ROWS = 50  # of a table; a longer one belongs in a file
YEARS = ("year", "år")
AXES = 4  # of a drawing that are described
BETWEEN = "\x1f"
WRITTEN = re.compile(r"[−+-]?\d[\d\s,.]*( ?(%|kr))?|\.\.")  # a number, as a Styler may write it


def load_ipython_extension(shell) -> None:
    """Let this shell show tables and figures as a page has them, where one is being made."""
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type(pd.DataFrame, _for_page(_of_frame))
    formatter.for_type(pd.Series, _for_page(_of_series))
    for module, name, written in (
        ("pandas.io.formats.style", "Styler", _of_styler),
        ("matplotlib.figure", "Figure", _of_figure),
    ):
        formatter.for_type_by_name(module, name, _for_page(written))
    if on_page():  # a Styler takes them as it is made
        pd.set_option("styler.format.decimal", ",", "styler.format.thousands", "\N{NO-BREAK SPACE}", "styler.format.precision", 1)
        pd.set_option("styler.format.na_rep", MISSING)


def shown_html(content: dict, name: str, heading: str) -> str:
    """A table or a drawing on a page. name: its own among those of the page; heading: what a table without caption stands under."""
    if content["kind"] == FRONT:
        return content["html"]
    if content["kind"] == TABLE:
        more = _(". De første {rows2} av {rows} rader", rows2=ROWS, rows=number(content["rows"])) if content["rows"] > ROWS else ""
        return columns_html(content["columns"], f"{content['caption'] or heading or _('Tabell')}{more}")
    drawing = content["svg"].replace(PLACE, f"{name}-").replace("<svg", f'<svg role="img" aria-label="{escape(content["alt"])}"', 1)
    return f'<figure id="{name}" class="chart shown">{drawing}</figure>'


def _for_page(written):
    """What is shown as this has it where a page is being made, and as it shows itself elsewhere."""
    return lambda shown: written(shown) if on_page() else {}


def of_front(front) -> dict:
    """A first page: in Jupyter, which has no style for it, a table and a list."""
    content = {KIND: {"kind": FRONT, "html": front_html(front)}} if on_page() else {}
    return content | {"text/html": front_table_html(front)}


def _of_frame(frame: pd.DataFrame) -> dict:
    plain = frame.loc[:, [str(kind) != "geometry" for kind in frame.dtypes]]
    indexed = plain.index.names != [None] or not pd.api.types.is_integer_dtype(plain.index)  # else it says which row alone
    few = plain.head(ROWS)
    if indexed:
        unnamed = few.index.names == [None]
        few = few.reset_index(allow_duplicates=True)
        few.columns = [_("Rad"), *few.columns[1:]] if unnamed else few.columns
    columns = [_column(_heading(few.columns[place]), few.iloc[:, place]) for place in range(few.shape[1])]
    return _table(columns, frame.attrs.get("title", ""), len(frame))


def _of_series(series: pd.Series) -> dict:
    return _of_frame(series.to_frame(series.name if series.name is not None else ""))


def _of_styler(styler) -> dict:
    """As it is styled: its own way to write numbers, hidden columns and caption; colours are left out."""
    rows = [line.split(BETWEEN) for line in styler.to_string(delimiter=BETWEEN).strip("\n").split("\n")]
    count = len(styler.data)
    heads, body = rows[: len(rows) - count], rows[len(rows) - count :]
    wide = {len(row) for row in body}
    if len(wide) != 1:
        return _of_frame(styler.data)
    names = [" ".join(dict.fromkeys(part for part in parts if part.strip())) for parts in zip(*heads, strict=False)]
    caption = styler.caption[0] if isinstance(styler.caption, tuple) else styler.caption
    columns = [
        [name, all(map(WRITTEN.fullmatch, column)), list(column)]
        for name, column in zip(names, zip(*body[:ROWS], strict=True), strict=True)
    ]
    return _table(columns, caption or "", count)


def _table(columns: list, caption: str, count: int) -> dict:
    content = {"kind": TABLE, "columns": columns, "caption": caption, "rows": count}
    return {KIND: content, "text/html": shown_html(content, "", _("Tabell"))}


def _heading(name) -> str:
    return " ".join(str(part) for part in name if str(part)) if isinstance(name, tuple) else str(name)


def _column(name: str, column: pd.Series) -> list:
    """A column by its heading: whether it is of numbers, and its cells as they are written in bokmål."""
    if name.casefold() in YEARS and pd.api.types.is_integer_dtype(column):
        column = column.astype("str")
    return [name, is_count(column), cells(column, _decimals(column))]


def _decimals(column: pd.Series) -> int:
    """So many as its numbers have; where they have many, as many as a reader needs to tell them apart."""
    if not pd.api.types.is_float_dtype(column):
        return 0
    values = column.dropna().astype(float).abs()
    exact = [places for places in range(4) if ((values - values.round(places)).abs() < 1e-9).all()]
    largest = values.max() if len(values) else 0
    return exact[0] if exact else 1 if largest >= 100 else 2 if largest >= 1 else 4


def _of_figure(figure) -> dict:
    from nlib.charts.svg import drawn

    with grammar():  # whatever else a cell has set, its text is text and the same figure the same bytes
        content = {"kind": DRAWING, "svg": drawn(figure, PLACE), "alt": _seen(figure)}
    return {KIND: content, "image/svg+xml": content["svg"].replace(PLACE, "")}


def _seen(figure) -> str:
    """What is seen, as far as a figure itself tells it: its label where it has one, and the titles and axes of its parts."""
    parts = [part for axis in figure.axes[:AXES] if (part := _axes(axis))]
    name, count = figure.get_label() or _("Figur"), len(figure.axes)
    return f"{'; '.join([_('{name} med {count} felt', name=name, count=count), *parts])}."


def _axes(axis) -> str:
    parts = [axis.get_title()]
    if axis.axison:
        for way, label, limits in (
            ("vannrett", axis.get_xlabel(), sorted(axis.get_xlim())),
            ("loddrett", axis.get_ylabel(), sorted(axis.get_ylim())),
        ):
            low, high = (number(value, 0 if abs(limits[1]) >= 10 else 2) for value in limits)
            parts.append(
                _("{way} {label} fra {low} til {high}", way=way, label=label, low=low, high=high)
                if label
                else _("{way} fra {low} til {high}", way=way, low=low, high=high)
            )
    return ", ".join(part for part in parts if part)
